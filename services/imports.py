"""Imports: somebody else's ledger becomes matters, each with its first event. All rows, or none and what to correct."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from sqlmodel import Session, col, insert, select

from models.event import Event
from models.matter import Matter
from services import accounts, audit, clock, db, events, flows, search, serials
from services.csvfiles import Sheet, read
from services.gazetteer import Gazetteer, open_gazetteer
from services.import_rows import Entry, RowError, RowReader
from services.mappings import Mapping, mapping
from services.progress import Progress, silent
from services.settings import settings

SHOWN = 200
_BATCH = 2000


@dataclass
class ImportReport:
    """What an import did, or in a dry run would do. ``errors`` holds the first ``SHOWN`` of what is wrong."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    on_time: int = 0
    late: int = 0
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, errors: list[RowError]) -> None:
        """Count a row that can't be imported."""
        self.refused += 1
        self.errors += errors[: max(0, SHOWN - len(self.errors))]


def import_matters(
    path: Path, mapping_name: str, *, dry_run: bool = False, progress: Progress = silent, operator: str = "import"
) -> ImportReport:
    """Import the CSV file at ``path`` as the mapping says, in one transaction of its own.

    A row that was imported before is not imported again; one whose words have changed since is counted and left as it
    is. Refused when the file as a whole can't be read. With any refused row, and in a dry run, nothing is written.
    """
    told = mapping(mapping_name)
    sheet = read(path, told.columns())
    report = ImportReport(rows=len(sheet.rows))
    entries = _entries(RowReader(told, mapping_name), sheet, report, progress)
    looking = dry_run or report.refused > 0
    with db.reading() if looking else db.writing() as session:
        fresh = _fresh(session, mapping_name, entries, report)
        if not looking:
            _write(session, told, fresh, progress, operator)
            data = {"mapping": mapping_name, "sha256": sheet.digest, "new": report.new, "unchanged": report.unchanged}
            audit.write(session, operator, "import", sheet.name, data)
    return report


def _entries(reader: RowReader, sheet: Sheet, report: ImportReport, progress: Progress) -> list[Entry]:
    entries = []
    for count, (line, cells) in enumerate(sheet.rows, 1):
        found = reader.read(line, sheet.columns, cells)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            report.refuse(found)
        if count % _BATCH == 0 or count == report.rows:
            progress("Reading the file", count, report.rows)
    return entries


def _fresh(session: Session, name: str, entries: list[Entry], report: ImportReport) -> list[Entry]:
    """The entries that are not in the database yet, counted into the report."""
    first = (
        select(Matter.source_ref, Event.data)
        .join(Event, col(Event.matter_id) == Matter.id)
        .where(Event.seq == 1, col(Matter.source_ref).startswith(f"{name}:", autoescape=True))
    )
    known = {ref: (data or {}).get("row") for ref, data in session.exec(first)}
    report.unchanged = sum(known.get(entry.ref) == entry.cells for entry in entries)
    fresh = [entry for entry in entries if entry.ref not in known]
    report.new, report.changed = len(fresh), len(entries) - len(fresh) - report.unchanged
    report.on_time = sum(entry.outcome.on_time is True for entry in fresh)
    report.late = sum(entry.outcome.on_time is False for entry in fresh)
    return fresh


def _write(session: Session, told: Mapping, entries: list[Entry], progress: Progress, operator: str) -> None:
    at, gazetteer = clock.now(), open_gazetteer(session, told)
    numbers = serials.take(session, told.place.prefix, len(entries)) if entries else []
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        matters = [
            _matter(told, gazetteer, entry, number)
            for entry, number in zip(batch, numbers[start : start + _BATCH], strict=True)
        ]
        _insert(session, matters, batch, operator, at)
        progress("Writing the matters", start + len(batch), len(entries))
    gazetteer.draw()
    if settings().demo:
        accounts.ensure_demo_identities(session, gazetteer.root, told.place.slug)


# The rows below only have the attributes of the tables: a table object costs 150 microseconds, a namespace one.


def _matter(told: Mapping, gazetteer: Gazetteer, entry: Entry, number: str) -> Matter:
    area, unit = gazetteer.area(entry.names), gazetteer.unit(entry.unit)
    words = {name: cell.rstrip(told.matter.trim) for name, cell in entry.cells.items()} | {"area": area.name}
    title = told.matter.title.format(**words)
    row = SimpleNamespace(
        number=number,
        flow=told.matter.flow,
        state=entry.outcome.state,
        is_open=flows.state(told.matter.flow, entry.outcome.state).is_open,
        title=title if len(title) <= 120 else title[:119] + "…",
        description=told.matter.description.format(**words)[:4000],
        category=entry.category,
        source=entry.source,
        source_ref=entry.ref,
        area_id=area.id,
        location="",
        unit_id=unit.id if unit else None,
        opened_at=entry.opened_at,
        opened_month=clock.month_of(entry.opened_at),
        on_time=entry.outcome.on_time,
        public=told.matter.public,
    )
    return cast(Matter, row)


def _insert(session: Session, matters: list[Matter], entries: list[Entry], operator: str, at: datetime) -> None:
    """Insert matters and their first events in bulk; the numbers tie the ids the database gives back to the rows."""
    first = [_event(matter, entry, operator, at) for matter, entry in zip(matters, entries, strict=True)]
    rows = [vars(matter) for matter in matters]
    given = session.execute(insert(Matter).returning(col(Matter.number), col(Matter.id)), rows)
    ids = {row.number: row.id for row in given}
    for matter, event in zip(matters, first, strict=True):
        matter.id = event.matter_id = ids[matter.number]
    session.execute(insert(Event), [vars(event) for event in first])
    search.index(session, matters)


def _event(matter: Matter, entry: Entry, operator: str, at: datetime) -> Event:
    row = SimpleNamespace(
        seq=1,
        at=at,
        actor_id=None,
        actor=operator[:64],
        action="import",
        from_state=None,
        to_state=matter.state,
        note="",
        data={"row": entry.cells, "on_time": entry.outcome.on_time},
    )
    event = cast(Event, row)
    event.digest = events.digest_of(event, matter.number, "")
    matter.events, matter.head, matter.version = 1, event.digest, 2
    return event
