"""Items 资源: what organisations offer; asked for, approved as far as there is enough, refused, handed back."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import AwareDatetime, BaseModel
from sqlmodel import Session, col, select

from models.area import Area
from models.item import Item, ItemUse
from models.matter import Matter
from models.organisation import Organisation
from services.engine import workflow
from services.engine.fields import short
from services.rights import audit
from services.rights.permissions import Actor, require
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary


class NewItem(BaseModel):
    """What is offered: ``capacity`` of it can be in use at one time; ``instance`` names a single piece."""

    organisation_id: int
    kind: str
    name: str
    instance: str = ""
    capacity: int = 1
    hours: str = ""
    venue_id: int | None = None
    lng: float | None = None
    lat: float | None = None


class NewUse(BaseModel):
    """How much of an item, from when until when; the end itself is free again."""

    item_id: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    quantity: int = 1


def offer(session: Session, actor: Actor, entered: NewItem) -> Item:
    """Put an item of an organisation on the list; the audit says who did."""
    owner = session.get_one(Organisation, entered.organisation_id)
    where = session.get_one(Area, owner.area_id).path
    require(actor, "item.offer", where)
    texts = {name: short(getattr(entered, name), 64) for name in ("name", "hours")}
    if not texts["name"] or entered.kind not in vocabulary.codes("item") or not 1 <= entered.capacity <= 99_999:
        raise Refused("Enter what is offered, of which kind, and how many can be in use at one time (1 to 99999).")
    item = Item(**entered.model_dump() | texts | {"instance": short(entered.instance, 48)})
    session.add(item)
    session.flush()
    told = {"organisation": owner.code, "capacity": item.capacity}
    audit.write(session, actor.name, "item.offer", item.name, told, area=where)
    return item


def switch(session: Session, actor: Actor, item_id: int, on: bool) -> Item:
    """Put what is offered on or off; what was approved before stays approved."""
    item = session.get_one(Item, item_id)
    owner = session.get_one(Organisation, item.organisation_id)
    where = session.get_one(Area, owner.area_id).path
    require(actor, "item.offer", where)
    if (item.withdrawn_at is None) == on:
        raise Refused("Somebody switched {name} just now. Look at the list again.", name=item.name)
    item.withdrawn_at = None if on else clock.now()
    audit.write(session, actor.name, "item.switch", item.name, {"organisation": owner.code, "on": on}, area=where)
    return item


def ask(session: Session, actor: Actor, number: str, version: int, entered: NewUse) -> Matter:
    """Ask for an item for the matter; nothing is taken yet."""
    matter = workflow.claim(session, actor, number, version, "item.ask")
    item = session.get(Item, entered.item_id)
    if item is None or item.withdrawn_at is not None:
        raise Refused("This is no longer offered. Choose something else from the list.")
    if entered.ends_at <= entered.starts_at or not 1 <= entered.quantity <= item.capacity:
        raise Refused(
            "Choose an end later than the start, and a quantity from 1 to {capacity}.", capacity=item.capacity
        )
    use = ItemUse(matter_id=matter.id, **entered.model_dump())
    session.add(use)
    session.flush()
    return _tell(session, actor, matter, "use_asked", use)


def approve(session: Session, actor: Actor, number: str, version: int, use_id: int) -> Matter:
    """Give what was asked for. Refused while other approved uses leave too little of it at any moment."""
    matter, use = _claim(session, actor, number, version, "item.approve", use_id, "asked")
    # Held until the end of the transaction: two approvals at once must not both find it free.
    item = session.exec(select(Item).where(Item.id == use.item_id).with_for_update()).one()
    free = left(session, item, use.starts_at, use.ends_at)
    if use.quantity > free:
        raise Refused(
            "{name} is taken at that time: {left} of {capacity} are left. Choose another time, or refuse.",
            name=item.name,
            left=free,
            capacity=item.capacity,
        )
    return _decide(session, actor, matter, use, "approved")


def refuse(session: Session, actor: Actor, number: str, version: int, use_id: int) -> Matter:
    """Do not give what was asked for."""
    matter, use = _claim(session, actor, number, version, "item.approve", use_id, "asked")
    return _decide(session, actor, matter, use, "refused")


def hand_back(session: Session, actor: Actor, number: str, version: int, use_id: int) -> Matter:
    """It is back, and free for others from now on."""
    matter, use = _claim(session, actor, number, version, "item.return", use_id, "approved")
    use.returned_at = clock.now()
    return _decide(session, actor, matter, use, "returned")


def uses_of(session: Session, matter: Matter) -> list[ItemUse]:
    """What the matter asked for, first to last."""
    return list(session.exec(select(ItemUse).where(ItemUse.matter_id == matter.id).order_by(col(ItemUse.id))))


def left(session: Session, item: Item, starts_at: datetime, ends_at: datetime) -> int:
    """How much of an item is free throughout a span of time. Uses that all meet it also meet each other within it."""
    taken = select(ItemUse).where(ItemUse.item_id == item.id, ItemUse.state == "approved")
    return item.capacity - _peak(session.exec(taken.where(ItemUse.ends_at > starts_at, ItemUse.starts_at < ends_at)))


def _peak(uses: Iterable[ItemUse]) -> int:
    """The most that is in use at one moment; what ends at a moment is free for what begins then."""
    steps = [step for use in uses for step in ((use.starts_at, use.quantity), (use.ends_at, -use.quantity))]
    now = most = 0
    for _, change in sorted(steps):
        now += change
        most = max(most, now)
    return most


def _claim(
    session: Session, actor: Actor, number: str, version: int, act: str, use_id: int, state: str
) -> tuple[Matter, ItemUse]:
    matter = workflow.claim(session, actor, number, version, act)
    use = session.get(ItemUse, use_id)
    if use is None or use.matter_id != matter.id or use.state != state:
        raise Refused("This was decided already, or belongs to another matter. Look at the list below.")
    return matter, use


def _decide(session: Session, actor: Actor, matter: Matter, use: ItemUse, state: str) -> Matter:
    use.state, use.decided_at = state, use.decided_at or clock.now()
    return _tell(session, actor, matter, f"use_{state}", use)


def _tell(session: Session, actor: Actor, matter: Matter, action: str, use: ItemUse) -> Matter:
    item, span = session.get_one(Item, use.item_id), (clock.local(use.starts_at), clock.local(use.ends_at))
    told = {"item": item.name, "quantity": use.quantity, "starts_at": span[0].isoformat(), "until": span[1].isoformat()}
    return workflow.record(session, actor, matter, action, {"use": use.id, **told})
