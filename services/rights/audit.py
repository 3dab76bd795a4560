"""The audit lines: what happened outside any matter, in one chain."""

from typing import Any

from sqlmodel import Session, col, func, select

from models.audit import AuditLine
from models.serial import Serial
from services.system import agreement, clock, db, hash_chain

SERIES = "audit"


def write(
    session: Session, actor: str, act: str, subject: str = "", data: dict[str, Any] | None = None, *, area: str = ""
) -> AuditLine:
    """Add a line to the chain, in the caller's transaction. Refused where key, time zone or clock are not its own.

    ``area`` is the path of what it is about, for those who are responsible there to read the line.
    """
    agreement.require(session)
    db.alone(session)  # Two writers must not take the same sequence number.
    last = session.exec(select(AuditLine).order_by(col(AuditLine.seq).desc()).limit(1)).first()
    line = AuditLine(
        seq=_next(session, last.seq if last else 0),
        at=clock.now(),
        actor=actor[:64],
        act=act,
        subject=subject[:128],
        data=(data or {}) | {"area": area} if area else data,
        digest="",
    )
    line.digest = digest_of(line, last.digest if last else "")
    session.add(line)
    session.flush()
    return line


def _next(session: Session, last: int) -> int:
    """The number of the next line. It is counted beside the lines, so that a cut tail shows."""
    count = session.get(Serial, SERIES, populate_existing=True) or Serial(series=SERIES)
    count.last = max(count.last, last) + 1
    session.add(count)
    return count.last


def digest_of(line: AuditLine, previous: str) -> str:
    """The digest ``line`` must carry after ``previous``."""
    return hash_chain.digest(previous, line.seq, line.at.isoformat(), line.actor, line.act, line.subject, line.data)


def genuine(session: Session, line: AuditLine) -> bool:
    """Whether a line was written by the program after the one before it: one that was forged explains nothing."""
    before = session.exec(select(AuditLine.digest).where(AuditLine.seq == line.seq - 1)).first()
    return digest_of(line, before or "") == line.digest


def newest(session: Session) -> int:
    """The number of the last line: another one after every change outside a matter."""
    return int(session.exec(select(func.max(col(AuditLine.seq)))).one() or 0)
