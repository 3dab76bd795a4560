"""One's own sign-ins: where one is signed in, and ending one of them or all."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.account import Account, SignIn
from services.people import signins
from services.rights import audit
from services.rights.permissions import Actor
from services.system.errors import NotFound, Refused


@dataclass(frozen=True)
class Own:
    """One sign-in: since when, last seen, in which kind of browser, and whether it is the one that asks."""

    digest: str
    since: datetime
    seen: datetime
    browser: str
    here: bool


def found(session: Session, actor: Actor, here: str) -> list[Own]:
    """The sign-ins of the actor, the one that asks (``here``) first. A demo identity is everybody's: only one's own."""
    shared = _account(session, actor).demo
    live = [one for one in signins.live_of(session, actor.account_id or 0) if one.digest == here or not shared]
    told = (Own(one.digest, one.created_at, one.seen_at, one.browser, one.digest == here) for one in live)
    return sorted(told, key=lambda one: not one.here)


def end(session: Session, actor: Actor, digest: str) -> None:
    """End one of the actor's sign-ins."""
    sign_in = session.get(SignIn, digest)
    if sign_in is None or sign_in.account_id != actor.account_id or _account(session, actor).demo:
        raise NotFound("That sign-in has ended already. Look at the list.")
    signins.revoke(session, digest)


def end_all(session: Session, actor: Actor) -> None:
    """End every sign-in of the actor, this one too."""
    account = _account(session, actor)
    if account.demo:
        raise Refused("A demo identity is shared by everybody who looks around. Use Sign out; it ends your own.")
    signins.revoke_all(session, account)
    audit.write(session, actor.name, "sign_out.everywhere", account.login)


def _account(session: Session, actor: Actor) -> Account:
    return session.get_one(Account, actor.account_id)
