"""Open a page of the real router as somebody who is signed in."""

from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from models.place import Place
from services import accounts, signins
from services.settings import ROOT
from ui import menu


def open_page(session: Session, place: Place, role: str, name: str, language: str = "en", **params: str) -> AppTest:
    """The page called ``name`` with its query parameters; ValueError where the role has no such page."""
    app = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=30)
    app.user = {"session": _signed_in(session, place, role, language)}
    app.run()
    for key, value in params.items():
        app.query_params[key] = value
    return app.switch_page(menu.path(name)).run()


def _signed_in(session: Session, place: Place, role: str, language: str) -> str:
    login = f"{role}.{signins.digest_of(str(len(session.identity_map)))[:8]}"
    account = accounts.create(
        session, "test", login=login, name=role, role=role, password=None, area_id=place.area_id, subject=login
    )
    account.language = language
    digest = signins.digest_of(signins.start(session, account, "test"))
    session.commit()
    return digest


def press(app: AppTest, label: str, key: str = "") -> AppTest:
    """Press the button with this label (and key), and run the page."""
    found = [button for button in app.button if button.label == label and key in (button.key or "")]
    assert len(found) == 1, f"{label}: {[button.label for button in app.button]}"
    return found[0].click().run()
