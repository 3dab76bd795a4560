"""Agreement: whether this process works with the key, the time zone and the clock of its database; asked at each write.

The newest record is the one written last, whatever day it tells of. What ``accept`` passed over no longer counts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select
from sqlmodel import Session, col, func, select

from models.audit import AuditLine
from models.event import Event
from models.fact import Fact
from services.system import clock, facts, hash_chain
from services.system.errors import Refused, listed
from services.system.settings import settings

# Two machines, and one that has just been set right, differ by seconds.
_BEHIND, _AHEAD = timedelta(minutes=2), timedelta(days=366)
# No record can be older than the program.
_EARLIEST = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

_KEY = listed(
    "MULIN_KEY is not the key of this database: its fingerprint is {found}, the database was sealed with {kept}. Set"
    " the key of before. To change it on purpose, run with the old one: python manage.py key rotate"
)
_ZONE = listed(
    "MULIN_TIMEZONE is {found}, but this database counts its days and months in {kept}. Set MULIN_TIMEZONE={kept} for"
    " every program that works on it."
)
_BACK = listed(
    "The clock of this computer says {now}, but the newest record is of {newest}. Set the clock right. If the record is"
    " what is wrong, an administrator accepts it with: python manage.py clock accept"
)
_YEARS = listed(
    "The clock of this computer says {now}, more than a year after the newest record ({newest}). Set the clock right."
    " If it is right, an administrator accepts it with: python manage.py clock accept"
)
_TOO_EARLY = listed("The clock of this computer says {now}, which is before this program was written. Set it right.")


@dataclass(frozen=True)
class Newest:
    """The records written last: their places, and the later of their times."""

    event: int
    line: int
    at: datetime | None


def require(session: Session) -> None:
    """Raise Refused unless key, time zone and clock agree with the database; what it does not say yet, it allows."""
    with session.no_autoflush:
        row = session.execute(_QUERY).one()
    _require_same(row)
    # Sample records are given a past of their own.
    if not clock.pretended():
        _require_clock(_newest(row).at)


def require_plausible() -> None:
    """Raise Refused where the clock tells of a time before the program was there, whatever the database says."""
    _require_clock(None)


def require_clock(session: Session) -> None:
    """Raise Refused where the clock does not fit the newest record."""
    _require_clock(newest(session).at)


def require_key(session: Session) -> None:
    """Raise Refused unless the database was sealed with this key."""
    _require_same(session.execute(_QUERY).one())


def newest(session: Session) -> Newest:
    """The records written last, as far as their time is not accepted already."""
    return _newest(session.execute(_QUERY).one())


def accept(session: Session) -> Newest:
    """Let the clock be right from here on, whatever the records say; returns those that are passed over."""
    found = newest(session)
    facts.put(session, facts.CLOCK, f"{found.event}:{found.line}")
    return found


def _require_same(row: Row[Any]) -> None:
    found = hash_chain.fingerprint()
    if row.key and row.key != found:
        raise Refused(_KEY, found=found, kept=row.key)
    if row.zone and row.zone != settings().timezone:
        raise Refused(_ZONE, found=settings().timezone, kept=row.zone)


def _require_clock(last: datetime | None) -> None:
    now = clock.now()
    told = {"now": _said(now), "newest": _said(last or now)}
    if now < _EARLIEST:
        raise Refused(_TOO_EARLY, **told)
    if last and now < last - _BEHIND:
        raise Refused(_BACK, **told)
    if last and now > last + _AHEAD:
        raise Refused(_YEARS, **told)


def _said(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"


def _newest(row: Row[Any]) -> Newest:
    event, _, line = (row.clock or "0:0").partition(":")
    counted = [
        at
        for at, place, passed in ((row.at, row.event, event), (row.line_at, row.line, line))
        if (place or 0) > int(passed)
    ]
    return Newest(row.event or 0, row.line or 0, max(filter(None, counted), default=None))


def _query() -> Select[Any]:
    def fact(name: str) -> Any:
        return select(Fact.value).where(col(Fact.name) == name).scalar_subquery()

    event = select(Event.at).order_by(col(Event.id).desc()).limit(1).scalar_subquery()
    line = select(AuditLine.at).order_by(col(AuditLine.seq).desc()).limit(1).scalar_subquery()
    columns = (fact(facts.KEY).label("key"), fact(facts.ZONE).label("zone"), fact(facts.CLOCK).label("clock"))
    events = (select(func.max(Event.id)).scalar_subquery().label("event"), event.label("at"))
    lines = (select(func.max(AuditLine.seq)).scalar_subquery().label("line"), line.label("line_at"))
    return select(*columns, *events, *lines)  # type: ignore[call-overload, no-any-return]


_QUERY = _query()
