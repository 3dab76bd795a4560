"""Verdicts 评议: how many residents knew of what was done, took part in it and are satisfied, which ends the line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.answer import RESIDENTS
from models.matter import Matter
from services.engine import workflow
from services.parts import answers
from services.rights.permissions import Actor
from services.system import clock

COUNTED = ("asked", "aware", "took_part", "satisfied")


@dataclass(frozen=True)
class Verdict:
    """How many were asked and how many knew of it, took part and were satisfied (知晓、参与、满意). Counts only."""

    at: datetime
    asked: int
    aware: int
    took_part: int
    satisfied: int


@workflow.on("deliberation", "judge")
def keep_verdict(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """The residents' verdict, as counts."""
    answers.put(session, topic.id, RESIDENTS, {name: values[name] for name in COUNTED}, clock.now())


def verdict(session: Session, topic: Matter) -> Verdict | None:
    """The latest verdict on a topic."""
    found = answers.newest(session, topic.id, RESIDENTS)
    if not set(COUNTED) <= set(found):
        return None
    return Verdict(found["asked"].at, *(found[name].number or 0 for name in COUNTED))
