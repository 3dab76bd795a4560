"""The recorder as a clerk uses it: autosave, two counts, a second writer, and who may not open it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.deliberation import Objection
from models.matter import Matter
from models.meeting import Meeting
from models.place import Place
from services.engine import workflow
from services.meetings import meetings
from services.rights.permissions import Actor
from services.system import db
from tests.ui.opening import english, open_page, open_script, press, said
from tests.walk import Walk

Actors = Callable[[str], Actor]
pytestmark = pytest.mark.usefixtures("english")
__all__ = ["english"]


@pytest.fixture
def walk(met: Walk) -> Walk:
    return met


def opened(walk: Walk, role: str = "staff") -> AppTest:
    walk.session.commit()
    return open_page(walk.session, walk.place, role, "meeting", no=walk.topic.number)


def now(walk: Walk) -> tuple[Matter, Meeting]:
    """Topic and meeting as they are stored; read apart, because an open writer would lock the page out."""
    with db.reading() as other:
        topic = other.exec(select(Matter).where(Matter.number == walk.topic.number)).one()
        meeting = meetings.current(other, topic)
    assert meeting is not None
    return topic, meeting


def stored(walk: Walk, function: Callable[..., Any], *args: Any) -> Any:
    """What ``function(session, meeting, …)`` finds."""
    with db.reading() as other:
        return function(other, now(walk)[1], *args)


def attendance(walk: Walk) -> Any:
    return stored(walk, meetings.attendance)


def present(app: AppTest, walk: Walk, category: str) -> Any:
    return app.number_input(f"present-{now(walk)[1].id}-{category}")


def test_attendance_saves_itself_and_says_when_there_is_a_quorum(walk: Walk) -> None:
    app = opened(walk)
    present(app, walk, "representative").set_value(16)
    app.run()
    assert attendance(walk) == {"representative": 16}
    assert any("1 short of a quorum" in text.value for text in app.markdown)
    present(app, walk, "property").set_value(2)
    app.run()
    assert any("quorum reached" in text.value for text in app.markdown)


def test_two_edits_in_one_run_are_both_kept(walk: Walk) -> None:
    app = opened(walk)
    present(app, walk, "representative").set_value(18)
    present(app, walk, "party_member").set_value(6)
    app.run()
    assert (attendance(walk), list(app.error)) == ({"representative": 18, "party_member": 6}, [])


def test_a_second_writer_sees_who_was_first_and_keeps_what_was_typed(walk: Walk, actor: Actors) -> None:
    app = opened(walk)
    _topic, meeting = now(walk)
    with db.writing() as other:
        args = (walk.topic.number, now(walk)[0].version, {"party_member": 7})
        meetings.take_attendance(other, actor("secretary"), *args)
    app.text_area(f"resolution-{meeting.id}").set_value("Build it.").run()
    assert "secretary changed" in app.error[0].value and "secretary changed" in app.toast[0].value
    assert now(walk)[1].resolution == ""
    assert app.text_area(f"resolution-{meeting.id}").value == "Build it."
    assert present(app, walk, "party_member").value == 7
    press(app, "Save again")
    assert (now(walk)[1].resolution, list(app.error)) == ("Build it.", [])


def test_what_could_not_be_saved_may_be_dropped(walk: Walk, actor: Actors) -> None:
    app = opened(walk)
    with db.writing() as other:
        args = (walk.topic.number, now(walk)[0].version, {"expert": 2})
        meetings.take_attendance(other, actor("secretary"), *args)
    present(app, walk, "expert").set_value(5)
    app.run()
    assert present(app, walk, "expert").value == 5
    press(app, "Show what is on record")
    assert (present(app, walk, "expert").value, attendance(walk)) == (2, {"expert": 2})


def test_the_second_counter_never_sees_the_first_count(walk: Walk) -> None:
    walk.record(meetings.take_attendance, {"representative": 30})
    walk.record(meetings.add_option, "North *gate*")
    app = opened(walk)
    meeting = now(walk)[1]
    (option,) = stored(walk, meetings.options)
    cell = f"votes-{meeting.id}-{{}}-{option.id}-hands"
    app.number_input(cell.format(1)).set_value(19)
    press(app, "Save the first count")
    assert app.segmented_control(f"counter-{meeting.id}").value == 2
    assert any(told.value.startswith("You entered the first count.") for told in app.info)
    assert not [box for box in app.number_input if str(box.key).startswith(f"votes-{meeting.id}-2")]
    second = opened(walk, "secretary")
    assert second.segmented_control(f"counter-{meeting.id}").value == 2
    assert second.number_input(cell.format(2)).value is None
    # The time and the day of the meeting may hold the number too.
    texts = (*second.markdown, *second.caption)
    shown = [text for text in texts if re.search(r"(?<![\d:-])19(?![\\\d:-])", text.value)]
    assert [text.value for text in shown] == []
    app.segmented_control(f"counter-{meeting.id}").set_value(1).run()
    assert app.number_input(cell.format(1)).value is None
    second.number_input(cell.format(2)).set_value(18)
    press(second, "Save the second count")
    assert any("first 19, second 18" in text.value for text in second.markdown)
    assert second.segmented_control(f"counter-{meeting.id}").value == 2
    assert second.number_input(cell.format(2)).value == 18
    second.segmented_control(f"counter-{meeting.id}").set_value(1).run()
    assert any(told.value.startswith("You entered the second count.") for told in second.info)
    app.run()
    assert ":material/change_history:" in app.number_input(cell.format(1)).label
    app.number_input(cell.format(1)).set_value(18)
    press(app, "Save the first count")
    assert any("Carried: **North \\*gate\\***" in text.value for text in app.markdown)


def test_a_blank_count_is_not_a_count(walk: Walk) -> None:
    walk.record(meetings.add_option, "North gate")
    app = opened(walk)
    press(app, "Save the first count")
    assert app.error[0].value.startswith("Enter the votes that were counted")
    assert stored(walk, meetings.tally, 1) == {}


def test_options_are_added_and_taken_back(walk: Walk) -> None:
    app = opened(walk)
    meeting = now(walk)[1]
    app.text_input(f"option-new-{meeting.id}").set_value("North gate")
    press(app, "Add", f"option-new-{meeting.id}-add")
    press(app, "Add abstention")
    found = stored(walk, meetings.options)
    assert [(option.title, option.abstain) for option in found] == [("North gate", False), ("Abstention", True)]
    assert app.text_input(f"option-new-{meeting.id}").value == ""
    press(app, "North gate", f"remove-{found[0].id}")
    assert len(stored(walk, meetings.options)) == 1


def test_a_refused_resolution_says_what_is_missing_and_a_complete_one_ends_the_meeting(walk: Walk) -> None:
    app = opened(walk)
    press(app, "Adopt the resolution")
    assert app.error[0].value == "Enter who is present before adopting a resolution."
    walk.vote()
    app = opened(walk)
    press(app, "Adopt the resolution")
    assert (now(walk)[0].state, list(app.error), app.number_input.len) == ("resolved", [], 0)
    assert any("Build it at the north gate" in text.value for text in app.markdown)


def test_an_action_item_is_added_beside_the_resolution(walk: Walk) -> None:
    app = opened(walk)
    key = f"action-new-{walk.topic.number}"
    app.text_input(f"{key}-title").set_value("Survey")
    app.text_input(f"{key}-acceptance").set_value("Drawing signed")
    press(app, "Add", f"add-{walk.topic.number}-go")
    assert app.error[0].value.startswith("Choose the unit")
    assert app.text_input(f"{key}-title").value == "Survey"
    app.selectbox(f"{key}-unit").set_value("CL-O-SQDW")
    press(app, "Add", f"add-{walk.topic.number}-go")
    assert (list(app.error), app.text_input(f"{key}-title").value) == ([], "")
    assert "Drawing signed" in said(app)


def test_objections_are_logged_and_answered(walk: Walk) -> None:
    walk.vote().publish(0, 4)
    app = opened(walk)
    key = f"objection-new-{walk.topic.number}"
    app.text_area(key).set_value("Too loud.")
    press(app, "Log")
    assert app.error[0].value.startswith("Choose who objects")
    app.selectbox(f"{key}-category").set_value("resident")
    press(app, "Log")
    with db.reading() as other:
        (objection,) = other.exec(select(Objection)).all()
    assert any("No answer yet" in text.value for text in app.markdown)
    app.text_area(f"reply-{objection.id}").set_value("Until nine.")
    press(app, "Save")
    assert any("Until nine" in text.value for text in app.markdown)


def test_the_check_shows_marks_and_never_calls_a_sample_a_national_norm(walk: Walk) -> None:
    app = opened(walk)
    cited = [caption.value for caption in app.caption if "second hand" in caption.value]
    assert cited and all("not a national norm" in text for text in cited)
    assert any("advice only" in caption.value for caption in app.caption)


def test_a_matter_that_is_no_topic_or_not_there_is_said_plainly(walk: Walk) -> None:
    app = open_page(walk.session, walk.place, "staff", "meeting", no=walk.issue.number)
    assert "is not a topic of deliberation" in app.info[0].value
    app = open_page(walk.session, walk.place, "staff", "meeting", no="CL-1999-000001")
    assert "There is no matter" in app.error[0].value


@pytest.mark.parametrize("role", ["grid_worker", "viewer"])
def test_who_may_not_record_does_not_reach_the_page(walk: Walk, role: str) -> None:
    walk.session.commit()
    app = open_script(walk.session, walk.place, role, "meeting", no=walk.topic.number)
    assert app.error[0].value.startswith("Your account may not do this here.")
    assert (app.number_input.len, app.button.len, app.title.len) == (0, 0, 0)


def test_a_topic_without_a_meeting_offers_its_next_step(session: Session, place: Place, actor: Actors) -> None:
    walk = Walk(session, actor("secretary"), place).discuss()
    app = opened(walk, "secretary")
    assert app.info[0].value.startswith("No meeting has been called yet")
    assert workflow.open_arrows(session, actor("secretary"), walk.topic)[0].action == "notify"
    assert [button.label for button in app.button if str(button.key).startswith("take-")] == ["Give notice…"]
