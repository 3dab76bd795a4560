"""The demo: a place with generated sample records, alive on the day it is loaded. Every record says it is a sample."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from random import Random
from typing import cast

from sqlmodel import Session, col, func, select

import services.registry  # noqa: F401  (arms the guards and hooks of every flow)
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.demo import small_meetings, walks
from services.demo.bulk_records import Writer
from services.demo.cast import Cast
from services.demo.estates import estates
from services.demo.issue_histories import Narrator
from services.demo.openings import Opening, Openings
from services.demo.pack import Samples, samples
from services.demo.sample_calendar import Calendar
from services.demo.scenes import Scenes
from services.demo.small_meetings import SmallMeetings
from services.demo.topic_records import Step, Story
from services.places import areas, places, serials
from services.rights import audit
from services.system import clock, db
from services.system.errors import Refused
from services.system.progress import Progress, silent
from services.system.settings import settings

BATCH = 2000
_EVER = timedelta(days=1)


@dataclass(frozen=True)
class DemoCounts:
    """What the place holds of samples now, ``matters`` of all flows; ``fresh`` is whether this call made them."""

    matters: int
    issues: int
    topics: int
    actions: int
    events: int
    fresh: bool


def load_demo(slug: str, scale: int = 1, progress: Progress | None = None) -> DemoCounts:
    """Load a place and its sample records, ``scale`` times the usual number of issues, in one transaction.

    The same day gives the same records. A place that holds samples is left as it is. Refused in production, for an
    unknown place, and for one that brings no samples.
    """
    if not settings().demo:
        raise Refused("Sample records are not allowed in production. Import your own ledger instead.")
    with db.writing() as session:
        place = places.load_place(session, slug)
        fresh = not _has_samples(session, place)
        if fresh:
            _fill(session, place, scale, progress or silent)
            audit.write(session, "demo", "demo", slug, {"scale": scale}, area=session.get_one(Area, place.area_id).path)
            db.learn(session)
        return _counts(session, place, fresh)


def _fill(session: Session, place: Place, scale: int, progress: Progress) -> None:
    pack, root = places.pack(place.slug), session.get_one(Area, place.area_id)
    taken = walks.told(pack)
    if not taken or (pack.samples / "calibration.toml").is_file():
        told = samples(pack)
        _Demo(session, place, told, small_meetings.told(pack)).write(round(told.told["issues"] * scale), progress)
    for one in taken:
        walks.walk(session, root, one)


def _has_samples(session: Session, place: Place) -> bool:
    here = areas.ids_within(session, session.get_one(Area, place.area_id).path)
    return (
        session.exec(select(Matter.id).where(Matter.sample, col(Matter.area_id).in_(here)).limit(1)).first() is not None
    )


def _counts(session: Session, place: Place, fresh: bool) -> DemoCounts:
    here = areas.ids_within(session, session.get_one(Area, place.area_id).path)
    query = select(Matter.flow, func.count(), func.sum(Matter.events)).where(
        col(Matter.area_id).in_(here), Matter.sample
    )
    found = {flow: (count, events) for flow, count, events in session.exec(query.group_by(col(Matter.flow)))}
    counted = {flow: found.get(flow, (0, 0))[0] for flow in ("issue", "deliberation", "action")}
    events = sum(int(many) for _, many in found.values())
    matters = sum(count for count, _ in found.values())
    return DemoCounts(matters, counted["issue"], counted["deliberation"], counted["action"], events, fresh)


class _Demo:
    """Writes issues in bulk and topics through the services, both in the order of time, after what lies before them."""

    def __init__(self, session: Session, place: Place, told: Samples, before: small_meetings.Told) -> None:
        root, rng = session.get_one(Area, place.area_id), Random(told.told["seed"])
        calendar, actors = Calendar(rng, told.told, clock.now()), Cast(session, root)
        units = {unit.code: unit for unit in session.exec(select(Organisation))}
        ground = estates(session, root.path)
        scenes = Scenes(rng, told, ground)
        self._session, self._prefix = session, place.prefix
        self._openings = Openings(session, rng, told, calendar, scenes)
        self._narrator = Narrator(session, rng, told, calendar, actors, units)
        self._writer = Writer(session)
        self._before = SmallMeetings(session, before, told.notes, actors, ground) if before else None
        called = [topic["code"] for topic in told.topics if topic["stage"] == "notified"]
        self._stories = [
            Story(session, Random(topic["code"]), told, actors, topic, topic["code"] in called[:1])
            for topic in told.topics
        ]

    def write(self, count: int, progress: Progress) -> None:
        """Write ``count`` issues and every topic."""
        if self._before:
            self._before.write(self._prefix, self._writer)
        done = 0
        steps = sorted((step for story in self._stories for step in story.steps()), key=_moment)
        openings: Iterator[Opening | Step] = self._openings.draw(count)
        lived = heapq.merge(openings, steps, key=_moment)
        for (kind, _), run in groupby(lived, key=lambda one: (type(one), clock.local(one.at).year)):
            while batch := list(islice(run, BATCH)):
                if kind is Opening:
                    done += self._issues(cast(list[Opening], batch))
                    progress("Writing the sample issues", done, count)
                else:
                    self._steps(cast(list[Step], batch))
        self._writer.flush(clock.now() + _EVER)

    def _issues(self, batch: list[Opening]) -> int:
        count = sum(opening.issues for opening in batch)
        with clock.pretending(batch[0].at):
            numbers = iter(serials.take(self._session, self._prefix, count))
        records = [record for opening in batch for record in self._narrator.tell(opening, numbers)]
        self._writer.write(records)
        self._writer.flush(batch[-1].at)
        return count

    def _steps(self, batch: list[Step]) -> None:
        for step in batch:
            self._writer.flush(step.at)
            with clock.pretending(step.at):
                step.do()
                self._session.flush()


def _moment(one: Opening | Step) -> datetime:
    return one.at
