"""My account and the accounts of an area, as their owner and their administrator use them."""

import re

import pytest
from sqlmodel import Session, select

from models.account import Account, SignIn
from models.area import Area
from models.place import Place
from services.people import account_care, accounts, codes, signins
from services.system import db
from tests.ui.opening import english, open_page, press

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
__all__ = ["english"]


def _made(session: Session, login: str, code: str = "CL-G1") -> Account:
    area = session.exec(select(Area).where(Area.code == code)).one()
    made = accounts.create(
        session, "t", login=login, name="Li *Na*", role="staff", password="Kx7!pouring-Rain", area_id=area.id
    )
    session.commit()
    return made


def test_a_code_is_shown_once_and_opens(session: Session, place: Place) -> None:
    made = _made(session, "li.na")
    app = open_page(session, place, "admin", "accounts")
    assert any("password to be changed" in text.value for text in app.markdown)
    app = press(app, "One-time code", f"code-{made.id}")
    [shown] = [box.value for box in app.code]
    assert re.fullmatch(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", shown)
    with db.reading() as other:
        kept = other.get_one(Account, made.id)
        assert kept.code == codes.digest_of(shown) and kept.password is None
    assert not list(app.run().code)


def test_an_account_is_signed_out_and_found_by_its_name(session: Session, place: Place) -> None:
    made = _made(session, "li.na")
    _made(session, "wang.wei")
    with db.writing() as other:
        digest = signins.digest_of(signins.start(other, other.get_one(Account, made.id), "test"))
    app = open_page(session, place, "admin", "accounts", who="LI.n")
    assert [button.label for button in app.button].count("One-time code") == 1
    press(app, "Sign out everywhere", f"out-{made.id}")
    with db.reading() as other:
        assert other.get_one(SignIn, digest).revoked


def test_accounts_are_cared_for_before_any_area_is_there(session: Session) -> None:
    made = accounts.create(
        session, "t", login="all.over", name="L", role="staff", password="Kx7!pouring-Rain", area_id=None
    )
    session.commit()
    app = open_page(session, None, "admin", "accounts")
    press(app, "One-time code", f"code-{made.id}")
    with db.reading() as other:
        assert other.get_one(Account, made.id).code


def test_very_many_accounts_are_not_all_drawn(session: Session, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_care, "SHOWN", 2)
    for number in range(3):
        _made(session, f"li.{number}aa")
    app = open_page(session, place, "admin", "accounts")
    assert any("The first 2 are shown" in text.value for text in app.caption)


def test_one_sees_and_ends_ones_own_sign_ins(session: Session, place: Place) -> None:
    app = open_page(session, place, "staff", "account")
    account = session.exec(select(Account).where(Account.role == "staff", Account.name == "staff")).first()
    session.commit()
    assert account and any(account.login in text.value.replace("\\", "") for text in app.markdown)
    assert any("The password is changed there" in text.value for text in app.caption)
    with db.writing() as other:
        there = signins.digest_of(signins.start(other, other.get_one(Account, account.id), "test", "Edge · Windows"))
    app.run()
    assert any("Edge · Windows" in text.value for text in app.markdown)
    press(app, "Sign out", "end-1")
    with db.reading() as other:
        assert other.get_one(SignIn, there).revoked
    press(app, "Sign out everywhere")
    with db.reading() as other:
        assert all(one.revoked for one in other.exec(select(SignIn).where(SignIn.account_id == account.id)))
