"""Sign-ins: opaque tokens of which only the digest is kept, revocable, ending by age and by idleness."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from models.account import Account, SignIn
from services.rights import audit
from services.rights.actors import actor_of, may_enter
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings

_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Current:
    """A live sign-in: who acts, and whether its last-seen time is more than a minute old."""

    actor: Actor
    stale: bool


def digest_of(token: str) -> str:
    """What is stored and passed about in place of ``token``."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(session: Session, account: Account, way: str) -> str:
    """Sign ``account`` in with a token never used before, and return the token. ``way`` goes into the audit."""
    if not may_enter(account):
        raise Refused("This account is closed. Ask the administrator to open it.")
    now, token = clock.now(), secrets.token_urlsafe(32)
    session.exec(delete(SignIn).where(col(SignIn.expires_at) < now - timedelta(days=1)))
    ends = now + timedelta(hours=settings().session_hours)
    session.add(SignIn(digest=digest_of(token), account_id=account.id, created_at=now, seen_at=now, expires_at=ends))
    audit.write(session, account.name, "sign_in", account.login, {"way": way})
    return token


def current(session: Session, digest: str) -> Current | None:
    """The live sign-in behind ``digest``, with role and area as they are now; None when it has ended."""
    found = session.exec(
        select(SignIn, Account).join(Account, col(Account.id) == SignIn.account_id).where(SignIn.digest == digest)
    ).first()
    if found is None:
        return None
    sign_in, account = found
    now = clock.now()
    if not (_alive(sign_in, now) and may_enter(account)):
        return None
    return Current(actor_of(session, account), sign_in.seen_at <= now - _TOUCH_EVERY)


def _alive(sign_in: SignIn, now: datetime) -> bool:
    idle = timedelta(minutes=settings().idle_minutes)
    return not sign_in.revoked and now < sign_in.expires_at and now < sign_in.seen_at + idle


def actor(session: Session, digest: str) -> Actor | None:
    """Who acts behind ``digest``, or None when the sign-in has ended."""
    found = current(session, digest)
    return found.actor if found else None


def touch(session: Session, digest: str) -> None:
    """Note that the person was here just now, which puts the idle limit off."""
    session.exec(update(SignIn).where(col(SignIn.digest) == digest).values(seen_at=clock.now()))


def revoke(session: Session, digest: str) -> None:
    """End one sign-in: signed out. Ending it twice, or one that never was, does nothing."""
    sign_in = session.get(SignIn, digest)
    if sign_in is None or sign_in.revoked:
        return
    sign_in.revoked = True
    session.add(sign_in)
    account = session.get_one(Account, sign_in.account_id)
    audit.write(session, account.name, "sign_out", account.login)


def revoke_all(session: Session, account: Account) -> None:
    """End every sign-in of ``account``; the caller audits why."""
    session.exec(update(SignIn).where(col(SignIn.account_id) == account.id).values(revoked=True))
