"""The session a page sees: fresh, refused when it must be, and never half-written."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models import AuditLine, SignIn
from services.people import accounts, signins
from services.system import db


@pytest.fixture
def digest(database: str) -> str:  # noqa: ARG001 - the engine behind db is its
    with db.writing() as session:
        account = accounts.create(
            session, "root", login="li.na", name="Li", role="staff", password=None, area_id=None, subject="s"
        )
        account.language = "en"
        return signins.digest_of(signins.start(session, account, "test"))


def _page() -> None:
    import streamlit as st

    from services.rights import audit
    from services.system.errors import Refused
    from ui.frame import session

    def work(database: object, actor: object, failure: object = None) -> str:
        audit.write(database, actor.name, "trial")  # type: ignore[arg-type, attr-defined]
        if failure:
            raise failure  # type: ignore[misc]
        return "done"

    def act(failure: object = None) -> None:
        st.session_state["result"] = session.commit(work, failure)

    who = session.require(st.session_state.get("act", "page.ledger"))
    assert session.actor() is who
    session.show_outcome()
    st.text(f"{who.name}/{who.role}/{st.session_state['language']}")
    st.button("good", on_click=act)
    refused = Refused("There is no role {role}. Choose one of: {roles}.", role="*x*", roles="y")
    st.button("refused", on_click=act, args=(refused,))
    st.button("failing", on_click=act, args=(st.session_state.get("failure"),))


def _app(digest: str | None, **state: object) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=300)
    app.user = {"session": digest}
    for name, value in state.items():
        app.session_state[name] = value
    return app.run()


def _press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def _lines() -> int:
    with db.reading() as session:
        return len(session.exec(select(AuditLine).where(AuditLine.act == "trial")).all())


def test_the_person_and_the_language_come_from_the_database(digest: str) -> None:
    app = _app(digest)
    assert app.text[0].value == "Li/staff/en"
    with db.writing() as session:
        account = accounts.by_login(session, "li.na")
        assert account
        account.role, account.language = "secretary", "zh_CN"
        session.add(account)
    assert app.run().text[0].value == "Li/secretary/zh_CN"


@pytest.mark.parametrize("made_up", [None, "", "0" * 64])
def test_nobody_sees_a_sentence_and_the_way_to_the_door(digest: str, made_up: str | None) -> None:
    assert digest
    app = _app(made_up)
    assert len(app.error) == 1 and not app.text and not app.button
    assert "/sign-in" in str(app.get("html")[0].proto)


def test_a_revoked_sign_in_ends_at_the_next_click_and_writes_nothing(digest: str) -> None:
    app = _app(digest)
    with db.writing() as session:
        signins.revoke(session, digest)
    app = _press(app, "good")
    assert not app.text and len(app.error) == 1 and _lines() == 0


def test_a_page_that_is_not_for_this_role_stops(digest: str) -> None:
    app = _app(digest, act="page.nowhere")
    assert len(app.error) == 1 and not app.text


def test_a_success_is_a_toast_and_shown_once(digest: str) -> None:
    app = _press(_app(digest), "good")
    assert (len(app.toast), len(app.error), _lines()) == (1, 0, 1)
    assert app.session_state["result"] == "done"
    assert not app.run().toast


def test_a_refusal_is_an_error_with_typed_text_escaped_and_nothing_written(digest: str) -> None:
    app = _press(_app(digest), "refused")
    assert (len(app.toast), len(app.error), _lines()) == (0, 1, 0)
    assert r"\*x\*" in app.error[0].value and app.session_state["result"] is None


@pytest.mark.parametrize("failure", [StaleDataError("x"), IntegrityError("x", None, Exception("y"))])
def test_a_clash_is_a_sentence_and_nothing_written(digest: str, failure: Exception) -> None:
    app = _press(_app(digest, failure=failure), "failing")
    assert (len(app.toast), len(app.error), _lines()) == (0, 1, 0)


def test_being_here_is_noted_at_most_once_a_minute(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[str] = []
    monkeypatch.setattr(signins, "touch", touched.append)
    app = _app(digest)
    assert touched == []
    with db.writing() as session:
        sign_in = session.get_one(SignIn, digest)
        sign_in.seen_at -= timedelta(seconds=61)
        session.add(sign_in)
    app.run()
    assert touched == [digest]
