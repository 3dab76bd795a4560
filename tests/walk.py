"""The whole line walked through the services, as far as a test needs it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Place, Venue
from services.engine import workflow
from services.flows.action import actions
from services.flows.deliberation import deliberations
from services.flows.issue import issues
from services.meetings import meetings
from services.rights.permissions import Actor
from services.system import clock, db
from tests.databases import template


@dataclass
class Walk:
    """One issue and what grows from it; every step reads the version anew, as a page does."""

    session: Session
    actor: Actor
    place: Place
    ruleset: str = "council"
    issue: Matter = field(init=False)
    topic: Matter = field(init=False)

    def __post_init__(self) -> None:
        entered = issues.NewIssue(title="Charging shed at the north gate", area_id=self.place.area_id)
        self.issue = issues.create(self.session, self.actor, entered)

    @classmethod
    def resumed(cls, session: Session, actor: Actor, place: Place) -> "Walk":
        """The walk that a template of ``met`` has begun."""
        walk = cls.__new__(cls)
        walk.session, walk.actor, walk.place, walk.ruleset = session, actor, place, "council"
        walk.issue, walk.topic = session.exec(select(Matter).order_by(col(Matter.id))).all()
        return walk

    def move(self, matter: Matter, action: str, **inputs: Any) -> Matter:
        return workflow.move(self.session, self.actor, matter.number, action, matter.version, inputs)

    def discuss(self) -> "Walk":
        forum = self.session.exec(select(Forum).where(Forum.ruleset == self.ruleset)).first()
        assert forum is not None
        self.move(self.issue, "accept", category="90005")
        self.move(self.issue, "deliberate", forum=forum.code)
        self.topic = deliberations.topics_of(self.session, self.issue)[0]
        self.move(self.topic, "grade", grade="general")
        self.move(self.topic, "set_parties", parties="residents of building 3")
        return self

    def meet(self, expected: int = 32) -> "Walk":
        venue = self.session.exec(select(Venue)).first()
        assert venue is not None
        starts = clock.now() + timedelta(hours=2)
        self.move(self.topic, "notify", starts_at=starts, venue=venue.code, expected=expected)
        self.move(self.topic, "convene")
        return self

    def vote(self, present: int = 30, first: int = 19, second: int = 7) -> "Walk":
        self.record(meetings.take_attendance, {"representative": present})
        for title in ("North gate", "South side"):
            self.record(meetings.add_option, title)
        meeting = meetings.current(self.session, self.topic)
        assert meeting is not None
        one, two = (option.id for option in meetings.options(self.session, meeting))
        for counter in (1, 2):
            self.record(meetings.count_votes, counter, {(one, "hands"): first, (two, "hands"): second})
        self.record(meetings.write_resolution, "Build it at the north gate.")
        return self

    def record(self, function: Any, *args: Any) -> Matter:
        topic: Matter = function(self.session, self.by(function, args), self.topic.number, self.topic.version, *args)
        return topic

    def by(self, function: Any, args: tuple[Any, ...]) -> Actor:
        """Who does it: the second count is another person's."""
        second = function is meetings.count_votes and args[0] == 2
        return replace(self.actor, account_id=None, name="second counter") if second else self.actor

    def promise(self) -> Matter:
        unit = self.session.exec(select(Organisation.code)).first()
        due = clock.today() + timedelta(days=9)
        entered = actions.NewAction(title="Build", unit=unit, due=due, acceptance="24 sockets live")
        self.record(actions.create, entered)
        return actions.of_topic(self.session, self.topic)[0][0]

    def publish(self, first: int = -6, last: int = -1) -> "Walk":
        today = clock.today()
        days = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
        self.move(self.topic, "resolve")
        self.decided_days_ago(-first)
        self.move(self.topic, "publish", location="board at the east gate", **days)
        return self

    def decided_days_ago(self, days: int) -> None:
        """Let the resolution be so old: a notice can't have begun before it."""
        meeting = meetings.current(self.session, self.topic)
        assert meeting is not None and meeting.ended_at is not None
        meeting.ended_at -= timedelta(days=max(days, 0))
        self.session.flush()

    def finish(self, item: Matter) -> "Walk":
        self.move(self.topic, "execute")
        for action, inputs in (("start", {}), ("deliver", {"note": "built"}), ("accept", {})):
            self.move(item, action, **inputs)
        self.move(self.topic, "review")
        self.move(self.topic, "judge", asked=100, aware=90, took_part=50, satisfied=80)
        return self

    @property
    def area(self) -> Area:
        return self.session.get_one(Area, self.place.area_id)


@template("met", on="place")
def _meet() -> None:
    with db.writing() as session:
        place = session.exec(select(Place)).one()
        area = session.get_one(Area, place.area_id)
        Walk(session, Actor(None, "secretary", "secretary", area.path, area.id), place).discuss().meet()
