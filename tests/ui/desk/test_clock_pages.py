from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.area import Area
from models.audit import AuditLine
from models.place import Place
from services.flows.issue import issues
from services.rights.permissions import Actor
from services.system import clock
from services.system.settings import settings
from services.words import local_files
from tests.ui import opening
from tests.ui.opening import english, open_page, press  # noqa: F401 - a fixture
from tests.walk import Walk

Actors = Callable[[str], Actor]
pytestmark = [pytest.mark.parametrize("database", ["sqlite"], indirect=True), pytest.mark.usefixtures("english")]


def said(app: AppTest) -> str:
    boxes = "\n".join(str(box.value) for kind in (app.warning, app.error, app.info) for box in kind)
    return f"{opening.said(app)}\n{boxes}"


def test_the_calendar_says_what_is_missing(session: Session, place: Place) -> None:
    app = open_page(session, place, "viewer", "calendar", year="2027")
    assert "2027: statutory days only" in app.warning[0].value
    assert not app.get("download_button")


def test_an_administrator_reads_what_is_wrong_with_a_local_file(session: Session, place: Place) -> None:
    file = settings().local_folder / "calendars" / "2027.csv"
    file.parent.mkdir(parents=True)
    file.write_text("date,kind,zh,en,source,mark\n2027-02-30,holiday,<b>x</b>,x,x,V\n")
    local_files.forget()
    app = open_page(session, place, "secretary", "calendar", year="2027")
    assert "no such date" in app.error[0].value and str(file.parent) in said(app).replace("\\", "")
    assert app.get("download_button")


def test_the_rules_page_says_which_limit_applies_and_why(session: Session, place: Place) -> None:
    app = open_page(session, place, "staff", "rules")
    assert "7 working days" in said(app)
    app.selectbox("limit-category").set_value("09012").run()
    assert "24 hours" in said(app) and "It comes before: 7 working days" in said(app)


def test_a_reminder_is_shown_and_noted(session: Session, place: Place, actor: Actors) -> None:
    issue = issues.create(session, actor("staff"), issues.NewIssue(title="<img src=x>", area_id=place.area_id))
    issue.due_at = clock.now() - timedelta(days=30)
    session.add(issue)
    session.commit()
    app = open_page(session, place, "secretary", "reminders")
    sheet = next(
        one.proto.body for one in app.get("html") if "mulin-sheet" in one.proto.body and "<tbody>" in one.proto.body
    )
    assert issue.number in sheet and "<img" not in sheet and "Seriously overdue" in sheet
    assert "<img" not in app.code[0].value and issue.number in app.code[0].value
    press(app, "Note as handed out")
    session.expire_all()
    assert session.exec(select(AuditLine).where(AuditLine.act == "remind")).one().subject == "desk"


def test_whoever_decides_reads_what_was_asked(session: Session, place: Place, actor: Actors) -> None:
    walk = Walk(session, actor("secretary"), place)
    walk.move(walk.issue, "accept", category="01037")
    walk.move(walk.issue, "dispatch", unit="CL-O-JWH")
    walk.move(walk.issue, "start")
    walk.move(walk.issue, "ask_hold", hold_until=clock.today() + timedelta(days=40), note="**Waits** for parts")
    session.commit()
    app = open_page(session, place, "secretary", "matter", no=walk.issue.number)
    assert "Ask for a hold" in app.info[0].value and "\\*\\*Waits" in app.info[0].value
    assert "5 working days" in said(app)
    walk.move(walk.issue, "suspend", hold_until=clock.today() + timedelta(days=40))
    session.commit()
    app = open_page(session, place, "secretary", "matter", no=walk.issue.number)
    assert "working days left" in said(app) and "Times held" in said(app)
    assert session.get_one(Area, place.area_id)
