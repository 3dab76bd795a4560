"""The verdict rate: how many of the residents asked are satisfied with what came of a topic."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func

from models.answer import RESIDENTS, Answer
from models.matter import Matter
from services.figures import kept_counts
from services.figures.indicators import Counted, indicator
from services.figures.kept_counts import Ask, Share, Span


@indicator
def satisfied_rate(session: Session, ask: Ask) -> Counted:
    """Satisfied among the residents asked, by the month the topic was raised."""
    key: Any = func.coalesce(col(Matter.category), "") if ask.by == "category" else col(Matter.area_id)
    for found, month, satisfied, asked in _summed(session, ask, key, col(Matter.opened_month)):
        yield found, month, Share(satisfied, asked)


def by_area(session: Session, path: str, flow: str, span: Span) -> Iterator[tuple[int, bool, int, int]]:
    """Area, whether the topics are public, how many residents were satisfied and how many were asked about them."""
    yield from _summed(session, Ask(path, span, flow=flow), col(Matter.area_id), col(Matter.public))


def _summed(session: Session, ask: Ask, *keys: Any) -> Iterator[tuple[Any, Any, int, int]]:
    content, whole = aliased(Answer), aliased(Answer)
    query = (
        sql_select(*keys, func.sum(content.number), func.sum(whole.number))
        .join(whole, _counted(whole, "asked"))
        .join(content, and_(_counted(content, "satisfied"), col(content.replaced) == whole.replaced))
        .where(*kept_counts.of_rows(session, ask))
        .group_by(*keys)
    )
    for one, other, satisfied, asked in session.execute(query):
        yield one, other, int(satisfied or 0), int(asked or 0)


def _counted(answer: Any, question: str) -> ColumnElement[bool]:
    return and_(answer.matter_id == Matter.id, answer.category == RESIDENTS, answer.question == question)
