"""One's own password: changed by its owner, who shows the present one, and at once where somebody else knows it."""

import time
from dataclasses import dataclass

from sqlmodel import Session

from models.account import Account
from services.people import accounts, attempts, authentication, codes, passwords, signins
from services.people.authentication import aside, hashing, patience
from services.rights import audit
from services.system import db
from services.system.errors import Refused


@dataclass(frozen=True)
class Asked:
    """What was typed: the present password (none where it must be changed anyway), and twice the new one."""

    present: str
    new: str
    again: str


def has_one(account: Account) -> bool:
    """Whether the account signs in with a password at all, or with a code that leads to one."""
    return account.password is not None or account.code is not None


async def change(digest: str, asked: Asked, address: str = "") -> None:
    """Change the password of whoever holds the sign-in behind ``digest``; every other sign-in of theirs ends.

    Raises Refused with what to do; after a wrong present password as late as at the door.
    """
    began = time.monotonic()
    account = await aside(_asking, digest, asked)
    known = account.must_change or await hashing(_matches, account, asked.present)
    if not known:
        await aside(_failed, account.login, address)
        await patience(began)
        raise Refused("The present password is not right. Check it and try again.")
    if await hashing(_matches, account, asked.new):
        raise Refused("That is the password you have now, or the one-time code. Choose another.")
    new = await hashing(passwords.hashed, asked.new)
    await aside(_settled, digest, account, new)


def _asking(digest: str, asked: Asked) -> Account:
    with db.reading() as session:
        account = _holder(session, digest)
        session.expunge(account)
        _check(session, account, asked)
    if not account.must_change:
        with db.writing(db.DOOR) as session:
            attempts.count(session, account.login)
    return account


def _check(session: Session, account: Account, asked: Asked) -> None:
    if not has_one(account):
        raise Refused("This account has no password here: it signs in elsewhere, or is a demo identity.")
    if asked.new != asked.again:
        raise Refused("The new password was typed in two ways. Type the same twice.")
    accounts.check_password(session, account, asked.new)


def _holder(session: Session, digest: str) -> Account:
    account = signins.holder(session, digest)
    if account is None:
        raise Refused("Your sign-in has ended. Sign in again; what you saved is safe.")
    return account


def _matches(account: Account, typed: str) -> bool:
    if account.code is not None:
        return codes.digest_of(typed) == account.code
    return account.password is not None and passwords.matches(account.password, typed)


def _failed(login: str, address: str) -> None:
    with db.writing() as session:
        authentication.failed(session, login, accounts.by_login(session, login), address)


def _settled(digest: str, seen: Account, new: str) -> None:
    with db.writing() as session:
        account = _holder(session, digest)
        if (account.password, account.code) != (seen.password, seen.code):
            raise Refused("The password was changed meanwhile. Sign in again.")
        account.password, account.must_change = new, False
        account.code = account.code_until = None
        session.add(account)
        attempts.clear(session, account.login)
        signins.revoke_all(session, account, but=digest)
        audit.write(session, account.name, "account.password", account.login, {"own": True})
