"""Matter write: the second pass over a ledger: new matters with their first events in bulk, changed ones one by one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from models.answer import Answer
from models.event import Event
from models.matter import Matter
from models.seal import Seal
from services.engine import versions
from services.engine.events import FirstEvents
from services.importing.job.import_jobs import Job
from services.importing.matters import changes, drafts
from services.importing.matters.drafter import MatterDrafter
from services.importing.matters.drafts import Drafts
from services.importing.matters.made import Made
from services.matters import search_drafts
from services.matters.bulk_counts import BulkCount
from services.places import serials
from services.system import bulk, clock
from services.system.seals import sketches
from services.system.seals.sketches import Unsealed

_REPEATS = text("UPDATE matter SET repeats_id = :repeats WHERE id = :id")


class MatterWriter:
    """Writes the drafts of one ledger in the job's transaction."""

    def __init__(self, job: Job) -> None:
        assert job.batch is not None and job.prepared.made is not None
        versions.require_present(job.session, job.mapping.options.flow)
        self._job, self._drafter = job, job.prepared
        self._made: Made = job.prepared.made
        self._at = clock.now()
        self._first = FirstEvents(job.actor, "import", self._at, {"batch": job.batch.id})
        self._same = job.prepared.same | {"import_id": job.batch.id}
        self._take(job.prepared)
        self._count: BulkCount | None = None
        self._put = self._counted = 0
        self._later: list[dict[str, int]] = []

    def _take(self, drafter: MatterDrafter) -> None:
        """Numbers, ids and what each repeats, of all that is new."""
        session, job = self._job.session, self._job
        assert job.place is not None
        self._numbers = serials.take(session, job.place.prefix, drafter.new) if drafter.new else []
        self._ids = bulk.reserve(session, _table(Matter), drafter.new)
        found = drafter.lesson.repeats(session) or [None] * drafter.new
        self._repeats = [self._ids[~one] if one is not None and one < 0 else one for one in found]
        # Counted anew: somebody may have imported the same rows between the two passes.
        job.report.new, job.report.changed = drafter.new, drafter.changed
        job.report.unchanged += drafter.unchanged

    def write(self, batch: Drafts) -> None:
        """Write a batch."""
        if batch.homes:
            self._insert(batch)
        for entry, known in batch.changed:
            self._settle()
            changes.update(self._job, known.id, entry, self._columns(entry), self._at)

    def close(self) -> None:
        """Give what was made on the way its place on the schematic map, and learn from the new matters."""
        assert self._job.batch is not None
        self._settle()
        self._made.draw()
        self._drafter.lesson.take(self._job.session, self._job.batch, self._made.categories)

    def _columns(self, entry: Any) -> dict[str, Any]:
        home, category = self._drafter.home(entry), self._drafter.category(entry)
        made: dict[str, Any] = self._drafter.columns(entry) | {"unrecorded": self._same["unrecorded"]}
        made |= {"area_id": self._made.areas[home], "unit_id": self._made.units[entry.unit]}
        return made | {"category": self._made.categories[category] if category else None}

    def _settle(self) -> None:
        """Count what was put, and let triggers count what comes."""
        if self._count is None:
            return
        if self._later:
            self._job.session.connection().execute(_REPEATS, self._later)
        self._count.end(self._ids[self._counted], self._ids[self._put - 1])
        self._later, self._count, self._counted = [], None, self._put

    def _insert(self, batch: Drafts) -> None:
        session, start, end = self._job.session, self._put, self._put + len(batch.homes)
        self._count = self._count or BulkCount(session)
        self._put = end
        ids, numbers = self._ids[start:end], self._numbers[start:end]
        first = [self._first.finished(number, *told) for number, told in zip(numbers, batch.told, strict=True)]
        late = list(zip(ids, numbers, *self._found(batch), [head for head, _ in first], strict=True))
        self._matters(batch, late, self._repeats[start:end])
        told = (((id_,), one) for id_, found in zip(ids, batch.answers, strict=True) for one in found)
        bulk.finish(session, _table(Answer), ["matter_id"], drafts.ASKED, drafts.ANSWERED, told)
        events = [((id_, head, data), one) for id_, (head, data), one in zip(ids, first, batch.events, strict=True)]
        bulk.finish(session, _table(Event), ["matter_id", "digest", "data"], self._first.columns, drafts.SAID, events)
        self._seal(batch, late, self._repeats[start:end])
        search_drafts.index(session, numbers, ids, batch.texts)

    def _found(self, batch: Drafts) -> tuple[list[int], list[int | None], list[str | None]]:
        made = self._made
        return (
            [made.areas[home] for home in batch.homes],
            [made.units[word] for word in batch.units],
            [made.categories[told] if told else None for told in batch.categories],
        )

    def _matters(self, batch: Drafts, late: list[tuple[Any, ...]], repeats: Sequence[int | None]) -> None:
        rows = []
        for one, repeated, rest in zip(late, repeats, batch.matters, strict=True):
            # What stands further down in the file is not there yet.
            if repeated is not None and repeated > one[0]:
                self._later.append({"id": one[0], "repeats": repeated})
                repeated = None
            rows.append(((*one, repeated), rest))
        bulk.finish(self._job.session, _table(Matter), drafts.LATE, self._same, drafts.REST, rows)

    def _seal(self, batch: Drafts, late: list[tuple[Any, ...]], repeats: Sequence[int | None]) -> None:
        batch_id = self._same["import_id"]
        rows = (
            Unsealed(id_, (number, batch_id, *found, repeated), sketch)
            for (id_, number, *found), repeated, sketch in zip(late, repeats, batch.seals, strict=True)
        )
        made = sketches.enter(self._job.session, "matter", drafts.SEALED, rows)
        sealed = [((seal.of, seal.text, seal.mac), ()) for seal in made]
        same = {"kind": "matter", "turn": made[0].turn} if made else {}
        bulk.finish(self._job.session, _table(Seal), ["of", "held", "mac"], same, [], sealed)


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]
