"""Checklists: the questions of a state, answered one by one on the matter's chain before the matter goes on.

An answer is an event: what is answered now is the newest event of each question.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, false, func, or_, select

from models.area import Area
from models.event import Event
from models.matter import Matter
from services.engine import events, flows, workflow
from services.engine.definition import Arrow, Question
from services.places import areas
from services.rights.permissions import Actor, denied
from services.system.errors import Refused
from services.words import vocabulary
from services.words.cleaning import clean
from services.words.vocabulary import Word

ACTION = "checklist"
REMARK = 300
Told = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What was answered last: the answer, a remark, by whom, when."""

    answer: str
    remark: str
    actor: str
    at: datetime


def questions(matter: Matter) -> list[Question]:
    """The questions of the state in which the matter stands."""
    return [one for one in flows.flow(matter.flow).questions if one.state == matter.state]


def answers(session: Session, matter: Matter) -> dict[str, Answer]:
    """The answers so far, the newest of each question, by its code."""
    query = select(Event).where(Event.matter_id == matter.id, Event.action == ACTION).order_by(col(Event.seq))
    told = ((event.data or {}, event) for event in session.exec(query))
    return {
        str(data.get("question")): Answer(str(data.get("answer")), event.note, event.actor, event.at)
        for data, event in told
    }


def choices() -> list[str]:
    """The answers there are: yes, no, not applicable."""
    return vocabulary.codes("check")


def answer(session: Session, actor: Actor, number: str, version: int, told: Told) -> Matter:
    """Answer questions of the state, each with a remark perhaps; whoever may take a step from here may answer.

    Each answer that is new or another one becomes an event.
    """
    matter = workflow.claim(session, actor, number, version, "matter.read")
    _permit(session, actor, matter)
    known, asked = answers(session, matter), {one.code for one in questions(matter)}
    if not told:
        raise Refused("Choose an answer to at least one question.")
    for question, (said, remark) in told.items():
        data = _read(matter, asked, question, said, clean(remark))
        before = known.get(question)
        if before is None or (before.answer, before.remark) != (said, clean(remark)):
            events.append(session, matter, actor, ACTION, note=clean(remark), data=data)
    session.flush()
    return matter


def _read(matter: Matter, asked: set[str], question: str, said: str, remark: str) -> dict[str, Any]:
    if question not in asked:
        raise Refused("{number} stands in another state now. Answer the questions shown below.", number=matter.number)
    if said not in choices():
        raise Refused("Choose one of the answers offered.")
    if len(remark) > REMARK:
        raise Refused(
            "The remark is {length} characters long. Shorten it to {limit}.", length=len(remark), limit=REMARK
        )
    return {"question": question, "answer": said}


def may_answer(session: Session, actor: Actor, matter: Matter) -> bool:
    """Whether the actor may answer: the right to a step from here is the right to its questions."""
    return bool(workflow.open_arrows(session, actor, matter))


def _permit(session: Session, actor: Actor, matter: Matter) -> None:
    if not may_answer(session, actor, matter):
        raise denied()


def missing(session: Session, matter: Matter) -> list[Question]:
    """The required questions that nobody has answered."""
    required = [one for one in questions(matter) if one.required]
    known = answers(session, matter) if required else {}
    return [one for one in required if one.code not in known]


def require(session: Session, matter: Matter) -> None:
    """Refuse while a required question of the state is open."""
    open_ones = missing(session, matter)
    if open_ones:
        raise Refused(
            "Answer the questions of this state first. {count} are open, the first: {question}",
            count=len(open_ones),
            question=Word(f"question.{matter.flow}", open_ones[0].code),
        )


@workflow.effect("before")
def hold_back(
    session: Session, _actor: Actor, matter: Matter, arrow: Arrow, _values: dict[str, Any], _at: datetime
) -> None:
    """A step that leads on waits for the answers; one that stays or drops the matter doesn't."""
    target = arrow.arrives(matter.state)
    leaves = arrow.target == "<" or target != matter.state
    if leaves and flows.state(matter.flow, target).kind != "dropped":
        require(session, matter)


def unanswered(flow: str) -> ColumnElement[bool]:
    """The condition that holds for matters of a flow in whose state a required question is open."""
    required = [one for one in flows.flow(flow).questions if one.required]
    return or_(false(), *(and_(_stands(one), ~_told(one)) for one in required))


def _stands(question: Question) -> ColumnElement[bool]:
    return and_(col(Matter.flow) == question.flow, col(Matter.state) == question.state)


def _told(question: Question) -> ColumnElement[bool]:
    asked = col(Event.data)["question"].as_string()
    known = (Event.matter_id == Matter.id, Event.action == ACTION, asked == question.code)
    return select(Event.id).where(*known).exists()


def waiting(session: Session, path: str, flow: str) -> int:
    """How many matters of a flow at or below an area wait for the answer to a required question."""
    query = select(func.count()).select_from(Matter).join(Area, col(Area.id) == Matter.area_id)
    return session.exec(query.where(areas.within(path), unanswered(flow))).one()
