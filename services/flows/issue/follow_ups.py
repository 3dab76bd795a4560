"""Follow-ups 回访: the three questions put to the person who raised an issue, and what their answers suggest."""

from typing import Any

from sqlmodel import Session

from models.answer import FOLLOW_UP, REPORTER
from models.matter import Matter
from services.engine import events, telling, workflow
from services.engine.telling import Told
from services.parts import answers
from services.rights.permissions import Actor
from services.system import clock

QUESTIONS = FOLLOW_UP
CONTENT = {"contacted": "yes", "resolved": "yes", "satisfaction": "satisfied"}
DISAPPOINTED = {"contacted": "yes", "resolved": "no", "satisfaction": "dissatisfied"}


@workflow.on("issue", "visit")
def keep_answers(session: Session, _actor: Actor, issue: Matter, values: dict[str, Any]) -> None:
    """Keep the newest answers; when they are bad, the event says that the issue is better reopened."""
    said = {name: values[name] for name in QUESTIONS}
    answers.put(session, issue.id, REPORTER, said, clock.now())
    if disappointed(said):
        values["hint"] = "reopen"


def newest(session: Session, matter_id: int) -> dict[str, str]:
    """The answers that stand, by question; empty when nobody has asked yet."""
    found = answers.newest(session, matter_id, REPORTER)
    return {name: str(found[name].value) for name in QUESTIONS if name in found}


def disappointed(said: dict[str, str]) -> bool:
    """Whether the person says that it is not solved, or is not satisfied."""
    return said.get("resolved") == "no" or said.get("satisfaction") == "dissatisfied"


def suggests_reopening(session: Session, issue: Matter) -> bool:
    """Whether the issue has just been followed up, and the answers suggest to reopen it."""
    return issue.state == "visited" and disappointed(newest(session, issue.id))


@telling.told_by("issue", "judged")
def answered(session: Session, issue: Matter) -> Told | None:
    """What was answered when somebody asked back last; older records hold an outcome."""
    visits = [event for event in events.history(session, issue.id) if event.action == "visit"]
    if not visits:
        return None
    data = visits[-1].data or {}
    return Told(visits[-1].at, entered={name: data[name] for name in (*QUESTIONS, "outcome") if data.get(name)})
