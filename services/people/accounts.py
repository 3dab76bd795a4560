"""Accounts: made, given a password, closed. Each change is audited; a password never is."""

import re

from sqlmodel import Session, select

from models.account import Account
from models.area import Area
from models.organisation import Organisation
from services.people import attempts, passwords, personal_words, signins, strength
from services.people.demo_identities import demo_identities, demo_units
from services.places import areas
from services.rights import audit
from services.rights.actors import LANGUAGE, actor_of
from services.rights.permissions import words_of
from services.system import db
from services.system.data_files import rows
from services.system.database_faults import FAULTS
from services.system.errors import NotFound, Refused
from services.system.settings import settings
from services.system.writers import later
from services.words import vocabulary

__all__ = [
    "actor_of",
    "by_login",
    "by_subject",
    "choose_language",
    "create",
    "deactivate",
    "demo_identities",
    "ensure_demo_identities",
    "set_language",
    "set_password",
]

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,47}")


def create(
    session: Session,
    actor_name: str,
    *,
    login: str,
    name: str,
    role: str,
    password: str | None,
    area_id: int | None,
    organisation_id: int | None = None,
    subject: str | None = None,
    demo: bool = False,
) -> Account:
    """Make an account. Without ``password`` it can only enter through OIDC (``subject``) or as a demo identity.

    With one, it opens nothing until its owner has chosen another: whoever made the account knows this one.
    """
    _check(session, login, name, role, area_id)
    _check_unit(session, role, organisation_id)
    if subject and by_subject(session, subject):
        raise Refused("That external identity is linked already. Use another, or change the account it belongs to.")
    account = Account(
        login=login,
        name=name.strip(),
        role=role,
        area_id=area_id,
        organisation_id=organisation_id,
        subject=subject or None,
        must_change=password is not None,
        demo=demo,
    )
    if password is not None:
        account.password = _hash(session, account, password)
    session.add(account)
    session.flush()
    told = {"role": role, "area": area_id, "demo": demo} | ({"unit": organisation_id} if organisation_id else {})
    audit.write(session, actor_name, "account.create", login, told)
    return account


def _check(session: Session, login: str, name: str, role: str, area_id: int | None) -> None:
    if not _LOGIN.fullmatch(login):
        raise Refused("A sign-in name is 3 to 48 small letters, digits, dots or hyphens, and begins with a letter.")
    if by_login(session, login):
        raise Refused("The sign-in name {login} is taken. Choose another.", login=login)
    if not 1 <= len(name.strip()) <= 64:
        raise Refused("Give the account a name of 1 to 64 characters; it is shown beside everything done with it.")
    if role not in vocabulary.codes("role"):
        raise Refused("There is no role {role}. Choose one of: {roles}.", role=role, roles=_roles())
    if area_id is not None and session.get(Area, area_id) is None:
        raise NotFound("That area does not exist. Choose one from the list.")


def _check_unit(session: Session, role: str, organisation_id: int | None) -> None:
    if organisation_id is None and "unit" in words_of(role):
        raise Refused("Somebody in this role answers for a unit. Name the unit the account is for.")
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        raise NotFound("That unit does not exist. Choose one from the list.")


def _roles() -> str:
    return ", ".join(vocabulary.codes("role"))


def check_password(session: Session, account: Account, password: str) -> None:
    """Raise Refused unless a password is strong enough for this account."""
    strength.check(password, personal_words.of(session, account))


def _hash(session: Session, account: Account, password: str) -> str:
    check_password(session, account, password)
    return passwords.hashed(password)


def set_password(session: Session, actor_name: str, account: Account, password: str) -> None:
    """Give a new password, clear the lock, and end every sign-in made with the old one.

    Its owner must choose another before anything else.
    """
    if account.demo:
        raise Refused("A demo identity has no password. Create an account of your own instead.")
    account.password = _hash(session, account, password)
    account.must_change, account.code, account.code_until = True, None, None
    session.add(account)
    attempts.clear(session, account.login)
    signins.revoke_all(session, account)
    audit.write(session, actor_name, "account.password", account.login)


def deactivate(session: Session, actor_name: str, account: Account) -> None:
    """Close the account; whoever is signed in with it is out at the next click. What it did stays."""
    account.active = False
    session.add(account)
    signins.revoke_all(session, account)
    audit.write(session, actor_name, "account.deactivate", account.login)


def activate(session: Session, actor_name: str, account: Account) -> None:
    """Open a closed account again; its password and its sign-ins stay as they were left."""
    account.active = True
    session.add(account)
    audit.write(session, actor_name, "account.activate", account.login)


def change(
    session: Session, actor_name: str, account: Account, role: str, area_id: int | None, organisation_id: int | None
) -> None:
    """Give an account another role, area or unit; it holds from its owner's next click."""
    if role not in vocabulary.codes("role"):
        raise Refused("There is no role {role}. Choose one of: {roles}.", role=role, roles=_roles())
    _check_unit(session, role, organisation_id)
    told = {"role": role, "area": area_id, "unit": organisation_id}
    before = {"role": account.role, "area": account.area_id, "unit": account.organisation_id}
    account.role, account.area_id, account.organisation_id = role, area_id, organisation_id
    session.add(account)
    audit.write(session, actor_name, "account.change", account.login, {"before": before, "after": told})


def set_language(session: Session, account_id: int, language: str) -> None:
    """Remember the language this person reads; an unknown one is ignored."""
    if language in vocabulary.LANGUAGES:
        account = session.get_one(Account, account_id)
        account.language = language
        session.add(account)


def choose_language(account_id: int, language: str) -> None:
    """Let this person read ``language`` from now on, also while nothing can be written; an unknown one is ignored."""
    key = (LANGUAGE, account_id)
    try:
        with db.writing(db.HURRY) as session:
            set_language(session, account_id, language)
        later.forget(key)
    except FAULTS:
        if language in vocabulary.LANGUAGES:
            later.note(key, language, lambda session, value: set_language(session, account_id, value))


def by_login(session: Session, login: str) -> Account | None:
    """The account with this sign-in name, active or not."""
    return session.exec(select(Account).where(Account.login == login)).first()


def by_subject(session: Session, subject: str) -> Account | None:
    """The account linked to this OIDC subject, active or not."""
    return session.exec(select(Account).where(Account.subject == subject)).first()


def ensure_demo_identities(session: Session, place_area: Area, suffix: str) -> list[Account]:
    """Make the demo accounts of a place that are missing, and return them all. Refused in production.

    Who stands for a unit is made where the place says for which one.
    """
    if not settings().demo:
        raise Refused("Demo identities are not allowed in production. Use: python manage.py user add.")
    units = demo_units(session, place_area)
    known = (row for row in rows("demo_identities.csv") if row["scope"] != "unit" or row["role"] in units)
    return [_ensure(session, row, place_area, suffix, units.get(row["role"])) for row in known]


def _ensure(session: Session, row: dict[str, str], root: Area, suffix: str, unit: int | None) -> Account:
    everywhere = row["scope"] == "everywhere"
    login = "demo." + row["role"].replace("_", "-") + ("" if everywhere else f".{suffix}")
    grids = areas.descend(session, root.path, "grid") if row["scope"] == "grid" else []
    area = grids[0] if grids else root
    return by_login(session, login) or create(
        session,
        "demo",
        login=login,
        name=row["name"],
        role=row["role"],
        password=None,
        area_id=None if everywhere else area.id,
        organisation_id=unit,
        demo=True,
    )
