"""Correction 更正: any value of any flow's matter is put right with a reason, and what hangs on it follows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

import services.registry  # noqa: F401
from models.area import Area
from models.event import Event
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import begin, events
from services.keep.verify import verify
from services.matters import matters
from services.matters.matters import Filter
from services.meetings import meetings
from services.parts import corrections
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    return Walk(session, actor("secretary"), place)


def correct(walk: Walk, matter: Matter, reason: str = "Misheard.", **inputs: Any) -> Matter:
    return corrections.correct(walk.session, walk.actor, matter.number, matter.version, inputs, reason)


def last(walk: Walk, matter: Matter) -> Event:
    return events.history(walk.session, matter.id)[-1]


def sound(walk: Walk) -> None:
    walk.session.commit()
    assert verify(walk.session).problems == []


def area(walk: Walk, code: str) -> Area:
    return walk.session.exec(select(Area).where(Area.code == code)).one()


def test_the_old_value_stays_in_the_chain_beside_the_new_one(walk: Walk) -> None:
    correct(walk, walk.issue, title="Charging shed at the south gate", description="By the road.")
    event = last(walk, walk.issue)
    assert (event.action, event.note, event.from_state) == ("corrected", "Misheard.", event.to_state)
    assert event.data == {
        "before": {"title": "Charging shed at the north gate", "description": ""},
        "after": {"title": "Charging shed at the south gate", "description": "By the road."},
    }
    sound(walk)


def test_what_is_searched_filtered_and_counted_follows(walk: Walk) -> None:
    grid, unit = area(walk, "CL-G1"), walk.session.exec(select(Organisation)).first()
    assert unit is not None
    day = clock.now() - timedelta(days=40)
    correct(
        walk, walk.issue, title="Broken bench", category="90004", area=grid.code, unit=unit.code, opened=day.isoformat()
    )
    assert (walk.issue.area_id, walk.issue.unit_id, walk.issue.category) == (grid.id, unit.id, "90004")
    assert (walk.issue.opened_at, walk.issue.opened_month) == (day, clock.month_of(day))
    found = {
        text: matters.count(walk.session, walk.actor, Filter(path=grid.path, flow="issue", text=text))
        for text in ("bench", "Charging")
    }
    assert found == {"bench": 1, "Charging": 0}
    sound(walk)


def test_a_corrected_point_brings_the_smallest_area_around_it(walk: Walk) -> None:
    from shapely.geometry import shape

    grid = area(walk, "CL-G2")
    assert grid.geometry
    inside = shape(dict(grid.geometry)).representative_point()
    correct(walk, walk.issue, point=f"{inside.x}, {inside.y}")
    moved = walk.session.get_one(Area, walk.issue.area_id)
    assert moved.path.startswith(grid.path) and (walk.issue.lng, walk.issue.lat) == (inside.x, inside.y)
    with pytest.raises(Refused, match="lies outside every area"):
        correct(walk, walk.issue, point="10, 10")
    sound(walk)


def test_what_was_copied_and_still_says_the_old_is_corrected_with_it(walk: Walk) -> None:
    walk.discuss().meet().vote()
    item = walk.promise()
    grid = area(walk, "CL-G1")
    correct(walk, walk.issue, title="Shed at the south gate", area=grid.code)
    for one in (walk.topic, item):
        assert one.area_id == grid.id
        assert last(walk, one).action == "corrected"
    assert walk.topic.title == "Shed at the south gate" and item.title == "Build"
    assert last(walk, walk.topic).note == walk.issue.number
    sound(walk)


def test_what_says_something_of_its_own_stays(walk: Walk) -> None:
    walk.discuss()
    correct(walk, walk.topic, title="Where the shed stands")
    correct(walk, walk.issue, title="Shed at the south gate")
    assert walk.topic.title == "Where the shed stands"


def test_a_resolution_its_notice_and_its_days_are_corrected_after_the_decision(walk: Walk) -> None:
    walk.discuss().meet().vote().publish(0, 4)
    today = clock.today()
    correct(
        walk,
        walk.topic,
        resolution="Build it at the south gate.",
        ends_on=today + timedelta(days=6),
        location="board at the west gate",
        parties="residents of buildings 3 and 4",
        notified_on=today - timedelta(days=3),
    )
    meeting = meetings.current(walk.session, walk.topic)
    assert meeting is not None
    assert (meeting.resolution, meeting.notified_on) == ("Build it at the south gate.", today - timedelta(days=3))
    assert walk.topic.due_at == clock.end_of(today + timedelta(days=6))
    data = last(walk, walk.topic).data
    assert data is not None and data["before"]["resolution"] == "Build it at the north gate."
    with pytest.raises(Refused, match="can't have begun"):
        correct(walk, walk.topic, starts_on=today - timedelta(days=1))
    walk.session.rollback()
    sound(walk)


def test_fields_that_only_a_flow_keeps_are_corrected_too(walk: Walk) -> None:
    walk.discuss().meet().vote()
    item = walk.promise()
    due = clock.today() + timedelta(days=20)
    correct(walk, item, acceptance="30 sockets live", due=due, title="Build the shed")
    assert item.detail == {"acceptance": "30 sockets live"} and item.title == "Build the shed"
    assert item.due_at is not None and clock.local(item.due_at).date() == due
    sound(walk)


def test_whether_a_closed_one_was_in_time_follows_its_deadline(walk: Walk) -> None:
    walk.move(walk.issue, "accept", category="90005")
    unit = walk.session.exec(select(Organisation.code)).first()
    for action, inputs in (("dispatch", {"unit": unit}), ("start", {}), ("finish", {"note": "done"}), ("verify", {})):
        walk.move(walk.issue, action, **inputs)
    assert walk.issue.on_time is True
    with clock.pretending(clock.now() + timedelta(minutes=9)):
        correct(walk, walk.issue, opened=clock.now() - timedelta(days=9), due=clock.now() - timedelta(days=2))
    assert walk.issue.on_time is False and not walk.issue.is_open
    sound(walk)


@pytest.mark.parametrize(
    ("inputs", "reason", "sentence"),
    [
        ({"title": "Other"}, " ", "Enter a note"),
        ({"title": ""}, "x", "Enter a title"),
        ({"title": "x" * 121}, "x", "The title is"),
        ({"title": "Charging shed at the north gate"}, "x", "Nothing is different"),
        ({}, "x", "Nothing is different"),
        ({"category": "none"}, "x", "Choose a category"),
        ({"unit": None}, "x", "Choose the unit"),
        ({"state": "closed"}, "x", "can't be corrected here"),
        ({"opened": "2199-01-01T00:00:00"}, "x", "can't have been raised"),
        ({"due": "2001-01-01"}, "x", "The deadline lies before"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    walk: Walk, inputs: dict[str, Any], reason: str, sentence: str
) -> None:
    walk.session.commit()
    with pytest.raises(Refused) as found:
        correct(walk, walk.issue, reason, **inputs)
    assert sentence in found.value.message.format(**{"name": "{name}"} | found.value.params)
    walk.session.rollback()
    assert last(walk, walk.issue).action != "corrected"


@pytest.mark.parametrize(
    ("role", "may"), [("staff", True), ("grid_worker", False), ("viewer", False), ("admin", False)]
)
def test_who_may_correct_is_data(walk: Walk, actor: Actors, role: str, may: bool) -> None:
    walk.actor = actor(role)
    if may:
        correct(walk, walk.issue, title="Other")
        return
    with pytest.raises(Refused):
        correct(walk, walk.issue, title="Other")


def test_nobody_corrects_a_matter_out_of_his_own_area(walk: Walk) -> None:
    home, away = area(walk, "CL-G1"), area(walk, "CL-G2")
    correct(walk, walk.issue, area=home.code)
    walk.actor = Actor(None, "clerk", "staff", home.path, home.id)
    with pytest.raises(Refused):
        correct(walk, walk.issue, area=away.code)


def test_a_stale_correction_is_refused(walk: Walk) -> None:
    seen = walk.issue.version
    correct(walk, walk.issue, title="Other")
    with pytest.raises(Refused, match="after you opened it"):
        corrections.correct(walk.session, walk.actor, walk.issue.number, seen, {"title": "Third"}, "x")


def test_every_flow_offers_what_it_keeps(session: Session, place: Place, actor: Actors) -> None:
    root = session.get_one(Area, place.area_id)
    made = begin.begin(session, actor("secretary"), "whistle", {"title": "Passage", "area": root.code})
    names = {one.name for one in corrections.offered(session, made)}
    assert {"title", "description", "category", "area", "point", "location", "opened", "due"} <= names
    assert session.exec(select(col(Matter.id)).where(Matter.flow == "whistle")).first() is not None
