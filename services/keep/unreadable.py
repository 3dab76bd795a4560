"""Unreadable cells: what a column holds that is not of its type, as only somebody beside the program can write it."""

from collections.abc import Iterator

from sqlalchemy import Column, select
from sqlmodel import Session, SQLModel

from services.words.i18n import listed

MESSAGE = listed("{field} holds something that can't be read: it was changed without the program.")
FAULTS = (ValueError, TypeError, ArithmeticError)


def cells(session: Session) -> Iterator[tuple[str, str]]:
    """The table with the key of the row, and the column, of the first such cell of each column."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.c:
            if (at := _fails_at(session, column)) is not None:
                keys = select(*table.primary_key.columns).order_by(*table.primary_key.columns).offset(at).limit(1)
                row = session.connection().execute(keys).first() or ()
                yield f"{table.name} {','.join(map(str, row))}", f"{table.name}.{column.name}"


def _fails_at(session: Session, column: Column[object]) -> int | None:
    """How many rows can be read before one can't."""
    good, table = 0, column.table
    try:
        for (value,) in session.connection().execute(select(column).order_by(*table.primary_key.columns)):
            good += 1 if _is_fit(column, value) else 0
            if not _is_fit(column, value):
                return good
    except FAULTS:
        return good
    return None


def _is_fit(column: Column[object], value: object) -> bool:
    try:
        wanted = column.type.python_type
    except NotImplementedError:
        return True
    return value is None or wanted is dict or isinstance(value, (wanted, int) if wanted is float else wanted)
