"""Open a page of the real router as somebody who is signed in."""

import re
from html import unescape
from itertools import count

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from models.area import Area
from models.place import Place
from services.matters import list_pages
from services.people import accounts, signins
from services.people.demo_identities import demo_units
from services.system.settings import ROOT
from ui.frame import menu, text

_NUMBERS = count(1)


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest labels the options of a widget again after the run, when no session knows its language any more."""
    monkeypatch.setattr(text, "language", lambda: "en")


def open_page(
    session: Session, place: Place | None, role: str, name: str, language: str = "en", **params: str
) -> AppTest:
    """The page called ``name`` with its query parameters, through the router and its menu.

    Without a place it is opened by somebody who may look at all of them.
    """
    app = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=300)
    app.user = {"session": _signed_in(session, place, role, language)}
    flow = list_pages.flow_at(name)  # AppTest goes by the script, and the lists of all flows are one.
    for key, value in (({"flow": flow} if flow else {}) | params).items():
        app.query_params[key] = value
    return _sound(app.switch_page(menu.path(name)).run())


def open_script(session: Session, place: Place, role: str, name: str, **params: str) -> AppTest:
    """The page's script by itself, past the menu: the page must refuse on its own."""
    app = AppTest.from_file(menu.path(name), default_timeout=300)
    app.user = {"session": _signed_in(session, place, role, "en")}
    for key, value in params.items():
        app.query_params[key] = value
    return _sound(app.run())


def _sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def _signed_in(session: Session, place: Place | None, role: str, language: str) -> str:
    login = f"{role.replace('_', '.')}.{next(_NUMBERS)}"
    units = demo_units(session, session.get_one(Area, place.area_id)) if place else {}
    account = accounts.create(
        session,
        "test",
        login=login,
        name=role,
        role=role,
        password=None,
        area_id=place.area_id if place else None,
        organisation_id=units.get(role),
        subject=login,
    )
    account.language = language
    digest = signins.digest_of(signins.start(session, account, "test"))
    session.commit()
    return digest


def drawn(app: AppTest) -> str:
    """The blocks of HTML as they are sent."""
    return " ".join(str(block.proto.body) for block in app.get("html"))


def in_blocks(app: AppTest) -> list[str]:
    """What the page says in blocks of HTML, in words: one entry for each piece of text."""
    return [unescape(found).strip() for found in re.split(r"<[^>]*>", drawn(app)) if found.strip()]


def said(app: AppTest) -> str:
    """Every word of the page, a piece to a line."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.text)
    return "\n".join([str(part.value) for kind in kinds for part in kind] + in_blocks(app))


def press(app: AppTest, label: str, key: str = "") -> AppTest:
    """Press the button with this label (and key), and run the page."""
    found = [button for button in app.button if button.label == label and key in (button.key or "")]
    assert len(found) == 1, f"{label}: {[button.label for button in app.button]}"
    return _sound(found[0].click().run())
