"""A refusal as a page meets it: in a transaction of its own, after which every row is as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select

from models.matter import Matter
from services.engine import workflow
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused

_TABLES = (
    "matter", "event", "link", "deliberation", "meeting", "opinion", "option",
    "tally", "publicity", "objection", "serial", "party", "clause", "occasion", "headcount", "answer", "item_use",
    "ledger_account", "ledger_entry", "posting",
)  # fmt: skip


def rows() -> dict[str, list[Any]]:
    """Every row of the tables that a topic touches."""
    with db.reading() as session:
        tables = SQLModel.metadata.tables
        return {name: sorted(map(repr, session.execute(tables[name].select()))) for name in _TABLES}


def refused(session: Session, function: Callable[..., Any], actor: Actor, *args: Any) -> Refused:
    """What ``function(session, actor, …)`` is refused with; it has left nothing behind."""
    session.commit()
    before = rows()
    with pytest.raises(Refused) as caught, db.writing() as other:
        function(other, actor, *args)
    assert rows() == before, "Something was written although the call was refused."
    return caught.value


def refused_move(session: Session, actor: Actor, topic: Matter, action: str, **inputs: Any) -> Refused:
    """What a step is refused with, asked for at the version the topic has now."""
    session.commit()
    version = session.exec(select(Matter.version).where(col(Matter.id) == topic.id)).one()
    return refused(session, workflow.move, actor, topic.number, action, version, inputs)
