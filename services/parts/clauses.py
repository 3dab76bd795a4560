"""Clauses 条款: written, reworded, found fulfilled, broken or dropped; each of it an event on the matter's chain."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from models.clause import Clause
from models.matter import Matter
from services.engine import fields, workflow
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words.i18n import listed

_NO_EVIDENCE = listed("Enter what shows it: a document, a date, a photograph's number.")


def write(
    session: Session,
    actor: Actor,
    number: str,
    version: int,
    text: str,
    due: date | None = None,
    cites: str = "",
) -> Matter:
    """Add the next clause to the matter: what is promised, until which day, and what it rests on."""
    matter = workflow.claim(session, actor, number, version, "clause.write")
    seq = 1 + (session.exec(select(func.max(Clause.seq)).where(Clause.matter_id == matter.id)).one() or 0)
    clause = Clause(matter_id=matter.id, seq=seq, text=_text(text), due=due, cites=fields.short(cites, 200))
    session.add(clause)
    return _tell(session, actor, matter, "clause_written", clause, text=clause.text, cites=clause.cites)


def reword(session: Session, actor: Actor, number: str, version: int, seq: int, text: str, due: date | None) -> Matter:
    """Give an open clause another wording and day; its version rises, and the chain keeps the old wording."""
    matter, clause = _claim(session, actor, number, version, "clause.write", seq)
    clause.text, clause.due, clause.version = _text(text), due, clause.version + 1
    return _tell(session, actor, matter, "clause_reworded", clause, text=clause.text, wording=clause.version)


def fulfil(session: Session, actor: Actor, number: str, version: int, seq: int, evidence: str) -> Matter:
    """The clause was kept; ``evidence`` says how one sees it."""
    return _end(session, actor, number, version, seq, "fulfilled", evidence)


def find_broken(session: Session, actor: Actor, number: str, version: int, seq: int, evidence: str) -> Matter:
    """The clause was not kept; ``evidence`` says how one sees it."""
    return _end(session, actor, number, version, seq, "broken", evidence)


def drop(session: Session, actor: Actor, number: str, version: int, seq: int, evidence: str) -> Matter:
    """The clause no longer holds; ``evidence`` says why."""
    return _end(session, actor, number, version, seq, "dropped", evidence)


def clauses_of(session: Session, matter: Matter) -> list[Clause]:
    """The clauses of a matter in their order."""
    return list(session.exec(select(Clause).where(Clause.matter_id == matter.id).order_by(col(Clause.seq))))


def still_open(session: Session, matter: Matter) -> list[Clause]:
    """The clauses that are neither kept nor broken nor dropped."""
    return [clause for clause in clauses_of(session, matter) if clause.state == "open"]


def _end(session: Session, actor: Actor, number: str, version: int, seq: int, state: str, evidence: str) -> Matter:
    matter, clause = _claim(session, actor, number, version, "clause.judge", seq)
    clause.state, clause.evidence = state, fields.text(evidence, 500, Refused(_NO_EVIDENCE), fields.TOO_LONG)
    clause.fulfilled_at = clock.now() if state == "fulfilled" else None
    return _tell(session, actor, matter, f"clause_{state}", clause, evidence=clause.evidence)


def _claim(session: Session, actor: Actor, number: str, version: int, act: str, seq: int) -> tuple[Matter, Clause]:
    matter = workflow.claim(session, actor, number, version, act)
    clause = session.exec(select(Clause).where(Clause.matter_id == matter.id, Clause.seq == seq)).first()
    if clause is None or clause.state != "open":
        raise Refused("Clause {seq} of {number} is settled. Write a new one instead.", seq=seq, number=matter.number)
    return matter, clause


def _text(text: str) -> str:
    return fields.text(
        text, 500, Refused("Enter the clause in a sentence that can be kept or broken."), fields.TOO_LONG
    )


def _tell(session: Session, actor: Actor, matter: Matter, action: str, clause: Clause, **told: Any) -> Matter:
    due = clause.due.isoformat() if clause.due else None
    return workflow.record(session, actor, matter, action, {"clause": clause.seq, "due": due, **told})
