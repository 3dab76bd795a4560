"""Occasions: of a matter or of a venue alone, moved, called off and counted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.audit import AuditLine
from models.place import Venue
from services.parts import occasions
from services.parts.occasions import NewOccasion
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from tests.services.parts.acting import Acting

START = clock.now() + timedelta(days=3)


def planned(acting: Acting, **more: Any) -> int:
    acting.do(occasions.plan, NewOccasion(**{"starts_at": START, "venue": acting.code(Venue), **more}))
    return occasions.occasions_of(acting.session, acting.matter)[-1].id


def test_an_occasion_is_planned_moved_counted_and_told(acting: Acting) -> None:
    made = planned(acting, place="Second floor", series="Friday dance", ends_at=START + timedelta(hours=2))
    acting.do(occasions.move, made, START + timedelta(days=1))
    acting.do(occasions.count, made, {"resident": 12, "expert": 1})
    acting.do(occasions.count, made, {"resident": 14})
    assert occasions.headcount(acting.session, made) == {"resident": 14, "expert": 1}
    moved = clock.local(START + timedelta(days=1)).isoformat()
    told = {"venue": acting.code(Venue), "location": "Second floor", "series": "Friday dance"}
    assert acting.told(3) == [
        ("occasion_moved", {"occasion": made, "starts_at": moved, **told}),
        ("attendance", {"resident": 12, "expert": 1}),
        ("attendance", {"resident": 14, "expert": 1}),
    ]


def test_what_is_called_off_is_over(acting: Acting) -> None:
    made = planned(acting)
    acting.do(occasions.call_off, made, "The hall is closed.")
    assert acting.last().action == "occasion_called_off"
    assert "called off" in acting.refused(occasions.count, made, {"resident": 1}).message


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"venue": None}, "Choose the venue"),
        ({"venue": "nowhere"}, "Choose the venue"),
        ({"ends_at": START}, "Choose an end"),
        ({"plan": "x" * 501}, "The text is"),
    ],
)
def test_what_cannot_be_held_is_refused(acting: Acting, wrong: dict[str, Any], said: str) -> None:
    entered = NewOccasion(**{"starts_at": START, "venue": acting.code(Venue), **wrong})
    assert acting.refused(occasions.plan, entered).message.startswith(said)


@pytest.mark.parametrize("present", [{"resident": -1}, {"resident": 10_000}, {"martians": 3}])
def test_a_headcount_is_whole_numbers_of_known_categories(acting: Acting, present: dict[str, int]) -> None:
    assert acting.refused(occasions.count, planned(acting), present).message.startswith("Enter whole numbers")


def test_a_venue_holds_something_by_itself(acting: Acting, session: Session, actor: Callable[[str], Actor]) -> None:
    entered = NewOccasion(starts_at=START, venue=acting.code(Venue), plan="Two on duty.")
    made = occasions.plan_at_venue(session, acting.actor, entered)
    assert (made.matter_id, made.plan) == (None, "Two on duty.")
    assert session.exec(select(AuditLine.act)).all()[-1] == "occasion.plan"
    with pytest.raises(Refused):
        occasions.plan_at_venue(session, actor("viewer"), entered)
