"""The address is what is shown: after every link between matters, after Back, and when it is copied."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Person
from tests.browser.test_board import reported

pytestmark = pytest.mark.browser


def number(person: Person) -> str:
    """The number of the matter that the page shows."""
    found = re.search(r"CL-\d{4}-\d{6}", person.page.locator(".st-key-head").inner_text())
    assert found
    return found[0]


def at(person: Person) -> str:
    found = re.search(r"no=(CL-\d{4}-\d{6})", person.page.url)
    return found[1] if found else ""


def test_a_link_from_matter_to_matter_changes_the_address(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    first = reported(staff, "Wires across the lane", "Noise")
    staff.go(f"/matter?no={first}")
    staff.click("File it…")
    staff.page.get_by_role("button", name="File it", exact=True).last.click()
    staff.settle()
    staff.step("Take to deliberation")
    staff.choose("Forum", "民情议事厅")
    staff.submit("Take to deliberation")
    staff.go(f"/matter?no={first}")
    links = staff.page.locator("[data-testid=stMainBlockContainer] a[href*='matter?no=']")
    links.first.wait_for()
    links.first.click()
    staff.settle()
    second = number(staff)
    assert second != first and at(staff) == second
    assert second in staff.page.title()
    staff.page.go_back()
    staff.settle()
    assert number(staff) == first == at(staff)
    staff.page.reload()
    staff.settle()
    assert number(staff) == first == at(staff)


def test_a_number_in_the_list_opens_its_matter_in_the_same_tab(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    first = reported(staff, "Lamp at the west gate")
    staff.go(f"/issues?q={first}")
    tabs = len(staff.page.context.pages)
    table = staff.page.locator("[data-testid=stDataFrame] canvas").first
    box = table.bounding_box()
    assert box
    staff.page.mouse.click(box["x"] + 90, box["y"] + 52)
    staff.page.wait_for_url(f"**/matter?no={first}")
    staff.settle()
    assert number(staff) == first and len(staff.page.context.pages) == tabs


def test_a_drilled_area_stands_in_every_address(person: Callable[..., Person]) -> None:
    secretary = person("Party secretary")
    secretary.go("/?area=CL-G2")
    shown = secretary.page.locator(".st-key-breadcrumb").inner_text()
    secretary.page.locator("[data-testid=stSidebarNav] a", has_text="Issue").first.click()
    secretary.page.wait_for_url("**/issues?*area=CL-G2*")
    secretary.settle()
    assert secretary.page.locator(".st-key-breadcrumb").inner_text() == shown


def test_a_link_in_a_block_is_gone_to_inside_the_session(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    first = reported(staff, "Gully at the school gate")
    staff.go("/board")
    staff.page.evaluate("window.stayed = true")
    staff.page.locator(f".mulin-card.of-{first} a").first.click()
    staff.page.wait_for_url(f"**/matter?no={first}")
    staff.settle()
    assert number(staff) == first and staff.page.evaluate("window.stayed === true")
    staff.page.go_back()
    staff.settle()
    assert staff.page.locator(".mulin-board").count() and staff.page.url.endswith("/board")
    staff.page.locator(f".mulin-card.of-{first} .mulin-move").click()
    staff.page.get_by_role("dialog").wait_for()
    assert f"step={first}" in staff.page.url
    staff.page.keyboard.press("Escape")
    staff.settle()
    assert "step=" not in staff.page.url and not staff.page.get_by_role("dialog").count()
    staff.page.go_back()
    staff.page.wait_for_url("**/new")


def test_a_window_that_was_closed_stays_closed(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    first = reported(staff, "Hole at the library")
    staff.go("/reminders")
    staff.go(f"/board?step={first}")
    staff.page.get_by_role("dialog").wait_for()
    staff.page.keyboard.press("Escape")
    staff.settle()
    assert "step=" not in staff.page.url
    staff.page.go_back()
    staff.page.wait_for_url("**/reminders")
