"""Authentication: from what a person shows at the door to a new sign-in.

Passwords are hashed two at a time, outside any transaction, and one at a time for each name: only for names that exist,
of which five attempts are heard. So a burst of made-up names holds up no sign-in, and no writer. They wait in the same
line, then as long as hashing takes, and a wrong answer is given when whole seconds have passed since the question: so
the time tells nobody whether a name is known.
"""

import hmac
import math
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from weakref import WeakValueDictionary

import anyio
from anyio import CapacityLimiter, Lock, to_thread
from sqlmodel import Session

from models.account import Account
from services.people import accounts, attempts, codes, failures, passwords, signins
from services.rights import audit
from services.rights.actors import may_enter
from services.system import db
from services.system.errors import NotFound, Refused
from services.system.settings import settings
from services.words.i18n import listed

T = TypeVar("T")

# One hash takes 64 MiB and a core for a sixth of a second.
_hashing = CapacityLimiter(2)
# The gate's look-ups have threads of their own.
_asking = CapacityLimiter(4)
# How long it took lately; the first made-up name after a start has nothing to go by but the second it waits anyway.
_took: deque[float] = deque(maxlen=64)
_names: WeakValueDictionary[str, Lock] = WeakValueDictionary()
PATIENCE = 1.0


class WrongPassword(Refused):
    """Worded alike for an unknown name, a wrong password and a closed account."""

    def __init__(self) -> None:
        super().__init__(listed("The sign-in name or the password is not right. Check both and try again."))


@dataclass(frozen=True)
class Caller:
    """From where somebody asks: the address, and the kind of browser."""

    address: str = ""
    browser: str = ""


@dataclass(frozen=True)
class _Kept:
    """What the account keeps of its password, or of the one-time code in its place."""

    secret: str
    code: bool


@dataclass(frozen=True)
class _Shown:
    """What came of comparing: the kept secret that was right, and the hash to keep from now on."""

    right: _Kept
    renewed: str | None


async def by_password(login: str, password: str, caller: Caller | None = None) -> str:
    """Sign in by password or one-time code and return the token. Raises WrongPassword or attempts.Locked."""
    began, login = time.monotonic(), login.strip().lower()[:48]
    async with _names.setdefault(login, Lock()):
        kept = await aside(_counted, login)
        shown = await _compared(kept, password[:200])
        token = await aside(_settled, login, shown, caller or Caller())
    if token is None:
        await patience(began)
        raise WrongPassword
    return token


async def aside(work: Callable[..., T], *args: object) -> T:
    """Do something short with the database in a thread, beside the event loop."""
    return await to_thread.run_sync(partial(work, *args), limiter=_asking)


async def hashing(work: Callable[..., T], *args: object) -> T:
    """Do something that hashes, when it is its turn."""
    return await to_thread.run_sync(partial(_timed, work, *args), limiter=_hashing)


def _timed(work: Callable[..., T], *args: object) -> T:
    began = time.monotonic()
    try:
        return work(*args)
    finally:
        _took.append(time.monotonic() - began)


async def _as_if_hashing() -> None:
    async with _hashing:
        took = random.choice(_took) if _took else 0
    await anyio.sleep(took)


async def patience(began: float) -> None:
    """Wait until whole seconds have passed since ``began``."""
    gone = time.monotonic() - began
    await anyio.sleep(math.ceil(gone / PATIENCE) * PATIENCE - gone if PATIENCE else 0)


def _counted(login: str) -> _Kept | None:
    with db.writing(db.DOOR) as session:
        attempts.count(session, login)
        account = accounts.by_login(session, login)
        return _kept(account) if account else None


def _kept(account: Account) -> _Kept | None:
    if account.code:
        return _Kept(account.code, True) if codes.usable(account) else None
    return _Kept(account.password, False) if account.password else None


async def _compared(kept: _Kept | None, typed: str) -> _Shown | None:
    if kept is None or kept.code:
        await _as_if_hashing()
        right = kept is not None and hmac.compare_digest(kept.secret, codes.digest_of(typed))
        return _Shown(kept, None) if kept and right else None
    return await hashing(_hashed, kept, typed)


def _hashed(kept: _Kept, typed: str) -> _Shown | None:
    if not passwords.matches(kept.secret, typed):
        return None
    return _Shown(kept, passwords.hashed(typed) if passwords.outdated(kept.secret) else None)


def _settled(login: str, shown: _Shown | None, caller: Caller) -> str | None:
    with db.writing() as session:
        account = accounts.by_login(session, login)
        if account is None or shown is None or not (may_enter(account) and _still(session, account, shown.right)):
            failed(session, login, account, caller.address)
            return None
        attempts.clear(session, login)
        failures.tell(session)
        account.password = shown.renewed or account.password
        return signins.start(session, account, "code" if shown.right.code else "password", caller.browser)


def _still(session: Session, account: Account, kept: _Kept) -> bool:
    """Whether what was right a moment ago is still what opens; a code then has opened."""
    return codes.use(session, account, kept.secret) if kept.code else account.password == kept.secret


def failed(session: Session, login: str, account: Account | None, address: str) -> None:
    """Count a failure for the audit, and say there when the account is locked by it."""
    failures.count(session, account.login if account else "", address)
    if account and attempts.locked(session, login):
        audit.write(session, account.login, "sign_in.locked", account.login)


def by_demo_identity(session: Session, account_id: int, browser: str = "") -> str:
    """Sign in as a demo identity with one click and return the token; NotFound anywhere but in demo mode."""
    account = session.get(Account, account_id)
    if not settings().demo or account is None or not account.demo:
        raise NotFound("There is no such demo identity. Choose one from the list.")
    return signins.start(session, account, "demo", browser)


def by_subject(session: Session, subject: str, browser: str = "") -> str | None:
    """Sign in whoever the OIDC provider vouched for and return the token; None when no open account is linked."""
    account = accounts.by_subject(session, subject)
    if account is None or not may_enter(account):
        audit.write(session, "?", "sign_in.unlinked", "oidc")
        return None
    return signins.start(session, account, "oidc", browser)
