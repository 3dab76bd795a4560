"""Evidence from what organisations offer: services, things, rooms and brands."""

from sqlalchemy.sql import Select
from sqlmodel import Session, col

from models.area import Area
from models.item import Item
from models.organisation import Organisation
from services.figures.card_evidence import SUM, Records, evidence
from services.figures.record_queries import record_of
from services.places.areas import within


@evidence("items")
def items(
    _session: Session, root: Area, kind: str, organisation: str = "", name: str = "", instance: str = ""
) -> Records:
    """Services, things, rooms and brands still offered: of one organisation, of one name, of one instance or of all."""
    return Records(_offered(root, kind, organisation, name, instance), "offers", kinds="item")


@evidence("capacity")
def capacity(
    _session: Session, root: Area, kind: str, organisation: str = "", name: str = "", instance: str = ""
) -> Records:
    """How many can use what is offered at one time, of all such items together."""
    query = _offered(root, kind, organisation, name, instance)
    return Records(query, "places to use", kinds="item", measure=SUM)


def _offered(root: Area, kind: str, organisation: str, name: str, instance: str) -> Select[tuple[str]]:
    query = record_of(
        name=col(Item.name),
        kind=col(Item.kind),
        area=col(Area.name),
        code=col(Item.instance),
        amount=col(Item.capacity),
    )
    query = query.select_from(Item).join(Organisation, col(Organisation.id) == Item.organisation_id)
    query = query.join(Area, col(Area.id) == Organisation.area_id)
    query = query.where(within(root.path), col(Item.kind) == kind, col(Item.withdrawn_at).is_(None))
    asked = ((col(Organisation.code), organisation), (col(Item.name), name), (col(Item.instance), instance))
    query = query.where(*(column == word for column, word in asked if word))
    return query.order_by(col(Organisation.path), col(Item.id))
