"""Availability 占用: what takes a venue, a room or a thing in a span of time, and whether there is still place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from models.item import Item, ItemUse
from models.matter import Matter
from models.occasion import Occasion
from models.place import Venue
from services.parts import items
from services.rules import opening_hours, rules
from services.system import clock
from services.system.errors import Refused
from services.venues import register
from services.words.vocabulary import Word

NO_END = "venue.no_end"


@dataclass(frozen=True)
class Use:
    """What takes something: whose matter, from when until when; the end itself is free again."""

    matter: Matter
    starts_at: datetime
    ends_at: datetime


def of_venue(session: Session, venue_id: int, starts_at: datetime, ends_at: datetime) -> list[Use]:
    """What matters hold at a venue in a span of time, and the uses of its rooms that were approved, by time."""
    return sorted(
        [*_occasions(session, venue_id, starts_at, ends_at), *_rooms(session, venue_id, starts_at, ends_at)],
        key=lambda use: (use.starts_at, use.matter.id),
    )


def _occasions(session: Session, venue_id: int, starts_at: datetime, ends_at: datetime) -> list[Use]:
    length = timedelta(hours=rules.rule(NO_END).value)
    query = select(Occasion, Matter).join(Matter, col(Matter.id) == Occasion.matter_id)
    query = query.where(Occasion.venue_id == venue_id, col(Occasion.called_off_at).is_(None))
    still = or_(Occasion.ends_at > starts_at, Occasion.starts_at > starts_at - length)  # type: ignore[operator]
    found = session.exec(query.where(Occasion.starts_at < ends_at, still)).all()
    uses = [Use(matter, one.starts_at, one.ends_at or one.starts_at + length) for one, matter in found]
    return [use for use in uses if use.ends_at > starts_at]


def _rooms(session: Session, venue_id: int, starts_at: datetime, ends_at: datetime) -> list[Use]:
    return _approved(session, starts_at, ends_at, Item.venue_id == venue_id, Item.kind == "room")


def of_item(session: Session, item_id: int, starts_at: datetime, ends_at: datetime) -> list[Use]:
    """The approved uses of a room or thing in a span of time, by time."""
    return _approved(session, starts_at, ends_at, Item.id == item_id)


def _approved(session: Session, starts_at: datetime, ends_at: datetime, *which: object) -> list[Use]:
    query = select(ItemUse, Matter).join(Matter, col(Matter.id) == ItemUse.matter_id)
    query = query.join(Item, col(Item.id) == ItemUse.item_id).where(ItemUse.state == "approved", *which)  # type: ignore[arg-type]
    query = query.where(ItemUse.ends_at > starts_at, ItemUse.starts_at < ends_at).order_by(col(ItemUse.starts_at))
    return [Use(matter, one.starts_at, one.ends_at) for one, matter in session.exec(query)]


def require_venue(session: Session, venue: Venue, starts_at: datetime, ends_at: datetime, people: int) -> None:
    """Refused where the venue is not open then, too small, or taken by another use."""
    # Held until the end of the transaction: two approvals at once must not both find it free.
    session.exec(select(Venue.id).where(Venue.id == venue.id).with_for_update()).one()
    _require_open(venue, starts_at, ends_at)
    if venue.capacity is not None and people > venue.capacity:
        raise Refused(
            "{name} seats {capacity}, and {people} are expected. Choose a larger venue, or refuse.",
            name=venue.name,
            capacity=venue.capacity,
            people=people,
        )
    _require_untaken(venue.name, of_venue(session, venue.id, starts_at, ends_at))


def require_item(session: Session, item: Item, use: ItemUse) -> None:
    """Refused where it is off, where it is kept is not open then, or too little of it is left."""
    session.exec(select(Item.id).where(Item.id == item.id).with_for_update()).one()
    if item.withdrawn_at is not None:
        raise Refused("{name} is off at present. Put it on again, or refuse.", name=item.name)
    where = session.get(Venue, item.venue_id or 0)
    if where is not None:
        _require_open(where, use.starts_at, use.ends_at)
    if where is not None and item.kind == "room":
        _require_untaken(where.name, _occasions(session, where.id, use.starts_at, use.ends_at))
    left = items.left(session, item, use.starts_at, use.ends_at)
    if use.quantity > left:
        _require_untaken(item.name, of_item(session, item.id, use.starts_at, use.ends_at), left, item.capacity)


def _require_open(venue: Venue, starts_at: datetime, ends_at: datetime) -> None:
    if venue.state != register.OPEN:
        raise Refused(
            "{name} is not open: {state}. Choose another venue, or refuse.",
            name=venue.name,
            state=Word("venue_state", venue.state),
        )
    hours = opening_hours.read(venue.hours)
    if hours is not None and not opening_hours.holds(hours, starts_at, ends_at):
        raise Refused(
            "{name} is open {hours}, and not for all of that time. Choose another time, or refuse.",
            name=venue.name,
            hours=venue.hours,
        )


def _require_untaken(name: str, uses: list[Use], left: int = 0, capacity: int = 1) -> None:
    if uses:
        other = uses[0]
        raise Refused(
            "{name} is taken from {start} to {end} by {flow} {number}: {left} of {capacity} are left."
            " Choose another time, or refuse.",
            name=name,
            start=f"{clock.local(other.starts_at):%Y-%m-%d %H:%M}",
            end=f"{clock.local(other.ends_at):%Y-%m-%d %H:%M}",
            flow=Word("flow", other.matter.flow),
            number=other.matter.number,
            left=left,
            capacity=capacity,
        )
