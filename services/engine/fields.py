"""What an arrow asks for: each field read from what a person entered, or refused with what to enter instead."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Venue
from services.engine.definition import Need
from services.places import form_choices
from services.rules.categories import categories
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings
from services.words import vocabulary
from services.words.cleaning import clean
from services.words.i18n import listed

Reader = Callable[[Session, Matter, Any], Any]

NO_SUCH_ISSUE = listed("Enter the number of the other issue, the one that stays, such as CL-2026-000017.")
_NO_SUCH_DATE = listed("There is no such date: {value}. Choose one from the calendar.")

_NOTE = Need("note", "note", optional=True)
_READERS: dict[str, Reader] = {}


def _field(*names: str) -> Callable[[Reader], Reader]:
    def register(reader: Reader) -> Reader:
        _READERS.update(dict.fromkeys(names, reader))
        return reader

    return register


def known() -> set[str]:
    """The names of every field an arrow may need."""
    return set(_READERS)


def read(session: Session, matter: Matter, needs: tuple[Need, ...], inputs: dict[str, Any]) -> dict[str, Any]:
    """The needed fields as typed values by name; an optional one only where it was entered, ``note`` always then."""
    wanted = {need.name: need for need in (_NOTE, *needs)}
    return {
        name: _READERS[need.field](session, matter, inputs.get(name))
        for name, need in wanted.items()
        if not need.optional or inputs.get(name) not in (None, "")
    }


def one(session: Session, matter: Matter, name: str, value: Any) -> Any:
    """One field of the matter's flow, read from ``value``."""
    return _READERS[name](session, matter, value)


_COLUMNS = ("title", "description", "category", "source", "location")


def keep(matter: Matter, needs: tuple[Need, ...], values: dict[str, Any]) -> None:
    """Put what was read where it is kept: columns while the matter is begun, its own fields beside them."""
    names = [need.name for need in needs if need.name in values and not matter.events]
    for name in names:
        if name in _COLUMNS:
            setattr(matter, name, values[name])
        elif name == "point":
            matter.lng, matter.lat = values[name]
        elif name == "acceptance":
            matter.detail = {**(matter.detail or {}), name: values[name]}


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON: days and times as text, rows as their codes."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Organisation | Forum | Venue | Area):
        return value.code
    return value.number if isinstance(value, Matter) else value


def text(value: Any, limit: int, empty: Refused, too_long: str) -> str:
    """``value`` as trimmed text of 1 to ``limit`` characters, ``clean``."""
    cleaned = clean(value)
    if not cleaned:
        raise empty
    if len(cleaned) > limit:
        raise Refused(too_long, length=len(cleaned), limit=limit)
    return cleaned


@_field("note")
def note(_session: Session, _matter: Matter, value: Any) -> str:
    """A reason or result, 1 to 2,000 characters."""
    return text(
        value,
        2000,
        Refused("Enter a note: say in a sentence why, or what was done."),
        listed("The note is {length} characters long. Shorten it to {limit}."),
    )


@_field("parties")
def parties(_session: Session, _matter: Matter, value: Any) -> str:
    """Who is concerned, as categories."""
    return text(
        value,
        300,
        Refused("Enter the parties concerned, by category: residents of which building, which unit."),
        listed("The list of parties is {length} characters long. Shorten it to {limit}."),
    )


_TITLES = {
    "issue": listed("Enter a title: what is wrong, and where."),
    "deliberation": listed("Enter the topic in one sentence."),
    "action": listed("Enter what is to be done."),
}


@_field("title")
def title(_session: Session, matter: Matter, value: Any) -> str:
    """What a matter is called."""
    too_long = listed("The title is {length} characters long. Shorten it to {limit}.")
    return text(value, 120, Refused(_TITLES.get(matter.flow, _TITLES["issue"])), too_long)


@_field("description")
def description(_session: Session, _matter: Matter, value: Any) -> str:
    """What it is about."""
    too_long = listed("The description is {length} characters long. Shorten it to {limit}.")
    return text(value, 4000, Refused("Enter a description."), too_long)


@_field("acceptance")
def acceptance(_session: Session, _matter: Matter, value: Any) -> str:
    """The test that says it is done."""
    missing = Refused("Enter how one will see that it is done, such as 24 live sockets.")
    too_long = listed("The acceptance test is {length} characters long. Shorten it to {limit}.")
    return text(value, 300, missing, too_long)


@_field("source")
def source(_session: Session, _matter: Matter, value: Any) -> str:
    """Where a matter comes from."""
    if value not in vocabulary.codes("source"):
        raise Refused("Choose where the issue comes from.")
    return str(value)


