"""Whistle 吹哨: its meeting is called and opened with one step, and ends with what it adopts."""

from typing import Any

from sqlmodel import Session

from models.matter import Matter
from services.engine import workflow
from services.meetings import meetings
from services.rights.permissions import Actor


@workflow.on("whistle", "convene")
def convene(session: Session, _actor: Actor, matter: Matter, values: dict[str, Any]) -> None:
    """Those who signed in sit together; there is no forum, so there is no vote."""
    meetings.call(session, matter, values, invited=True)


workflow.on("whistle", "resolve")(meetings.close)
