"""Row restore: areas, organisations, venues, offices and forums that an import changed get their columns back."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.importing import ImportBatch, ImportChange
from services.importing.batch.made_on_the_way import TABLES


def restore(session: Session, batch: ImportBatch) -> Iterator[str]:
    """Put back what the rows held before, the newest change first; yields the code of each."""
    changes = select(ImportChange).where(ImportChange.batch_id == batch.id, col(ImportChange.kind).in_(TABLES))
    for change in session.exec(changes.order_by(col(ImportChange.id).desc())).all():
        model = TABLES[change.kind]
        row = session.get(model, change.row_id) if change.before else None
        if row is not None:
            for name, value in (change.before or {}).items():
                setattr(row, name, value)
            session.add(row)
            session.flush()
            yield str(getattr(row, "code", row))
