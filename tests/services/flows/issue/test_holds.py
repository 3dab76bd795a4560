from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import deadlines, workflow
from services.flows.issue import holds, issues
from services.lines import today
from services.matters import matters
from services.matters.matters import Filter
from services.rights.permissions import Actor
from services.rules import time_limits, worktime
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings
from services.words import local_files
from tests.refusing import refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]
MONDAY = datetime(2026, 11, 16, 2, tzinfo=UTC)


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    """An issue that somebody works on; its category has five working days."""
    with clock.pretending(MONDAY):
        found = Walk(session, actor("secretary"), place)
        found.move(found.issue, "accept", category="01037")
        found.move(found.issue, "dispatch", unit=session.exec(select(Organisation.code)).first())
        found.move(found.issue, "start")
    return found


def at(day: int, hour: int = 2) -> Any:
    return clock.pretending(MONDAY + timedelta(days=day, hours=hour - 2))


def hold(walk: Walk, day: int, until: int) -> None:
    with at(day):
        end = clock.today() + timedelta(days=until)
        walk.move(walk.issue, "ask_hold", hold_until=end, note="Waits for parts.")
        walk.move(walk.issue, "suspend", hold_until=end)


def test_the_clock_stands_still_while_on_hold_and_runs_on_afterwards(walk: Walk) -> None:
    before = walk.issue.due_at
    assert before is not None and worktime.between(MONDAY, before, "work_day") == 5
    hold(walk, 1, 30)
    assert (walk.issue.state, walk.issue.due_at, walk.issue.time_left) == ("suspended", None, 4 * 86_400)
    with at(21):
        assert deadlines.standing(walk.issue) == "paused"
        walk.move(walk.issue, "resume")
        assert walk.issue.due_at == worktime.add(clock.now(), 4, "work_day")
    assert (walk.issue.time_left, walk.issue.hold_until) == (None, None)
    assert holds.granted(walk.session, walk.issue) == {"suspend": 1, "extend": 0}


def test_the_clock_runs_while_a_hold_is_only_asked_for(walk: Walk) -> None:
    before = walk.issue.due_at
    with at(1):
        walk.move(walk.issue, "ask_hold", hold_until=clock.today() + timedelta(days=9), note="Parts.")
        asked = holds.request(walk.session, walk.issue)
        assert asked and (asked.action, asked.note) == ("ask_hold", "Parts.")
    assert walk.issue.due_at == before and deadlines.standing(walk.issue, MONDAY + timedelta(days=8)) == "overdue"
    with at(2):
        walk.move(walk.issue, "refuse", note="Ask the other supplier.")
    assert (walk.issue.state, walk.issue.due_at) == ("in_progress", before)


def test_what_was_late_before_the_hold_is_as_late_after_it(walk: Walk) -> None:
    hold(walk, 8, 30)
    assert walk.issue.time_left == -86_400 and walk.issue.due_at is not None
    with at(29):
        walk.move(walk.issue, "resume")
        assert deadlines.standing(walk.issue) == "overdue"
        assert walk.issue.due_at == worktime.add(clock.now(), -1, "work_day")


def test_a_hold_from_another_ledger_starts_a_new_clock_and_a_date_far_off_can_be_held(walk: Walk) -> None:
    hold(walk, 1, 30)
    walk.issue.time_left = walk.issue.hold_until = None
    with at(2):
        assert deadlines.standing(walk.issue) == "paused"
        walk.move(walk.issue, "resume")
        assert walk.issue.due_at == worktime.add(clock.now(), 5, "work_day")
    walk.issue.due_at = datetime(2199, 1, 1, tzinfo=UTC)
    hold(walk, 3, 30)
    walk.session.flush()
    assert walk.issue.time_left == 2_000_000_000


def test_a_hold_past_its_end_is_told_and_can_be_prolonged(walk: Walk) -> None:
    hold(walk, 1, 3)
    path = walk.area.path
    wanted = Filter(path=path, clock="hold_over")
    with at(3):
        assert matters.count(walk.session, walk.actor, wanted) == 0
    with at(6):
        assert deadlines.standing(walk.issue) == "hold_over"
        assert [row.matter.id for row in today.agenda(walk.session, walk.actor, path).holds] == [walk.issue.id]
        assert matters.count(walk.session, walk.actor, Filter(path=path, clock="paused")) == 1
        assert matters.count(walk.session, walk.actor, Filter(path=path, clock="none")) == 0
        walk.move(walk.issue, "prolong", hold_until=clock.today() + timedelta(days=9), note="Still no parts.")
        assert deadlines.standing(walk.issue) == "paused" and walk.issue.time_left == 4 * 86_400
        assert matters.count(walk.session, walk.actor, wanted) == 0


