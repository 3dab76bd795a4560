"""One-time codes: what an administrator hands to somebody who forgot the password. It opens once, for a day."""

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from models.account import Account
from services.people import attempts, signins
from services.rights import audit
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings

# Without letters and digits that are taken for one another.
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_GROUPS, _GROUP = 4, 4


def issue(session: Session, actor_name: str, account: Account) -> str:
    """Put a code in the place of the password and return it; nobody can read it again.

    Whoever is signed in with the account is out, and the lock is off.
    """
    if account.demo:
        raise Refused("A demo identity has no password. Create an account of your own instead.")
    if account.subject and account.password is None and account.code is None:
        raise Refused("This account signs in elsewhere and has no password here. Its administrator there can help.")
    if not account.active:
        raise Refused("This account is closed. Ask the administrator to open it.")
    code = _new()
    account.password, account.must_change = None, True
    account.code, account.code_until = digest_of(code), clock.now() + timedelta(hours=settings().code_hours)
    session.add(account)
    attempts.clear(session, account.login)
    signins.revoke_all(session, account)
    audit.write(session, actor_name, "account.code", account.login)
    return code


def _new() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def digest_of(typed: str) -> str:
    """What is stored in place of a code; written small or without its dashes it is the same code."""
    return hashlib.sha256(re.sub(r"[\s-]", "", typed).upper().encode()).hexdigest()


def usable(account: Account) -> bool:
    """Whether the account waits for its code: one that was neither used nor has run out."""
    return account.code is not None and account.code_until is not None and clock.now() < account.code_until


def use(session: Session, account: Account, code: str) -> bool:
    """Use the code up; False when somebody was quicker. Its digest stays until a password is chosen: not that one."""
    waiting = col(Account.id) == account.id, col(Account.code) == code, col(Account.code_until).is_not(None)
    used = session.exec(
        update(Account).where(*waiting).values(code_until=None).execution_options(synchronize_session=False)
    )
    session.refresh(account)
    return used.rowcount == 1
