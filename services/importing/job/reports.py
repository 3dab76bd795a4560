"""Reports: what an import did, or in a preview would do."""

from dataclasses import dataclass, field

from services.importing.job.suspicion import Suspicion
from services.importing.mapping import kinds

SHOWN = 200
# What is kept of refused rows for the Excel: a million of them would fill the memory.
KEPT = 20_000


@dataclass(frozen=True)
class RowError:
    """One cell that can't be imported: its row in the file, the column, the reason, and what to do."""

    row: int
    column: str
    message: str
    params: dict[str, object] = field(default_factory=dict)
    advice: str = ""


def column_called(kind: str, column: str, language: str) -> str:
    """The column of an error as a person calls it: by its header, or, where the file has none, by its field."""
    return next((field.label(language) for field in kinds.fields(kind).values() if field.en == column), column)


@dataclass(frozen=True)
class Sample:
    """A new row as it will stand in the ledger: codes of category, source and state, names of area and unit."""

    row: int
    title: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Remark:
    """A row that was taken with a reservation: outside every area, another area than named, moved on here."""

    row: int
    title: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass
class Report:
    """Counts of rows, the first ``KEPT`` errors and refused rows, and lists of what somebody should look at.

    ``kept`` rows were changed in the file but moved on here, and stay as they are here. ``outside`` have a point
    outside every area, ``disagree`` a point in another area than they name. ``masked`` held personal numbers.
    ``suspicion`` says that the points fit their areas better in another datum. ``made`` counts the areas, units and
    categories made on the way.
    """

    kind: str = "matters"
    file: str = ""
    columns: list[str] = field(default_factory=list)
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    kept: int = 0
    outside: int = 0
    disagree: int = 0
    masked: int = 0
    on_time: int = 0
    late: int = 0
    batch_id: int | None = None
    written: bool = False
    suspicion: Suspicion | None = None
    made: dict[str, int] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    refused_rows: dict[int, list[str]] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    outside_rows: list[Remark] = field(default_factory=list)
    disagree_rows: list[Remark] = field(default_factory=list)
    kept_rows: list[Remark] = field(default_factory=list)

    def refuse(self, line: int, cells: list[str], errors: list[RowError]) -> None:
        """Count a row that can't be imported, and keep it for the Excel."""
        self.refused += 1
        if len(self.errors) < KEPT:
            self.errors += errors
            self.refused_rows[line] = cells

    def remark(self, name: str, remark: Remark) -> None:
        """Count a row under ``name`` (outside, disagree, kept) and list the first of them."""
        setattr(self, name, getattr(self, name) + 1)
        listed: list[Remark] = getattr(self, f"{name}_rows")
        if len(listed) < KEPT:
            listed.append(remark)

    def count_made(self, what: str, n: int = 1) -> None:
        """Count something that was made on the way."""
        self.made[what] = self.made.get(what, 0) + n
