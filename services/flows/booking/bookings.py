"""Bookings 预约: asked for by the clerk of an area, approved as long as nothing else takes the venue or thing then."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel
from sqlmodel import Session, col, select

from models.area import Area
from models.item import Item, ItemUse
from models.matter import Matter
from models.occasion import Occasion
from models.organisation import Organisation
from models.place import Venue
from services.engine import begin, workflow
from services.parts import corrections, occasions
from services.places import areas
from services.rights.matter_rights import open_to
from services.rights.permissions import Actor, may
from services.system import clock
from services.system.errors import Refused
from services.venues import availability

_ASKS = ("venue", "item", "starts_at", "ends_at", "quantity", "people")
_LENT = ("room", "thing")


class NewBooking(BaseModel):
    """``what`` is ``venue.CODE`` or ``item.ID``, ``title`` says what for; the end itself is free again."""

    what: str
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    people: int = 0
    quantity: int = 1


def offered(session: Session, path: str) -> dict[str, str]:
    """What can be booked at or below ``path``: venues, then rooms and things that are on, by ``what``."""
    places = select(Venue.code, Venue.name).join(Area, col(Area.id) == Venue.area_id).where(areas.within(path))
    found = {f"venue.{code}": name for code, name in session.exec(places.order_by(col(Venue.code)))}
    things = select(Item).join(Organisation, col(Organisation.id) == Item.organisation_id)
    things = things.join(Area, col(Area.id) == Organisation.area_id).where(areas.within(path))
    things = things.where(col(Item.kind).in_(_LENT), col(Item.withdrawn_at).is_(None)).order_by(col(Item.id))
    return found | {f"item.{item.id}": _name(item) for item in session.exec(things)}


def _name(item: Item) -> str:
    return f"{item.name} {item.instance}".strip()


def may_ask(actor: Actor, path: str) -> bool:
    """Whether this person may ask for what stands at ``path``."""
    return may(actor, "booking.create", path)


def ask(session: Session, actor: Actor, entered: NewBooking) -> Matter:
    """Ask for a venue, a room or a thing; nothing is taken yet."""
    if entered.ends_at <= entered.starts_at:
        raise Refused("Choose an end that is later than the start.")
    kind, _, code = entered.what.partition(".")
    asked = {"title": entered.title, "starts_at": entered.starts_at, "ends_at": entered.ends_at}
    if kind == "venue":
        return begin.begin(session, actor, "booking", asked | _at_venue(session, code) | {"people": entered.people})
    item = session.get(Item, int(code)) if kind == "item" and code.isdecimal() and len(code) < 10 else None
    if item is None or item.withdrawn_at is not None or not 1 <= entered.quantity <= item.capacity:
        raise Refused("Choose what you want to book, and no more of it than there is.")
    owner = session.get_one(Organisation, item.organisation_id)
    area = session.get_one(Area, owner.area_id)
    told = {"item": _name(item), "quantity": entered.quantity, "area": area.code}
    matter = begin.begin(session, actor, "booking", asked | told)
    use = ItemUse(item_id=item.id, matter_id=matter.id, starts_at=entered.starts_at, ends_at=entered.ends_at)
    use.quantity = entered.quantity
    session.add(use)
    session.flush()
    return matter


def _at_venue(session: Session, code: str) -> dict[str, Any]:
    venue = session.exec(select(Venue).where(Venue.code == code)).first()
    if venue is None:
        raise Refused("Choose what you want to book, and no more of it than there is.")
    return {"venue": venue.code, "area": session.get_one(Area, venue.area_id).code}


def span(matter: Matter) -> tuple[datetime, datetime]:
    """From when until when it was asked for."""
    told = matter.detail or {}
    return datetime.fromisoformat(told["starts_at"]), datetime.fromisoformat(told["ends_at"])


def _use(session: Session, matter: Matter) -> ItemUse | None:
    return session.exec(select(ItemUse).where(ItemUse.matter_id == matter.id)).first()


def _venue(session: Session, matter: Matter) -> Venue:
    code = str((matter.detail or {}).get("venue", ""))
    return session.exec(select(Venue).where(Venue.code == code)).one()


def asked(session: Session, what: str, starts_at: datetime, ends_at: datetime) -> list[availability.Use]:
    """The bookings of one thing that still wait for a decision, in a span of time."""
    kind, _, code = what.partition(".")
    query = select(Matter).where(Matter.flow == "booking", Matter.state == "requested")
    if kind == "venue":
        query = query.where(col(Matter.detail)["venue"].as_string() == code)
    else:
        query = query.join(ItemUse, col(ItemUse.matter_id) == Matter.id).where(ItemUse.item_id == int(code))
    found = [availability.Use(matter, *span(matter)) for matter in session.exec(query.order_by(col(Matter.id)))]
    return [use for use in found if use.ends_at > starts_at and use.starts_at < ends_at]


def taken(session: Session, what: str, starts_at: datetime, ends_at: datetime) -> list[availability.Use]:
    """What takes one thing in a span of time, whichever flow it is of."""
    kind, _, code = what.partition(".")
    if kind == "item":
        return availability.of_item(session, int(code), starts_at, ends_at)
    venue = session.exec(select(Venue.id).where(Venue.code == code)).one()
    return availability.of_venue(session, venue, starts_at, ends_at)


def waiting(session: Session, actor: Actor, path: str) -> list[Matter]:
    """The bookings at or below ``path`` that wait for a decision, of those the actor may read, by their beginning."""
    query = select(Matter).join(Area, col(Area.id) == Matter.area_id).where(areas.within(path))
    query = query.where(Matter.flow == "booking", Matter.state == "requested", *open_to(actor))
    return sorted(session.exec(query), key=lambda matter: (span(matter), matter.id))


def name_of(session: Session, matter: Matter) -> str:
    """What was asked for."""
    told = matter.detail or {}
    return str(told["item"]) if told.get("item") else _venue(session, matter).name


@workflow.guard
def bookable(session: Session, matter: Matter, _values: dict[str, Any]) -> None:
    """``bookable``: the venue or thing is open then, large enough, and nothing else takes it."""
    starts_at, ends_at = span(matter)
    if ends_at <= starts_at:
        raise Refused("Choose an end that is later than the start.")
    use = _use(session, matter)
    if use is not None:
        availability.require_item(session, session.get_one(Item, use.item_id), use)
    else:
        people = int((matter.detail or {}).get("people") or 0)
        availability.require_venue(session, _venue(session, matter), starts_at, ends_at, people)


@workflow.on("booking", "approve")
@workflow.on("booking", "reopen")
def take(session: Session, _actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """From now on it is taken: a use of the thing, or an occasion at the venue."""
    use, (starts_at, ends_at) = _use(session, matter), span(matter)
    if use is not None:
        use.state, use.decided_at = "approved", clock.now()
    else:
        venue = _venue(session, matter)
        occasions.add(session, matter, starts_at, venue.id, ends_at=ends_at, plan=matter.title)


@workflow.on("booking", "refuse")
def refuse(session: Session, _actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """It was not given."""
    use = _use(session, matter)
    if use is not None:
        use.state, use.decided_at = "refused", clock.now()


@workflow.on("booking", "ask_again")
def ask_again(session: Session, _actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """It waits for a decision once more."""
    use = _use(session, matter)
    if use is not None:
        use.state = "asked"


@workflow.on("booking", "withdraw")
def withdraw(session: Session, _actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """It is free for others again."""
    use = _use(session, matter)
    if use is not None:
        use.state, use.returned_at = ("returned" if use.state == "approved" else "refused"), clock.now()
    for occasion in _standing(session, matter):
        occasion.called_off_at = clock.now()


@workflow.on("booking", "finish")
def finish(session: Session, _actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """It is back; what was held at a venue ended at the latest now, so the rest of the time is free."""
    use, at = _use(session, matter), clock.now()
    if use is not None:
        use.state, use.returned_at = "returned", at
    for occasion in _standing(session, matter):
        if occasion.starts_at >= at:
            occasion.called_off_at = at
        elif occasion.ends_at is None or occasion.ends_at > at:
            occasion.ends_at = at


def _standing(session: Session, matter: Matter) -> list[Occasion]:
    query = select(Occasion).where(Occasion.matter_id == matter.id, col(Occasion.called_off_at).is_(None))
    return list(session.exec(query))


@corrections.follows
def keep_times(session: Session, matter: Matter, names: frozenset[str]) -> None:
    """What was decided is not moved by a correction; while it is asked for, the use of the thing follows."""
    if matter.flow != "booking" or not names & set(_ASKS):
        return
    if matter.state != "requested" or {"venue", "item"} & names:
        raise Refused("Withdraw this booking and ask again: what was decided for one time doesn't hold for another.")
    starts_at, ends_at = span(matter)
    if ends_at <= starts_at:
        raise Refused("Choose an end that is later than the start.")
    use = _use(session, matter)
    if use is not None:
        use.starts_at, use.ends_at = starts_at, ends_at
        use.quantity = int((matter.detail or {}).get("quantity") or use.quantity)
