"""Lists of what stands in a place: areas, organisations, forums, venues and offices."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Text, cast
from sqlmodel import col, select

from models.area import Area
from services.exporting.lists.list_columns import Column, Extract, Words, attribute, word
from services.exporting.lists.list_requests import Question, extract_of
from services.matters import organisations
from services.places import areas
from services.rights.permissions import reads_all
from services.venues import register
from services.words.cleaning import clean
from services.words.i18n import listed

_CODE = Column("code", listed("Code"), listed("Its own code; an import finds it again by it."), attribute("code"))
_NAME = Column("name", listed("Name"), listed("What it is called."), attribute("name"), width=28)
_AREA = Column("area", listed("Area"), listed("The area it stands in."), attribute("area"), width=18)
_LNG = Column("lng", listed("Longitude"), listed("Degrees, WGS-84 (CGCS2000)."), attribute("lng"), "number", 11, False)
_LAT = Column("lat", listed("Latitude"), listed("Degrees, WGS-84 (CGCS2000)."), attribute("lat"), "number", 11, False)


def tree(question: Question) -> Extract:
    """The areas at or below the one in view, parents before children."""
    found = areas.in_use(question.session, question.here.path)
    names = {area.id: area.name for area in areas.ancestors(question.session, question.here.path)}
    names |= {area.id: area.name for area in found}
    drawn = _drawn(question)
    rows = [_with(area, above=names.get(area.parent_id or 0, ""), drawn=area.id in drawn) for area in found]
    return extract_of(question, "areas", question.words.say("Areas"), _tree(question.words), rows)


def _tree(words: Words) -> tuple[Column, ...]:
    households = listed("How many households live there; counted at the buildings.")
    kinds = tuple(kind for level in areas.LEVELS for kind in words.terms(level))
    return (
        _CODE,
        _NAME,
        _kind("level", listed("Level"), listed("From city down to building."), "level", words),
        Column("above", listed("Belongs to"), listed("The area one level up."), attribute("above"), width=22),
        Column(
            "kind",
            listed("Kind"),
            listed("What kind of estate or community it is."),
            _of_level,
            width=16,
            choices=kinds,
        ),
        Column("households", listed("Households"), households, attribute("households"), "count", 9),
        Column(
            "boundary",
            listed("Boundary"),
            listed("Whether its outline has been drawn, and whether it is only schematic."),
            _boundary,
        ),
        _LNG,
        _LAT,
    )


def _of_level(area: Any, words: Words) -> str:
    return words.term(area.level, area.kind)


def _drawn(question: Question) -> set[int]:
    """The areas in view that have an outline; JSON's own null is none."""
    query = select(Area.id).where(areas.within(question.here.path), col(Area.geometry).is_not(None))
    return set(question.session.exec(query.where(cast(Area.geometry, Text) != "null")))


def _boundary(area: Any, words: Words) -> str:
    if not area.drawn:
        return words.say("not drawn")
    return words.say("schematic") if area.schematic else words.say("surveyed")


def bodies(question: Question) -> Extract:
    """The organisations seated at or below the area in view."""
    found = organisations.organisations(question.session, question.here.path)
    still = organisations.open_matters(question.session, question.actor)
    rows = [_with(body, area=area, open_matters=still.get(body.id, 0)) for body, area in found]
    columns: tuple[Column, ...] = (
        _CODE,
        _NAME,
        _kind("kind", listed("Kind"), listed("What kind of body it is."), "organisation", question.words),
        _AREA,
    )
    if reads_all(question.actor):
        open_now = listed("Open matters it is responsible for, at the time of this list.")
        matters = Column("open", listed("Open matters"), open_now, attribute("open_matters"), "count", 9)
        columns = (*columns, matters)
    return extract_of(question, "organisations", question.words.say("Organisations"), columns, rows)


