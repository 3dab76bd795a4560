"""Attempts: five wrong passwords in fifteen minutes lock the door for fifteen, whether or not anybody lives there."""

import hashlib
import hmac
import time
from datetime import datetime, timedelta

from sqlalchemy import case, update
from sqlmodel import Session, col, func, select

from models.account import Account
from models.audit import AuditLine
from services.rights import audit
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings
from services.words.i18n import listed

LIMIT = 5
WINDOW = 15 * 60


class Locked(Refused):
    """Too many attempts; ``until`` is when the next one is heard."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            listed("Too many attempts. Try again after {time}, or ask the administrator for a new password."),
            time=clock.local(until).strftime("%H:%M"),
        )
        self.until = until


def count(session: Session, account: Account) -> None:
    """Count an attempt before its password is looked at; raise Locked from the sixth on.

    One UPDATE decides, so twenty attempts at the same moment still put only five passwords to the test.
    """
    now = time.time()
    failures = case((col(Account.failed_at) < now - WINDOW, 1), else_=col(Account.failures) + 1)
    counted = session.exec(
        update(Account)
        .where(col(Account.id) == account.id, col(Account.locked_until) <= now)
        .values(
            failures=failures,
            failed_at=now,
            locked_until=case((failures >= LIMIT, now + WINDOW), else_=col(Account.locked_until)),
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(account)
    if counted.rowcount == 0:
        raise Locked(datetime.fromtimestamp(account.locked_until, tz=clock.now().tzinfo))


def clear(session: Session, account: Account) -> None:
    """Forget the attempts: the right password came."""
    account.failures, account.locked_until = 0, 0.0
    session.add(account)


def failed(session: Session, account: Account) -> None:
    """Audit a wrong password, and the lock when it was the last allowed."""
    audit.write(session, account.login, "sign_in.failed", account.login)
    if account.failures >= LIMIT:
        audit.write(session, account.login, "sign_in.locked", account.login)


def count_unknown(session: Session, login: str) -> None:
    """Audit an attempt on a name nobody has, and lock it alike, so that a lock does not tell names apart.

    People type passwords into the wrong box: the name itself is never written down, only its keyed digest.
    """
    alias = "unknown:" + hmac.new(settings().key.encode(), login.encode(), hashlib.sha256).hexdigest()[:16]
    since = clock.now() - timedelta(seconds=WINDOW)
    tried, last = session.exec(
        select(func.count(), func.max(AuditLine.at)).where(
            col(AuditLine.at) > since, AuditLine.act == "sign_in.failed", AuditLine.subject == alias
        )
    ).one()
    if tried >= LIMIT:
        raise Locked(last + timedelta(seconds=WINDOW))
    audit.write(session, "?", "sign_in.failed", alias)
