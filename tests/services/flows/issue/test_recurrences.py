"""Recurrences: one at a time and in bulk they are what reading every pair by hand gives."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.place import Place
from services.engine import workflow
from services.flows.issue import issues, recurrence_place, recurrences
from services.places.distances import metres
from services.rights.permissions import Actor
from services.rules.rules import rule
from services.system import clock

Actors = Callable[[str], Actor]
NOW = clock.now().replace(microsecond=0)


@pytest.fixture
def crowd(session: Session, place: Place) -> list[Matter]:
    """Issues of three categories, crowded into two areas; some have a point, some words, some both or neither."""
    chance, areas = Random(11), list(session.exec(select(Area.id).limit(2)))
    rows = []
    for at in range(400):
        opened = NOW - timedelta(hours=chance.randrange(24 * 200))
        closed = opened + timedelta(hours=chance.randrange(24 * 30)) if chance.random() < 0.8 else None
        point = chance.random() < 0.7
        state = chance.choice(["closed", "visited", "archived", "declined"]) if closed else "filed"
        rows.append(
            Matter(
                number=f"X-{at}",
                flow="issue",
                state=state,
                is_open=closed is None,
                title="t",
                category=chance.choice(["01037", "06028", "90003", None]),
                area_id=chance.choice(areas),
                location=chance.choice(["", "3栋楼下", "３栋楼下", "东门"]),
                lng=114 + chance.random() * 0.002 if point else None,
                lat=22.7 + chance.random() * 0.002 if point else None,
                opened_at=opened,
                opened_month=1,
                closed_at=closed,
            )
        )
    session.add_all(rows)
    session.flush()
    assert place.area_id
    return rows


def by_hand(matter: Matter, every: list[Matter]) -> int | None:
    found: list[tuple[datetime, int]] = []
    for other in every:
        if other.category != matter.category or matter.category is None or other.closed_at is None:
            continue
        if other.state not in ("closed", "visited", "archived"):
            continue
        if not timedelta() < matter.opened_at - other.closed_at <= timedelta(days=90):
            continue
        if None not in (matter.lng, matter.lat, other.lng, other.lat):
            near = metres(matter.lng, matter.lat, other.lng, other.lat) <= 50
        else:
            same = matter.location.replace("３", "3") == other.location.replace("３", "3") != ""
            near = same and matter.area_id == other.area_id
        if near:
            found.append((other.closed_at, other.id))
    return max(found)[1] if found else None


def test_one_by_one_and_in_bulk_they_are_what_every_pair_says(session: Session, crowd: list[Matter]) -> None:
    wanted = {matter.id: by_hand(matter, crowd) for matter in crowd}
    assert 60 < sum(value is not None for value in wanted.values()) < 390
    for matter in crowd:
        recurrences.find(session, matter)
    assert {matter.id: matter.repeats_id for matter in crowd} == wanted
    session.execute(text("UPDATE matter SET repeats_id = NULL"))
    session.expire_all()
    assert recurrences.mark(session, list(wanted)) == sum(value is not None for value in wanted.values())
    session.expire_all()
    assert {matter.id: matter.repeats_id for matter in session.exec(select(Matter))} == wanted
    some = list(wanted)[::7]
    assert recurrences.mark(session, some) == sum(wanted[one] is not None for one in some)
    assert recurrences.mark(session, []) == 0


def test_a_recurrence_is_seen_at_filing_and_goes_with_the_category(
    session: Session, place: Place, actor: Actors
) -> None:
    staff = actor("staff")
    first = issues.NewIssue(title="Lamp", category="01037", area_id=place.area_id, location="East gate")
    with clock.pretending(NOW - timedelta(days=60)):
        old = issues.create(session, staff, first)
        steps: list[tuple[str, dict[str, str]]] = [
            ("accept", {"category": "01037"}),
            ("dispatch", {"unit": _unit(session, old)}),
        ]
        for action, inputs in [*steps, ("start", {}), ("finish", {"note": "done"}), ("verify", {})]:
            workflow.move(session, actor("secretary"), old.number, action, old.version, inputs)
    new = issues.create(session, staff, first)
    assert new.repeats_id == old.id
    workflow.move(session, staff, new.number, "accept", new.version, {"category": "06028"})
    assert new.repeats_id is None
    later = issues.create(session, staff, first.model_copy(update={"category": None}))
    assert later.repeats_id is None
    workflow.move(session, staff, later.number, "accept", later.version, {"category": "01037"})
    assert later.repeats_id == old.id
    with clock.pretending(NOW + timedelta(days=120)):
        assert issues.create(session, staff, first).repeats_id is None


def _unit(session: Session, matter: Matter) -> str:
    from services.places import form_choices

    return next(iter(form_choices.units(session, matter)))


def test_the_numbers_are_rules() -> None:
    assert recurrence_place.days() == timedelta(days=rule("recurrence.days").value)
    assert recurrence_place.near() == rule("recurrence.distance").value


def test_a_thousand_issues_are_marked_by_one_reading(session: Session, crowd: list[Matter]) -> None:
    marked = recurrences.mark(session, [matter.id for matter in crowd])
    session.expire_all()
    assert len(session.exec(select(Matter).where(col(Matter.repeats_id).is_not(None))).all()) == marked
