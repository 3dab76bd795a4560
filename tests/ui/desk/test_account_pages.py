"""My account and the accounts of an area, as their owner and their administrator use them."""

import re

import pytest
from sqlmodel import Session, select

from models.account import Account, SignIn
from models.area import Area
from models.audit import AuditLine
from models.place import Place
from services.people import account_care, accounts, codes, signins
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import NotFound, Refused
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


def test_an_account_is_made_moved_closed_and_opened_again(session: Session, place: Place) -> None:
    app = open_page(session, place, "admin", "accounts", area="CL-G1")
    app.text_input("account-login").set_value("zhao.min")
    app.text_input("account-name").set_value("Zhao Min")
    app = press(app.run(), "Make the account", "account-add")
    assert re.fullmatch(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", app.code[0].value)
    account = _kept("zhao.min").id
    app = press(app, "Change", f"change-{account}")
    app.selectbox(f"account-role-{account}").set_value("grid_worker")
    app.selectbox(f"account-area-{account}").set_value("CL-G1")
    app = press(app.run(), "Save", "account-save")
    with db.reading() as other:
        grid = other.exec(select(Area.id).where(Area.code == "CL-G1")).one()
    assert (_kept("zhao.min").role, _kept("zhao.min").area_id) == ("grid_worker", grid)
    app = press(press(app, "Change", f"change-{account}"), "Close account", "account-close")
    assert not _kept("zhao.min").active
    press(press(app, "Change", f"change-{account}"), "Open again", "account-close")
    with db.reading() as other:
        acts = [line.act for line in other.exec(select(AuditLine).where(AuditLine.subject == "zhao.min"))]
    assert _kept("zhao.min").active
    assert acts[-3:] == ["account.change", "account.deactivate", "account.activate"]


def _kept(login: str) -> Account:
    with db.reading() as other:
        return other.exec(select(Account).where(Account.login == login)).one()


def test_an_administrator_of_a_grid_makes_accounts_for_it_alone(session: Session, place: Place) -> None:
    assert place
    grid, root = (session.exec(select(Area).where(Area.code == code)).one() for code in ("CL-G1", "430103004008"))
    own, told = Actor(None, "grid", "admin", grid.path, grid.id), account_care.Told
    account_care.add(session, own, "li.wei", "Li Wei", told("staff", grid.code))
    for area in ("", root.code, "CL-G2"):
        with pytest.raises(Refused):
            account_care.add(session, own, "li.bo", "Li Bo", told("admin", area))
    with pytest.raises(NotFound):
        account_care.close(session, own, _made(session, "wang.wu", "CL-G2").id)
