"""Settling: at its start a process agrees with its database on key and time zone; what was not agreed on yet is now."""

from collections.abc import Iterator
from itertools import pairwise
from uuid import uuid4

from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from services.engine import events
from services.rights import audit
from services.rules import in_force
from services.system import agreement, clock, db, facts, hash_chain
from services.system.errors import Refused
from services.system.settings import settings

# What a line of the audit chain is called that tells of what had been taken away.
ANEW = "facts.anew"
_LOOKED_AT = 20


def settle(operator: str = "Mulin") -> None:
    """Raise Refused unless key, time zone and clock are those of the database; keep them where none were kept yet.

    A database that does not say one of them is asked whether its records were sealed with this key and counted in this
    time zone. Where it did say so once, the audit chain tells that it was agreed on anew.
    """
    with db.reading() as session:
        agreement.require(session)
        unsaid = _unsaid(session)
        if unsaid:
            _require_own(session)
    if unsaid:
        with db.writing() as session:
            _keep(session, operator)


def taken_away(session: Session) -> list[str]:
    """What the database no longer says, though it did: every start agrees on it before it tells of its rules."""
    told = select(AuditLine.seq).where(AuditLine.act == in_force.ALL).limit(1)
    return _unsaid(session) if session.exec(told).first() else []


def _unsaid(session: Session) -> list[str]:
    return [name for name in (facts.KEY, facts.ZONE, facts.DATABASE) if not facts.value(session, name)]


def _keep(session: Session, operator: str) -> None:
    told = {
        facts.KEY: hash_chain.fingerprint(),
        facts.ZONE: settings().timezone,
        facts.DATABASE: uuid4().hex[:12],
    }
    lost, unsaid = taken_away(session), _unsaid(session)
    for name in unsaid:
        facts.put(session, name, told[name])
    if lost:
        audit.write(session, operator, ANEW, "", {"names": lost})


def _require_own(session: Session) -> None:
    sealed = [*_lines(session), *_events(session)]
    # One that was tampered with proves nothing about the key.
    if sealed and not any(sealed):
        raise Refused(
            "The records of this database were not sealed with this MULIN_KEY (its fingerprint is {found}). Set the key"
            " they were written with.",
            found=hash_chain.fingerprint(),
        )
    counted = session.exec(select(Matter.opened_at, Matter.opened_month).order_by(col(Matter.id).desc()).limit(1000))
    if any(clock.month_of(opened) != month for opened, month in counted):
        raise Refused(
            "The matters of this database were not counted in the time zone {zone}. Set MULIN_TIMEZONE to the one they"
            " were written in.",
            zone=settings().timezone,
        )


def _lines(session: Session) -> Iterator[bool]:
    """Whether the newest audit lines carry this key's digests."""
    newest = session.exec(select(AuditLine).order_by(col(AuditLine.seq).desc()).limit(_LOOKED_AT)).all()
    for line, before in pairwise(newest):
        yield audit.digest_of(line, before.digest) == line.digest
    if newest and newest[-1].seq == 1:
        yield audit.digest_of(newest[-1], "") == newest[-1].digest


def _events(session: Session) -> Iterator[bool]:
    """Whether the newest first events of matters do."""
    query = select(Event, Matter.number).join(Matter, col(Matter.id) == Event.matter_id).where(Event.seq == 1)
    for event, number in session.exec(query.order_by(col(Event.id).desc()).limit(_LOOKED_AT)):
        yield events.digest_of(event, number, "") == event.digest
