"""Small meetings: a year of meetings in the estates that settled something, with the action items that came of them.

``demo/small_meetings.toml`` of a pack says in which year, how many meetings settled how many things, at which forums
and about what. They are written in bulk, as the issues are, along the arrows of their flows.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models.answer import RESIDENTS, Answer
from models.area import Area
from models.deliberation import Deliberation, Publicity
from models.meeting import Meeting
from models.occasion import Headcount, Occasion
from models.organisation import Organisation
from models.place import Forum, Venue
from services.demo.bulk_records import Record, Writer
from services.demo.cast import Cast
from services.demo.estates import Estate
from services.demo.pack import Notes, Template
from services.demo.scenes import Scene
from services.flows.deliberation import verdicts
from services.places import serials
from services.places.place_packs import Pack
from services.system import clock
from services.system.settings import settings

_EVENING = time(19, 0)
_MINUTES = timedelta(minutes=6)
_HOUR = timedelta(hours=1)
_SINCE_MORNING = timedelta(hours=9)
Told = Mapping[str, Any]


def told(pack: Pack) -> Told:
    """What a pack says of its small meetings; nothing where it brings none."""
    path = pack.folder / "demo" / "small_meetings.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


@dataclass(frozen=True)
class Sitting:
    """One meeting: when, where, at which forum, and the subject with as many items as it settled."""

    at: datetime
    estate: Estate
    venue: Venue
    forum: Forum
    subject: Told
    items: tuple[str, ...]

    def day(self, days: float) -> datetime:
        """In the morning so many days after the meeting, which is in the evening, or before it."""
        return self.at + timedelta(days=days) - _SINCE_MORNING

    @property
    def name(self) -> str:
        """The estate as people call it."""
        return self.estate.spot.area.name


class SmallMeetings:
    """Writes the meetings of the year a pack tells of, first to last."""

    def __init__(self, session: Session, say: Told, notes: Notes, cast: Cast, grids: dict[str, list[Estate]]) -> None:
        self._session, self._say, self._notes, self._cast = session, say, notes, cast
        self._rng = Random(say["seed"])
        self._estates = {one.code: one for inside in grids.values() for one in inside}
        seated = select(Venue, Area.code).join(Area, col(Area.id) == Venue.area_id).order_by(col(Venue.id))
        rooms = session.exec(seated.where(col(Area.code).in_(self._estates), Venue.kind == say["venues"]))
        self._rooms = {code: venue for venue, code in rooms}
        self._forums = {one.code: one for one in session.exec(select(Forum).where(col(Forum.code).in_(say["forums"])))}
        self._units = {one.code: one for one in session.exec(select(Organisation))}

    def write(self, prefix: str, writer: Writer) -> None:
        """Write the meetings, their action items and what stands beside them."""
        sittings = sorted(self._sittings(), key=lambda one: one.at)
        with clock.pretending(sittings[0].at):
            numbers = iter(serials.take(self._session, prefix, sum(1 + len(one.items) for one in sittings)))
        held = [(sitting, *self._held(sitting, numbers)) for sitting in sittings]
        writer.write([topic for _, topic, _ in held])
        for _, topic, items in held:
            for item in items:
                item.matter.parent_id = topic.matter.id
        writer.write([item for _, _, items in held for item in items])
        self._put_beside([(sitting, topic.matter.id) for sitting, topic, _ in held])

    def _sittings(self) -> Iterator[Sitting]:
        first, rng = date(self._say["year"], 1, 15), self._rng
        codes = sorted(self._rooms)
        for many, times in self._say["yields"].items():
            for _ in range(times):
                code = rng.choice(codes)
                day = first + timedelta(days=rng.randrange(340))
                subject = rng.choice(self._say["subject"])
                (forum,) = rng.choices(list(self._say["forums"]), list(self._say["forums"].values()))
                yield Sitting(
                    datetime.combine(day, _EVENING, settings().zone).astimezone(UTC),
                    self._estates[code],
                    self._rooms[code],
                    self._forums[forum],
                    subject,
                    tuple(rng.sample(subject["items"], int(many))),
                )

    def _held(self, sitting: Sitting, numbers: Iterator[str]) -> tuple[Record, list[Record]]:
        topic = self._begun(sitting, next(numbers), "deliberation", sitting.subject["title"], sitting.day(-6))
        topic.add(topic.by(self._cast, "grade"), "create", sitting.day(-6), {"forum": sitting.forum.code})
        self._take(topic, "grade", sitting.day(-5), grade="micro")
        self._take(topic, "set_parties", sitting.day(-5) + _HOUR, parties=self._say["parties"])
        expected = sitting.forum.expected or 0
        self._take(topic, "notify", sitting.day(-4), starts_at=sitting.at, venue=sitting.venue, expected=expected)
        self._take(topic, "convene", sitting.at)
        self._note(topic, "attendance", sitting.at + _MINUTES, dict(self._say["attendance"]))
        self._note(topic, "resolution", sitting.at + 2 * _MINUTES, {"text": sitting.subject["resolution"]})
        items = [self._promised(sitting, topic, next(numbers), name, at) for at, name in enumerate(sitting.items, 3)]
        self._take(topic, "resolve", sitting.at + 9 * _MINUTES)
        self._carried_out(sitting, topic, items)
        return topic, items

    def _begun(self, sitting: Sitting, number: str, flow: str, title: str, at: datetime) -> Record:
        template = Template(sitting.subject["category"], title, "", "meeting", 1, frozenset())
        scene = Scene(sitting.estate, sitting.estate.spot, template)
        lng, lat = sitting.estate.spot.surface.point(self._rng)
        return Record(
            self._session,
            scene,
            flow,
            number=number,
            title=scene.title,
            description="",
            category=template.category,
            source=template.source,
            area_id=sitting.estate.spot.area.id,
            location=scene.location,
            lng=lng,
            lat=lat,
            opened_at=at,
        )

    def _promised(self, sitting: Sitting, topic: Record, number: str, name: str, place: int) -> Record:
        at, unit = sitting.at + place * _MINUTES, self._units[self._rng.choice(sitting.subject["units"])]
        due = clock.end_of(clock.local(sitting.day(self._say["within"])).date()) - _MINUTES
        item = self._begun(sitting, number, "action", name, at)
        item.matter.unit_id, item.matter.due_at = unit.id, due
        item.matter.detail = {"acceptance": sitting.subject["acceptance"]}
        told_so = {"unit": unit.code, "due": due.isoformat(), **item.matter.detail, "origin": topic.matter.number}
        item.add(topic.by(self._cast, "resolve"), "create", at, told_so)
        self._note(topic, "action_item", at, {"number": number, "title": item.matter.title})
        return item

    def _carried_out(self, sitting: Sitting, topic: Record, items: list[Record]) -> None:
        hung = self._hung(sitting)
        self._take(topic, "publish", sitting.day(1), **hung)
        self._take(topic, "execute", sitting.day(5))
        topic.matter.public = True
        for item in items:
            item.matter.public = True
        steps = [
            (self._day_of(at), item, step) for item in items for at, step in enumerate(("start", "deliver", "accept"))
        ]
        for days, item, step in sorted(steps, key=lambda one: one[0]):
            note = self._notes.draw(self._rng, "action", step, "") if step == "deliver" else ""
            self._take(item, step, sitting.day(days), note)
            self._note(
                topic, "action_step", sitting.day(days), {"number": item.matter.number, "state": item.matter.state}
            )
        self._take(topic, "review", sitting.day(self._say["within"] + 1))
        self._take(topic, "judge", sitting.day(self._say["within"] + 6), **self._say["verdict"])

    def _day_of(self, step: int) -> float:
        """When a step is taken: begun on the sixth day, delivered and accepted before the day that was promised."""
        return (6, self._say["within"] - self._rng.uniform(3, 8), self._say["within"] - 1)[step]

    def _hung(self, sitting: Sitting) -> dict[str, Any]:
        day = clock.local(sitting.at).date()
        days = {"starts_on": day + timedelta(days=1), "ends_on": day + timedelta(days=4)}
        return {**days, "location": self._say["location"].format(estate=sitting.name)}

    def _take(self, record: Record, action: str, at: datetime, note: str = "", **values: Any) -> None:
        record.take(record.by(self._cast, action), action, at, note, **values)

    def _note(self, topic: Record, action: str, at: datetime, data: dict[str, Any]) -> None:
        topic.add(self._cast.in_role("staff"), action, at, data)

    def _put_beside(self, held: list[tuple[Sitting, int]]) -> None:
        meetings = [(sitting, self._meeting(sitting, topic)) for sitting, topic in held]
        self._session.add_all([meeting for _, meeting in meetings])
        self._session.flush()
        for sitting, meeting in meetings:
            self._session.add_all(self._rows(sitting, meeting))
        self._session.flush()

    def _meeting(self, sitting: Sitting, topic: int) -> Meeting:
        return Meeting(
            matter_id=topic,
            forum_id=sitting.forum.id,
            occasion=Occasion(matter_id=topic, venue_id=sitting.venue.id, starts_at=sitting.at),
            notified_on=clock.local(sitting.day(-4)).date(),
            expected=sitting.forum.expected or 0,
            voting=False,
            parties_invited=True,
            resolution=sitting.subject["resolution"],
            ended_at=sitting.at + 9 * _MINUTES,
        )

    def _rows(self, sitting: Sitting, meeting: Meeting) -> Iterator[SQLModel]:
        topic, judged = meeting.matter_id, sitting.day(self._say["within"] + 6)
        yield Deliberation(matter_id=topic, forum_id=sitting.forum.id, grade="micro", parties=self._say["parties"])
        yield Publicity(matter_id=topic, **self._hung(sitting))
        for category, present in self._say["attendance"].items():
            yield Headcount(occasion_id=meeting.occasion_id, category=category, present=present)
        for name in verdicts.COUNTED:
            number = self._say["verdict"][name]
            yield Answer(matter_id=topic, category=RESIDENTS, question=name, number=number, at=judged)
