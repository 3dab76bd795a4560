"""Sample topics: each is driven through the same services a person would use, at the moments of its schedule."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from shapely.geometry import shape
from sqlmodel import Session, select

from models.area import Area
from models.matter import Matter
from models.place import Forum
from services.demo.cast import Cast
from services.demo.estates import Surface
from services.demo.pack import Samples
from services.demo.topic_schedule import Schedule
from services.engine import workflow
from services.flows.action import actions
from services.flows.deliberation import deliberations, publicities
from services.flows.issue import follow_ups, issues
from services.matters import search
from services.meetings import meetings
from services.rules import rules
from services.system import clock

# Two people count: who records the meeting, and who leads it.
_COUNTS = {1: "staff", 2: "secretary"}
_Timed = tuple[datetime, Callable[[], object]]


@dataclass(frozen=True)
class Step:
    """Something to be done at a moment."""

    at: datetime
    do: Callable[[], object]


class Story:
    """One topic of the pack, from the issue it came from to where it stands today."""

    def __init__(
        self, session: Session, rng: Random, samples: Samples, cast: Cast, told: Mapping[str, Any], first_called: bool
    ) -> None:
        self._session, self._rng, self._samples, self._cast, self._told = session, rng, samples, cast, told
        self._area = session.exec(select(Area).where(Area.code == told["area"])).one()
        self._grid = next((part for part in self._area.path.split("/") if part in samples.told["grid"]), "")
        ruleset = session.exec(select(Forum.ruleset).where(Forum.code == told["forum"])).one()
        notice = rules.check_in(ruleset, "notice")
        self._when = Schedule(
            now=clock.now().replace(microsecond=0),
            stage=told["stage"],
            days_ago=told["days_ago"],
            notice=int(notice.value) if notice else 3,
            hung=told.get("publicity", {}).get("days", 0),
            first_called=first_called,
            over=told.get("publicity", {}).get("over", False),
        )
        self._items = [item | {"at": at} for at, item in enumerate(told.get("actions", []))]

    def steps(self) -> Iterator[Step]:
        """What is to be done, and when; in order."""
        last = self._when.raised()
        for at, step in [*self._prepared(), *self._met(), *self._carried_out(), *self._ended()]:
            last = max(last, min(at, self._when.now))
            yield Step(last, step)

    def _prepared(self) -> Iterator[_Timed]:
        raised, told = self._when.raised, self._told
        yield raised(), self._raise
        yield raised(0.1), lambda: self._move(self._issue, "accept", category=told["category"])
        yield raised(1), self._deliberate
        if told["stage"] == "declined":
            yield raised(5), lambda: self._move(self._topic, "decline", note=told["reason"])
        if self._when.reaches("graded"):
            yield raised(2), lambda: self._move(self._topic, "grade", grade=told["grade"])
        if self._when.reaches("parties"):
            yield raised(3), lambda: self._move(self._topic, "set_parties", parties=told["parties"])
        if self._when.reaches("notified"):
            called = {"starts_at": self._when.meets, "venue": told.get("venue"), "expected": told.get("expected")}
            yield raised(4), lambda: self._move(self._topic, "notify", **called)

    def _met(self) -> Iterator[_Timed]:
        if not self._when.reaches("meeting"):
            return
        minutes = iter(range(3, 110, 3))
        yield self._when.meets, lambda: self._move(self._topic, "convene")
        yield self._minute(minutes), lambda: self._record(meetings.take_attendance, self._told["attendance"])
        for opinion in self._told["opinions"]:
            yield self._minute(minutes), partial(self._record, meetings.add_opinion, **opinion)
        for option in self._told["options"]:
            yield (
                self._minute(minutes),
                partial(self._record, meetings.add_option, option["title"], option.get("abstain", False)),
            )
        if self._when.reaches("resolved"):
            yield from self._decided(minutes)

    def _minute(self, minutes: Iterator[int]) -> datetime:
        return self._when.meets + timedelta(minutes=next(minutes))

    def _decided(self, minutes: Iterator[int]) -> Iterator[_Timed]:
        for counter in meetings.COUNTERS if self._told["options"] else ():
            yield self._minute(minutes), partial(self._count, counter)
        yield self._minute(minutes), lambda: self._record(meetings.write_resolution, self._told["resolution"])
        for item in self._items:
            yield self._minute(minutes), partial(self._promise, item)
        yield self._minute(minutes), lambda: self._move(self._topic, "resolve")

    def _carried_out(self) -> Iterator[_Timed]:
        when, told = self._when, self._told
        if not when.reaches("publicised"):
            return
        days = {"starts_on": when.starts_on, "ends_on": when.ends_on, "location": told["publicity"]["location"]}
        yield when.published(), lambda: self._move(self._topic, "publish", **days)
        for objection in told["objections"]:
            yield (
                when.published(1),
                partial(self._record, publicities.object_to, objection["category"], objection["text"]),
            )
            if objection["reply"]:
                yield when.published(2), partial(self._reply, objection["reply"])
        if when.reaches("executing"):
            yield when.executed(), lambda: self._move(self._topic, "execute")
            yield from sorted((step for item in self._items for step in self._acted(item)), key=lambda step: step[0])

    def _acted(self, item: Mapping[str, Any]) -> Iterator[_Timed]:
        if item["state"] == "assigned":
            return
        yield self._when.executed(1), lambda: self._move(self._item(item), "start")
        if item["state"] == "doing":
            return
        delivered, note = self._when.delivered(item["due_days"]), self._samples.notes
        text = note.draw(self._rng, "action", "deliver", self._told["category"])
        yield delivered, lambda: self._move(self._item(item), "deliver", note=text)
        if item["state"] == "done":
            yield delivered + timedelta(days=1), lambda: self._move(self._item(item), "accept")

    def _ended(self) -> Iterator[_Timed]:
        when, told = self._when, self._told
        if told["stage"] == "declined":
            yield from self._alone(when.raised(6))
        if not when.reaches("judging"):
            return
        longest = max(item["due_days"] for item in self._items)
        yield when.reviewed(longest), lambda: self._move(self._topic, "review")
        if when.reaches("archived"):
            yield when.reviewed(longest, 6), lambda: self._move(self._topic, "judge", **told["verdict"])
            yield from self._checked(when.reviewed(longest, 7))

    def _alone(self, at: datetime) -> Iterator[_Timed]:
        unit = self._samples.unit_for(self._told["category"], self._told["area"])
        note = self._samples.notes.draw(self._rng, "issue", "finish", self._told["category"])
        yield at, lambda: self._move(self._issue, "dispatch", unit=unit)
        yield at + timedelta(hours=3), lambda: self._move(self._issue, "start")
        yield at + timedelta(days=3), lambda: self._move(self._issue, "finish", note=note)
        yield from self._checked(at + timedelta(days=4))

    def _checked(self, at: datetime) -> Iterator[_Timed]:
        yield at, lambda: self._move(self._issue, "verify")
        yield at + timedelta(days=2), lambda: self._move(self._issue, "visit", **follow_ups.CONTENT)
        yield at + timedelta(days=9), lambda: self._move(self._issue, "archive")

    def _raise(self) -> None:
        told, staff = self._told["issue"], self._cast.in_role("staff")
        entered = issues.NewIssue(**told, source="resident", area_id=self._area.id, location=self._area.name)
        self._issue = issues.create(self._session, staff, entered)
        if self._area.geometry:
            self._issue.lng, self._issue.lat = Surface(shape(dict(self._area.geometry))).point(self._rng)
        self._issue.sample = True

    def _deliberate(self) -> None:
        self._move(self._issue, "deliberate", forum=self._told["forum"])
        (self._topic,) = deliberations.topics_of(self._session, self._issue)
        self._topic.title, self._topic.description = self._told["title"], self._told["description"]
        search.index(self._session, [self._topic])

    def _move(self, matter: Matter, action: str, **inputs: Any) -> None:
        actor = self._cast.turn(matter.flow, matter.state, action, self._grid)
        workflow.move(self._session, actor, matter.number, action, matter.version, inputs)

    def _record(self, service: Callable[..., Matter], *args: Any, by: str = "staff", **kwargs: Any) -> None:
        service(self._session, self._cast.in_role(by), self._topic.number, self._topic.version, *args, **kwargs)

    def _count(self, counter: int) -> None:
        meeting = meetings.current(self._session, self._topic)
        known = {option.title: option.id for option in meetings.options(self._session, meeting)} if meeting else {}
        channels = ("hands", "paper", "online")
        votes = {(known[one["title"]], way): one[way] for one in self._told["options"] for way in channels}
        self._record(meetings.count_votes, counter, votes, by=_COUNTS[counter])

    def _promise(self, item: Mapping[str, Any]) -> None:
        told = {name: item[name] for name in ("title", "unit", "acceptance")}
        self._record(actions.create, actions.NewAction(**told, due=self._when.due(item["due_days"])))

    def _item(self, item: Mapping[str, Any]) -> Matter:
        found: Matter = actions.of_topic(self._session, self._topic)[item["at"]][0]
        return found

    def _reply(self, text: str) -> None:
        notice = publicities.latest(self._session, self._topic)
        waiting = [one for one in publicities.objections(self._session, notice) if not one.reply] if notice else []
        self._record(publicities.reply, waiting[0].id, text)
