"""The quiet button 更正…: a form with the present values, of which only what was changed is written."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

import services.registry  # noqa: F401
from models.event import Event
from models.matter import Matter
from models.place import Place
from services.meetings import meetings
from services.rights.permissions import Actor
from services.system import db
from tests.ui.opening import english, open_page, press, said
from tests.walk import Walk

Actors = Callable[[str], Actor]
pytestmark = [
    pytest.mark.usefixtures("english"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
__all__ = ["english"]


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    return Walk(session, actor("secretary"), place)


def opened(walk: Walk, place: Place, matter: Matter, role: str = "staff") -> AppTest:
    walk.session.commit()
    app = open_page(walk.session, place, role, "matter", no=matter.number)
    return press(app, "Correct…")


def written(matter: Matter) -> list[Event]:
    with db.reading() as other:
        query = select(Event).where(Event.matter_id == matter.id, Event.action == "corrected")
        return list(other.exec(query))


def test_only_what_was_changed_is_written_and_the_timeline_says_both(walk: Walk, place: Place) -> None:
    app, key = opened(walk, place, walk.issue), f"correct-{walk.issue.number}"
    assert app.text_input(f"{key}-title").value == walk.issue.title
    app.text_input(f"{key}-title").set_value("Charging shed at the south gate")
    app.text_area(f"{key}-reason").set_value("Misheard.")
    press(app, "Write the correction")
    assert not app.error, app.error
    (event,) = written(walk.issue)
    assert event.data == {
        "before": {"title": "Charging shed at the north gate"},
        "after": {"title": "Charging shed at the south gate"},
    }
    assert "north gate → Charging shed at the south gate" in said(app)
    assert app.title[0].value == "Charging shed at the south gate"
    assert not [one for one in app.button if one.label == "Write the correction"]


def test_nothing_is_lost_on_a_refusal(walk: Walk, place: Place) -> None:
    app, key = opened(walk, place, walk.issue), f"correct-{walk.issue.number}"
    app.text_input(f"{key}-title").set_value("South gate")
    press(app, "Write the correction")
    assert app.error and app.text_input(f"{key}-title").value == "South gate"
    app.text_area(f"{key}-reason").set_value("Misheard.")
    press(app, "Write the correction")
    assert len(written(walk.issue)) == 1


def test_what_somebody_else_changed_meanwhile_stays_theirs(walk: Walk, place: Place) -> None:
    app, key = opened(walk, place, walk.issue), f"correct-{walk.issue.number}"
    walk.session.expire_all()
    walk.move(walk.issue, "accept", category="90005")
    walk.session.commit()
    app.text_input(f"{key}-title").set_value("South gate")
    app.text_area(f"{key}-reason").set_value("Misheard.")
    press(app, "Write the correction")
    assert "after you opened it" in app.error[0].value
    assert app.text_input(f"{key}-title").value == "South gate"
    press(app, "Write the correction")
    (event,) = written(walk.issue)
    assert event.data is not None and set(event.data["after"]) == {"title"}


def test_a_decided_topic_offers_what_hangs_beside_it(walk: Walk, place: Place) -> None:
    walk.discuss().meet().vote().publish(0, 4)
    app, key = opened(walk, place, walk.topic), f"correct-{walk.topic.number}"
    assert app.text_area(f"{key}-resolution").value == "Build it at the north gate."
    app.text_area(f"{key}-resolution").set_value("Build it at the south gate.")
    app.text_area(f"{key}-reason").set_value("A slip.")
    press(app, "Write the correction")
    assert not app.error, app.error
    (event,) = written(walk.topic)
    assert event.data is not None and set(event.data["after"]) == {"resolution"}
    with db.reading() as other:
        meeting = meetings.current(other, walk.topic)
        assert meeting is not None and meeting.resolution == "Build it at the south gate."


@pytest.mark.parametrize("role", ["grid_worker", "viewer"])
def test_who_may_not_correct_sees_no_button(walk: Walk, place: Place, role: str) -> None:
    walk.issue.public = True
    walk.session.add(walk.issue)
    walk.session.commit()
    app = open_page(walk.session, place, role, "matter", no=walk.issue.number)
    assert "Correct…" not in [one.label for one in app.button]
