"""One real server with a few accounts; every test of these doors knocks at it."""

from collections.abc import Iterator

import pytest

from tests.ui.web.running import Browser, Running
from tests.ui.web.serving import serving

GOOD = "Kx7!pouring-Rain"
ROLES = {"li.na": "staff", "wang.wei": "staff", "view.er": "viewer", "root.one": "admin"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    limits = {"MULIN_SOCKETS_PER_ACCOUNT": "4", "MULIN_SOCKETS_PER_ADDRESS": "6", "MULIN_OPEN311": "true"}
    limits |= {"STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "1", "MULIN_MODE": "demo"}
    with serving(tmp_path_factory.mktemp("doors"), ROLES, GOOD, limits) as running:
        yield running


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
