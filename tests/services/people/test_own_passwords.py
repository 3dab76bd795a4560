"""Everybody's own password: changed by its owner, first of all where somebody else knows it; and one-time codes."""

from collections.abc import Callable
from datetime import timedelta

import anyio
import pytest
from sqlmodel import Session, col, select

from models import Account, Area, AuditLine
from services.people import (
    account_care,
    accounts,
    attempts,
    authentication,
    codes,
    own_password,
    own_signins,
    signins,
)
from services.people.own_password import Asked
from services.rights.permissions import Actor
from services.system import clock, db
from services.system.errors import NotFound, Refused

GIVEN, OWN = "Kx7!pouring-Rain", "Violet-Kettle-48-Raft"
Made = Callable[..., Account]


def sign_in(login: str, password: str) -> str:
    return signins.digest_of(anyio.run(authentication.by_password, login, password))


def change(digest: str, new: str, present: str = "", again: str = "") -> None:
    anyio.run(own_password.change, digest, Asked(present, new, again or new))


def who(digest: str) -> Actor | None:
    with db.reading() as session:
        return signins.actor(session, digest)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "PATIENCE", 0)


@pytest.fixture
def made(database: str) -> Made:  # noqa: ARG001 - the accounts live there
    def make(login: str = "li.na", area_id: int | None = None, role: str = "staff", **more: object) -> Account:
        told = {"name": "Li", "password": GIVEN, "area_id": area_id, "role": role, "login": login} | more
        with db.writing() as session:
            return accounts.create(session, "root", **told)  # type: ignore[arg-type]

    return make


@pytest.fixture
def own(made: Made) -> Account:
    """Somebody who has chosen a password already."""
    account = made()
    change(sign_in("li.na", GIVEN), OWN)
    return account


def test_a_given_password_opens_nothing_but_the_change(made: Made) -> None:
    made()
    digest = sign_in("li.na", GIVEN)
    assert who(digest) is None
    with db.reading() as session:
        holder = signins.holder(session, digest)
    assert holder and holder.login == "li.na"
    change(digest, OWN)
    acting = who(digest)
    assert acting and acting.role == "staff"
    assert who(sign_in("li.na", OWN))
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", GIVEN)


def test_a_new_given_one_must_be_changed_again(own: Account) -> None:
    with db.writing() as session:
        accounts.set_password(session, "root", session.get_one(Account, own.id), "Tulpe9-brezel-Quark")
    assert who(sign_in("li.na", "Tulpe9-brezel-Quark")) is None


@pytest.mark.parametrize("new", [GIVEN, "Hunan@123456", "L.i.N.a.2026"])
def test_the_given_one_or_a_weak_one_is_no_change(made: Made, new: str) -> None:
    made()
    digest = sign_in("li.na", GIVEN)
    with pytest.raises(Refused):
        change(digest, new)
    assert who(digest) is None


def test_the_owner_shows_the_present_one_and_everywhere_else_is_out(own: Account) -> None:
    here, there = sign_in("li.na", OWN), sign_in("li.na", OWN)
    for present, new, again in (("wrong", GIVEN, ""), (OWN, GIVEN, "another"), (OWN, OWN, ""), ("", GIVEN, "")):
        with pytest.raises(Refused):
            change(here, new, present, again)
    assert who(there)
    change(here, GIVEN, OWN)
    assert who(here) and who(there) is None
    with db.reading() as session:
        lines = session.exec(select(AuditLine).where(AuditLine.act == "account.password")).all()
    assert [(line.actor, line.data) for line in lines][-1] == ("Li", {"own": True})
    assert GIVEN not in str([line.model_dump() for line in lines]) and own.id


@pytest.mark.usefixtures("own")
def test_who_took_a_screen_over_may_guess_five_times() -> None:
    here = sign_in("li.na", OWN)
    for _ in range(5):
        with pytest.raises(Refused, match="present password"):
            change(here, GIVEN, "wrong")
    with pytest.raises(attempts.Locked):
        change(here, GIVEN, OWN)


def test_a_code_opens_once_and_leads_to_a_password(own: Account) -> None:
    before = sign_in("li.na", OWN)
    with db.writing() as session:
        code = codes.issue(session, "root", session.get_one(Account, own.id))
        kept = session.get_one(Account, own.id)
        assert code not in str(kept.model_dump()) and code.replace("-", "") not in str(kept.model_dump())
    assert who(before) is None
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", OWN)
    digest = sign_in("li.na", f" {code.lower().replace('-', ' ')} ")
    assert who(digest) is None
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", code)
    with pytest.raises(Refused):
        change(digest, code)
    change(digest, GIVEN)
    assert who(digest) and who(sign_in("li.na", GIVEN))
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", code)
    with db.reading() as session:
        lines = session.exec(select(AuditLine).order_by(col(AuditLine.seq))).all()
    assert "account.code" in [line.act for line in lines]
    assert code not in str([line.model_dump() for line in lines])


