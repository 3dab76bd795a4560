"""Field rows: how bodies, places and other matters are read from the codes and numbers a person chose."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.engine import field_words
from services.engine.definition import Field
from services.places import form_choices
from services.words.cleaning import clean
from services.words.i18n import listed

_CHOOSE = listed("Choose from the list: {field}.")


def choices(session: Session, matter: Matter, field: Field) -> dict[str, str]:
    """The rows a field offers for a matter, nearest first, as code and name."""
    if field.type == "organisation":
        return form_choices.units(session, matter, field.of)
    if field.type == "forum":
        return form_choices.forums_for(session, matter)
    if field.type == "area":
        return form_choices.areas_of(session, matter)
    return (form_choices.venues if field.type == "venue" else form_choices.offices)(session, matter)


def organisation(session: Session, matter: Matter, field: Field, value: Any) -> Organisation:
    """An organisation at, above or below the matter's area, of a certain kind where one is named."""
    found: Organisation = _offered(session, matter, field, Organisation, value)
    return found


def forum(session: Session, matter: Matter, field: Field, value: Any) -> Forum:
    """A forum of the matter's own area, above or below it."""
    found: Forum = _offered(session, matter, field, Forum, value)
    return found


def venue(session: Session, matter: Matter, field: Field, value: Any) -> Venue:
    """A venue of the matter's place."""
    found: Venue = _offered(session, matter, field, Venue, value)
    return found


def office(session: Session, matter: Matter, field: Field, value: Any) -> Office:
    """A post of the matter's place."""
    found: Office = _offered(session, matter, field, Office, value)
    return found


def area(session: Session, matter: Matter, field: Field, value: Any) -> Area:
    """An area of the matter's place."""
    found: Area = _offered(session, matter, field, Area, value)
    return found


def _offered(session: Session, matter: Matter, field: Field, table: Any, value: Any) -> Any:
    found = session.exec(select(table).where(table.code == clean(value))).first()
    if found is None or found.code not in choices(session, matter, field):
        raise field_words.refused(field, _CHOOSE)
    return found


def point(_session: Session, _matter: Matter, field: Field, value: Any) -> tuple[float, float]:
    """A place on the map: longitude and latitude, as two numbers or with a comma between them."""
    found = degrees(value)
    if found is None:
        raise field_words.refused(field, listed("Enter longitude and latitude, with a comma between them: {field}."))
    return found


def degrees(value: Any) -> tuple[float, float] | None:
    """Longitude and latitude; none where ``value`` is no place on earth."""
    parts: Sequence[Any] = value if isinstance(value, tuple | list) else clean(value).replace("，", ",").split(",")
    try:
        lng, lat = (float(part) for part in parts)
    except (TypeError, ValueError):
        return None
    return (lng, lat) if abs(lng) <= 180 and abs(lat) <= 90 else None


def matter(session: Session, own: Matter, field: Field, value: Any) -> Matter:
    """Another matter, by its number: of the same flow, or of one that ``of`` names."""
    # Whether the actor may see it is checked where the two are tied.
    found = session.exec(select(Matter).where(col(Matter.number) == clean(value))).first()
    if found is None or found.id == own.id or found.flow not in (field.of or (own.flow,)):
        raise field_words.refused(field, listed("Enter the number of the other matter: {field}."))
    return found


def code_of(value: SQLModel) -> str:
    """What an event keeps of a row: its code, or the number of a matter."""
    return str(value.number if isinstance(value, Matter) else getattr(value, "code"))  # noqa: B009
