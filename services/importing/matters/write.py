"""Matter write: the second pass over a ledger: new matters with their first events in bulk, changed ones one by one."""

from types import SimpleNamespace
from typing import Any, cast

from sqlmodel import SQLModel

import services.registry  # noqa: F401  (a flow learns from what comes in)
from models.answer import REPORTER, Answer
from models.event import Event
from models.matter import Matter
from models.seal import Seal
from services.engine import deadlines, events, flows, versions
from services.importing.areas.by_name import AreaBook
from services.importing.cells.row_entries import MatterEntry
from services.importing.job.import_jobs import Job
from services.importing.mapping.mapping import OWN
from services.importing.matters import changes, recorded, texts
from services.importing.matters import known as matter_known
from services.importing.matters.units import UnitBook
from services.matters import bulk_counts, lessons, search
from services.places import serials
from services.rules import time_limits, worktime
from services.system import bulk, clock
from services.system.seals import settling
from services.words import own_categories, vocabulary


class MatterWriter:
    """Writes the entries of one ledger in the job's transaction."""

    def __init__(self, job: Job) -> None:
        self._job = job
        versions.require_present(job.session, job.mapping.options.flow)
        self._at = clock.now()
        self._areas = AreaBook(job)
        self._units = UnitBook(job)
        self._fresh = not matter_known.is_known(job.session, job.mapping.options.ledger)
        self._own = own_categories.named(job.session)
        self._unrecorded = recorded.bits(job)
        # Counted anew: somebody may have imported the same rows between the two passes.
        job.report.new = job.report.changed = 0

    def write(self, entries: list[MatterEntry]) -> None:
        """Write a batch."""
        found = matter_known.sort(self._job.session, entries, self._job.prefix, fresh=self._fresh)
        report = self._job.report
        report.new += len(found.new)
        report.changed += len(found.changed)
        report.unchanged += found.unchanged
        self._insert(found.new)
        for entry, known in found.changed:
            changes.update(self._job, known.id, entry, self.columns(entry), self._at)

    def close(self) -> None:
        """Give what was made on the way its place on the schematic map, and learn from the new matters."""
        self._areas.draw()
        assert self._job.batch is not None
        lessons.take(self._job.session, self._job.batch, self._job.mapping.options.flow)

    def columns(self, entry: MatterEntry) -> dict[str, Any]:
        """What an entry says, as columns of a matter."""
        area_id, name = self._home(entry)
        return {
            "state": entry.state,
            "is_open": entry.is_open,
            "title": texts.named(entry.title, name),
            "description": entry.description,
            "category": self._category(entry.category),
            "source": entry.source,
            "source_ref": entry.ref,
            "source_digest": entry.digest,
            "area_id": area_id,
            "location": entry.location,
            "lng": entry.lng,
            "lat": entry.lat,
            "unit_id": self._units.id_of(entry.unit),
            "opened_at": entry.opened_at,
            "opened_month": clock.month_of(entry.opened_at),
            "closed_at": entry.closed_at,
            "on_time": entry.on_time,
            "reworks": entry.reworks,
            "public": entry.public,
            "unrecorded": self._unrecorded,
            **self._clock(entry, area_id),
        }

    def _clock(self, entry: MatterEntry, area_id: int) -> dict[str, Any]:
        """Of what comes here on hold the clock stands still: what is left is kept, and a deadline only if missed."""
        job, due = self._job, entry.due_at
        if due is None or flows.state(job.mapping.options.flow, entry.state).kind != "paused":
            return {"due_at": due, "time_left": None}
        limit = time_limits.of(job.session, area_id, self._category(entry.category), None)
        left = worktime.elapsed(self._at, due, limit.clock)
        return {"due_at": due if due < self._at else None, "time_left": min(left, deadlines.MOST_SECONDS)}

    def _home(self, entry: MatterEntry) -> tuple[int, str]:
        if entry.area_id >= 0:
            return entry.area_id, self._areas.by_id[entry.area_id].name
        found = self._areas.find(entry.names)
        area = self._areas.make(found) if found.missing else found.area or self._job.root
        assert area is not None
        return area.id, area.name

    def _category(self, told: str | None) -> str | None:
        if told is None or not told.startswith(OWN):
            return told
        word = told.removeprefix(OWN)
        if word not in self._own:
            made = own_categories.make(self._job.session, word, _english(word), self._job.mapping.options.ledger)
            self._own[word] = made.code
            self._job.note("category", int(made.code))
        return self._own[word]

    def _insert(self, entries: list[MatterEntry]) -> None:
        if not entries:
            return
        session, job = self._job.session, self._job
        assert job.place is not None and job.batch is not None
        numbers = serials.take(session, job.place.prefix, len(entries))
        ids = bulk.reserve(session, _table(Matter), len(entries))
        fixed = {"flow": job.mapping.options.flow, "import_id": job.batch.id, "parent_id": None}
        fixed |= {"dispatches": 0, "returns": 0, "repeats_id": None, "sample": False, "version": 2, "events": 1}
        rows = [
            {"id": id_, "number": number, **fixed, **self.columns(entry), "head": ""}
            for entry, number, id_ in zip(entries, numbers, ids, strict=True)
        ]
        first = [self._first(entry, row) for entry, row in zip(entries, rows, strict=True)]
        pairs = zip(entries, rows, strict=True)
        answers = [answer for entry, row in pairs for answer in _answers(entry, row["id"])]
        with bulk_counts.counted(session, ids[0], ids[-1]):
            bulk.put(session, _table(Matter), rows)
            bulk.put(session, _table(Answer), answers)
        bulk.put(session, _table(Event), first)
        bulk.put(session, _table(Seal), settling.enter(session, "matter", rows, {"answer": answers}))
        search.index(session, (cast(Matter, SimpleNamespace(**row)) for row in rows), fresh=True)

    def _first(self, entry: MatterEntry, row: dict[str, Any]) -> dict[str, Any]:
        """The first event of a new matter, whose digest the matter keeps."""
        assert self._job.batch is not None
        event = {
            "matter_id": row["id"],
            "seq": 1,
            "at": self._at,
            "actor_id": self._job.actor.account_id,
            "actor": self._job.actor.name[:64],
            "action": "import",
            "from_state": None,
            "to_state": entry.state,
            "note": entry.note,
            "data": changes.data(entry, self._job.batch.id),
        }
        event["digest"] = row["head"] = events.digest_of(cast(Event, SimpleNamespace(**event)), row["number"], "")
        return event


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]


def _answers(entry: MatterEntry, matter_id: int) -> list[dict[str, Any]]:
    fixed = {"matter_id": matter_id, "category": REPORTER, "replaced": 0, "number": None, "at": changes.asked_at(entry)}
    return [fixed | {"question": name, "value": value} for name, value in changes.said(entry).items()]


def _english(word: str) -> str:
    """The English name of a category that a shipped list knows by its Chinese one; else the word itself."""
    kind = "imported.category"
    names = {vocabulary.term(kind, code, "zh_CN"): vocabulary.term(kind, code, "en") for code in vocabulary.codes(kind)}
    return names.get(word, word)
