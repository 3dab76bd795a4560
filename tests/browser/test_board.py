"""The board by keyboard alone: steps that ask are filled in, others confirmed; a phone sees one lane at a time."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser


def reported(person: Person, title: str, category: str = "") -> str:
    person.go("/new")
    person.fill("Title", title)
    if category:
        person.choose("Category", category)
    person.click("Hand in")
    found = re.search(r"CL-\d{4}-\d{6}", person.text())
    assert found, person.text()
    return found[0]


def move(person: Person, number: str, step: str) -> None:
    """Open a card's window with the keyboard and choose a step by its first letters."""
    person.page.locator(f".mulin-card.of-{number} .mulin-move").focus()
    person.page.keyboard.press("Enter")
    window = person.page.get_by_role("dialog")
    window.wait_for()
    person.settle()
    named = re.compile(f"^{re.escape(step)}")
    button = window.get_by_role("button", name=named).first
    if not button.count():
        window.get_by_role("button", name="Other steps").focus()
        person.page.keyboard.press("Enter")
        option = person.page.get_by_role("option", name=named)
        button = option.or_(person.page.get_by_role("menuitem", name=named)).first
    button.focus()
    person.page.keyboard.press("Enter")
    person.settle()


def test_a_card_is_moved_by_keyboard(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    number = reported(staff, "Lamp at the east gate")
    page = staff.go("/board")
    assert "Awaiting intake" in staff.text()
    move(staff, number, "Decline")
    window = page.get_by_role("dialog")
    window.get_by_role("textbox").first.fill("Not ours")
    window.get_by_role("button", name="Decline", exact=True).last.focus()
    page.keyboard.press("Enter")
    staff.settle()
    window.wait_for(state="detached")
    assert page.locator(f".mulin-card.of-{number}").count() == 0 and "step=" not in page.url
    staff.shot("board")
    staff.go(f"/matter?no={number}")
    assert "Declined" in staff.text()


def test_a_step_that_asks_nothing_is_taken_in_the_window(person: Callable[..., Person]) -> None:
    staff = person("Community staff")
    number = reported(staff, "Drain at the west gate", "Need for charging facilities")
    page = staff.go(f"/matter?no={number}")
    staff.click("File it…")
    staff.submit("File it")
    staff.click("Dispatch…")
    staff.choose("Responsible unit", "街道城管中队")
    staff.submit("Dispatch")
    staff.go("/board")
    move(staff, number, "Start work")
    window = page.get_by_role("dialog")
    window.wait_for(state="detached")
    assert number in page.locator(".mulin-lane.of-in_progress").inner_html()


def test_a_phone_sees_one_lane_at_a_time(person: Callable[..., Person]) -> None:
    worker = person("Grid worker", (390, 844))
    number = reported(worker, "Bench in the park")
    page = worker.go("/board?lane=submitted")
    assert page.locator(f".mulin-card.of-{number}").is_visible()
    assert not page.locator(".mulin-lane.of-filed").is_visible()
    worker.shot("board-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
