"""Follow-ups 回访: the three questions put to the person who raised an issue, and what their answers suggest."""

from typing import Any

from sqlmodel import Session

from models.follow_up import FollowUp
from models.matter import Matter
from services.engine import events, telling, workflow
from services.engine.telling import Told
from services.rights.permissions import Actor
from services.system import clock

QUESTIONS = ("contacted", "resolved", "satisfaction")
CONTENT = {"contacted": "yes", "resolved": "yes", "satisfaction": "satisfied"}
DISAPPOINTED = {"contacted": "yes", "resolved": "no", "satisfaction": "dissatisfied"}
_YES_NO = {"yes": True, "no": False}


def answers(values: dict[str, Any]) -> dict[str, Any]:
    """The three answers as columns of a follow-up; none where one was not given."""
    said = values["satisfaction"]
    return {
        "contacted": _YES_NO.get(values["contacted"]),
        "resolved": _YES_NO.get(values["resolved"]),
        "satisfaction": None if said == "unknown" else said,
    }


@workflow.on("issue", "visit")
def keep_answers(session: Session, _actor: Actor, issue: Matter, values: dict[str, Any]) -> None:
    """Keep the newest answers; when they are bad, the event says that the issue is better reopened."""
    found = session.get(FollowUp, issue.id) or FollowUp(matter_id=issue.id)
    found.at = clock.now()
    for name, answer in answers(values).items():
        setattr(found, name, answer)
    session.add(found)
    if disappointed(found):
        values["hint"] = "reopen"


def disappointed(found: FollowUp) -> bool:
    """Whether the person says that it is not solved, or is not satisfied."""
    return found.resolved is False or found.satisfaction == "dissatisfied"


def suggests_reopening(session: Session, issue: Matter) -> bool:
    """Whether the issue has just been followed up, and the answers suggest to reopen it."""
    found = session.get(FollowUp, issue.id) if issue.state == "visited" else None
    return found is not None and disappointed(found)


@telling.told_by("issue", "judged")
def answered(session: Session, issue: Matter) -> Told | None:
    """What was answered when somebody asked back last; older records hold an outcome."""
    visits = [event for event in events.history(session, issue.id) if event.action == "visit"]
    if not visits:
        return None
    data = visits[-1].data or {}
    return Told(visits[-1].at, entered={name: data[name] for name in (*QUESTIONS, "outcome") if data.get(name)})
