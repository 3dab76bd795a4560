from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.event import Event
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import events, workflow
from services.flows.issue import issues
from services.rights.permissions import Actor
from services.rules import worktime
from services.system import clock
from services.system.errors import NotFound, Refused

Actors = Callable[[str], Actor]


def raised(session: Session, actor: Actor, place: Place, title: str = "Lamp is out") -> Matter:
    return issues.create(session, actor, issues.NewIssue(title=title, area_id=place.area_id))


def test_an_issue_is_handed_in_when_it_is_raised(session: Session, place: Place, actor: Actors) -> None:
    matter = raised(session, actor("staff"), place)
    assert (matter.state, matter.events, matter.is_open) == ("submitted", 2, True)
    assert matter.number.startswith("CL-")


def test_moving_appends_one_chained_event_and_raises_the_version(session: Session, place: Place, actor: Actors) -> None:
    matter = raised(session, actor("staff"), place)
    before = (matter.version, matter.events)
    workflow.move(session, actor("staff"), matter.number, "accept", matter.version, {"category": "01037"})
    last = events.history(session, matter.id)[-1]
    assert (matter.version, matter.events) == (before[0] + 1, before[1] + 1)
    assert (last.from_state, last.to_state, last.digest) == ("submitted", "filed", matter.head)
    assert matter.due_at is not None and worktime.between(last.at, matter.due_at, "work_day") == 5


def test_a_stale_version_is_refused_and_names_who_was_first(session: Session, place: Place, actor: Actors) -> None:
    matter = raised(session, actor("staff"), place)
    seen = matter.version
    workflow.move(session, actor("secretary"), matter.number, "accept", seen, {"category": "01037"})
    with pytest.raises(Refused) as refused:
        workflow.move(session, actor("staff"), matter.number, "accept", seen, {"category": "01037"})
    assert refused.value.params["actor"] == "secretary"
    assert matter.events == 3


@pytest.mark.parametrize(
    ("role", "action", "inputs"),
    [
        ("viewer", "accept", {"category": "01037"}),
        ("grid_worker", "accept", {"category": "01037"}),
        ("admin", "accept", {"category": "01037"}),
        ("staff", "verify", {}),
        ("staff", "no_such_step", {}),
        ("staff", "accept", {}),
        ("staff", "accept", {"category": "nonsense"}),
        ("staff", "decline", {"note": "   "}),
        ("staff", "decline", {"note": "x" * 2001}),
        ("staff", "merge", {"duplicate_of": "CL-1999-000001"}),
    ],
)
def test_a_refused_move_changes_nothing(
    session: Session, place: Place, actor: Actors, role: str, action: str, inputs: dict[str, object]
) -> None:
    matter = raised(session, actor("staff"), place)
    before = matter.model_dump()
    with pytest.raises(Refused):
        workflow.move(session, actor(role), matter.number, action, matter.version, inputs)
    session.refresh(matter)
    assert matter.model_dump() == before


def test_an_issue_of_another_area_is_not_found(session: Session, place: Place, actor: Actors) -> None:
    matter = raised(session, actor("staff"), place)
    grids = session.exec(select(Area).where(Area.level == "grid")).all()
    neighbour = Actor(None, "neighbour", "staff", grids[1].path, grids[1].id)
    with pytest.raises(NotFound):
        workflow.load(session, neighbour, matter.number)


def test_a_viewer_finds_only_what_is_public(session: Session, place: Place, actor: Actors) -> None:
    matter = raised(session, actor("staff"), place)
    with pytest.raises(NotFound):
        workflow.load(session, actor("viewer"), matter.number)
    matter.public = True
    session.flush()
    assert workflow.load(session, actor("viewer"), matter.number).id == matter.id


def handled(session: Session, staff: Actor, place: Place) -> Matter:
    """An issue that waits for its last check."""
    matter = raised(session, staff, place)
    unit = session.exec(select(Organisation.code)).first()
    steps: list[tuple[str, dict[str, Any]]] = [
        ("accept", {"category": "01037"}),
        ("dispatch", {"unit": unit}),
        ("start", {}),
        ("finish", {"note": "done"}),
    ]
    for action, inputs in steps:
        workflow.move(session, staff, matter.number, action, matter.version, inputs)
    return matter


def test_closing_in_time_is_kept_and_reopening_forgets_it(session: Session, place: Place, actor: Actors) -> None:
    staff = actor("staff")
    matter = handled(session, staff, place)
    workflow.move(session, staff, matter.number, "verify", matter.version)
    assert (matter.state, matter.is_open, matter.on_time) == ("closed", False, True)
    workflow.move(session, staff, matter.number, "reopen", matter.version, {"note": "came back"})
    assert (matter.is_open, matter.on_time, matter.closed_at) == (True, None, None)


def test_a_late_closing_is_late(session: Session, place: Place, actor: Actors) -> None:
    staff = actor("staff")
    matter = handled(session, staff, place)
    with clock.pretending(clock.now() + timedelta(days=30)):
        workflow.move(session, staff, matter.number, "verify", matter.version)
    assert matter.on_time is False


def test_a_merge_is_told_to_the_issue_that_stays(session: Session, place: Place, actor: Actors) -> None:
    staff = actor("staff")
    stays, goes = raised(session, staff, place), raised(session, staff, place)
    workflow.move(session, staff, goes.number, "merge", goes.version, {"duplicate_of": stays.number})
    assert goes.state == "merged"
    assert events.history(session, stays.id)[-1].data == {"number": goes.number}


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "路灯${alert(1)}", "`x`", "{number}", "a'b\"c", "=1+1"])
def test_markup_is_kept_as_the_text_it_is(session: Session, place: Place, actor: Actors, title: str) -> None:
    assert raised(session, actor("staff"), place, title).title == title


@pytest.mark.parametrize("title", ["", "   ", "\x00\x01", "x" * 121])
def test_a_title_that_says_nothing_or_too_much_is_refused(
    session: Session, place: Place, actor: Actors, title: str
) -> None:
    with pytest.raises(Refused):
        raised(session, actor("staff"), place, title)
    assert session.exec(select(Matter)).first() is None
    assert session.exec(select(Event)).first() is None
