"""Matter drafter: between the two passes over a ledger: what is new, compared with what stands here, becomes drafts."""

from typing import Any

import services.registry  # noqa: F401  (a flow learns from what comes in)
from services.engine import deadlines, flows
from services.importing.areas.by_name import AreaBook
from services.importing.cells.row_entries import MatterEntry
from services.importing.job.import_jobs import Job
from services.importing.mapping.mapping import NONE, OWN
from services.importing.matters import known as matter_known
from services.importing.matters import recorded, texts
from services.importing.matters.drafts import Drafting, Drafts, Found, Home
from services.importing.matters.made import Made
from services.matters import lessons, search
from services.matters.search_drafts import short_runs
from services.rules import time_limits, worktime
from services.system import clock
from services.words import own_categories


class MatterDrafter:
    """Drafts the matters of one ledger. ``made`` is what they need to be there, once it is ``settle``d."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._areas = AreaBook(job)
        self._named = own_categories.named(job.session)
        self._fresh = not matter_known.is_known(job.session, job.mapping.options.ledger)
        self._at = clock.now()
        self._names: dict[Home, tuple[str, ...]] = {}
        self._units: dict[str, None] = {}
        self._categories: dict[str, None] = {}
        flow = job.mapping.options.flow
        self.same = {"flow": flow, "parent_id": None, "dispatches": 0, "returns": 0, "sample": False}
        self.same |= {"version": 2, "events": 1, "unrecorded": recorded.bits(job)}
        self._written = Drafting(job.session, self.same)
        self.lesson = lessons.begin(job.session, flow)
        self.new = self.changed = self.unchanged = 0
        self.made: Made | None = None

    def ready(self, entries: list[MatterEntry]) -> Drafts:
        """A batch of entries, compared with what stands here now."""
        found = matter_known.sort(self._job.session, entries, self._job.prefix, fresh=self._fresh)
        self.new += len(found.new)
        self.changed += len(found.changed)
        self.unchanged += found.unchanged
        self._note([*found.new, *(entry for entry, _ in found.changed)])
        made = self._drafts(found.new)
        made.changed, made.unchanged = found.changed, found.unchanged + len(found.kept)
        return made

    def close(self) -> None:
        """Compare all new matters with what was closed before."""
        self.lesson.compare(self._job.session)

    def settle(self, job: Job) -> bool:
        """In the turn: whether the places are called as they were; areas, units and categories are made."""
        if job.ground != self._job.ground:
            return False
        self.made = Made(job, list(self._names), list(self._units), list(self._categories))
        return self.made.called() == self._names

    def columns(self, entry: MatterEntry) -> dict[str, Any]:
        """What an entry says, as columns of a matter, but for what may have to be made first."""
        return {
            "state": entry.state,
            "is_open": entry.is_open,
            "title": texts.named(entry.title, self._names[self.home(entry)][0]),
            "description": entry.description,
            "source": entry.source,
            "source_ref": entry.ref,
            "source_digest": entry.digest,
            "location": entry.location,
            "lng": entry.lng,
            "lat": entry.lat,
            "opened_at": entry.opened_at,
            "opened_month": clock.month_of(entry.opened_at),
            "closed_at": entry.closed_at,
            "on_time": entry.on_time,
            "reworks": entry.reworks,
            "public": entry.public,
            **self._clock(entry),
        }

    def home(self, entry: MatterEntry) -> Home:
        """The area of an entry."""
        if entry.area_id >= 0:
            return entry.area_id
        found = self._areas.find(entry.names)
        assert found.area is not None
        return tuple(entry.names) if self._missing(found.missing) else found.area.id

    def category(self, entry: MatterEntry) -> str | None:
        """The category of an entry: its code, or what it will be called."""
        told = entry.category
        return self._named.get(told.removeprefix(OWN), told) if told and told.startswith(OWN) else told

    def _missing(self, names: tuple[tuple[str, str], ...]) -> list[str]:
        passed = self._job.mapping.values
        return [word for level, word in names if passed.get(level, {}).get(word) != NONE]

    def _note(self, entries: list[MatterEntry]) -> None:
        """Remember what must be there before these can be written."""
        homes = {self.home(entry): entry for entry in entries}
        new = [home for home in homes if home not in self._names]
        called = search.called(self._job.session, [home for home in new if isinstance(home, int)])
        for home in new:
            self._names[home] = called[home] if isinstance(home, int) else self._to_be(homes[home])
        self._units |= dict.fromkeys(entry.unit for entry in entries)
        self._categories |= dict.fromkeys(code for entry in entries if (code := self.category(entry)) is not None)

    def _to_be(self, entry: MatterEntry) -> tuple[str, ...]:
        """What an area that is still to be made will be called, and the one above it."""
        found = self._areas.find(entry.names)
        assert found.area is not None
        names = [found.area.name, *self._missing(found.missing)]
        return names[-1], names[-2]

    def _clock(self, entry: MatterEntry) -> dict[str, Any]:
        """Of what comes here on hold the clock stands still: what is left is kept, and a deadline only if missed."""
        due = entry.due_at
        if due is None or flows.state(self._job.mapping.options.flow, entry.state).kind != "paused":
            return {"due_at": due, "time_left": None}
        home, category = self.home(entry), self.category(entry)
        area = home if isinstance(home, int) else self._areas.find(entry.names).area.id  # type: ignore[union-attr]
        known = None if category and category.startswith(OWN) else category
        limit = time_limits.of(self._job.session, area, known, None)
        left = worktime.elapsed(self._at, due, limit.clock)
        return {"due_at": due if due < self._at else None, "time_left": min(left, deadlines.MOST_SECONDS)}

    def _drafts(self, entries: list[MatterEntry]) -> Drafts:
        rows = [self.columns(entry) for entry in entries]
        found = Found(
            entries,
            rows,
            [self.home(entry) for entry in entries],
            [self.category(entry) for entry in entries],
            [[*short_runs(row["title"]), *search.runs(row["description"])] for row in rows],
        )
        self.lesson.see(list(found.lessons()))
        return self._written.drafts(found, [self._names[home] for home in found.homes])
