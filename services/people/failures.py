"""Failures: how often somebody failed at the door, by hour and address, told to the audit when the hour is over."""

import time
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from models.account import AttemptCount
from services.rights import audit

_HOUR = 3600
# Beyond these an hour's addresses are counted together.
_ADDRESSES = 200
_ELSEWHERE = "*"
_NETWORK = 64
_COUNT = text("""
INSERT INTO attempt_count (hour, address, login, tries) VALUES (:hour, :address, :login, 1)
ON CONFLICT (hour, address, login) DO UPDATE SET tries = attempt_count.tries + 1
""")


def count(session: Session, login: str, address: str) -> None:
    """Count a failure on the account called ``login``, or on a name that nobody has (empty)."""
    tell(session)
    hour = int(time.time() // _HOUR)
    counted = {"hour": hour, "address": _room_for(session, hour, _network(address)), "login": login}
    session.connection().execute(_COUNT, counted)


def tell(session: Session) -> None:
    """Write what the hours before this one counted into the audit: a line for each address and account."""
    over = select(AttemptCount).where(AttemptCount.hour < int(time.time() // _HOUR)).with_for_update(skip_locked=True)
    for one in session.exec(over.order_by(col(AttemptCount.hour), col(AttemptCount.address), col(AttemptCount.login))):
        hour = datetime.fromtimestamp(one.hour * _HOUR, tz=UTC).isoformat()
        told = {"hour": hour, "address": one.address, "tries": one.tries}
        audit.write(session, "?", "sign_in.failed", one.login, told)
        session.delete(one)


def _network(address: str) -> str:
    """The address, and of the sixth version its network, of which one computer has all."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return _ELSEWHERE
    return str(known) if known.version == 4 else str(ip_network((known, _NETWORK), strict=False))


def _room_for(session: Session, hour: int, address: str) -> str:
    here = col(AttemptCount.hour) == hour
    known = session.exec(select(AttemptCount.hour).where(here, AttemptCount.address == address).limit(1)).first()
    if known is not None:
        return address
    there = session.exec(select(func.count(func.distinct(AttemptCount.address))).where(here)).one()
    return address if there < _ADDRESSES else _ELSEWHERE
