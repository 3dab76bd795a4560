"""The verdict rate: how many of the residents asked are satisfied with what came of a topic."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from models.answer import RESIDENTS, Answer
from models.area import Area
from models.matter import Matter
from services.figures.indicators import Counted, indicator
from services.figures.kept_counts import Ask, Share, Span
from services.places import areas


@indicator
def satisfied_rate(session: Session, ask: Ask) -> Counted:
    """Satisfied among the residents asked, by the month the topic was raised."""
    key: Any = func.coalesce(col(Matter.category), "") if ask.by == "category" else col(Matter.area_id)
    for found, month, satisfied, asked in _summed(session, ask.path, ask.flow, ask.span, key, col(Matter.opened_month)):
        yield found, month, Share(satisfied, asked)


def by_area(session: Session, path: str, flow: str, span: Span) -> Iterator[tuple[int, bool, int, int]]:
    """Area, whether the topics are public, how many residents were satisfied and how many were asked about them."""
    yield from _summed(session, path, flow, span, col(Matter.area_id), col(Matter.public))


def _summed(
    session: Session, path: str, flow: str, span: Span | None, *keys: Any
) -> Iterator[tuple[Any, Any, int, int]]:
    content, whole = aliased(Answer), aliased(Answer)
    query = (
        sql_select(*keys, func.sum(content.number), func.sum(whole.number))
        .join(whole, _counted(whole, "asked"))
        .join(content, and_(_counted(content, "satisfied"), col(content.replaced) == whole.replaced))
        .where(col(Matter.area_id).in_(select(Area.id).where(areas.within(path))), col(Matter.flow) == flow)
        .group_by(*keys)
    )
    if span:
        query = query.where(col(Matter.opened_month).between(span.first, span.last))
    for one, other, satisfied, asked in session.execute(query):
        yield one, other, int(satisfied or 0), int(asked or 0)


def _counted(answer: Any, question: str) -> ColumnElement[bool]:
    return and_(answer.matter_id == Matter.id, answer.category == RESIDENTS, answer.question == question)
