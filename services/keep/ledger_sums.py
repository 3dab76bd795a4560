"""Ledger sums: the entries whose postings do not sum to zero, as none that the program wrote can."""

from sqlmodel import Session, col, func, select

from models.ledger import LedgerAccount, LedgerEntry, Posting
from models.matter import Matter


def unbalanced(session: Session) -> list[tuple[str, int, str, int]]:
    """Number of the matter, id of the entry, unit and sum, for what is booked and for what is promised by itself."""
    booked, total = col(Posting.stage) == "booked", func.sum(Posting.amount)
    query = (
        select(Matter.number, LedgerEntry.id, LedgerAccount.unit, total)
        .join(LedgerEntry, col(LedgerEntry.matter_id) == Matter.id)
        .join(Posting, col(Posting.entry_id) == LedgerEntry.id)
        .join(LedgerAccount, col(LedgerAccount.id) == Posting.account_id)
        .group_by(col(Matter.number), col(LedgerEntry.id), col(LedgerAccount.unit), booked)
        .having(total != 0)
    )
    return [(number, entry, unit, int(left)) for number, entry, unit, left in session.exec(query)]
