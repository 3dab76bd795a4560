"""The hand that clicks: twice, by mistake, and then wants it back."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, func, select

from models.event import Event
from models.matter import Matter
from services.system import db
from tests.browser.conftest import Person
from tests.browser.test_line import number_on

pytestmark = pytest.mark.browser


@pytest.fixture
def count(database_served: str) -> Callable[..., int]:
    def counted(column: object, *conditions: object) -> int:
        with Session(db.engine(database_served)) as session:
            return session.exec(select(func.count(column)).where(*conditions)).one()  # type: ignore[arg-type]

    return counted


def twice(person: Person, name: str) -> None:
    person.page.get_by_role("button", name=name, exact=True).first.dblclick()
    person.settle()
    person.page.wait_for_timeout(1000)
    person.settle()


def test_a_double_click_makes_one_of_each_and_says_nothing_is_wrong(
    person: Callable[..., Person], count: Callable[..., int]
) -> None:
    staff = person("Community staff")
    staff.go("/new")
    staff.fill("Title", "Lamp at building 3")
    twice(staff, "Hand in")
    assert count(col(Matter.id), Matter.title == "Lamp at building 3") == 1
    issue = number_on(staff)

    staff.go("/deliberations")
    staff.click("New topic")
    staff.fill("Topic, in one sentence", "Parcel lockers")
    staff.choose("Forum", "民情议事厅")
    twice(staff, "Propose")
    assert count(col(Matter.id), Matter.title == "Parcel lockers") == 1
    assert not staff.page.get_by_role("button", name="Propose", exact=True).count()

    staff.go(f"/matter?no={issue}")
    staff.page.get_by_label("Note", exact=True).first.fill("Said once")
    twice(staff, "Add note")
    assert count(col(Event.id), Event.note == "Said once") == 1

    staff.click("Correct…")
    staff.fill("Title", "Lamp at building 4", within=f".st-key-correct-{issue}-title")
    staff.fill("Reason, in a sentence", "Misheard.", within=f".st-key-correct-{issue}-reason")
    twice(staff, "Write the correction")
    assert count(col(Event.id), Event.action == "corrected") == 1
    assert "Lamp at building 3 → Lamp at building 4" in staff.text()
    assert not staff.page.locator("[data-testid=stAlert]").count()


def test_a_step_that_asked_for_nothing_is_taken_back_within_seconds(
    person: Callable[..., Person], count: Callable[..., int]
) -> None:
    staff = person("Community staff")
    staff.go("/new")
    staff.fill("Title", "Bench in the park")
    staff.choose("Category", "Street lamp")
    staff.click("Hand in")
    issue = number_on(staff)
    staff.go(f"/matter?no={issue}")
    staff.click("File it…")
    staff.submit("File it")
    staff.click("Dispatch…")
    staff.choose("Responsible unit", "街道城管中队")
    staff.submit("Dispatch")
    staff.click("Start work")
    staff.click("Report as done…")
    staff.fill("What was done", "Mended")
    staff.submit("Report as done")
    staff.click("Check and close")
    staff.page.get_by_role("button", name="Undo").first.click()
    staff.settle()
    assert "Awaiting check" in staff.text()
    assert count(col(Matter.id), Matter.number == issue, Matter.state == "to_verify") == 1
    staff.click("Check and close")
    staff.page.wait_for_timeout(11_500)
    assert not staff.page.get_by_role("button", name="Undo").count()
