"""Ten issues are filed and dispatched with few clicks, what can't go is told why, and one undo takes all back."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, func, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.place import Place
from services.engine import workflow
from services.flows.issue import issues
from services.rights.permissions import Actor
from services.system import db
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def eleven(database_served: str) -> Callable[[], dict[str, int]]:
    """Ten issues of a category that wait for intake and one that is under way; answers how many stand in each state."""
    with Session(db.engine(database_served), expire_on_commit=False) as session:
        place = session.exec(select(Place)).one()
        area = session.get_one(Area, place.area_id)
        staff = Actor(None, "staff", "staff", area.path, area.id)
        new = [issues.NewIssue(title=f"Row {at}", area_id=area.id, category="01037") for at in range(11)]
        made = [issues.create(session, staff, one) for one in new]
        for action, told in (("accept", {"category": "01037"}), ("dispatch", {"unit": "CL-O-CG"}), ("start", {})):
            workflow.move(session, staff, made[0].number, action, made[0].version, told)
        session.commit()

    def states() -> dict[str, int]:
        with Session(db.engine(database_served)) as session:
            asked = select(Matter.state, func.count()).where(col(Matter.title).startswith("Row "))
            return dict(session.exec(asked.group_by(Matter.state)).all())

    return states


def test_ten_are_filed_and_dispatched_at_once(
    person: Callable[..., Person], eleven: Callable[[], dict[str, int]]
) -> None:
    staff, clicks = person("Community staff"), 0
    page = staff.go("/issues?q=Row")

    def click(name: str) -> None:
        nonlocal clicks
        clicks += 1
        page.locator("[class*=st-key-bulk]").get_by_role("button", name=name).first.click()
        staff.settle()

    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 18)  # the box in the head selects the whole page
    clicks += 1
    staff.settle()
    assert "11 selected" in staff.text()
    click("File it…")
    assert "No longer: it stands at “In progress”" in staff.text()
    click("File it: 10")
    assert "10 of 11 moved" in staff.text() and eleven() == {"filed": 10, "in_progress": 1}
    assert "No longer" in staff.text()
    click("Dispatch…")
    staff.choose("Responsible unit", "街道城管中队")
    clicks += 2
    click("Dispatch: 10")
    assert eleven() == {"dispatched": 10, "in_progress": 1}
    assert clicks <= 15, clicks
    staff.shot("bulk")
    click("Start work")
    assert eleven() == {"in_progress": 11}
    assert "no longer" in staff.text().lower()


def test_what_asked_for_nothing_is_taken_back_for_all(
    person: Callable[..., Person], eleven: Callable[[], dict[str, int]]
) -> None:
    staff = person("Community staff")
    page = staff.go("/issues?q=Row&state=in_progress")
    before = eleven()
    box = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 18)
    staff.settle()
    page.locator(".st-key-bulk").get_by_role("button", name="Other steps").click()
    page.get_by_text("Report as done", exact=False).last.click()
    staff.settle()
    page.get_by_role("textbox", name="What was done").fill("Mended")
    page.locator("[class*=st-key-bulk-submit] button").click()
    staff.settle()
    done = eleven()["to_verify"]
    assert done == before["in_progress"] > 1
    page.locator("[class*=st-key-bulk]").get_by_role("button", name="Check and close").click()
    staff.settle()
    assert eleven()["closed"] == done
    page.get_by_role("button", name="Undo").first.click()
    staff.settle()
    assert eleven()["to_verify"] == done
