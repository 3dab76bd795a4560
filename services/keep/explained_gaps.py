"""Undone imports as `verify` sees them: which missing numbers the audit chain explains, and what pretends to be one."""

from typing import Any

from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.importing import ImportBatch
from models.matter import Matter
from services.rights import audit

ACT = "import_undone"
# The events that imports write; anything else in a chain was done by somebody here.
IMPORTS = ("import", "reimport", "import_undone")


class Undone:
    """What the sound lines of the audit chain say was undone: batches, and numbers that are rightly missing."""

    def __init__(self) -> None:
        self.batches: set[int] = set()
        self.spans: list[tuple[str, int, int]] = []

    def see(self, line: AuditLine, previous: str) -> None:
        """Take a line into account; one that was forged or changed explains nothing."""
        if line.act == ACT and audit.digest_of(line, previous) == line.digest:
            told: dict[str, Any] = line.data or {}
            self.batches.add(int(told.get("batch", 0)))
            self.spans += [_span(str(span)) for span in told.get("numbers", [])]


def _span(text: str) -> tuple[str, int, int]:
    """The series, the first and the last number of ``PS-2026-000001..PS-2026-010000``."""
    first, _, last = text.partition("..")
    series, _, begins = first.rpartition("-")
    return series, int(begins), int(last.rpartition("-")[2])


def undone(session: Session) -> Undone:
    """What the audit chain says was undone."""
    found, previous = Undone(), ""
    for line in session.exec(select(AuditLine).order_by(col(AuditLine.seq)).execution_options(yield_per=5000)):
        found.see(line, previous)
        previous = line.digest
    return found


def pretended(session: Session, found: Undone) -> list[ImportBatch]:
    """The imports that are marked as undone without a line of the audit chain, and those undone that are marked not."""
    marked = session.exec(select(ImportBatch).order_by(col(ImportBatch.id))).all()
    return [batch for batch in marked if (batch.undone_at is not None) != (batch.id in found.batches)]


def still_there(session: Session, found: Undone) -> list[str]:
    """The numbers of matters that belong to an import that was undone: they were put back without the program."""
    if not found.batches:
        return []
    query = select(Matter.number).where(col(Matter.import_id).in_(found.batches)).order_by(Matter.number)
    return list(session.exec(query))
