"""The biography of an area as each role sees it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from services.looks import biography
from services.rights.permissions import Actor
from tests.ui.opening import english, open_page, press
from tests.walk import Walk

Actors = Callable[[str], Actor]
pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
__all__ = ["english"]


@pytest.fixture
def walk(met: Walk) -> Walk:
    made = met.vote()
    made.publish(0, 4)
    made.session.commit()
    return made


def opened(walk: Walk, role: str = "staff", **params: str) -> AppTest:
    return open_page(walk.session, walk.place, role, "biography", **params)


def drawn(app: AppTest) -> str:
    return "".join(str(found.proto.body) for found in app.get("html"))


def test_what_happened_leads_to_matters_and_lines(walk: Walk) -> None:
    page = drawn(opened(walk))
    assert f"/matter?no={walk.topic.number}" in page and f"/line?no={walk.topic.number}" in page
    assert "secretary" in page and "/export/biography.csv?" in page


def test_a_viewer_reads_no_names_and_no_counts(walk: Walk) -> None:
    page = drawn(opened(walk, "viewer"))
    assert walk.topic.title in page
    assert "secretary" not in page and "entries" not in page


def test_older_and_back_again(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = biography.page
    monkeypatch.setattr(biography, "page", lambda session, actor, wanted: whole(session, actor, wanted, 3))
    app = opened(walk)
    first = drawn(app)
    press(app, "Older")
    assert app.query_params["before"] and drawn(app) != first
    press(app, "Back to the newest")
    assert "before" not in app.query_params


@pytest.mark.parametrize(
    "params", [{"before": "x"}, {"kind": "<b>", "flow": "x"}, {"q": "x" * 400, "from": "2026-02-31"}]
)
def test_strange_addresses_end_in_a_page(walk: Walk, params: dict[str, str]) -> None:
    assert opened(walk, **params).title[0].value.startswith("Biography of ")
