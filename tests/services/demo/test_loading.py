"""Sample records: as lawful as records made by hand, calibrated, and alive on whatever day they are loaded."""

import time as stopwatch
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from shapely.geometry import Point, shape
from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, func, select

from models.area import Area
from models.event import Event
from models.matter import Link, Matter
from models.organisation import Organisation
from models.place import Office, Place
from models.serial import Serial
from services.demo.loading import DemoCounts, load_demo
from services.demo.routes import LEGS, UNTIL
from services.engine import deadlines, events, flows
from services.keep.verify import verify
from services.lines import broken_lines, today
from services.matters import matters, search
from services.places.places import PLACES
from services.rights import audit
from services.rights.permissions import Actor
from services.rules import time_limits, worktime
from services.rules.rules import rule
from services.system import clock, db
from services.system.data_files import rows
from services.system.errors import Refused
from services.system.settings import settings
from tests.databases import Templates, forget, use

TOLD = tomllib.loads((PLACES / "chilinglu" / "demo" / "calibration.toml").read_text(encoding="utf-8"))
# A Monday morning, a night, and the last evening of a year; UTC.
MOMENTS = {
    "morning": datetime(2026, 11, 23, 2, 10, 30, 5, UTC),
    "night": datetime(2026, 6, 6, 18, 45, tzinfo=UTC),
    "new year": datetime(2027, 1, 1, 0, 20, tzinfo=UTC),
}
TALK = {"create", "absorb", "attendance", "opinion", "option", "tally", "resolution", "action_item", "action_step"}
TALK |= {"objection", "reply"}


@dataclass
class World:
    """Everything that was loaded at a moment."""

    now: datetime
    counts: DemoCounts
    seconds: float
    session: Session
    matters: dict[int, Matter]
    events: dict[int, list[Event]]

    def issues(self) -> list[Matter]:
        return [matter for matter in self.matters.values() if matter.flow == "issue"]


@pytest.fixture(scope="module", params=MOMENTS)
def world(request: pytest.FixtureRequest, templates: Templates) -> Iterator[World]:
    with _loaded(templates, MOMENTS[request.param]) as found:
        yield found


@contextmanager
def _loaded(templates: Templates, now: datetime) -> Iterator[World]:
    url = templates.copy("sqlite", "base")
    with pytest.MonkeyPatch.context() as patch, clock.pretending(now):
        use(patch, url)
        began = stopwatch.process_time()  # what else the machine does is no matter of ours
        counts = load_demo("chilinglu")
        seconds = stopwatch.process_time() - began
        with Session(db.engine()) as session:
            yield _world(now, counts, seconds, session)
        forget()
        templates.drop(url)


def _world(now: datetime, counts: DemoCounts, seconds: float, session: Session) -> World:
    found = {matter.id: matter for matter in session.exec(select(Matter))}
    happened: dict[int, list[Event]] = {matter_id: [] for matter_id in found}
    for event in session.exec(select(Event).order_by(col(Event.matter_id), col(Event.seq))):
        happened[event.matter_id].append(event)
    return World(now, counts, seconds, session, found, happened)


def test_routes_follow_the_arrows_of_the_flow() -> None:
    for route in [sum(legs, ()) for legs in LEGS.values()] + list(UNTIL.values()):
        state = "filed"
        for action in route:
            arrow = flows.arrow("issue", state, action)
            assert arrow, f"data/flows has no {action} from {state}: change the route in demo_routes.py"
            state = arrow.arrives(state)
    assert set(UNTIL) == {code for code, state in flows.states("issue").items() if state.is_open} - {"deliberating"}


