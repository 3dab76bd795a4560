"""Lists of matters: the list of any flow, exactly with the filter in view."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum
from services.engine import field_words
from services.exporting.lists.list_columns import Extract, Words
from services.exporting.lists.list_requests import Question, as_read, batches, ids_of
from services.exporting.lists.matter_columns import beside_of, columns
from services.figures import indicators
from services.matters import beside, kept, list_addresses, matters, reader_sort, sorting
from services.matters.matters import Filter
from services.places import playbook
from services.words.i18n import listed

_LABELS = {
    "openness": listed("Open or closed"),
    "clock": listed("Clock"),
    "state": listed("State"),
    "station": listed("Station"),
    "category": listed("Category"),
    "source": listed("Source"),
    "unit": listed("Unit"),
    "forum": listed("Forum"),
    "link": listed("Link"),
    "text": listed("Search"),
    "opened_from": listed("Raised from"),
    "opened_to": listed("Raised until"),
    "figure": listed("Behind the figure"),
    "sort": listed("Order"),
}


def ledger(question: Question) -> Extract:
    """The list that the address asks for: of one flow that runs here."""
    session, here = question.session, question.here
    runs = playbook.of(session, here.path)
    wanted = list_addresses.read(question.params, here.path, list_addresses.flow_of(question.params, runs.flows))
    asked, order = (
        matters.conditions(session, question.actor, wanted),
        sorting.order(wanted.flow, reader_sort.plain(question.actor, wanted)),
    )
    ids = ids_of(session, select(Matter.id).where(*asked).order_by(*order))
    return Extract(
        name="matters",
        title=runs.title(wanted.flow, question.words.language),
        unit=question.unit(),
        scope=question.scope(),
        asked=in_words(session, question.words, wanted),
        columns=columns(question, wanted.flow),
        count=len(ids),
        rows=lambda: batches(ids, lambda some: as_read(question.actor, _rows(session, some, wanted.flow))),
    )


def in_words(session: Session, words: Words, wanted: Filter) -> tuple[tuple[str, str], ...]:
    """The filter as labels and values that a reader of the sheet understands."""
    asked = [name for name in _LABELS if getattr(wanted, name)]
    plain = tuple((words.say(_LABELS[name]), _said(session, words, wanted, name)) for name in asked)
    own = kept.of(wanted.flow)
    told = ((own[name], value) for name, value in wanted.kept)
    return plain + tuple(
        (field_words.name(field, words.language), words.term(kept.word(field), value)) for field, value in told
    )


def _said(session: Session, words: Words, wanted: Filter, name: str) -> str:
    value = str(getattr(wanted, name))
    if name in _BODIES:
        found = session.exec(select(_BODIES[name].name).where(_BODIES[name].code == value)).first()
        return found or value
    if name == "figure":
        return _behind(words, value)
    if name == "sort":
        own = kept.of(wanted.flow).get(value.removeprefix("-"))
        said = field_words.name(own, words.language) if own else words.term("sort", value.removeprefix("-"))
        return words.say("{order}, turned round", order=said) if value.startswith("-") else said
    return words.term(f"state.{wanted.flow}" if name == "state" else name, value)


def _behind(words: Words, figure: str) -> str:
    code, _dot, part = figure.partition(".")
    told = words.say("Left out") if part == "left" else indicators.definitions()[code].text(part, words.language)
    return f"{words.term('indicator', code)}: {told}"


_BODIES: dict[str, type[Organisation] | type[Forum]] = {"unit": Organisation, "forum": Forum}


def _rows(session: Session, ids: list[int], flow: str) -> Iterator[Any]:
    # The connection, not the session: a row here is a row of cells, and a million of them are not kept as objects.
    found = {row.id: row for row in session.connection().execute(_query(ids, flow))}
    yield from (found[one] for one in ids if one in found)


def _query(ids: list[int], flow: str) -> Select[Any]:
    above, table = aliased(Area), Matter.__table__  # type: ignore[attr-defined]
    names: tuple[Any, ...] = (
        col(Area.name).label("area_name"),
        col(Area.level).label("area_level"),
        col(above.name).label("above"),
        col(Organisation.name).label("unit_name"),
        *(beside.COLUMNS[name]().label(name) for name in beside_of(flow)),
    )
    query: Select[Any] = (
        select(*table.c, *names)
        .join(Area, col(Area.id) == Matter.area_id)
        .outerjoin(above, col(above.id) == Area.parent_id)
        .outerjoin(Organisation, col(Organisation.id) == Matter.unit_id)
        .where(col(Matter.id).in_(ids))
    )
    return query
