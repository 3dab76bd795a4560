"""Authentication: from what a person shows at the door to a new sign-in.

These functions open their own transactions: a password check takes a sixth of a second, and no writer may wait for it.
"""

from sqlmodel import Session

from models.account import Account
from services.people import accounts, attempts, passwords, signins
from services.rights import audit
from services.rights.actors import may_enter
from services.system import db
from services.system.errors import NotFound, Refused
from services.system.settings import settings
from services.words.i18n import listed


class WrongPassword(Refused):
    """Worded alike for an unknown name, a wrong password and a closed account."""

    def __init__(self) -> None:
        super().__init__(listed("The sign-in name or the password is not right. Check both and try again."))


def by_password(login: str, password: str) -> str:
    """Sign in by password and return the token. Raises WrongPassword or attempts.Locked."""
    login = login.strip().lower()[:48]
    stored = _counted(login)
    right = passwords.matches(stored, password[:200])
    renewed = passwords.hashed(password) if right and stored and passwords.outdated(stored) else None
    with db.writing() as session:
        token = _settle(session, login, right, renewed)
    if token is None:
        raise WrongPassword
    return token


def _counted(login: str) -> str | None:
    with db.writing() as session:
        account = accounts.by_login(session, login)
        if account is None:
            attempts.count_unknown(session, login)
            return None
        attempts.count(session, account)
        return account.password


def _settle(session: Session, login: str, right: bool, renewed: str | None) -> str | None:
    account = accounts.by_login(session, login)
    if account is None:
        return None
    if not (right and may_enter(account)):
        attempts.failed(session, account)
        return None
    attempts.clear(session, account)
    account.password = renewed or account.password
    return signins.start(session, account, "password")


def by_demo_identity(session: Session, account_id: int) -> str:
    """Sign in as a demo identity with one click and return the token; NotFound anywhere but in demo mode."""
    account = session.get(Account, account_id)
    if not settings().demo or account is None or not account.demo:
        raise NotFound("There is no such demo identity. Choose one from the list.")
    return signins.start(session, account, "demo")


def by_subject(session: Session, subject: str) -> str | None:
    """Sign in whoever the OIDC provider vouched for and return the token; None when no open account is linked."""
    account = accounts.by_subject(session, subject)
    if account is None or not may_enter(account):
        audit.write(session, "?", "sign_in.unlinked", "oidc")
        return None
    return signins.start(session, account, "oidc")
