"""A double click arrives in two runs: the same form, drawn at the same version, with the same words."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, select
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

import services.registry  # noqa: F401
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import events
from services.flows.action import actions
from services.flows.deliberation import publicities
from services.flows.issue import issues
from services.meetings import meetings
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from tests.ui.opening import english, open_page, press
from tests.walk import Walk
from ui.flows.deliberation import publicity, topic_form
from ui.flows.issue import issue_form
from ui.frame import saving
from ui.frame import session as current
from ui.matter import begin_form, correction_form
from ui.meeting import action_items

Actors = Callable[[str], Actor]
__all__ = ["english"]


@pytest.fixture
def state(session: Session, actor: Actors, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The state of one browser session; what is saved goes into the test's own transaction."""

    def commit(note: Callable[..., None], function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            made = function(session, actor("secretary"), *args, **kwargs)
        except Refused:
            return None
        note(made)
        return made

    held: dict[str, Any] = {}
    screen = SimpleNamespace(session_state=held, toast=lambda *_args, **_kwargs: None)
    drawn = saving, current, issue_form, begin_form, topic_form, correction_form, action_items, publicity
    for module in drawn:
        if hasattr(module, "st"):
            monkeypatch.setattr(module, "st", screen)
    monkeypatch.setattr(saving, "commit_then", commit)
    monkeypatch.setattr(saving, "saved", lambda *_args: None)
    monkeypatch.setattr(topic_form, "announce", lambda *_args, **_kwargs: None)
    return held


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    return Walk(session, actor("secretary"), place)


def notes(walk: Walk) -> list[str]:
    return [event.note for event in events.history(walk.session, walk.issue.id) if event.note]


@pytest.mark.usefixtures("state")
def test_a_note_is_written_once_and_both_clicks_count_as_kept(walk: Walk) -> None:
    drawn = walk.issue.version
    assert all(saving.save(issues.note, walk.issue.number, drawn, "said once") for _click in range(2))
    assert notes(walk) == ["said once"]


@pytest.mark.usefixtures("state")
def test_two_different_notes_of_one_run_are_both_written_and_so_is_the_first_again(walk: Walk) -> None:
    drawn = walk.issue.version
    for text in ("one", "two", "one"):
        assert saving.save(issues.note, walk.issue.number, drawn, text)
    assert saving.save(issues.note, walk.issue.number, walk.issue.version, "one")
    assert notes(walk) == ["one", "two", "one", "one"]


@pytest.mark.usefixtures("state")
def test_an_opinion_is_noted_once(walk: Walk) -> None:
    walk.discuss().meet()
    drawn = walk.topic.version
    for _click in range(2):
        assert saving.save(meetings.add_opinion, walk.topic.number, drawn, "resident", "Here.")
    meeting = meetings.current(walk.session, walk.topic)
    assert meeting and len(meetings.opinions(walk.session, meeting)) == 1


@pytest.mark.usefixtures("state")
def test_a_step_is_taken_once(walk: Walk) -> None:
    drawn = walk.issue.version
    for _click in range(2):
        assert saving.move(walk.issue.number, "accept", drawn, {"category": "90005"})
    assert walk.issue.events == 3


@pytest.mark.usefixtures("state")
def test_what_was_refused_is_tried_again(walk: Walk) -> None:
    drawn = walk.issue.version
    for _click in range(2):
        assert not saving.save(issues.note, walk.issue.number, drawn, " ")
    assert notes(walk) == []


@pytest.mark.usefixtures("place")
def test_a_topic_is_proposed_once_and_the_form_is_empty(session: Session, state: dict[str, Any]) -> None:
    for drawn, made in (("a", 1), ("a", 1), ("b", 2)):
        state |= {"new-topic-title": "Parcel lockers", "new-topic-forum": "CL-F-HSL"}
        topic_form._create(drawn)
        found = session.exec(select(Matter.id).where(Matter.flow == "deliberation")).all()
        assert len(found) == made and "new-topic-title" not in state and state["new-topic"] is False


def test_a_correction_is_written_once(walk: Walk, state: dict[str, Any]) -> None:
    slot, drawn = f"correct-{walk.issue.number}", walk.issue.version
    state |= {slot: {"title": walk.issue.title}, f"{slot}-title": "South gate", f"{slot}-reason": "Misheard."}
    for _click in range(2):
        correction_form._submit(walk.issue.number, drawn, slot)
    told = [event.action for event in events.history(walk.session, walk.issue.id)]
    assert told.count("corrected") == 1 and walk.issue.title == "South gate"


def test_an_action_item_is_added_once_and_the_form_is_empty(walk: Walk, state: dict[str, Any]) -> None:
    walk.discuss().meet()
    drawn, unit = walk.topic.version, walk.session.exec(select(Organisation.code)).first()
    day = clock.today() + timedelta(days=9)
    typed = {"title": "Build", "unit": unit, "due": day, "acceptance": "24 sockets"}
    for _click in range(2):
        state |= {f"action-new-{walk.topic.number}-{name}": value for name, value in typed.items()}
        action_items._add(walk.topic.number, drawn)
        left = {name: state[f"action-new-{walk.topic.number}-{name}"] for name in typed}
        assert left == {"title": "", "unit": None, "due": clock.today() + timedelta(days=14), "acceptance": ""}
    assert len(actions.of_topic(walk.session, walk.topic)) == 1


def test_an_objection_is_logged_once_and_the_form_is_empty(walk: Walk, state: dict[str, Any]) -> None:
    walk.discuss().meet().vote().publish(0, 4)
    drawn, key = walk.topic.version, f"objection-new-{walk.topic.number}"
    for _click in range(2):
        state |= {key: "Too loud.", f"{key}-category": "resident"}
        publicity._object(key, walk.topic.number, drawn)
        assert (state[key], state[f"{key}-category"]) == ("", None)
    notice = publicities.latest(walk.session, walk.topic)
    assert notice is not None and len(publicities.objections(walk.session, notice)) == 1


@pytest.mark.usefixtures("state")
def test_what_was_refused_makes_nothing_and_may_be_tried_again() -> None:
    given = iter((Refused("No."), "one", "two"))

    def make(_session: Session, _actor: Actor) -> str:
        found = next(given)
        if isinstance(found, Refused):
            raise found
        return str(found)

    drawn = saving.token("form")
    assert [saving.once("form", drawn, make) for _click in range(4)] == [None, "one", "one", "one"]
    assert saving.token("form") != drawn and saving.once("form", saving.token("form"), make) == "two"


@pytest.mark.usefixtures("state")
def test_a_click_while_the_first_is_still_written_waits_and_counts_as_kept(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit then runs both at once, and drops what the first says to the session state after the second came."""
    real, drawn, answers, second = vars(saving)["commit_then"], walk.issue.version, list[bool](), list[Thread]()

    def slow(note: Callable[..., None], function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        second.append(Thread(target=lambda: answers.append(saving.save(issues.note, walk.issue.number, drawn, "once"))))
        second[0].start()
        second[0].join(0.2)
        real(note, function, *args, **kwargs)
        raise StopException

    monkeypatch.setattr(saving, "commit_then", slow)
    with pytest.raises(StopException):
        saving.save(issues.note, walk.issue.number, drawn, "once")
    second[0].join(5)
    assert answers == [True] and notes(walk) == ["once"]


def test_a_form_is_handed_in_once(session: Session, place: Place, state: dict[str, Any]) -> None:
    typed = {"title": "Lamp", "category": None, "source": "staff", "area": place.area_id}
    for nonce, made in (("a", 1), ("a", 1), ("b", 2)):
        state |= {f"issue-{name}": value for name, value in typed.items()}
        issue_form._hand_in(None, None, nonce)
        numbers = session.exec(select(Matter.number).order_by(Matter.number)).all()
        assert (len(numbers), state["issue-made"]) == (made, numbers[-1])
        assert "issue-title" not in state


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_form_is_empty_and_ready_for_the_next_issue(session: Session, place: Place) -> None:
    app: AppTest = open_page(session, place, "staff", "new")
    for title in ("One", "Two"):
        app.text_input("issue-title").set_value(title)
        press(app, "Hand in")
        assert app.text_input("issue-title").value == ""
        assert app.success
    assert sorted(session.exec(select(Matter.title))) == ["One", "Two"]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_note_is_added_on_the_page(session: Session, place: Place, walk: Walk) -> None:
    session.commit()
    app: AppTest = open_page(session, place, "staff", "matter", no=walk.issue.number)
    for text in ("one", "two"):
        app.text_area(f"note-{walk.issue.number}").set_value(text)
        press(app, "Add note")
        assert app.text_area(f"note-{walk.issue.number}").value == ""
    session.expire_all()
    assert notes(walk) == ["one", "two"]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "params",
    [
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
        {"from": "9" * 5000},
        {"q": "a\0b"},
        {"area": "x\0"},
        {"unit": "\0"},
    ],
)
def test_an_impossible_filter_ends_in_a_page(session: Session, place: Place, params: dict[str, str]) -> None:
    for name in ("issues", "map"):
        open_page(session, place, "staff", name, **params)
