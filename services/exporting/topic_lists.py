"""Lists of topics 议题: what the forums have on their tables, with the filter in view."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.deliberation import Deliberation
from models.matter import Matter
from models.place import Forum
from services.engine import deadlines
from services.exporting.list_columns import Column, Extract, attribute, day, word
from services.exporting.list_requests import Question, batches, ids_of
from services.exporting.matter_lists import in_words
from services.flows.deliberation import topics
from services.matters import list_addresses
from services.matters.matters import SORTS, Filter
from services.places import form_choices
from services.rights.permissions import reads_all
from services.system import clock
from services.words.i18n import listed


def agenda(question: Question) -> Extract:
    """The topics that the address asks for: of one stage or all that are open, of one forum or all."""
    session, here = question.session, question.here
    wanted, known = list_addresses.of_topics(question.params, here.path), form_choices.forums(session, here.path)
    forum = question.params.get("forum", "") if question.params.get("forum") in known else ""
    asked = topics.conditions(session, question.actor, wanted, forum)
    ids = ids_of(session, select(Matter.id).where(*asked).order_by(*SORTS[wanted.sort]()))
    named = ((question.words.say("Forum"), known[forum]),) if forum else ()
    return Extract(
        name="deliberations",
        title=question.words.say("Topics of deliberation"),
        unit=question.unit(),
        scope=question.scope(),
        asked=(*in_words(question.words, wanted), *named),
        columns=(*_columns(question), *_inside(question)),
        count=len(ids),
        rows=lambda: batches(ids, lambda some: _rows(session, some, wanted)),
    )


def _rows(session: Session, ids: list[int], wanted: Filter) -> Iterator[Any]:
    table = Matter.__table__  # type: ignore[attr-defined]
    names: tuple[Any, ...] = (
        col(Area.name).label("area_name"),
        col(Forum.name).label("forum_name"),
        col(Deliberation.grade).label("grade"),
        col(Deliberation.parties).label("parties"),
    )
    query = (
        select(*table.c, *names)
        .join(Area, col(Area.id) == Matter.area_id)
        .outerjoin(Deliberation, col(Deliberation.matter_id) == Matter.id)
        .outerjoin(Forum, col(Forum.id) == Deliberation.forum_id)
        .where(col(Matter.id).in_(ids))
        .order_by(*SORTS[wanted.sort]())
    )
    yield from session.connection().execute(query)


def _columns(question: Question) -> tuple[Column, ...]:
    at, words = clock.now(), question.words
    stages = tuple(words.terms("state.deliberation"))
    clocks = tuple(words.terms("clock"))
    stage, meaning = word("state.deliberation", "state"), listed("How far the topic has come in its procedure.")
    return (
        Column("number", listed("Number"), listed("The matter's own number."), attribute("number"), width=16),
        Column("title", listed("Topic"), listed("What is deliberated."), attribute("title"), width=40),
        Column("state", listed("Stage"), meaning, stage, width=14, choices=stages),
        Column(
            "clock",
            listed("Clock"),
            listed("How its deadline stands at the time of this list; closed matters: in time or late."),
            lambda row, words: words.term("clock", deadlines.standing(row, at)),
            width=9,
            choices=clocks,
        ),
        Column("due", listed("Due"), listed("The day of its deadline."), day("due_at"), "day", 11),
        Column("forum", listed("Forum"), listed("The forum that takes it."), attribute("forum_name"), width=20),
        Column(
            "area", listed("Area"), listed("The smallest area it is filed under."), attribute("area_name"), width=16
        ),
        Column("opened", listed("Raised on"), listed("The day it was registered."), day("opened_at"), "day", 11),
        Column("closed", listed("Closed on"), listed("The day it was closed."), day("closed_at"), "day", 11),
        Column(
            "description",
            listed("Description"),
            listed("What was said about it."),
            attribute("description"),
            width=50,
            printed=False,
        ),
    )


def _inside(question: Question) -> tuple[Column, ...]:
    """What only the desk reads."""
    if not reads_all(question.actor):
        return ()
    graded, parties = listed("How weighty it was graded."), listed("Who was asked to take part.")
    return (
        Column("grade", listed("Grade"), graded, word("grade", "grade"), width=14, printed=False),
        Column("parties", listed("Parties"), parties, attribute("parties"), width=30, printed=False),
    )
