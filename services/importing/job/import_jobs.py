"""Jobs: one run of one file, and what a kind of import must be able to do."""

from collections.abc import Callable, Sized
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sqlmodel import Session

from models.area import Area
from models.importing import ImportBatch, ImportChange
from models.place import Place
from services.importing.job.reports import Report
from services.importing.mapping.mapping import Mapping
from services.rights.permissions import Actor

if TYPE_CHECKING:
    from services.importing.source.source import Layer, Row, Source


@dataclass
class Job:
    """What both passes share. ``batch`` is there in the second pass; ``place`` and ``root`` once there is a place.

    ``ground`` is the version of the areas and imports it began with. ``prepared`` is the ``Preparer`` of what is going
    to be written; ``made_areas`` says that areas were made by name.
    """

    session: Session
    actor: Actor
    source: "Source"
    number: int
    mapping: Mapping
    order: str
    report: Report
    place: Place | None = None
    root: Area | None = None
    batch: ImportBatch | None = None
    ground: str = ""
    prepared: Any = None
    made_areas: bool = False
    stay: set[int] = field(default_factory=set)

    @property
    def layer(self) -> "Layer":
        """The layer that is imported."""
        return self.source.layers[self.number]

    @property
    def prefix(self) -> str:
        """What the numbers of the place begin with."""
        return self.place.prefix if self.place else self.mapping.ground.prefix if self.mapping.ground else ""

    def note(self, kind: str, row_id: int, before: dict[str, Any] | None = None) -> None:
        """Remember for an undo that a row was made, or changed from ``before``."""
        assert self.batch is not None
        self.session.add(ImportChange(batch_id=self.batch.id, kind=kind, row_id=row_id, before=before))
        if before is None:
            self.report.count_made(kind)


class Checker(Protocol):
    """The first pass: reads and checks rows and counts in the job's report; writes nothing."""

    def read(self, row: "Row") -> Any | None:
        """The row as an entry; none, with its errors in the report, when it can't be imported."""

    def settle(self, entries: list[Any]) -> list[Any]:
        """Those of a batch of entries that are to be written: new and changed ones; the others are counted."""

    def close(self) -> list[Any]:
        """What only the whole file shows; more entries to be written."""


class Preparer(Protocol):
    """Between the two: works out whatever can be before the turn to write comes, from what the first pass let through.

    Its batches are what the second pass writes.
    """

    def ready(self, entries: list[Any]) -> Sized:
        """A batch of entries as it will be written."""

    def close(self) -> None:
        """What only all entries together show."""

    def settle(self, job: Job) -> bool:
        """In the transaction that writes: whether all this rests on still is so; what must be there first is made."""


class Writer(Protocol):
    """The second pass, in the one transaction: writes the entries the first pass kept."""

    def write(self, batch: Any) -> None:
        """Write a batch: entries, or what was made ready of them."""

    def close(self) -> None:
        """What is left to do at the end."""


@dataclass(frozen=True)
class Kind:
    """How a kind of import is checked, prepared, where there is anything to prepare, and written."""

    check: Callable[[Job], Checker]
    write: Callable[[Job], Writer]
    prepare: Callable[[Job], Preparer] | None = None
