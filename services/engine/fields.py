"""Fields: what a person entered, read by the type its row names, or refused with what to enter instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel

from models.matter import Matter
from services.engine import field_rows, field_values, flows
from services.engine.definition import Field, Need
from services.engine.field_values import TOO_LONG, short, whole
from services.engine.field_values import text_of as text

__all__ = [
    "COLUMNS",
    "TOO_LONG",
    "TYPES",
    "called",
    "keep",
    "of_flow",
    "one",
    "plain",
    "read",
    "short",
    "text",
    "whole",
]

Reader = Callable[[Session, Matter, Field, Any], Any]

# The closed list of types.
TYPES: dict[str, Reader] = {
    "text": field_values.text,
    "code": field_values.code,
    "count": field_values.count,
    "money": field_values.money,
    "yes_no": field_values.yes_no,
    "day": field_values.day,
    "moment": field_values.moment,
    "organisation": field_rows.organisation,
    "venue": field_rows.venue,
    "forum": field_rows.forum,
    "office": field_rows.office,
    "area": field_rows.area,
    "point": field_rows.point,
    "matter": field_rows.matter,
}
# The columns of a matter that a field may set, and the type it must have for it.
COLUMNS = {
    **dict.fromkeys(("title", "description", "location"), "text"),
    **dict.fromkeys(("category", "source"), "code"),
    "unit": "organisation",
    "area": "area",
    "point": "point",
}

_NOTE = Need("note", "note", optional=True)


def of_flow(flow: str, need: Need) -> Field:
    """The field an arrow asks for, under the name it has there."""
    found = flows.flow(flow).fields[need.field]
    return found if need.name == need.field else replace(found, alias=need.name)


def called(flow: str, name: str) -> Field | None:
    """The field that a flow keeps or records under ``name``, with its type; none where no row knows the name."""
    known = flows.flow(flow).fields
    found = known.get(name)
    if found is None or found.type:
        return found
    needs = [need for arrow in flows.arrows(flow) for need in arrow.needs]
    needs += flows.birth(flow).needs
    return next((of_flow(flow, need) for need in needs if need.name == name and need.field in known), None)


def read(session: Session, matter: Matter, needs: tuple[Need, ...], inputs: dict[str, Any]) -> dict[str, Any]:
    """The needed fields as typed values by name; an optional one only where it was entered, ``note`` always then."""
    wanted = {need.name: need for need in (_NOTE, *needs)}
    return {
        name: _read(session, matter, of_flow(matter.flow, need), inputs.get(name))
        for name, need in wanted.items()
        if not need.optional or inputs.get(name) not in (None, "")
    }


def one(session: Session, matter: Matter, name: str, value: Any) -> Any:
    """One field of the matter's flow, read from ``value``."""
    return _read(session, matter, flows.flow(matter.flow).fields[name], value)


def _read(session: Session, matter: Matter, field: Field, value: Any) -> Any:
    return TYPES[field.type](session, matter, field, value)


def keep(matter: Matter, needs: tuple[Need, ...], values: dict[str, Any]) -> None:
    """Put what was read where each row says it is kept; a field that says nothing stays in the event alone."""
    for need in needs:
        if need.name in values:
            _put(matter, of_flow(matter.flow, need), values[need.name])


def _put(matter: Matter, field: Field, value: Any) -> None:
    if field.keep == "detail":
        # A changed dictionary would not be noticed, a new one is.
        matter.detail = {**(matter.detail or {}), field.called: _plain(value)}
    elif field.keep == "point":
        matter.lng, matter.lat = value
    elif field.keep in ("unit", "area"):
        setattr(matter, f"{field.keep}_id", value.id)
    elif field.keep in COLUMNS:
        setattr(matter, field.keep, value)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON: days and times as text, rows as their codes."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return field_rows.code_of(value) if isinstance(value, SQLModel) else value
