"""Services of a venue 阵地服务: what an organisation offers there, put on the list and switched on and off."""

from pydantic import BaseModel
from sqlmodel import Session, col, select

from models.area import Area
from models.item import Item
from models.organisation import Organisation
from services.parts import items
from services.parts.items import NewItem
from services.places import areas
from services.rights.permissions import Actor, require
from services.system.errors import Refused
from services.venues import register


class NewService(BaseModel):
    """What is offered at a venue and by which organisation, named by its code."""

    organisation: str
    kind: str
    name: str
    capacity: int = 1


def owners(session: Session, actor: Actor, area: Area) -> dict[str, str]:
    """The organisations of the place that this actor may enter offers of, by code."""
    root = session.get_one(Area, areas.place_of(session, area).area_id)
    query = select(Organisation.code, Organisation.name).join(Area, col(Area.id) == Organisation.area_id)
    query = query.where(areas.within(root.path), areas.within(actor.area_path), col(Organisation.closed_at).is_(None))
    return dict(session.exec(query.order_by(col(Organisation.path))).all())


def offer(session: Session, actor: Actor, code: str, entered: NewService) -> Item:
    """Put a service, thing or room of a venue on the list; it is open as long as the venue is."""
    venue, area = register.venue(session, actor, code)
    require(actor, "item.offer", area.path)
    owner = session.exec(select(Organisation).where(Organisation.code == entered.organisation)).first()
    if owner is None or owner.code not in owners(session, actor, area):
        raise Refused("Choose the organisation that offers it.")
    told = entered.model_dump(exclude={"organisation"})
    return items.offer(session, actor, NewItem(**told, organisation_id=owner.id, venue_id=venue.id, hours=venue.hours))
