"""Typed values: what was entered in a form, as the columns of its row, or what to enter instead."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, select

from models.area import Area
from models.organisation import Organisation
from services.places import form_choices
from services.setup.subjects import AREAS, Field, Subject, codes
from services.system.errors import Refused
from services.words.cleaning import clean
from services.words.vocabulary import Word

Typed = Mapping[str, Any]
Values = dict[str, Any]
_MOST = 1_000_000


def checked(session: Session, subject: Subject, typed: Typed, area: Area, level: str = "") -> Values:
    """The columns of a row of ``subject`` in ``area`` from what was typed; what is not in ``typed`` is left out.

    ``level`` is that of an area, whose kinds differ by it. Refused for the first field that can't be used.
    """
    found: Values = {}
    for code, field in subject.fields.items():
        if code in typed:
            found |= _READERS[field.type](session, subject, field, typed[code], area, level)
    return found


def _text(_s: Session, subject: Subject, field: Field, value: Any, _area: Area, _level: str) -> Values:
    said, column = " ".join(clean(value).split()), subject.column(field.code)
    limit = subject.limit(column)
    if field.required and not said:
        raise Refused("Enter: {field}.", field=named(subject, field))
    if len(said) > limit:
        raise Refused("Enter at most {limit} characters: {field}.", limit=limit, field=named(subject, field))
    return {column: said}


def _word(_s: Session, subject: Subject, field: Field, value: Any, _area: Area, level: str) -> Values:
    of_area = subject.kind == AREAS
    said = clean(value)
    if said and said not in codes(field, level if of_area else ""):
        raise Refused("Choose from the list: {field}.", field=named(subject, field))
    if not said and not of_area:
        raise Refused("Choose from the list: {field}.", field=named(subject, field))
    return {subject.column(field.code): said or None}


def _count(_s: Session, subject: Subject, field: Field, value: Any, _area: Area, _level: str) -> Values:
    said = clean(value) if value is not None else ""
    if said and not (said.isascii() and said.isdecimal() and int(said) <= _MOST):
        raise Refused("Enter a whole number: {field}.", field=named(subject, field))
    return {subject.column(field.code): int(said) if said else None}


def _yes(_s: Session, subject: Subject, field: Field, value: Any, _area: Area, _level: str) -> Values:
    return {subject.column(field.code): value not in (False, None, "", "no")}


def _organisation(session: Session, subject: Subject, field: Field, value: Any, area: Area, _level: str) -> Values:
    found = _offered(session, subject, field, value, area)
    return {"organisation_id": found.id if found else None}


def _parent(session: Session, subject: Subject, field: Field, value: Any, area: Area, _level: str) -> Values:
    found = _offered(session, subject, field, value, area)
    return {"parent_id": found.id if found else None}


def _offered(session: Session, subject: Subject, field: Field, value: Any, area: Area) -> Organisation | None:
    said = clean(value)
    if not said:
        return None
    if said not in form_choices.units_around(session, area.path):
        raise Refused("Choose from the list: {field}.", field=named(subject, field))
    return session.exec(select(Organisation).where(Organisation.code == said)).one()


def _point(_s: Session, subject: Subject, field: Field, value: Any, _area: Area, _level: str) -> Values:
    parts = [part for part in clean(value).replace("，", ",").split(",") if part.strip()]
    if not parts:
        return {"lng": None, "lat": None}
    try:
        lng, lat = (round(float(part), 6) for part in parts)
    except ValueError:
        lng, lat = 999.0, 999.0
    if not (abs(lng) <= 180 and abs(lat) <= 90):
        raise Refused("Enter longitude and latitude, with a comma between them: {field}.", field=named(subject, field))
    return {"lng": lng, "lat": lat}


_READERS: dict[str, Callable[[Session, Subject, Field, Any, Area, str], Values]] = {
    "name": _text,
    "text": _text,
    "word": _word,
    "count": _count,
    "yes": _yes,
    "organisation": _organisation,
    "parent": _parent,
    "point": _point,
}


def named(subject: Subject, field: Field) -> Word:
    """What the field is called, in the language of whoever reads the sentence."""
    return Word(f"imported_field.{subject.kind}", field.code)
