"""Histories of sample issues: which arrows each one takes, when, and what is written on the way."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlmodel import Session

from models.organisation import Organisation
from services.demo.bulk_records import Record
from services.demo.cast import Cast
from services.demo.openings import Opening, usual_days
from services.demo.pack import Samples
from services.demo.routes import LEGS, QUICK, UNTIL
from services.demo.sample_calendar import Calendar
from services.demo.scenes import Scene
from services.demo.shares import Shares
from services.engine import flows
from services.flows.issue import follow_ups
from services.rights.permissions import Actor
from services.rules import time_limits
from services.system import clock
from services.system.settings import settings


class Narrator:
    """Tells what became of an opening, in records."""

    def __init__(
        self,
        session: Session,
        rng: Random,
        samples: Samples,
        calendar: Calendar,
        cast: Cast,
        units: dict[str, Organisation],
    ) -> None:
        told = samples.told
        self._session, self._rng, self._samples, self._calendar = session, rng, samples, calendar
        self._cast, self._units = cast, units
        self._detours = Shares(rng, told["detours"])
        kept = {code: grid["on_time"] for code, grid in told["grid"].items()}
        self._kept = {code: Shares(rng, {True: share, False: 1 - share}) for code, share in kept.items()}
        visited = told["satisfaction"]["visited_share"]
        self._visits = Shares(rng, {True: visited, False: 1 - visited})
        over = told["hold_over_share"]
        self._overdue_holds = Shares(rng, {True: over, False: 1 - over})
        self._answers = told["satisfaction"]["answers"]
        self._drawn = Shares(rng, {at: one["share"] for at, one in enumerate(self._answers)})

    def tell(self, opening: Opening, numbers: Iterator[str]) -> list[Record]:
        """The records of an opening, which take their numbers from ``numbers``."""
        record = self._raised(opening.scene, opening.at, next(numbers))
        if opening.fate == "open":
            self._open(record, opening)
        elif opening.fate == "declined":
            self._submit(record)
            self._step(record, "decline", self._soon(record))
        else:
            return self._ended(record, opening.fate, numbers)
        return [record]

    def _ended(self, record: Record, fate: str, numbers: Iterator[str]) -> list[Record]:
        self._submit(record)
        self._step(record, "accept", self._soon(record))
        twins = [self._twin(record, next(numbers))] if fate == "merged" else []
        self._work(record)
        if fate == "reopened" and self._room(record) > self._days(record) * 3 + 14:
            self._step(record, "visit", self._later(record, 0.5, 3), **follow_ups.DISAPPOINTED)
            self._step(record, "reopen", self._later(record, 0.1, 1))
            self._work(record)
        self._follow_up(record)
        return [record, *twins]

    def _raised(self, scene: Scene, at: datetime, number: str) -> Record:
        template, (lng, lat) = scene.template, scene.spot.surface.point(self._rng)
        record = Record(
            self._session,
            scene,
            number=number,
            title=scene.title,
            description=template.description,
            category=template.category,
            source=template.source,
            area_id=scene.spot.area.id,
            location=scene.location,
            lng=lng,
            lat=lat,
            opened_at=at,
        )
        record.add(self._finder(scene), "create", at)
        return record

    def _finder(self, scene: Scene) -> Actor:
        role = "grid_worker" if scene.template.source == "patrol" else "staff"
        return self._cast.in_role(role, scene.estate.grid)

    def _submit(self, record: Record) -> None:
        record.take(self._finder(record.scene), "submit", record.last)

    def _twin(self, stays: Record, number: str) -> Record:
        """Somebody else reports the same within the hour; intake sees that it is one issue."""
        minutes = self._rng.uniform(1, 40)
        twin = self._raised(stays.scene, stays.matter.opened_at + timedelta(minutes=minutes), number)
        self._submit(twin)
        at = max(stays.last, twin.last) + timedelta(minutes=self._rng.uniform(3, 30))
        stays.add(twin.by(self._cast, "merge"), "absorb", at, {"number": number})
        self._step(twin, "merge", at, duplicate_of=stays.matter.number)
        twin.stays = stays
        return twin

    def _open(self, record: Record, opening: Opening) -> None:
        if opening.state == "draft":
            return
        self._submit(record)
        if opening.accepted:
            self._step(record, "accept", max(opening.accepted, record.last))
            self._walk(record, UNTIL[opening.state], self._stands_since(record, opening.state))

    def _stands_since(self, record: Record, state: str) -> datetime:
        """When an open issue came to where it stands; one on hold may have been there longer than expected."""
        now = self._calendar.now
        if state != "suspended":
            return now - timedelta(minutes=45)
        over = self._overdue_holds.draw()
        record.hold_until = now + timedelta(days=-self._rng.uniform(1, 4) if over else self._rng.uniform(4, 40))
        ends = record.last + timedelta(days=self._days(record) * self._rng.uniform(0.3, 0.8))
        return min(ends, now - (timedelta(days=6) if over else timedelta(minutes=45)))

    def _work(self, record: Record) -> None:
        """From filed to closed, on time as often as the grid's calibration says."""
        days, room = self._days(record), self._room(record)
        detour = self._detours.draw(LEGS if room > 60 + 3 * days else QUICK)
        due = record.matter.due_at or self._calendar.now
        past = (self._calendar.now - due) / timedelta(days=1)
        on_time = self._kept[record.scene.estate.grid].draw(None if past > 4 + 1.2 * days else (True,))
        *first, last = LEGS[detour]
        for leg in first:
            self._walk(record, leg, self._leg_ends(record))
        self._walk(record, last, self._closes(record, on_time))

    def _leg_ends(self, record: Record) -> datetime:
        if record.matter.due_at is None:
            return record.last + timedelta(days=self._rng.uniform(5, 20))
        return record.last + (record.matter.due_at - record.last) * self._rng.uniform(0.3, 0.6)

    def _closes(self, record: Record, on_time: bool) -> datetime:
        due = record.matter.due_at or self._calendar.now
        if on_time:
            until = min(due, self._calendar.now - timedelta(minutes=10))
            return record.last + (until - record.last) * self._rng.uniform(0.3, 0.92)
        return due + timedelta(hours=20, days=max(self._days(record), 2) * self._rng.uniform(0.1, 1))

    def _walk(self, record: Record, actions: tuple[str, ...], ends: datetime) -> None:
        start = record.last
        points = sorted(self._rng.random() for _ in actions[1:])
        for action, point in zip(actions, [*points, 1.0], strict=False):
            at = self._calendar.worked(start + (ends - start) * point)
            soonest = record.last + timedelta(seconds=self._rng.randrange(180, 720))
            self._step(record, action, max(at, soonest))

    def _follow_up(self, record: Record) -> None:
        visit = self._later(record, 0.5, 4)
        if visit < self._calendar.now and self._visits.draw():
            drawn = self._answers[self._drawn.draw()]
            self._step(record, "visit", visit, **{name: drawn[name] for name in follow_ups.QUESTIONS})
            archive = self._later(record, 5, 20)
            if archive < self._calendar.now:
                self._step(record, "archive", archive)

    def _step(self, record: Record, action: str, at: datetime, **values: Any) -> None:
        arrow = flows.arrow("issue", record.matter.state, action)
        needs = [need.name for need in arrow.needs] if arrow else []
        category = record.scene.template.category
        note = self._samples.notes.draw(self._rng, "issue", action, category) if "note" in needs else ""
        actor = record.by(self._cast, action)
        record.take(actor, action, at, note, **self._values(record, action, at), **values)

    def _values(self, record: Record, action: str, at: datetime) -> Mapping[str, Any]:
        if action == "accept":
            return {"category": record.scene.template.category}
        if action == "dispatch":
            return {
                "unit": self._units[self._samples.unit_for(record.scene.template.category, record.scene.estate.code)]
            }
        return self._asked_for(record, action, at)

    def _asked_for(self, record: Record, action: str, at: datetime) -> Mapping[str, Any]:
        """What is asked for is what is approved: the date of the request stands in the event before."""
        if action == "ask_extension":
            return {"due_asked": _end_of_day(max(at, record.matter.due_at or at), self._rng.uniform(2, 6))}
        if action == "ask_hold":
            return {"hold_until": _end_of_day(record.hold_until or at, 0 if record.hold_until else 30)}
        asked = record.events[-1].data or {}
        if action == "suspend":
            return {"hold_until": datetime.fromisoformat(asked["hold_until"])}
        return {"due": datetime.fromisoformat(asked["due_asked"])} if action == "extend" else {}

    def _days(self, record: Record) -> float:
        return usual_days(time_limits.of(self._session, record.matter.area_id, record.scene.template.category, None))

    def _room(self, record: Record) -> float:
        return (self._calendar.now - record.last) / timedelta(days=1)

    def _soon(self, record: Record) -> datetime:
        return self._calendar.next_worked(record.last + timedelta(minutes=self._rng.uniform(8, 360)))

    def _later(self, record: Record, least: float, most: float) -> datetime:
        return self._calendar.next_worked(record.last + timedelta(days=self._rng.uniform(least, most)))


def _end_of_day(moment: datetime, days: float) -> datetime:
    return datetime.combine(clock.local(moment + timedelta(days=days)).date(), time(23, 59), settings().zone)
