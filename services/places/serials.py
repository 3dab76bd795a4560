"""Numbers people can say on the telephone: prefix, year, running number. None is skipped and none is given twice."""

from contextlib import suppress

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from models.serial import Serial
from services.system import clock


def take(session: Session, prefix: str, count: int = 1) -> list[str]:
    """The next ``count`` numbers of this year, such as ``CL-2026-000017``."""
    series = f"{prefix}-{clock.today().year}"
    return [f"{series}-{number:06d}" for number in _advance(session, series, count)]


def _advance(session: Session, series: str, count: int) -> range:
    moved = update(Serial).where(col(Serial.series) == series).values(last=col(Serial.last) + count)
    if session.execute(moved).rowcount == 0:  # type: ignore[attr-defined]
        _begin(session, series)
        session.execute(moved)
    last = session.exec(select(Serial.last).where(Serial.series == series)).one()
    return range(last - count + 1, last + 1)


def _begin(session: Session, series: str) -> None:
    """The first number of a year: of several who ask at once one begins the series, the others count on."""
    with suppress(IntegrityError), session.begin_nested():
        session.add(Serial(series=series, last=0))
        session.flush()
