"""Every flow walked at random through services.engine.workflow: what holds after any steps, right or wrong."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlmodel import Session, col, select

import services.registry  # noqa: F401  (arms the guards and hooks of every flow)
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Place, Venue
from services.engine import deadlines, flows, workflow
from services.flows.action import actions
from services.flows.deliberation import deliberations
from services.flows.issue import issues
from services.keep.verify import verify
from services.meetings import meetings
from services.rights.permissions import Actor
from services.rules.categories import categories
from services.system import clock, db
from services.system.errors import Refused
from services.words import vocabulary

CHANCES = st.randoms(use_true_random=True)  # even chances reach deep states; Hypothesis reports the seed
ROLES = ["secretary"] * 8 + ["staff", "grid_worker", "viewer", "admin"]
WORDS = (["lamp", "<b>${x}`</b>"], ["x" * 2001, " \n\x00"])
PEOPLE = ([30, 30, 12, 2], [100_000, -1, True])


class Known:
    """What the place has to choose from."""

    def __init__(self, session: Session, place: Place) -> None:
        root = session.get_one(Area, place.area_id)
        self.path, self.root = root.path, root.id
        self.areas = list(session.exec(select(Area.id).where(col(Area.path).startswith(root.path))))
        self.units = list(session.exec(select(Organisation.code)))
        self.forums = list(session.exec(select(Forum.code)))
        self.venues = list(session.exec(select(Venue.code)))

    def input(self, name: str, matters: list[str], chance: Random) -> Any:
        """Something for the field ``name``: mostly right, sometimes not."""
        now, today = clock.now(), clock.today()
        made: dict[str, tuple[Sequence[Any], Sequence[Any]]] = {
            **dict.fromkeys(("note", "parties", "location"), WORDS),
            **dict.fromkeys(("expected", "asked", "aware", "took_part", "satisfied"), PEOPLE),
            "category": (list(categories()), ["none"]),
            "grade": (vocabulary.codes("grade"), ["none"]),
            **dict.fromkeys(("contacted", "resolved"), (vocabulary.codes("answer"), ["none"])),
            "satisfaction": (vocabulary.codes("satisfaction"), ["none"]),
            "unit": (self.units, ["none"]),
            "forum": (self.forums, ["none"]),
            "venue": (self.venues, ["none"]),
            "duplicate_of": (matters, ["none"]),
            "due_asked": ([now + timedelta(hours=900), today + timedelta(days=60)], [today, "2026-02-31"]),
            "hold_until": ([now + timedelta(hours=90), today + timedelta(days=60)], [today - timedelta(days=1), 9]),
            "due": ([now + timedelta(hours=400), today + timedelta(days=30)], ["2026-02-31", today, 7]),
            "starts_at": ([now + timedelta(hours=hours) for hours in (2, 48, 400)], [now - timedelta(hours=5)]),
            "starts_on": ([today - timedelta(days=20)], [today + timedelta(days=9)]),
            "ends_on": ([today - timedelta(days=1)], [today - timedelta(days=19), today + timedelta(days=3)]),
        }
        assert name in made, f"Say in Known.input how to make up a {name}."
        right, wrong = made[name]
        return chance.choice(right) if chance.random() < 0.95 else chance.choice([*wrong, None])


class Walk(RuleBasedStateMachine):
    """Opens matters and takes steps; a refusal rolls back to where it was, as a page's transaction does."""

    url: str
    place_slug = "chilinglu"

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(db.engine(self.url), expire_on_commit=False)
        place = self.session.exec(select(Place).where(Place.slug == self.place_slug)).one()
        self.known = Known(self.session, place)

    def actor(self, role: str) -> Actor:
        return Actor(None, role, role, self.known.path, self.known.root)

    def matters(self) -> list[Matter]:
        return list(self.session.exec(select(Matter).order_by(col(Matter.id))))

    def attempt(self, step: Callable[[], object]) -> bool:
        """Whether the step was taken; a refused one has left every matter as it was."""
        before = self.everything()
        saved = self.session.begin_nested()
        try:
            step()
            saved.commit()
        except Refused:
            saved.rollback()
            self.session.expire_all()
            assert self.everything() == before
            return False
        return True

    def everything(self) -> list[tuple[Any, ...]]:
        self.session.flush()
        return [tuple(row) for row in self.session.connection().execute(select(*Matter.__table__.c).order_by("id"))]  # type: ignore[attr-defined]

    @initialize(chance=CHANCES)
    def begin(self, chance: Random) -> None:
        self.open_matter(chance)
        self.open_matter(chance)

    @rule(chance=CHANCES)
    def open_matter(self, chance: Random) -> None:
        title = self.known.input("note", [], chance) or ""
        if chance.random() < 0.5:
            issue = issues.NewIssue(title=title, area_id=chance.choice(self.known.areas))
            self.attempt(lambda: issues.create(self.session, self.actor("grid_worker"), issue))
        else:
            topic = deliberations.NewTopic(title=title, forum=chance.choice(self.known.forums))
            self.attempt(lambda: deliberations.create(self.session, self.actor("staff"), topic))

    @rule(chance=CHANCES)
    def steps(self, chance: Random) -> None:
        for _ in range(12):
            chance.choices([self.step, self.sit, self.promise], [7, 2, 1])[0](chance)

    def step(self, chance: Random) -> None:
        matters = self.matters()
        if not matters:
            return
        matter, actor = chance.choice(matters), self.actor(chance.choice(ROLES))
        source, old_version, number = matter.state, matter.version, matter.number
        leaving = flows.leaving(matter.flow, source)
        known = leaving if leaving and chance.random() < 0.9 else flows.arrows(matter.flow)
        chosen = chance.choices(known, [5 if one.tone else 1 for one in known])[0]  # the main path leads deepest
        # An action may have several rows, each with states of its own.
        arrow = flows.arrow(matter.flow, source, chosen.action) or chosen
        names = [need.name for need in arrow.needs]
        inputs = {name: self.known.input(name, [one.number for one in matters], chance) for name in names}
        version = old_version - (chance.random() < 0.05)
        if self.attempt(lambda: workflow.move(self.session, actor, number, arrow.action, version, inputs)):
            assert version == old_version, "a stale click was taken"
            assert arrow in leaving, "a step was taken that does not start here"
            assert matter.version > old_version
            if arrow.action == "resolve":
                self.let_weeks_pass(matter)
            if arrow.target == "<":
                assert matter.state != source, "it went back to nowhere"
            else:
                assert matter.state == arrow.arrives(source)

    def let_weeks_pass(self, topic: Matter) -> None:
        """No notice begins before the resolution: let that be old enough for one that is over."""
        meeting = meetings.current(self.session, topic)
        assert meeting is not None and meeting.ended_at is not None
        meeting.ended_at -= timedelta(days=30)

    @rule(chance=CHANCES)
    def sit(self, chance: Random) -> None:
        """Record a whole meeting, so that the steps behind it are reached too."""
        running = [one for one in self.matters() if one.flow == "deliberation" and one.state == "meeting"]
        if running:
            topic, size = chance.choice(running), chance.randint(2, 40)
            self.attempt(lambda: self._record(topic, size))

    def _record(self, topic: Matter, size: int) -> None:
        session, actor = self.session, self.actor("staff")
        meetings.take_attendance(session, actor, topic.number, topic.version, {"representative": size})
        for title in ("A", "B"):
            meetings.add_option(session, actor, topic.number, topic.version, f"{title}{topic.version}")
        meeting = meetings.current(session, topic)
        assert meeting is not None
        first, second = (option.id for option in meetings.options(session, meeting)[:2])
        for counter in meetings.COUNTERS:
            votes = {(first, "hands"): size - 1, (second, "hands"): 1}
            meetings.count_votes(session, actor, topic.number, topic.version, counter, votes)
        meetings.write_resolution(session, actor, topic.number, topic.version, "A")

    @rule(chance=CHANCES)
    def promise(self, chance: Random) -> None:
        topics = [one for one in self.matters() if one.flow == "deliberation"]
        if topics:
            topic, due = chance.choice(topics), self.known.input("due", [], chance)
            due = due if isinstance(due, date) else None
            entered = actions.NewAction(title="Build", unit=self.known.units[0], due=due, acceptance="it stands")
            actor = self.actor("staff")
            self.attempt(lambda: actions.create(self.session, actor, topic.number, topic.version, entered))

    def teardown(self) -> None:
        try:
            for matter in self.matters():
                kind = flows.state(matter.flow, matter.state)
                assert matter.is_open == kind.is_open
                assert (matter.closed_at is None) == matter.is_open
                assert (matter.hold_until is not None) == (kind.kind == "paused")
                held = matter.time_left is not None
                assert not held or kind.kind == "paused"
                # Only what was late already keeps its deadline on hold.
                assert not held or matter.due_at is None or (matter.time_left or 0) <= 0
                assert kind.kind != "paused" or matter.due_at is None or deadlines.was_late(matter)
            assert verify(self.session).problems == []
        finally:
            self.session.rollback()
            self.session.close()


@pytest.mark.usefixtures("place")
def test_any_walk_leaves_every_matter_sound(database: str, session: Session) -> None:
    session.rollback()  # it has looked for the place, and on SQLite that holds the write lock
    Walk.url = database
    calm = settings(
        max_examples=20,
        stateful_step_count=40,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Walk, settings=calm)
