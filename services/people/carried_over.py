"""Carried over: what a restored backup must not bring back: closed accounts, former passwords, sign-ins."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session, col, select, update

from models.account import Account, SignIn
from services.people import accounts
from services.rights import audit


@dataclass(frozen=True)
class Standing:
    """One account as it stood before."""

    active: bool
    password: str | None


@dataclass
class Carried:
    """Sign-in names: closed again, with the password of before the restore, and of accounts the backup doesn't have."""

    closed: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def standing(session: Session) -> dict[str, Standing]:
    """Every account by its sign-in name."""
    found = session.exec(select(Account.login, Account.active, Account.password).order_by(Account.login))
    return {login: Standing(active, password) for login, active, password in found}


def carry(session: Session, operator: str, before: dict[str, Standing]) -> Carried:
    """Sign everybody out, close again who was closed, and let no former password open anything."""
    session.exec(update(SignIn).values(revoked=True))
    there = {account.login: account for account in session.exec(select(Account).order_by(col(Account.id)))}
    known = [(there[login], was) for login, was in before.items() if login in there]
    _renew(session, operator, changed := [(one, was) for one, was in known if one.password != was.password])
    _close(session, operator, closed := [one for one, was in known if one.active and not was.active])
    return Carried(
        [account.login for account in closed],
        [account.login for account, _ in changed],
        [login for login in before if login not in there],
    )


def _renew(session: Session, operator: str, changed: Iterable[tuple[Account, Standing]]) -> None:
    for account, was in changed:
        account.password = was.password
        session.add(account)
        audit.write(session, operator, "account.password", account.login, {"restored": True})


def _close(session: Session, operator: str, closed: Iterable[Account]) -> None:
    for account in closed:
        accounts.deactivate(session, operator, account)
