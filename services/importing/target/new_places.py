"""New places: those there are to import into, and what a place that is only a name so far will be called."""

import re

from sqlmodel import Session, col, select

from models.area import Area
from models.place import Place
from services.importing.mapping import kinds
from services.importing.mapping.mapping import Ground
from services.places.place_from_name import prefix_for
from services.rights.permissions import Actor, may, require
from services.system.errors import Refused
from services.words.cleaning import clean

# Where nothing is known of a place, its schematic map lies in the middle of the country (WGS-84 degrees, kilometres).
_MIDDLE, _WIDTH_KM = (108.9, 34.3), 12.0
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")


def open_to(session: Session, actor: Actor) -> list[Place]:
    """The places the actor may import into, in the order they were made."""
    require(actor, "page.imports")
    rows = session.exec(select(Place, Area.path).join(Area, col(Area.id) == Place.area_id).order_by(col(Place.id)))
    return [place for place, path in rows if may(actor, "import.run", path)]


def ground(session: Session, name: str, level: str, prefix: str = "") -> tuple[str, Ground]:
    """The short name and the ground of a new place. Refused for a name, level or prefix that can't be used."""
    name, prefix = clean(name), clean(prefix).upper() or prefix_for(session, clean(name))
    if not name or len(name) > 64:
        raise Refused("Enter a name of at most {limit} characters for the place.", limit=64)
    if level not in kinds.LEVELS[:-1]:
        raise Refused("Choose the level of the place: anything above a building.")
    if not _PREFIX.fullmatch(prefix):
        raise Refused("Enter a prefix of one to eight capital letters and digits, beginning with a letter.")
    lng, lat = _MIDDLE
    told = Ground(name=name, prefix=prefix, code=prefix, level=level, lng=lng, lat=lat, width_km=_WIDTH_KM)
    return prefix.lower(), told