@pytest.mark.parametrize("days", [-1, 400])
def test_a_hold_has_an_end_within_a_year(walk: Walk, days: int) -> None:
    with at(1):
        until = clock.now() + timedelta(days=days)
        found = refused_move(walk.session, walk.actor, walk.issue, "ask_hold", hold_until=until, note="x")
        assert "366 days" in str(found)
        walk.move(walk.issue, "ask_hold", hold_until=clock.now() + timedelta(days=365), note="x")


def test_only_the_secretary_approves(walk: Walk, actor: Actors) -> None:
    with at(1):
        until = clock.today() + timedelta(days=9)
        number = walk.issue.number
        workflow.move(
            walk.session,
            actor("grid_worker"),
            number,
            "ask_hold",
            walk.issue.version,
            {"hold_until": until, "note": "x"},
        )
        for role in ("grid_worker", "staff", "admin", "viewer"):
            for action in ("suspend", "refuse"):
                with pytest.raises(Refused):
                    inputs = {"hold_until": until, "note": "x"}
                    workflow.move(walk.session, actor(role), number, action, walk.issue.version, inputs)
        waiting = today.waiting(walk.session, actor("secretary"), walk.area.path, 9)
        assert walk.issue.id in [row.matter.id for row in waiting]
        workflow.move(walk.session, actor("grid_worker"), number, "retract", walk.issue.version)
    assert walk.issue.state == "in_progress"


def test_an_extension_is_asked_for_and_approved_maybe_for_another_day(walk: Walk) -> None:
    with at(1):
        wished, given = clock.today() + timedelta(days=20), clock.today() + timedelta(days=12)
        walk.move(walk.issue, "ask_extension", due_asked=wished, note="Rain.")
        walk.move(walk.issue, "extend", due=given)
    assert walk.issue.due_at and clock.local(walk.issue.due_at).date() == given
    assert holds.granted(walk.session, walk.issue)["extend"] == 1
    with at(1):
        early = clock.today() + timedelta(days=2)
        found = refused_move(walk.session, walk.actor, walk.issue, "ask_extension", due_asked=early, note="x")
    assert "after the present deadline" in str(found)


def test_a_unit_with_its_own_limit_is_held_to_it_from_the_filing_on(
    session: Session, place: Place, actor: Actors
) -> None:
    one, two = session.exec(select(Organisation).where(Organisation.kind == "property")).all()[:2]
    folder = settings().local_folder
    folder.mkdir(parents=True, exist_ok=True)
    head = "category,unit,amount,clock,source,source_date,scope,mark\n"
    (folder / time_limits.FILE).write_text(f"{head}01037,{one.code},2,work_day,x,,local,M\n", encoding="utf-8")
    local_files.forget()
    with at(0):
        walk = Walk(session, actor("secretary"), place)
        walk.move(walk.issue, "accept", category="01037")
        usual = walk.issue.due_at
    with at(1):
        walk.move(walk.issue, "dispatch", unit=one.code)
        assert walk.issue.due_at == worktime.add(MONDAY, 2, "work_day")
        walk.move(walk.issue, "start")
    hold(walk, 2, 9)
    with at(9):
        walk.move(walk.issue, "resume")
        assert walk.issue.due_at == clock.now()
        walk.move(walk.issue, "escalate", note="Too big.")
    with at(10):
        walk.move(walk.issue, "dispatch", unit=two.code)
        expected = worktime.add(MONDAY + timedelta(days=9), 3, "work_day")
        assert walk.issue.due_at == expected and usual != expected


def test_levels_of_lateness_are_told_apart_by_working_days(session: Session, place: Place, actor: Actors) -> None:
    now = datetime(2026, 10, 12, 6, tzinfo=UTC)  # the Monday after the National Day
    ages = {"serious": 5.5, "overdue": 5, "due_soon": -1.5, "on_track": -2}
    with clock.pretending(now):
        made = {}
        for word, age in ages.items():
            entered = issues.NewIssue(title=word, area_id=place.area_id)
            made[word] = issues.create(session, actor("staff"), entered)
            made[word].due_at = worktime.add(now, -age, "work_day")
            session.add(made[word])
        session.flush()
        assert {word: deadlines.standing(matter) for word, matter in made.items()} == {word: word for word in ages}
        listed = {
            word: {row.matter.title for row in matters.page(session, actor("staff"), Filter(clock=word))}
            for word in ages
        }
    assert listed.pop("overdue") == {"serious", "overdue"}
    assert listed == {word: {word} for word in listed}
    assert isinstance(made["serious"], Matter)
