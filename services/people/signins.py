"""Sign-ins: opaque tokens of which only the digest is kept, revocable, ending by age and by idleness."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from models.account import Account, SignIn
from services.rights import audit
from services.rights.actors import actor_of, may_enter
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings
from services.system.writers import later

_SEEN = "seen"
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Current:
    """A live sign-in: who acts, and whether its last-seen time is more than a minute old."""

    actor: Actor
    stale: bool


def digest_of(token: str) -> str:
    """What is stored and passed about in place of ``token``."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(session: Session, account: Account, way: str, browser: str = "") -> str:
    """Sign ``account`` in with a token never used before, and return the token. ``way`` goes into the audit."""
    if not may_enter(account):
        raise Refused("This account is closed. Ask the administrator to open it.")
    now, token = clock.now(), secrets.token_urlsafe(32)
    session.exec(delete(SignIn).where(col(SignIn.expires_at) < now - timedelta(days=1)))
    ends = now + timedelta(hours=settings().session_hours)
    made = SignIn(digest=digest_of(token), account_id=account.id, created_at=now, seen_at=now, expires_at=ends)
    made.browser = browser[:32]
    session.add(made)
    audit.write(session, account.name, "sign_in", account.login, {"way": way})
    return token


def holder(session: Session, digest: str) -> Account | None:
    """Whose live sign-in this is, also while they have a password to change and so are nobody yet."""
    found = _live(session, digest)
    return found[1] if found else None


def current(session: Session, digest: str) -> Current | None:
    """The live sign-in behind ``digest``, with role and area as they are now; None when it has ended.

    Whoever must change the password first is nobody until then: no page, export, layer or click is theirs.
    """
    found = _live(session, digest)
    if found is None or found[1].must_change:
        return None
    sign_in, account = found
    return Current(actor_of(session, account), _seen(sign_in) <= clock.now() - _TOUCH_EVERY)


def _live(session: Session, digest: str) -> tuple[SignIn, Account] | None:
    found = session.exec(
        select(SignIn, Account).join(Account, col(Account.id) == SignIn.account_id).where(SignIn.digest == digest)
    ).first()
    if found is None:
        return None
    sign_in, account = found
    return (sign_in, account) if _alive(sign_in, clock.now()) and may_enter(account) else None


def _alive(sign_in: SignIn, now: datetime) -> bool:
    idle = timedelta(minutes=settings().idle_minutes)
    return not sign_in.revoked and now < sign_in.expires_at and now < _seen(sign_in) + idle


def _seen(sign_in: SignIn) -> datetime:
    noted: datetime | None = later.noted((_SEEN, sign_in.digest))
    return max(sign_in.seen_at, noted) if noted else sign_in.seen_at


def actor(session: Session, digest: str) -> Actor | None:
    """Who acts behind ``digest``, or None when the sign-in has ended."""
    found = current(session, digest)
    return found.actor if found else None


def touch(digest: str) -> None:
    """Note that the person was here just now, which puts the idle limit off. Nobody waits for it to be written."""
    later.note((_SEEN, digest), clock.now(), partial(_write_seen, digest))


def _write_seen(digest: str, session: Session, at: datetime) -> None:
    mine = col(SignIn.digest) == digest, col(SignIn.seen_at) < at
    session.exec(update(SignIn).where(*mine).values(seen_at=at))


def revoke(session: Session, digest: str) -> None:
    """End one sign-in: signed out. Ending it twice, or one that never was, does nothing."""
    sign_in = session.get(SignIn, digest)
    if sign_in is None or sign_in.revoked:
        return
    sign_in.revoked = True
    session.add(sign_in)
    account = session.get_one(Account, sign_in.account_id)
    audit.write(session, account.name, "sign_out", account.login)


def revoke_all(session: Session, account: Account, but: str = "") -> None:
    """End every sign-in of ``account``, save the one behind the digest ``but``; the caller audits why."""
    theirs = col(SignIn.account_id) == account.id, col(SignIn.digest) != but
    session.exec(update(SignIn).where(*theirs).values(revoked=True))


def live_of(session: Session, account_id: int) -> list[SignIn]:
    """The sign-ins of an account that have not ended, the latest seen first."""
    query = select(SignIn).where(SignIn.account_id == account_id).order_by(col(SignIn.seen_at).desc())
    return [one for one in session.exec(query) if _alive(one, clock.now())]