def test_every_history_walks_lawful_arrows_to_the_state_the_matter_is_in(world: World) -> None:
    for matter in world.matters.values():
        state = flows.start_of(matter.flow).code
        for event in world.events[matter.id]:
            arrow = flows.arrow(matter.flow, state, event.action)
            assert arrow or event.action in TALK, f"{matter.number}: {event.action} from {state}"
            assert event.from_state == (state if event.seq > 1 else None)
            state = arrow.arrives(state) if arrow else state
            assert event.to_state == state
            given = {*(event.data or {}), *(["note"] if event.note else [])}
            needed = {need.name for need in arrow.needs} if arrow else set()
            assert needed <= given, f"{matter.number}: {event.action} lacks {needed - given}"
        assert matter.state == state


def test_the_chain_of_every_matter_verifies(world: World) -> None:
    for matter in world.matters.values():
        head = ""
        for seq, event in enumerate(world.events[matter.id], 1):
            assert event.seq == seq
            head = events.digest_of(event, matter.number, head)
            assert event.digest == head
        assert (matter.head, matter.events, matter.version) == (head, seq, seq + 1)


def test_the_program_itself_finds_nothing_to_object_to(world: World) -> None:
    report = verify(world.session)
    assert report.problems == [] and report.events == world.counts.events > 3000


def test_deadlines_and_closings_are_those_the_services_would_have_set(world: World) -> None:
    for matter in world.issues():
        due, closed, is_open = None, None, True
        left: int | None = None
        for event in world.events[matter.id]:
            arrow = flows.arrow("issue", event.from_state or "", event.action)
            if arrow and arrow.deadline in ("hold", "resume"):
                due, left = _held(world, arrow, event, matter, due, left)
            elif arrow:
                due = _due(world, arrow, event, matter, due)
            now_open = flows.state("issue", event.to_state or "").is_open
            closed = None if now_open else event.at if is_open else closed
            is_open = now_open
        done = flows.state("issue", matter.state).kind == "done"
        assert (matter.due_at, matter.closed_at, matter.is_open) == (due, closed, is_open), matter.number
        assert (matter.time_left, matter.hold_until is None) == (left, left is None), matter.number
        assert matter.on_time == (closed <= due if done and closed and due else None)
        assert matter.opened_month == clock.month_of(matter.opened_at)


def _held(
    world: World, arrow: flows.Arrow, event: Event, matter: Matter, due: datetime | None, left: int | None
) -> tuple[datetime | None, int | None]:
    clock = deadlines.clock_of(world.session, matter)
    if arrow.deadline == "hold":
        assert due and datetime.fromisoformat((event.data or {})["hold_until"]) > event.at
        return due if due < event.at else None, worktime.elapsed(event.at, due, clock)
    assert left is not None
    again = worktime.later(event.at, left, clock)
    return min(again, event.at - timedelta(seconds=1)) if due else again, None


def _due(world: World, arrow: flows.Arrow, event: Event, matter: Matter, before: datetime | None) -> datetime | None:
    if arrow.deadline.startswith("rule:"):
        return rule(arrow.deadline[5:]).after(event.at)
    if arrow.deadline == "unit":
        limit = deadlines.limit_of(world.session, matter)
        return before if not limit.unit else matter.due_at
    if arrow.deadline == "given":
        due = datetime.fromisoformat((event.data or {})["due"])
        assert due > max(event.at, before or event.at), f"{matter.number}: {event.action} must move the deadline later"
        return before if before and before < event.at else due
    if arrow.deadline == "category":
        return time_limits.of(world.session, matter.area_id, matter.category, None).after(event.at)
    return None if arrow.deadline == "none" else before


def test_time_runs_forward_and_offices_sleep(world: World) -> None:
    logged = [event for happened in world.events.values() for event in happened]
    assert all(event.at <= world.now for event in logged)
    in_order = sorted(logged, key=lambda event: event.id)
    assert all(one.at <= other.at for one, other in pairwise(in_order))
    for matter in world.issues():
        for event in world.events[matter.id][2:]:
            if event.action not in ("absorb", "action_step") and world.matters[matter.id].parent_id is None:
                at = clock.local(event.at).time()
                assert time(8, 30) <= at <= time(22), f"{matter.number}: {event.action} at {at}"


