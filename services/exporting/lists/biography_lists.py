"""The biography of an area as a list: everything that happened to its matters, with the filter in view."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from models.area import Area
from models.event import Event
from models.matter import Matter
from services.engine import event_names
from services.exporting.lists.list_columns import Cell, Column, Extract, Words, attribute, moment
from services.exporting.lists.list_requests import Question, as_read, batches, ids_of
from services.looks import biography, biography_addresses
from services.looks.biography import Wanted
from services.places import playbook
from services.rights.permissions import only_public
from services.words.i18n import listed


def events(question: Question) -> Extract:
    """What happened to the matters at or below the area in view, newest first."""
    session, words, here = question.session, question.words, question.here
    runs = playbook.of(session, here.path)
    wanted = biography_addresses.read(question.params, here.path, runs.flows)
    query = sql_select(col(Event.id)).join(Matter, col(Matter.id) == Event.matter_id)
    query = query.where(biography.asked(session, question.actor, wanted)).order_by(*biography.ORDER)
    ids = ids_of(session, query)
    return Extract(
        name="biography",
        title=words.say("Biography of {place}", place=here.name),
        unit=question.unit(),
        scope=question.scope(),
        asked=_asked(words, wanted, runs),
        columns=_columns(question, runs),
        count=len(ids),
        rows=lambda: batches(ids, lambda some: as_read(question.actor, _rows(session, some))),
    )


def _asked(words: Words, wanted: Wanted, runs: playbook.Playbook) -> tuple[tuple[str, str], ...]:
    kind = "biography" if wanted.kind in ("note", "import", "area") else "station"
    told = (
        (listed("Kind"), runs.name(wanted.flow, words.language) if wanted.flow else ""),
        (listed("What happened"), words.term(kind, wanted.kind)),
        (listed("Search"), wanted.text),
        (listed("Happened from"), str(wanted.first or "")),
        (listed("Happened until"), str(wanted.last or "")),
    )
    return tuple((words.say(label), value) for label, value in told if value)


def _rows(session: Session, ids: list[int]) -> Iterator[Any]:
    query = (
        sql_select(
            *(col(one) for one in (Event.id, Event.at, Event.action, Event.from_state, Event.to_state, Event.note)),
            col(Event.actor),
            *(col(one) for one in (Matter.number, Matter.title, Matter.flow)),
            col(Area.name).label("area_name"),
        )
        .join(Matter, col(Matter.id) == Event.matter_id)
        .join(Area, col(Area.id) == Matter.area_id)
        .where(col(Event.id).in_(ids))
    )
    found = {row.id: row for row in session.connection().execute(query)}
    yield from (found[one] for one in ids)


def _columns(question: Question, runs: playbook.Playbook) -> tuple[Column, ...]:
    inside = () if only_public(question.actor) else _INSIDE

    def kind(row: Any, words: Words) -> Cell:
        return runs.name(row.flow, words.language)

    return (
        Column(
            "at", listed("Time"), listed("When it happened, in the office's time zone."), moment("at"), "moment", 17
        ),
        Column("kind", listed("Kind"), listed("What kind of matter it is, as the place calls it."), kind, width=12),
        Column("step", listed("Step"), listed("What was done."), _step, width=16),
        Column("state", listed("State"), listed("Where the matter stood after it."), _state, width=14),
        Column("number", listed("Number"), listed("The matter's own number."), attribute("number"), width=16),
        Column("title", listed("Title"), listed("What it is about."), attribute("title"), width=36),
        Column(
            "area", listed("Area"), listed("The smallest area it is filed under."), attribute("area_name"), width=16
        ),
        *inside,
    )


def _step(row: Any, words: Words) -> Cell:
    return words.term(*event_names.word(row.flow, row.action))


def _state(row: Any, words: Words) -> Cell:
    return words.term(f"state.{row.flow}", row.to_state)


_INSIDE = (
    Column("actor", listed("Who"), listed("The account that did it."), attribute("actor"), width=14),
    Column(
        "note", listed("Note"), listed("What was written down with it."), attribute("note"), width=50, printed=False
    ),
)
