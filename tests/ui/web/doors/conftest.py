"""One real server with a few accounts; every test of these doors knocks at it."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.people import accounts
from services.system import db, schema
from services.system.settings import settings
from tests.ui.web.running import Browser, Running

GOOD = "Kx7!pouring-Rain"
ROLES = {"li.na": "staff", "wang.wei": "staff", "view.er": "viewer", "root.one": "admin"}


def forget() -> None:
    settings.cache_clear()
    db.forget()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{folder / 'web.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULIN_DATABASE_URL", url)
        forget()
        schema.upgrade()
        with db.writing() as session:
            for login, role in ROLES.items():
                told: dict[str, Any] = {"login": login, "name": login, "role": role, "password": GOOD}
                accounts.create(session, "root", **told, area_id=None).must_change = False
        limits = {"MULIN_SOCKETS_PER_ACCOUNT": "4", "MULIN_SOCKETS_PER_ADDRESS": "6", "MULIN_OPEN311": "true"}
        limits["STREAMLIT_SERVER_MAX_UPLOAD_SIZE"] = "1"
        made = Running(folder, MULIN_DATABASE_URL=url, MULIN_MODE="demo", **limits)
        yield made
        made.close()
    forget()


def signed_in(server: Running, login: str) -> Browser:
    browser = server.browser()
    assert browser.sign_in(login, GOOD).status_code == 303
    return browser


@pytest.fixture(scope="module")
def li(server: Running) -> Browser:
    return signed_in(server, "li.na")


@pytest.fixture(scope="module")
def viewer(server: Running) -> Browser:
    return signed_in(server, "view.er")


@pytest.fixture
def nobody(server: Running) -> Browser:
    return server.browser()
