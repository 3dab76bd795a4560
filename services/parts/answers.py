"""Answers 评价: what a category of people said to questions about a matter; the newest stands, the others are kept."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from models.answer import Answer
from models.matter import Matter
from services.engine import fields, workflow
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary

Said = dict[str, str | int]


def record(session: Session, actor: Actor, number: str, version: int, category: str, said: Said) -> Matter:
    """Write down what a category of people answered: words of the vocabulary, or counts."""
    matter = workflow.claim(session, actor, number, version, "answer.record")
    if category not in vocabulary.codes("respondent") or not said:
        raise Refused("Choose who was asked, and enter what they answered.")
    for question, told in said.items():
        _check(question, told)
    put(session, matter.id, category, said, clock.now())
    return workflow.record(session, actor, matter, "answers", {"respondent": category, **said})


def _check(question: str, told: str | int) -> None:
    if question not in vocabulary.codes("question"):
        raise Refused("Choose one of the questions offered.")
    if isinstance(told, int):
        fields.whole(told, 99_999, Refused("Enter whole numbers between 0 and 99999."))
    elif told not in {*vocabulary.codes("answer"), *vocabulary.codes("satisfaction")}:
        raise Refused("Choose one of the answers offered.")


def put(session: Session, matter_id: int, category: str, said: Said, at: datetime) -> None:
    """Let these answers stand, in place of the earlier ones to the same questions, which are kept."""
    for question, told in said.items():
        _replace(session, matter_id, category, question)
        value, number = (None, told) if isinstance(told, int) else (told, None)
        session.add(
            Answer(matter_id=matter_id, category=category, question=question, value=value, number=number, at=at)
        )
        session.flush()


def _replace(session: Session, matter_id: int, category: str, question: str) -> None:
    same = (Answer.matter_id == matter_id, Answer.category == category, Answer.question == question)
    standing = session.exec(select(Answer).where(*same, Answer.replaced == 0)).first()
    if standing is not None:
        standing.replaced = 1 + session.exec(select(func.max(Answer.replaced)).where(*same)).one()
        session.flush()


def correct(session: Session, matter_id: int, category: str, said: Said | None, at: datetime | None = None) -> None:
    """Let these be the answers of a category of people that stand, as if those before had never been given."""
    for answer in newest(session, matter_id, category).values():
        session.delete(answer)
    session.flush()
    if said:
        put(session, matter_id, category, said, at or clock.now())


def newest(session: Session, matter_id: int, category: str) -> dict[str, Answer]:
    """The answers of a category of people that stand, by question."""
    query = select(Answer).where(Answer.matter_id == matter_id, Answer.category == category, Answer.replaced == 0)
    return {answer.question: answer for answer in session.exec(query)}


def every(session: Session, matter: Matter) -> list[Answer]:
    """All answers about a matter, those that were replaced among them, first to last."""
    query = select(Answer).where(Answer.matter_id == matter.id)
    return list(session.exec(query.order_by(col(Answer.at), col(Answer.category), col(Answer.question))))
