"""Lessons of issues: what the new ones of an import teach: the words of their categories, and what came back 回潮."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.importing import ImportBatch
from models.matter import Matter
from services.flows.issue import recurrences, suggestions
from services.matters import lessons

# More of the same ledger teaches nothing new, and the transaction is waiting.
_TAUGHT = 20_000


@lessons.taken("issue")
def take(session: Session, batch: ImportBatch) -> None:
    """Learn from the new matters of the batch, and mark those that repeat an earlier one."""
    recurrences.mark(session, list(session.exec(select(Matter.id).where(Matter.import_id == batch.id))))
    suggestions.teach(session, _told(session, batch))


@lessons.forgotten
def forget(session: Session, batch: ImportBatch) -> None:
    """Unlearn what the matters taught that an undo is about to remove."""
    suggestions.teach(session, (), taken_back=_told(session, batch))


def _told(session: Session, batch: ImportBatch) -> Iterator[tuple[str, str]]:
    query = (
        select(Matter.title, Matter.description, Matter.category)
        .where(Matter.import_id == batch.id, Matter.flow == "issue", col(Matter.category).is_not(None))
        .order_by(col(Matter.id))
        .limit(_TAUGHT)
    )
    for title, description, category in session.exec(query):
        yield f"{title}\n{description}", category or ""
