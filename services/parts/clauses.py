"""Clauses 条款: written, reworded, found fulfilled, broken or dropped; each of it an event on the matter's chain."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from models.clause import Clause
from models.matter import Matter
from services.engine import fields, flows, workflow
from services.parts import clause_turns, corrections
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words.i18n import listed

_ENDS = {"fulfil": "fulfilled", "break": "broken", "drop": "dropped"}
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
    clause_turns.require(matter, "write")
    seq = 1 + (session.exec(select(func.max(Clause.seq)).where(Clause.matter_id == matter.id)).one() or 0)
    clause = Clause(matter_id=matter.id, seq=seq, text=_text(text), due=due, cites=fields.short(cites, 200))
    session.add(clause)
    return _tell(session, actor, matter, "clause_written", clause, text=clause.text, cites=clause.cites)


def reword(session: Session, actor: Actor, number: str, version: int, seq: int, text: str, due: date | None) -> Matter:
    """Give an open clause another wording and day; its version rises, and the chain keeps the old wording."""
    matter, clause = _claim(session, actor, number, version, "reword", seq)
    clause.text, clause.due, clause.version = _text(text), due, clause.version + 1
    return _tell(session, actor, matter, "clause_reworded", clause, text=clause.text, wording=clause.version)


def fulfil(session: Session, actor: Actor, number: str, version: int, seq: int, evidence: str) -> Matter:
    """The clause was kept; ``evidence`` says how one sees it."""
    return _end(session, actor, number, version, "fulfil", seq, evidence)


def find_broken(session: Session, actor: Actor, number: str, version: int, seq: int, evidence: str) -> Matter:
    """The clause was not kept; ``evidence`` says how one sees it."""
    return _end(session, actor, number, version, "break", seq, evidence)


def drop(session: Session, actor: Actor, number: str, version: int, seq: int, evidence: str) -> Matter:
    """The clause no longer holds; ``evidence`` says why."""
    return _end(session, actor, number, version, "drop", seq, evidence)


def clauses_of(session: Session, matter: Matter) -> list[Clause]:
    """The clauses of a matter in their order."""
    return list(session.exec(select(Clause).where(Clause.matter_id == matter.id).order_by(col(Clause.seq))))


def still_open(session: Session, matter: Matter) -> list[Clause]:
    """The clauses that are neither kept nor broken nor dropped."""
    return [clause for clause in clauses_of(session, matter) if clause.state == "open"]


def _end(session: Session, actor: Actor, number: str, version: int, act: str, seq: int, evidence: str) -> Matter:
    matter, clause = _claim(session, actor, number, version, act, seq)
    state = _ENDS[act]
    clause.state, clause.evidence = state, fields.text(evidence, 500, Refused(_NO_EVIDENCE), fields.TOO_LONG)
    clause.fulfilled_at = clock.now() if state == "fulfilled" else None
    return _tell(session, actor, matter, f"clause_{state}", clause, evidence=clause.evidence)


def _claim(session: Session, actor: Actor, number: str, version: int, act: str, seq: int) -> tuple[Matter, Clause]:
    matter = workflow.claim(session, actor, number, version, "clause.judge" if act in _ENDS else "clause.write")
    clause_turns.require(matter, act)
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
    clause_turns.keep_clock(session, matter)
    return workflow.record(session, actor, matter, action, {"clause": clause.seq, "due": due, **told})


@workflow.guard
def clauses_are(session: Session, matter: Matter, _values: dict[str, Any], how: str) -> None:
    """``clauses_are:written`` there is one that holds; ``settled``: each is kept, broken or dropped."""
    found = clauses_of(session, matter)
    if how == "written" and all(one.state == "dropped" for one in found):
        raise Refused("No clause is written yet. Write at least one first.")
    waiting = [one.seq for one in found if one.state == "open"] if how == "settled" else []
    if waiting:
        raise Refused(
            "{count} clauses are not settled, first clause {seq}. Say of each whether it was kept.",
            count=len(waiting),
            seq=waiting[0],
        )


def _known(how: str) -> str:
    return "" if how in ("written", "settled") else "clauses_are:written, clauses_are:settled"


clauses_are.check = _known  # type: ignore[attr-defined]


@corrections.follows
def term_corrected(session: Session, matter: Matter, names: frozenset[str]) -> None:
    """Where the end of the term was corrected, the deadline that rests on it follows."""
    if set(flows.flow(matter.flow).words("clauses", "term")) & names:
        clause_turns.keep_clock(session, matter)
