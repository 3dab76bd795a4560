"""Two processes on one address, on a database of their own."""

from collections.abc import Iterator

import pytest

from tests.ui.web.running import Browser, Running
from tests.ui.web.serving import serving

PASSWORD = "Kx7!pouring-Rain"
ROLES = {"li.na": "staff", "root.one": "admin"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("processes")
    more = {"MULIN_SOCKETS_PER_ACCOUNT": "4", "MULIN_OPEN311": "true", "MULIN_MODE": "demo"}
    more |= {"STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "1", "MULIN_WORK_FOLDER": str(folder / "work")}
    with serving(folder, ROLES, PASSWORD, more, processes=2) as running:
        yield running


def signed_in(server: Running, login: str) -> Browser:
    browser = server.browser()
    assert browser.sign_in(login, PASSWORD).status_code == 303
    return browser