def test_of_two_processes_that_found_the_same_code_right_one_enters(own: Account) -> None:
    with db.writing() as session:
        code = codes.issue(session, "root", session.get_one(Account, own.id))
    shown = authentication._Shown(authentication._Kept(codes.digest_of(code), code=True), None)
    entered = [authentication._settled("li.na", shown, authentication.Caller()) for _ in range(2)]
    assert entered[0] and entered[1] is None


def test_a_code_runs_out_and_a_newer_one_replaces_it(own: Account) -> None:
    with db.writing() as session:
        account = session.get_one(Account, own.id)
        old, new = (codes.issue(session, "root", account) for _ in range(2))
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", old)
    with db.writing() as session:
        account = session.get_one(Account, own.id)
        assert account.code_until and account.code_until > clock.now() + timedelta(hours=23)
        account.code_until = clock.now() - timedelta(seconds=1)
        session.add(account)
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", new)


def test_a_code_takes_the_lock_off(own: Account) -> None:
    for _ in range(5):
        with pytest.raises(authentication.WrongPassword):
            sign_in("li.na", "wrong")
    with db.writing() as session:
        code = codes.issue(session, "root", session.get_one(Account, own.id))
    assert sign_in("li.na", code)


@pytest.mark.parametrize("closed", [True, False])
def test_what_has_no_password_gets_no_code(made: Made, closed: bool) -> None:
    account = made(subject="s", password=None)
    with db.writing() as session:
        if closed:
            accounts.deactivate(session, "root", session.get_one(Account, account.id))
        else:
            signins.start(session, session.get_one(Account, account.id), "oidc")
    with pytest.raises(Refused), db.writing() as session:
        codes.issue(session, "root", session.get_one(Account, account.id))


@pytest.mark.usefixtures("place")
def test_an_administrator_cares_for_the_accounts_of_the_area(session: Session, made: Made) -> None:
    one, two = (session.exec(select(Area).where(Area.code == code)).one() for code in ("CL-G1", "CL-G2"))
    session.commit()
    mine, theirs, all_over = made("mine", one.id), made("theirs", two.id), made("all.over")
    admin, staff = Actor(None, "a", "admin", one.path, one.id), Actor(None, "s", "staff", one.path, one.id)
    root = Actor(None, "root", "admin")
    with db.writing() as writing:
        assert [row.account.login for row in account_care.found(writing, admin)] == ["mine"]
        assert [row.account.login for row in account_care.found(writing, admin, two.path)] == ["mine"]
        assert {"mine", "theirs", "all.over"} <= {row.account.login for row in account_care.found(writing, root)}
        assert [row.account.login for row in account_care.found(writing, root, one.path)] == ["all.over", "mine"]
        for act in (account_care.give_code, account_care.sign_out_everywhere):
            for other in (theirs.id, all_over.id, 99_999):
                with pytest.raises(NotFound):
                    act(writing, admin, other)
            with pytest.raises(Refused):
                act(writing, staff, mine.id)
            act(writing, admin, mine.id)
            act(writing, root, all_over.id)
        with pytest.raises(Refused):
            account_care.found(writing, staff)


@pytest.mark.usefixtures("own")
def test_one_sees_where_one_is_signed_in_and_ends_it() -> None:
    here, there, third = (sign_in("li.na", OWN) for _ in range(3))
    acting = who(here)
    assert acting
    with db.writing() as session:
        assert [one.here for one in own_signins.found(session, acting, here)][:2] == [True, False]
        own_signins.end(session, acting, there)
        with pytest.raises(NotFound):
            own_signins.end(session, Actor(999, "x", "admin"), third)
    assert (who(there), bool(who(third))) == (None, True)
    with db.writing() as session:
        own_signins.end_all(session, acting)
    assert who(here) is who(third) is None


def test_a_demo_identity_shows_and_ends_nobody_elses(made: Made) -> None:
    account = made("demo.x", password=None, demo=True)
    with db.writing() as session:
        here, other = (signins.digest_of(signins.start(session, account, "demo")) for _ in range(2))
    acting = who(here)
    assert acting
    with db.writing() as session:
        assert [one.digest for one in own_signins.found(session, acting, here)] == [here]
        with pytest.raises(NotFound):
            own_signins.end(session, acting, other)
        with pytest.raises(Refused):
            own_signins.end_all(session, acting)
        with pytest.raises(Refused):
            account_care.sign_out_everywhere(session, Actor(None, "root", "admin"), account.id)
    assert who(other)