def forums(question: Question) -> Extract:
    """The forums at or below the area in view."""
    rows = [_with(forum, area=area) for forum, area in organisations.forums(question.session, question.here.path)]
    seats, about = listed("How many members it should have."), listed("What it is for.")
    columns = (
        _CODE,
        _NAME,
        _AREA,
        Column("expected", listed("Expected"), seats, attribute("expected"), "count", 9),
        Column("about", listed("About"), about, attribute("description"), width=50),
    )
    return extract_of(question, "forums", question.words.say("Forums"), columns, rows)


def venues(question: Question) -> Extract:
    """The venues at or below the area in view, of those the page's address asks for."""
    asked = register.Asked(*(clean(question.params.get(name)) for name in ("kind", "state", "now")))
    found = register.entries(question.session, question.here.path, asked)
    rows = [_with(row.venue, area=row.area.name, now=row.now, services=_services(row)) for row in found]
    states, open_now = listed("Planned, under construction, open or closed."), listed("Whether it is open right now.")
    on = listed("Its services that are on, of all it has.")
    columns = (
        _CODE,
        _NAME,
        _kind("kind", listed("Kind"), listed("What kind of venue it is."), "venue", question.words),
        _AREA,
        Column("seats", listed("Seats"), listed("How many people it seats."), attribute("capacity"), "count", 9),
        Column("hours", listed("Hours"), listed("When it is open."), attribute("hours"), width=24),
        _kind("state", listed("State"), states, "venue_state", question.words),
        _kind("now", listed("Open now"), open_now, "venue_now", question.words),
        Column("services", listed("Services on"), on, attribute("services"), width=10),
        _LNG,
        _LAT,
    )
    return extract_of(question, "venues", question.words.say("Venues"), columns, rows)


def _services(row: register.Entry) -> str:
    return f"{row.running}/{len(row.services)}" if row.services else ""


def offices(question: Question) -> Extract:
    """The offices at or below the area in view: posts, not persons."""
    rows = [_with(office, area=area) for office, area in organisations.offices(question.session, question.here.path)]
    filled = listed("Whether somebody holds the office now; who it is, is not kept.")
    served = listed("How many households the office is there for.")
    columns = (
        _CODE,
        Column("title", listed("Office"), listed("The title of the post."), attribute("title"), width=24),
        _kind("kind", listed("Kind"), listed("What kind of office it is."), "office", question.words),
        _AREA,
        Column("filled", listed("Filled"), filled, _filled, width=8),
        Column("households", listed("Households"), served, attribute("households"), "count", 9),
    )
    return extract_of(question, "offices", question.words.say("Offices"), columns, rows)


def offers(question: Question) -> Extract:
    """What the organisations at or below the area in view offer."""
    found = organisations.offers(question.session, question.here.path)
    rows = [_with(item, body=body, area=area) for item, body, area in found]
    by = listed("The organisation that offers or lends it.")
    piece = listed("The very piece, module or series, where there is one.")
    many = listed("How many can use it at one time.")
    columns = (
        _NAME,
        _kind("kind", listed("Kind"), listed("Service, thing, room or brand."), "item", question.words),
        Column("body", listed("Organisation"), by, attribute("body"), width=28),
        _AREA,
        Column("instance", listed("Which one"), piece, attribute("instance"), width=20),
        Column("capacity", listed("Usable at one time"), many, attribute("capacity"), "count", 9),
        Column("hours", listed("Hours"), listed("When it is open."), attribute("hours"), width=24),
    )
    return extract_of(question, "offers", question.words.say("Offers"), columns, rows)


def _filled(office: Any, words: Words) -> str:
    return words.say("yes") if office.filled else words.say("vacant")


def _kind(code: str, label: str, meaning: str, vocabulary: str, words: Words) -> Column:
    return Column(code, label, meaning, word(vocabulary, code), width=16, choices=tuple(words.terms(vocabulary)))


def _with(row: Any, **more: object) -> SimpleNamespace:
    return SimpleNamespace(**row.model_dump(), **more)