@_field("area")
def area(session: Session, _matter: Matter, value: Any) -> Area:
    """An area, by its code."""
    found = session.exec(select(Area).where(Area.code == clean(value))).first()
    if found is None:
        raise Refused("Choose the area, or tap the place on the map.")
    return found


@_field("point")
def point(_session: Session, _matter: Matter, value: Any) -> tuple[float, float]:
    """A place on the map: longitude and latitude."""
    lng, lat = value
    return lng, lat


@_field("location")
def location(_session: Session, matter: Matter, value: Any) -> str:
    """Where something is; of a notice, where it hangs out."""
    if not matter.events:
        too_long = listed("The place is {length} characters long. Shorten it to {limit}.")
        return text(value, 200, Refused("Enter the place in words."), too_long)
    return text(
        value,
        120,
        Refused("Enter where the result is on public notice, such as the board at the east gate."),
        listed("The place is {length} characters long. Shorten it to {limit}."),
    )


@_field("category")
def category(_session: Session, _matter: Matter, value: Any) -> str:
    """A known category code."""
    if value not in categories():
        raise Refused("Choose a category from the list.")
    return str(value)


def _code(value: Any, kind: str) -> str:
    """A code of the vocabulary."""
    if value not in vocabulary.codes(kind):
        raise Refused("Choose one of the answers offered.")
    return str(value)


@_field("grade")
def grade(_session: Session, _matter: Matter, value: Any) -> str:
    """How weighty a topic is."""
    return _code(value, "grade")


@_field("contacted", "resolved")
def answer(_session: Session, _matter: Matter, value: Any) -> str:
    """An answer to a question of the follow-up: yes, no, or not answered."""
    return _code(value, "answer")


@_field("satisfaction")
def satisfaction(_session: Session, _matter: Matter, value: Any) -> str:
    """How satisfied somebody is, or not answered."""
    return _code(value, "satisfaction")


@_field("unit")
def unit(session: Session, matter: Matter, value: Any) -> Organisation:
    """The organisation that becomes responsible; sets it on the matter."""
    found = session.exec(select(Organisation).where(Organisation.code == clean(value))).first()
    if found is None or found.code not in form_choices.units(session, matter):
        raise Refused("Choose the unit that is responsible.")
    matter.unit_id = found.id
    return found


@_field("forum")
def forum(session: Session, matter: Matter, value: Any) -> Forum:
    """The forum that takes a topic: one of the matter's own area or above it."""
    found = session.exec(
        select(Forum, Area.path).join(Area, col(Area.id) == Forum.area_id).where(Forum.code == clean(value))
    ).first()
    path = session.exec(select(Area.path).where(Area.id == matter.area_id)).one()
    if found is None or not (path.startswith(found[1]) or found[1].startswith(path)):
        raise Refused("Choose the forum that takes this topic.")
    return found[0]


@_field("venue")
def venue(session: Session, matter: Matter, value: Any) -> Venue:
    """Where a meeting is held."""
    found = session.exec(select(Venue).where(Venue.code == clean(value))).first()
    if found is None or found.code not in form_choices.venues(session, matter):
        raise Refused("Choose the venue of the meeting.")
    return found


@_field("duplicate_of")
def duplicate_of(session: Session, matter: Matter, value: Any) -> Matter:
    """The matter that stays when two are the same."""
    # Whether the actor may see it is checked where the two are merged.
    found = session.exec(select(Matter).where(Matter.number == clean(value))).first()
    if found is None or found.id == matter.id or found.flow != matter.flow or found.state == "merged":
        raise Refused(NO_SUCH_ISSUE)
    return found


@_field("due", "due_asked", "hold_until", "starts_at")
def moment(_session: Session, _matter: Matter, value: Any) -> datetime:
    """A day or a day and time in the office's time zone; a day alone means its end."""
    value = _parse(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=settings().zone)
    return datetime.combine(value, time(23, 59), settings().zone)


def _parse(value: Any) -> datetime | date:
    if not isinstance(value, str | date):
        raise Refused("Choose a date.")
    try:
        found = _written(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if found is None or not clock.plausible(found):
        raise Refused(_NO_SUCH_DATE, value=str(value)[:32])
    return found


def _written(value: str) -> datetime | date:
    return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)


@_field("starts_on", "ends_on")
def day(_session: Session, _matter: Matter, value: Any) -> date:
    """A day."""
    parsed = _parse(value)
    return parsed.date() if isinstance(parsed, datetime) else parsed


@_field("expected", "asked", "aware", "took_part", "satisfied")
def count(_session: Session, _matter: Matter, value: Any) -> int:
    """A whole number from 0 to 99,999."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 99_999:
        raise Refused("Enter whole numbers between 0 and 99999.")
    return value
