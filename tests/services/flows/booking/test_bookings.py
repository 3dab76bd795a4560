"""Bookings: what is approved never takes a venue or a thing twice, outside its hours, or while it is closed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from models.area import Area
from models.item import Item, ItemUse
from models.matter import Matter
from models.occasion import Occasion
from models.organisation import Organisation
from models.place import Place, Venue
from services.engine import workflow
from services.flows.booking import bookings
from services.flows.booking.bookings import NewBooking
from services.keep.verify import verify
from services.parts import corrections, items
from services.parts.items import NewItem
from services.rights.permissions import Actor
from services.system import clock, db
from services.system.errors import Refused
from services.venues import register
from tests.refusing import refused

Who = Callable[[str], Actor]


@pytest.fixture
def venue(session: Session) -> Venue:
    found = session.exec(select(Venue).order_by(col(Venue.code))).first()
    assert found is not None
    found.hours, found.capacity = "每日 08:30–20:30", 40
    session.flush()
    return found


def _at(hour: float, day: int = 7) -> datetime:
    return clock.start_of(clock.today() + timedelta(days=day)) + timedelta(hours=hour)


def _asked(session: Session, who: Actor, what: str, start: float, end: float, **more: int) -> Matter:
    entered = NewBooking(what=what, title="Choir practice", starts_at=_at(start), ends_at=_at(end), **more)
    return bookings.ask(session, who, entered)


def _move(session: Session, who: Actor, matter: Matter, action: str, **inputs: str) -> Matter:
    return workflow.move(session, who, matter.number, action, matter.version, inputs)


def _not_approved(session: Session, who: Actor, matter: Matter) -> Refused:
    session.commit()
    return refused(session, workflow.move, who, matter.number, "approve", matter.version, {})


def test_a_venue_is_taken_once_and_the_refusal_names_the_other_use(session: Session, venue: Venue, actor: Who) -> None:
    who, what = actor("secretary"), f"venue.{venue.code}"
    first, second = _asked(session, who, what, 9, 11), _asked(session, who, what, 10, 12)
    after = _asked(session, who, what, 11, 12)
    assert len(bookings.asked(session, what, _at(0), _at(24))) == 3
    assert bookings.taken(session, what, _at(0), _at(24)) == [], "Nothing is taken before it is decided."
    _move(session, who, first, "approve")
    _move(session, who, after, "approve")
    said = _not_approved(session, who, second)
    assert said.params["number"] == first.number
    assert said.params["start"] == f"{clock.local(_at(9)):%Y-%m-%d %H:%M}"
    _move(session, who, first, "withdraw")
    _move(session, who, after, "withdraw")
    _move(session, who, second, "approve")
    assert [use.matter.id for use in bookings.taken(session, what, _at(0), _at(24))] == [second.id]
    assert verify(session).found == 0


def test_hours_state_and_seats_are_asked_when_it_is_approved(session: Session, venue: Venue, actor: Who) -> None:
    who, what = actor("staff"), f"venue.{venue.code}"
    late, many = _asked(session, who, what, 19, 21), _asked(session, who, what, 9, 10, people=41)
    assert "not for all of that time" in _not_approved(session, who, late).message
    assert _not_approved(session, who, many).params["people"] == 41
    venue.hours = "By arrangement"
    session.flush()
    _move(session, who, late, "approve")
    register.change_state(session, who, venue.code, "open", "closed")
    closed = _asked(session, who, what, 15, 16)
    assert "is not open" in _not_approved(session, who, closed).message
    _move(session, who, closed, "refuse", note="Closed for repairs")
    assert not closed.is_open
    refused(session, workflow.move, actor("grid_worker"), many.number, "approve", many.version, {})


def test_things_run_out_and_come_back(session: Session, place: Place, venue: Venue, actor: Who) -> None:
    who = actor("secretary")
    root = session.get_one(Area, place.area_id)
    owner = session.exec(select(Organisation.id).join(Area).where(col(Area.path).startswith(root.path))).first()
    assert owner is not None
    thing = items.offer(session, who, NewItem(organisation_id=owner, kind="thing", name="Umbrella", capacity=3))
    room = items.offer(session, who, NewItem(organisation_id=owner, kind="room", name="Upstairs", venue_id=venue.id))
    first, second = (_asked(session, who, f"item.{thing.id}", 9, 11, quantity=2) for _ in range(2))
    _move(session, who, first, "approve")
    assert (said := _not_approved(session, who, second)).params["left"] == 1
    assert said.params["number"] == first.number
    _move(session, who, first, "finish")
    _move(session, who, second, "approve")
    whole, part = _asked(session, who, f"venue.{venue.code}", 14, 16), _asked(session, who, f"item.{room.id}", 15, 17)
    _move(session, who, part, "approve")
    assert _not_approved(session, who, whole).params["number"] == part.number, "A room of it takes the whole venue."
    assert {use.state for use in session.exec(select(ItemUse))} == {"returned", "approved"}
    assert session.exec(select(Item).where(Item.id == thing.id)).one().capacity == 3


def test_a_correction_moves_what_is_asked_and_not_what_was_decided(session: Session, venue: Venue, actor: Who) -> None:
    who = actor("secretary")
    matter = _asked(session, who, f"venue.{venue.code}", 9, 11)

    def to(ends_at: datetime) -> Matter:
        told = {"ends_at": ends_at.isoformat()}
        return corrections.correct(session, who, matter.number, matter.version, told, "Typing error")

    to(_at(12))
    assert bookings.span(matter)[1] == _at(12)
    _move(session, who, matter, "approve")
    session.commit()
    with pytest.raises(Refused, match="Withdraw this booking"):
        to(_at(13))
    session.rollback()
    assert session.exec(select(Occasion.ends_at).where(Occasion.matter_id == matter.id)).one() == _at(12)


def test_two_who_approve_at_once_never_give_the_same_hour(session: Session, venue: Venue, actor: Who) -> None:
    who, what = actor("secretary"), f"venue.{venue.code}"
    numbers = [_asked(session, who, what, 9 + at / 4, 12).number for at in range(4)]
    session.commit()
    gate = Barrier(len(numbers))

    def approve(number: str) -> bool:
        gate.wait()
        try:
            with db.writing() as other:
                workflow.move(other, who, number, "approve", workflow.load(other, who, number).version, {})
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(len(numbers)) as pool:
        assert sum(pool.map(approve, numbers)) == 1
    assert len(bookings.taken(session, what, _at(0), _at(24))) == 1