def test_every_record_says_it_is_a_sample_and_names_no_person(world: World) -> None:
    assert all(matter.sample for matter in world.matters.values())
    offices = set(world.session.exec(select(Office.title)))
    named = {event.actor for happened in world.events.values() for event in happened}
    assert named <= offices | {row["name"] for row in rows("demo_identities.csv")}
    assert all(event.actor_id is None for happened in world.events.values() for event in happened)


def test_numbers_are_complete_and_in_the_order_of_opening(world: World) -> None:
    given: dict[str, list[tuple[int, datetime]]] = {}
    for matter in world.matters.values():
        series, _, number = matter.number.rpartition("-")
        assert series.endswith(str(clock.local(matter.opened_at).year))
        given.setdefault(series, []).append((int(number), matter.opened_at))
    counted = {one.series: one.last for one in world.session.exec(select(Serial)) if one.series != audit.SERIES}
    assert counted == {s: len(n) for s, n in given.items()}
    for found in given.values():
        in_order = sorted(found)
        assert [number for number, _ in in_order] == list(range(1, len(found) + 1))
        late = timedelta(hours=1)  # the twin of a merged issue has the number after it
        assert all(one[1] <= other[1] + late for one, other in pairwise(in_order))


def test_points_lie_in_the_smallest_area_that_holds_them(world: World) -> None:
    areas = {area.id: area for area in world.session.exec(select(Area))}
    buildings = [shape(dict(area.geometry or {})) for area in areas.values() if area.level == "building"]
    for matter in world.issues():
        here, point = areas[matter.area_id], Point(matter.lng or 0, matter.lat or 0)
        assert shape(dict(here.geometry or {})).buffer(2e-6).contains(point), matter.number
        if here.level == "estate" and matter.state != "deliberating" and len(world.events[matter.id]) < 12:
            assert not any(one.buffer(-2e-6).contains(point) for one in buildings) or _discussed(world, matter)


def _discussed(world: World, matter: Matter) -> bool:
    return any(event.action == "deliberate" for event in world.events[matter.id])


def test_samples_can_be_searched(world: World) -> None:
    assert world.session.execute(text("SELECT count(*) FROM matter_text")).scalar_one() == len(world.matters)
    one = world.issues()[100]
    found = world.session.exec(select(Matter.id).where(search.matching(world.session, one.title))).all()
    assert one.id in found


def test_a_merged_issue_points_to_one_that_knows_of_it(world: World) -> None:
    merged = [matter for matter in world.issues() if matter.state == "merged"]
    ties = {tie.source_id: tie.target_id for tie in world.session.exec(select(Link).where(Link.kind == "duplicate_of"))}
    assert set(ties) == {matter.id for matter in merged} and len(merged) >= 8
    for matter in merged:
        absorbed = [event.data for event in world.events[ties[matter.id]] if event.action == "absorb"]
        assert absorbed == [{"number": matter.number}]
        assert (world.events[matter.id][-1].data or {})["duplicate_of"] == world.matters[ties[matter.id]].number


def test_the_calibration_is_reached(world: World) -> None:
    alone = [issue for issue in world.issues() if not _discussed(world, issue)]
    assert len(alone) == TOLD["issues"] and len(world.issues()) == world.counts.issues
    assert sum(issue.is_open for issue in alone) == pytest.approx(len(alone) * TOLD["open_share"], abs=1)
    for source, share in TOLD["sources"].items():
        of_source = sum(issue.source == source for issue in alone)
        assert of_source == pytest.approx(len(alone) * share, abs=0.05 * len(alone)), source
    for grid, told in TOLD["grid"].items():
        judged = [issue.on_time for issue in alone if issue.on_time is not None and grid in _path(world, issue)]
        if grid == "CL-G5":
            assert len(judged) < rule("ranking.minimum").value, "the fifth grid must be too small to be ranked"
        else:
            assert sum(judged) / len(judged) == pytest.approx(told["on_time"], abs=0.05), grid


