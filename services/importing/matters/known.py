"""Matter known: which rows of a ledger stand here already, by their number, and whether somebody moved them on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from models.event import Event
from models.matter import Matter
from services.importing.cells.row_entries import MatterEntry
from services.keep.explained_gaps import IMPORTS
from services.system.errors import Refused
from services.words import vocabulary

_CHUNK = 900


class Known(NamedTuple):
    """A matter that was imported before."""

    id: int
    number: str
    digest: str | None


def chunks(values: list[Any], size: int = _CHUNK) -> Iterator[list[Any]]:
    """``values`` in pieces that a query may hold."""
    return (values[start : start + size] for start in range(0, len(values), size))


def known(session: Session, refs: list[str]) -> dict[str, Known]:
    """The matters with these references of a source, by reference."""
    # The index begins with the source; to name them all is to use it.
    sources = vocabulary.codes("source")
    columns: tuple[Any, ...] = (Matter.source_ref, Matter.id, Matter.number, Matter.source_digest)
    found: dict[str, Known] = {}
    for part in chunks(refs):
        asked = select(*columns).where(col(Matter.source).in_(sources), col(Matter.source_ref).in_(part))
        found |= {ref: Known(*rest) for ref, *rest in session.connection().execute(asked)}
    return found


def is_known(session: Session, ledger: str) -> bool:
    """Whether anything of a ledger was imported before."""
    named = col(Matter.source_ref).startswith(f"{ledger}:", autoescape=True)
    asked = select(Matter.id).where(col(Matter.source).in_(vocabulary.codes("source")), named).limit(1)
    return session.exec(asked).first() is not None


@dataclass
class Sorted:
    """Entries by what became of them since they were last imported; ``kept`` ones were moved on here."""

    new: list[MatterEntry] = field(default_factory=list)
    changed: list[tuple[MatterEntry, Known]] = field(default_factory=list)
    kept: list[tuple[MatterEntry, Known]] = field(default_factory=list)
    unchanged: int = 0


def sort(session: Session, entries: list[MatterEntry], prefix: str, *, fresh: bool = False) -> Sorted:
    """Compare a batch of entries with what stands now in the place whose numbers begin with ``prefix``.

    Of a ``fresh`` ledger nothing stands anywhere, so nothing is asked. Refused where the ledger is known in another
    place: its rows would change the matters there.
    """
    here = {} if fresh else known(session, [entry.ref for entry in entries])
    elsewhere = [matter.number for matter in here.values() if not matter.number.startswith(f"{prefix}-")]
    if elsewhere:
        raise Refused(
            "A ledger of this name was imported into another place: see {number}. Give the ledger another name.",
            number=elsewhere[0],
        )
    found = Sorted(new=[entry for entry in entries if entry.ref not in here])
    if not here:
        return found
    rows = first_rows(session, [matter.id for matter in here.values() if matter.digest is None])
    pairs = [(entry, here[entry.ref]) for entry in entries if entry.ref in here]
    differing = [(entry, matter) for entry, matter in pairs if _differs(entry, matter, rows)]
    moved = moved_on(session, [matter.id for _, matter in differing])
    found.unchanged = len(pairs) - len(differing)
    for pair in differing:
        (found.kept if pair[1].id in moved else found.changed).append(pair)
    return found


def _differs(entry: MatterEntry, matter: Known, rows: dict[int, dict[str, str]]) -> bool:
    return entry.digest != matter.digest if matter.digest else entry.cells != rows.get(matter.id)


def moved_on(session: Session, ids: Iterable[int]) -> set[int]:
    """Those of the matters with which something was done here since they were imported."""
    moved: set[int] = set()
    for part in chunks(list(ids)):
        asked = select(Event.matter_id).where(col(Event.matter_id).in_(part), col(Event.action).not_in(IMPORTS))
        moved.update(session.exec(asked.distinct()))
    return moved


def first_rows(session: Session, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The source's own row in the first event of matters that were imported before digests were kept."""
    found: dict[int, dict[str, str]] = {}
    for part in chunks(list(ids)):
        asked = select(Event.matter_id, Event.data).where(col(Event.matter_id).in_(part), Event.seq == 1)
        found |= {matter_id: (data or {}).get("row", {}) for matter_id, data in session.exec(asked)}
    return found
