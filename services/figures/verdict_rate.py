"""The verdict rate: how many of the residents asked are satisfied with what came of a topic."""

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from models.answer import RESIDENTS, Answer
from models.matter import Matter
from services.figures import kept_counts
from services.figures.indicators import Counted, indicator
from services.figures.kept_counts import Ask, Share


@indicator
def satisfied_rate(session: Session, ask: Ask) -> Counted:
    """Satisfied among the residents asked, by the month the topic was raised."""
    key: Any = func.coalesce(col(Matter.category), "") if ask.by == "category" else col(Matter.area_id)
    content, whole = aliased(Answer), aliased(Answer)
    query = (
        select(key, Matter.opened_month, func.sum(content.number), func.sum(whole.number))
        .join(whole, _counted(whole, "asked"))
        .join(content, and_(_counted(content, "satisfied"), col(content.replaced) == whole.replaced))
        .where(*kept_counts.of_rows(session, ask))
        .group_by(key, col(Matter.opened_month))
    )
    for found, month, satisfied, asked in session.exec(query):
        yield found, month, Share(int(satisfied or 0), int(asked or 0))


def _counted(answer: Any, question: str) -> ColumnElement[bool]:
    return and_(answer.matter_id == Matter.id, answer.category == RESIDENTS, answer.question == question)