def _path(world: World, matter: Matter) -> str:
    return world.session.get_one(Area, matter.area_id).path


def test_issues_stand_in_every_open_state_and_clock(world: World) -> None:
    still = [issue for issue in world.issues() if issue.is_open]
    assert {issue.state for issue in still} == set(UNTIL) | {"deliberating"}
    clocks = Counter(deadlines.standing(issue) for issue in still)
    assert set(clocks) == {"serious", "overdue", "due_soon", "on_track", "hold_over", "paused", "none"}
    assert clocks["serious"] + clocks["overdue"] >= 4
    assert max(issue.opened_at for issue in world.issues()) > world.now - timedelta(days=1, hours=12)


def test_topics_stand_where_the_pack_says_and_a_meeting_runs(world: World) -> None:
    told = tomllib.loads((PLACES / "chilinglu" / "demo" / "deliberations.toml").read_text(encoding="utf-8"))
    wanted = {topic["title"]: topic["stage"] for topic in told["topic"]}
    found = {matter.title: matter.state for matter in world.matters.values() if matter.flow == "deliberation"}
    assert found == wanted
    promised = Counter(item["state"] for topic in told["topic"] for item in topic.get("actions", []))
    assert Counter(matter.state for matter in world.matters.values() if matter.flow == "action") == promised
    root = world.session.exec(select(Area).join(Place, col(Place.area_id) == Area.id)).one()
    secretary = Actor(None, "x", "secretary", root.path, root.id)
    sittings = today.sittings(world.session, secretary, root.path)
    assert [sitting.matter.state for sitting in sittings].count("meeting") == 1
    called = [sitting for sitting in sittings if sitting.matter.state == "notified"]
    assert all(sitting.at > world.now for sitting in called) and len(called) == 2
    assert clock.local(called[0].at).date() == clock.today()
    assert any(
        "still nobody is to carry it out" in gap.message
        for gap in broken_lines.breaks(world.session, secretary, root.path)
    )
    assert matters.count(world.session, secretary, matters.Filter(path=root.path)) == world.counts.issues


def test_the_demo_loads_within_ten_seconds(world: World) -> None:
    assert world.seconds < 10


def _dump(world: World) -> list[object]:
    tables = [SQLModel.metadata.tables[name] for name in ("matter", "event", "link", "meeting", "tally", "publicity")]
    return [row for table in tables for row in world.session.execute(table.select().order_by(table.c.id))]


@pytest.mark.parametrize("world", ["morning"], indirect=True)
def test_the_same_moment_gives_the_same_records(templates: Templates, world: World) -> None:
    with _loaded(templates, MOMENTS["morning"]) as again:
        assert _dump(again) == _dump(world)


@pytest.mark.usefixtures("database")
def test_scale_multiplies_the_issues_and_loading_again_changes_nothing_and_says_so() -> None:
    found = load_demo("chilinglu", 2)
    topics = len(tomllib.loads((PLACES / "chilinglu/demo/deliberations.toml").read_text(encoding="utf-8"))["topic"])
    assert (found.issues, found.topics) == (2 * TOLD["issues"] + topics, topics)
    with db.reading() as session:
        assert verify(session).problems == []
    before = _totals()
    again = load_demo("chilinglu")
    assert found.fresh and not again.fresh and before == _totals()
    assert {**vars(again), "fresh": True} == vars(found)


def _totals() -> list[int]:
    tables = (Matter, Event, Link, Organisation, Area)
    with db.reading() as session:
        return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


@pytest.mark.usefixtures("database")
def test_production_takes_no_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_MODE", "production")
    settings.cache_clear()
    with pytest.raises(Refused, match="production"):
        load_demo("chilinglu")
    assert _totals()[0] == 0


@pytest.mark.usefixtures("database")
def test_an_unknown_place_leaves_nothing_behind() -> None:
    with pytest.raises(Refused, match="chilinglu"):
        load_demo("nowhere")
    assert sum(_totals()) == 0
