"""Vouching: a line of the audit chain tells since when there are seals, and how much was sealed as it was found.

So seals that were all taken away can't begin anew without a word: whoever starts the program next writes it down.
"""

from sqlmodel import Session, select

from models.audit import AuditLine
from services.rights import audit
from services.system.seals import adopting
from services.system.seals import head as heads
from services.system.seals.head import Head


def untold(session: Session) -> Head | None:
    """The head of the seals, where no line tells of its beginning yet."""
    head = heads.head(session.connection())
    if head is None or not head.sound:
        return None
    told = session.exec(select(AuditLine.data).where(AuditLine.act == adopting.ACT)).all()
    return None if any(data and data.get("since") == head.at.isoformat() for data in told) else head


def tell(session: Session, operator: str) -> None:
    """Write the line, where there is none."""
    if head := untold(session):
        data = {"since": head.at.isoformat(), "rows": head.found, "why": head.why}
        audit.write(session, operator, adopting.ACT, "", data)
