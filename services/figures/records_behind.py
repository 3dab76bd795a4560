"""Records behind a figure: exactly what was counted, one row each, for whoever is shown the count."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.area import Area
from models.place import Place
from services.figures import cards
from services.figures.card_evidence import Records, counted, may_see, records
from services.places import areas, place_packs
from services.rights.permissions import Actor
from services.system.errors import NotFound


@dataclass(frozen=True)
class Line:
    """A record: its name, kind, area and code, the amount it stands for, and when it was. Empty where it has none."""

    name: str
    kind: str
    area: str
    code: str
    amount: int | None
    at: datetime | None


@dataclass(frozen=True)
class Behind:
    """What a figure counted: the records, what they come to, where they were counted, and which cards say it.

    ``area`` is the one the expression names itself, or ``root``.
    """

    found: Records
    lines: list[Line]
    count: int
    root: Area
    area: Area
    place: Place
    said_by: list[cards.Card]


def behind(session: Session, actor: Actor, expression: str, code: str) -> Behind:
    """The records of an expression that a card or a figure of the place names, counted at the area ``code``.

    NotFound where nothing of the place says so, or this reader isn't shown the count.
    """
    root = _root(session, actor, code)
    place = areas.place_at(session, root.path)
    said_by = _said_by(place, expression)
    if place is None or not said_by or not may_see(actor, root, expression):
        raise NotFound("No figure here counts that. Open the records from the casebook or from a mechanism card.")
    found, area = records(session, root, expression)
    lines = [Line(*row) for row in session.execute(found.query)]
    return Behind(found, lines, counted(session, found), root, area, place, said_by)


def _root(session: Session, actor: Actor, code: str) -> Area:
    """An area the reader may look at, or the root of the place he belongs to: its figures are shown to him too."""
    own = areas.place_at(session, actor.area_path) if actor.area_path else None
    root = session.get_one(Area, own.area_id) if own else None
    if root and root.code == code:
        return root
    return session.get_one(Area, areas.scope(session, actor, code).area_id)


def _said_by(place: Place | None, expression: str) -> list[cards.Card]:
    if not expression or place is None or place.slug not in place_packs.known_packs():
        return []
    told = {one.card for one in cards.figures(place.slug) if one.evidence == expression}
    return [card for card in cards.cards(place.slug) if card.evidence == expression or card.no in told]
