"""The main job, clicked through as four roles on data entered by hand."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.matter import Matter
from services.meetings import meetings
from services.system import clock, db
from tests.browser.conftest import Person
from ui.frame.menu import ENTRIES

pytestmark = pytest.mark.browser
TITLE = "Charging shed ${alert(1)} <b>north</b>"


@pytest.fixture
def decided_a_week_ago(database_served: str) -> Callable[[str], None]:
    """Let the days pass that a notice hangs out: the resolution becomes a week old."""

    def age(number: str) -> None:
        with Session(db.engine(database_served)) as session, session.begin():
            topic = session.exec(select(Matter).where(Matter.number == number)).one()
            meeting = meetings.current(session, topic)
            assert meeting is not None and meeting.ended_at is not None
            meeting.ended_at -= timedelta(days=7)

    return age


def number_on(person: Person) -> str:
    found = re.search(r"CL-\d{4}-\d{6}", person.text())
    assert found, person.text()
    return found[0]


def test_one_day_of_work_runs_from_the_report_to_the_verdict(
    person: Callable[..., Person], decided_a_week_ago: Callable[[str], None]
) -> None:
    worker = person("Grid worker", (390, 844))
    worker.go("/new")
    worker.fill("Title", TITLE)
    worker.choose("Category", "Need for charging facilities")
    worker.click("Hand in")
    issue = number_on(worker)

    staff = person("Community staff")
    staff.go(f"/matter?no={issue}")
    assert TITLE in staff.text()
    staff.click("File it…")
    staff.page.get_by_role("button", name="File it", exact=True).last.click()
    staff.settle()
    staff.step("Take to deliberation")
    staff.choose("Forum", "民情议事厅")
    staff.submit("Take to deliberation")
    topic = re.findall(r"CL-\d{4}-\d{6}", staff.text())[1]

    staff.go(f"/matter?no={topic}")
    staff.click("Grade…")
    staff.pick("General")
    staff.submit("Grade")
    staff.click("Set the parties…")
    staff.fill("Parties concerned, by category", "Residents of building 3; the property company")
    staff.submit("Set the parties")
    staff.click("Give notice…")
    staff.choose("Meeting venue", "议事厅")
    staff.fill("Expected", "32")
    staff.submit("Give notice")

    clerk = person("Community staff")
    clerk.go(f"/meeting?no={topic}")
    clerk.click("Open the meeting")
    clerk.fill("Residents' representatives", "12")
    clerk.click("Adopt the resolution")
    assert "attendance" in clerk.text() or "quorum" in clerk.text().lower()
    clerk.fill("Party members", "18")
    clerk.fill("What is said", "The north gate is closer. <img src=x onerror=alert(1)>")
    clerk.click("Note it")
    for option in ("North gate", "South side"):
        clerk.fill("Option put to the vote", option)
        clerk.click("Add")
    clerk.count("first", 19, 8)
    assert "The second is for somebody else" in clerk.text()
    second = person("Party secretary")
    second.go(f"/meeting?no={topic}")
    second.count("second", 19, 7)
    clerk.go(f"/meeting?no={topic}")
    assert "differ" in clerk.text()
    clerk.click("Adopt the resolution")
    assert "The two counts differ" in clerk.text()
    clerk.shot("meeting-en")
    second.go(f"/meeting?no={topic}")
    second.page.get_by_text("Second count").first.click()
    second.settle()
    second.count("second", 19, 8)
    clerk.go(f"/meeting?no={topic}")
    clerk.fill("Resolution, in a sentence", "The shed is built at the north gate; the property company builds.")
    clerk.page.get_by_text("Add an action item").first.click()
    clerk.settle()
    clerk.fill("What is to be done", "Build the shed")
    clerk.choose("Responsible unit", "物业")
    clerk.fill("How one sees that it is done", "24 live sockets")
    clerk.page.locator(f"[class*=st-key-add-{topic}-go] button").click()
    clerk.settle()
    clerk.click("Adopt the resolution")
    assert "Put on public notice" in clerk.text()

    secretary = second
    secretary.go(f"/matter?no={topic}")
    secretary.click("Put on public notice…")
    today = clock.today()
    secretary.date("First day", today - timedelta(days=7))
    secretary.date("Last day", today - timedelta(days=1))
    secretary.fill("Where the notice hangs", "Board at the east gate")
    secretary.submit("Put on public notice")
    assert "can't have begun" in secretary.text()
    decided_a_week_ago(topic)
    secretary.go(f"/matter?no={topic}")
    secretary.click("Put on public notice…")
    secretary.date("First day", today - timedelta(days=7))
    secretary.date("Last day", today - timedelta(days=1))
    secretary.fill("Where the notice hangs", "Board at the east gate")
    secretary.submit("Put on public notice")
    secretary.click("Carry out")
    secretary.shot("topic-en")
    secretary.page.get_by_role("link", name="Build the shed").first.click()
    secretary.settle()
    action = number_on(secretary)

    worker.go(f"/matter?no={action}")
    worker.click("Start")
    worker.click("Report for acceptance…")
    worker.fill("What was done", "Built and switched on")
    worker.submit("Report for acceptance")
    staff.go(f"/matter?no={action}")
    staff.click("Accept")

    staff.go(f"/matter?no={topic}")
    staff.click("Open the review")
    staff.click("Record the verdict…")
    for label, count in {"Asked": "100", "Knew of it": "90", "Took part": "40", "Satisfied": "86"}.items():
        staff.fill(label, count)
    staff.submit("Record the verdict")
    staff.go(f"/matter?no={issue}")
    staff.click("Check and close")
    staff.click("Follow up…")
    staff.pick("Solved")
    staff.submit("Follow up")

    viewer = person("Viewer")
    viewer.go(f"/line?no={issue}")
    seen = viewer.text()
    assert TITLE in seen and "86 are satisfied" in seen and "broken" not in seen
    viewer.shot("line-en")
    assert not [url for one in (worker, staff, clerk, secretary, viewer) for url in one.abroad]


def test_the_second_of_two_writers_hears_who_was_first(person: Callable[..., Person]) -> None:
    one, two = person("Community staff"), person("Party secretary")
    one.go("/new")
    one.fill("Title", "Lamp at building 3")
    one.click("Hand in")
    issue = number_on(one)
    for each in (one, two):
        each.go(f"/matter?no={issue}")
        each.click("File it…")
        each.choose("Category", "Street lamp")
    one.submit("File it")
    two.submit("File it")
    assert "changed" in two.text() and issue in two.text() and "Filed" in two.text()


@pytest.mark.parametrize(
    "path", ["/matter?no=CL-1999-000001", "/matter?no=<b>x</b>", "/line", "/meeting?no=1", "/issues?area=1"]
)
def test_an_unknown_address_says_where_to_go(person: Callable[..., Person], path: str) -> None:
    staff = person("Community staff")
    staff.go(path)
    assert re.search("(can see|Choose one|Check the number)", staff.text()), staff.text()


def test_a_filter_chosen_by_hand_is_in_the_url_and_means_the_same_in_both_languages(
    person: Callable[..., Person],
) -> None:
    staff = person("Community staff")
    for title in ("Lamp one", "Lamp two"):
        staff.go("/new")
        staff.fill("Title", title)
        staff.click("Hand in")
    staff.go("/issues")
    staff.choose("Clock", "Overdue")
    assert "clock=overdue" in staff.page.url and "0 issues" in staff.text()
    staff.page.goto(staff.page.url.replace("overdue", "due_soon"))
    staff.settle()
    assert "0 issues" not in staff.text()
    staff.click("Clear filter")
    assert "clock" not in staff.page.url


@pytest.mark.parametrize("page", [entry.name for entry in ENTRIES if entry.visible])
def test_no_page_asks_another_host(person: Callable[..., Person], page: str) -> None:
    secretary = person("Party secretary")
    secretary.go(f"/{page}")
    secretary.page.wait_for_timeout(1000)
    assert secretary.abroad == []
