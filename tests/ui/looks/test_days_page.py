"""The calendar as each role sees it, through its address and its buttons."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from services.rights.permissions import Actor
from services.system import clock
from tests.ui.opening import english, open_page, press
from tests.walk import Walk

Actors = Callable[[str], Actor]
pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
__all__ = ["english"]


@pytest.fixture
def walk(met: Walk) -> Walk:
    return met


def opened(walk: Walk, role: str = "staff", **params: str) -> AppTest:
    return open_page(walk.session, walk.place, role, "days", **params)


def drawn(app: AppTest) -> str:
    return "".join(str(found.proto.body) for found in app.get("html"))


def test_a_meeting_stands_on_its_day_and_leads_to_its_matter(walk: Walk) -> None:
    page = drawn(opened(walk, view="week", at=clock.local(clock.now() + timedelta(hours=2)).date().isoformat()))
    assert walk.topic.title in page and f"/matter?no={walk.topic.number}" in page
    assert "/export/days.ics?" in page and "view=week" in page


def test_earlier_today_and_later_move_the_address(walk: Walk) -> None:
    app = opened(walk, at="2026-01-31")
    assert app.title[0].value == "Calendar: January 2026"
    assert press(app, "Later").title[0].value == "Calendar: February 2026"
    assert press(press(app, "Earlier"), "Earlier").title[0].value == "Calendar: December 2025"
    assert app.query_params["at"] == "2025-12-31"
    press(app, "Today")
    assert app.query_params["at"] == clock.today().isoformat()


def test_a_viewer_sees_no_meeting_that_is_not_public(walk: Walk) -> None:
    assert walk.topic.title not in drawn(opened(walk, "viewer"))


def test_mine_are_those_that_wait_for_my_role(walk: Walk) -> None:
    assert walk.topic.title in drawn(opened(walk, "staff", mine="1"))
    assert walk.topic.title not in drawn(opened(walk, "grid_worker", mine="1"))


@pytest.mark.parametrize(
    "params", [{"view": "year"}, {"at": "9999-99-99", "flow": "x"}, {"unit": "<b>", "q": "x" * 400}]
)
def test_strange_addresses_end_in_a_calendar(walk: Walk, params: dict[str, str]) -> None:
    assert opened(walk, **params).title[0].value.startswith("Calendar: ")
