"""Ground: a new place, made from nothing but its name, so that areas can be imported into it."""

import re
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.area import Area
from models.place import Place
from services.places import areas
from services.rights import audit
from services.rights.permissions import Actor, require
from services.system.errors import Refused
from services.words.cleaning import clean
from services.words.vocabulary import codes

_SLUG, _PREFIX, _CODE, _NAME = r"[a-z][a-z0-9_]{1,31}", r"[A-Z][A-Z0-9]{0,7}", r"[^\s/]{1,24}", 64


@dataclass(frozen=True)
class NewPlace:
    """What somebody says of a new place. Without ``code`` its root is called by the prefix."""

    slug: str
    name: str
    prefix: str
    level: str
    code: str = ""


def create_place(session: Session, actor: Actor, told: NewPlace) -> Place:
    """Make a place with its root area; the caller commits.

    Refused without the right to import everywhere, for a name, prefix or code that can't be used, and for one that
    another place has.
    """
    require(actor, "import.run", "")
    name, code = clean(told.name), clean(told.code) or told.prefix
    _check(told, name, code)
    _check_free(session, told, code)
    root = Area(code=code, name=name, level=told.level, path=f"{code}/")
    session.add(root)
    session.flush()
    place = Place(slug=told.slug, name=name, prefix=told.prefix, area_id=root.id)
    session.add(place)
    session.flush()
    made = {"name": name, "prefix": told.prefix, "code": code}
    audit.write(session, actor.name, "place.create", told.slug, made, area=root.path)
    return place


def _check(told: NewPlace, name: str, code: str) -> None:
    if not name or len(name) > _NAME:
        raise Refused("Enter a name of at most {limit} characters for the place.", limit=_NAME)
    if not re.fullmatch(_SLUG, told.slug):
        raise Refused("Enter a short name of small letters, digits and _ for the place, beginning with a letter.")
    if not re.fullmatch(_PREFIX, told.prefix):
        raise Refused("Enter a prefix of one to eight capital letters and digits, beginning with a letter.")
    if told.level not in codes("level") or told.level == areas.LEVELS[-1]:
        raise Refused("Choose the level of the place: anything above a building.")
    if not re.fullmatch(_CODE, code):
        raise Refused("Enter a code of at most 24 characters for the place, without blanks and slashes.")


def _check_free(session: Session, told: NewPlace, code: str) -> None:
    taken = session.exec(
        select(Place).where((col(Place.slug) == told.slug) | (col(Place.prefix) == told.prefix))
    ).first()
    if taken:
        raise Refused(
            "The place {name} already has this short name or the prefix {prefix}. Choose others.",
            name=taken.name,
            prefix=taken.prefix,
        )
    area = session.exec(select(Area).where(Area.code == code)).first()
    if area:
        raise Refused("The area {name} already has the code {code}. Choose another one.", name=area.name, code=code)
