"""Kept fields 自有字段: what only its flow knows of a matter, as columns, filters and orders of lists."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.engine import field_checks, fields, flows
from services.engine.definition import Field, Need
from services.system import clock
from services.system.flow_files import of_book
from services.words import vocabulary

# What a field of this type holds the code of, and what that row is called.
_NAMED: dict[str, tuple[Any, Any]] = {
    "organisation": (Organisation.code, Organisation.name),
    "forum": (Forum.code, Forum.name),
    "venue": (Venue.code, Venue.name),
    "office": (Office.code, Office.title),
    "area": (Area.code, Area.name),
}
_NUMBERS = ("count", "money")


@of_book
def of(flow: str) -> dict[str, Field]:
    """The fields that the flow keeps on a matter, by the name they are kept under."""
    told = flows.flow(flow) if flow else None
    named = field_checks.kept(told) if told else {}
    every = {name: fields.of_flow(flow, Need(field, name, False)) for name, field in named.items()}
    return {name: field for name, field in every.items() if field.keep == "detail"}


def days(flow: str) -> dict[str, Field]:
    """Those that say when: a day or a moment."""
    return {name: field for name, field in of(flow).items() if field.type in ("day", "moment")}


def choices(field: Field) -> list[str]:
    """The codes a filter may ask a kept field for; none where it is no choice of a few."""
    return ["yes", "no"] if field.type == "yes_no" else vocabulary.codes(field.kind) if field.kind else []


def word(field: Field) -> str:
    """The vocabulary of its choices."""
    return "answer" if field.type == "yes_no" else field.kind


def value(field: Field) -> Any:
    """The kept value as SQL."""
    found = col(Matter.detail)[field.called]
    return found.as_integer() if field.type in _NUMBERS else found.as_string()


def holds(field: Field, asked: str) -> Any:
    """The condition that holds where the kept value is ``asked``, one of ``choices``."""
    if field.type == "yes_no":
        return col(Matter.detail)[field.called].as_boolean().is_(asked == "yes")
    return value(field) == asked


def names(session: Session, field: Field, codes: set[str] | None = None) -> dict[str, str]:
    """The names of the rows a field points to, by code; of ``codes`` only."""
    if field.type not in _NAMED:
        return {}
    code, name = _NAMED[field.type]
    query = select(code, name)
    return dict(session.exec(query if codes is None else query.where(col(code).in_(codes))).all())


def shown(field: Field, kept: Any, language: str, called: dict[str, str]) -> str:
    """A kept value in words; ``called`` names the rows it may point to."""
    if kept is None:
        return ""
    if field.type == "money":
        return f"{kept / 100:,.2f}"
    if field.type == "yes_no":
        return vocabulary.term("answer", "yes" if kept else "no", language)
    if field.type == "moment":
        return f"{clock.local(datetime.fromisoformat(kept)):%Y-%m-%d %H:%M}"
    if field.type == "point":
        return ", ".join(f"{part:.6f}" for part in kept)
    return called.get(str(kept)) or (vocabulary.term(field.kind, kept, language) if field.kind else str(kept))


def day(kept: Any) -> date | None:
    """The local day of a kept day or moment."""
    if not kept:
        return None
    found = datetime.fromisoformat(kept)
    return clock.local(found).date() if found.tzinfo else found.date()
