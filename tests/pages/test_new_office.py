"""An office without a single area: every page greets or shows what it has, and says the way on."""

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from services.people import accounts, signins
from services.rights import permissions
from services.rights.permissions import Actor
from services.system.settings import ROOT
from ui.frame.menu import ENTRIES, Entry, always

OPEN = [entry for entry in ENTRIES if permissions.may(Actor(None, "admin", "admin"), f"page.{entry.name}")]


def opened(session: Session, role: str, script: str) -> AppTest:
    account = accounts.create(
        session,
        "test",
        login=f"first.{role.replace('_', '.')}",
        name=role,
        role=role,
        password=None,
        area_id=None,
        subject=role,
    )
    account.language = "en"
    digest = signins.digest_of(signins.start(session, account, "test"))
    session.commit()
    app = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=300)
    app.user = {"session": digest}
    app.run()
    return app.switch_page(script).run()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("entry", OPEN, ids=lambda entry: entry.name)
def test_every_page_greets_an_administrator(session: Session, entry: Entry) -> None:
    app = opened(session, "admin", entry.path)
    assert not app.exception, app.exception
    assert not app.error, app.error
    if not always(entry.name):
        assert [title.value for title in app.title] == ["Welcome to Mulin"]
        said = " ".join(text.value for text in app.markdown)
        assert all(word in said for word in ("Areas", "Organisations", "Venues", "Forums", "Ledger"))
        assert "manage.py demo" not in said


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_cannot_bring_anything_in_is_sent_to_the_administrator(session: Session) -> None:
    app = opened(session, "viewer", ENTRIES[0].path)
    assert not app.exception
    assert any("Ask an administrator" in info.value for info in app.info)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_log_is_there_before_any_area(session: Session) -> None:
    app = opened(session, "admin", next(entry.path for entry in ENTRIES if entry.name == "audit"))
    assert [title.value for title in app.title] == ["Audit"] and not app.exception
    assert "first.admin" in app.dataframe[1].value.to_csv()
