"""Every page for every role: opens without an exception, or is refused with a sentence."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from models.area import Area
from models.place import Place
from services.people import accounts, signins
from services.rights import permissions
from services.rights.permissions import Actor
from services.system import db
from services.system.settings import ROOT
from tests import connections
from tests.walk import Walk
from ui.frame.menu import ENTRIES

ROLES = ("secretary", "staff", "grid_worker", "unit_clerk", "viewer", "admin")


@pytest.fixture
def line(session: Session, place: Place, actor: Callable[[str], Actor]) -> Iterator[dict[str, str]]:
    """One whole line and one running meeting; the numbers a page is asked for."""
    whole = Walk(session, actor("secretary"), place).discuss().meet().vote()
    item = whole.promise()
    whole.publish().finish(item)
    running = Walk(session, actor("secretary"), place).discuss().meet().vote()
    session.commit()
    yield {
        "issue": whole.issue.number,
        "topic": whole.topic.number,
        "item": item.number,
        "running": running.topic.number,
    }


def signed_in(role: str, place: Place) -> str:
    with db.writing() as session:
        area = session.get_one(Area, place.area_id)
        account = next(a for a in accounts.ensure_demo_identities(session, area, "t") if a.role == role)
        return signins.digest_of(signins.start(session, account, "test"))


def opened(page: str, digest: str, params: dict[str, str]) -> AppTest:
    """The page as the router's links open it."""
    app = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=300)
    app.user = {"session": digest}
    app.run()
    for name, value in params.items():
        app.query_params[name] = value
    return app.switch_page(str(Path("..", page))).run()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["secretary", "viewer"])
def test_no_page_asks_for_a_second_connection_while_it_holds_one(place: Place, line: dict[str, str], role: str) -> None:
    digest = signed_in(role, place)
    for entry in (one for one in ENTRIES if permissions.may(Actor(None, role, role), f"page.{one.name}")):
        asked = {"no": line["topic"]} if entry.name in ("matter", "line", "meeting") else {}
        with connections.most_at_once() as most:
            opened(str(Path(entry.path).relative_to(ROOT)), digest, asked)
        assert set(most.values()) == {1}, entry.name


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_for_those_who_may(place: Place, line: dict[str, str], role: str) -> None:
    digest = signed_in(role, place)
    for entry in ENTRIES:
        page = str(Path(entry.path).relative_to(ROOT))
        for number in [line["issue"], line["topic"], line["item"], line["running"], "", "CL-1999-000001", "<b>x</b>"]:
            asked = {"no": number} if entry.name in ("matter", "line", "meeting") else {}
            if not permissions.may(Actor(None, role, role), f"page.{entry.name}"):
                with pytest.raises(ValueError):
                    opened(page, digest, asked)
                break
            app = opened(page, digest, asked)
            assert not app.exception, (role, entry.name, number, app.exception[0].value)
            if not asked:
                break


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "params",
    [
        {"area": "no-such-area"},
        {"area": "430100"},
        {"clock": "nonsense", "state": "'; DROP TABLE matter", "q": "x" * 500},
        {"from": "2026-02-31", "to": "9999-99-99"},
        {"page": "99999", "sort": "evil"},
        {"period": "century"},
        {"open": "all", "link": "discussed_in"},
        {"flow": "deliberation", "forum": "nowhere", "unit": "<b>", "sort": "-area"},
        {"flow": "no-such-flow", "sort": "--due"},
    ],
)
def test_a_strange_url_ends_in_a_page(place: Place, line: dict[str, str], params: dict[str, str]) -> None:
    digest = signed_in("staff", place)
    for name in ("see/overview", "work/ledger", "see/map"):
        app = opened(f"pages/{name}.py", digest, params)
        assert not app.exception, (name, params, app.exception[0].value)
        assert line


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_gets_a_page_without_a_sign_in(place: Place) -> None:
    assert place
    app = AppTest.from_file(str(ROOT / "ui" / "router.py"), default_timeout=300)
    app.user = {"session": "0" * 64}
    app.run()
    assert not app.title and len(app.error) == 1
