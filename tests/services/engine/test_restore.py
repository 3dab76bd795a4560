"""Back from an end 恢复: every end of every flow has a way back, with a reason, to where the matter came from."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.organisation import Organisation
from models.place import Place
from services.engine import events, flows, workflow
from services.keep.verify import verify
from services.meetings import meetings
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from tests.refusing import refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    return Walk(session, actor("secretary"), place)


@pytest.mark.parametrize("flow", ["issue", "deliberation", "action", "whistle"])
def test_no_end_is_without_a_way_back_and_each_way_asks_why(flow: str) -> None:
    for state in flows.states(flow).values():
        if not state.is_open:
            back = [arrow for arrow in flows.leaving(flow, state.code) if arrow.target == "<" or arrow.deadline]
            assert back, f"{flow}.{state.code}"
            assert all("note" in [need.name for need in arrow.needs] for arrow in back)


def test_a_declined_issue_waits_for_intake_again_and_its_clock_runs(walk: Walk) -> None:
    walk.move(walk.issue, "decline", note="Not ours.")
    assert walk.issue.closed_at is not None and walk.issue.due_at is None
    assert refused_move(walk.session, walk.actor, walk.issue, "restore", note="").message.startswith("Enter a note")
    walk.move(walk.issue, "restore", note="It is ours.")
    assert (walk.issue.state, walk.issue.is_open) == ("submitted", True)
    left = [getattr(walk.issue, name) for name in ("closed_at", "on_time")]
    assert left == [None, None]
    assert walk.issue.due_at is not None
    assert events.history(walk.session, walk.issue.id)[-1].note == "It is ours."
    walk.session.commit()
    assert verify(walk.session).problems == []


def test_what_was_archived_by_mistake_keeps_when_it_was_closed_and_whether_in_time(walk: Walk) -> None:
    walk.move(walk.issue, "accept", category="90005")
    unit = walk.session.exec(select(Organisation.code)).first()
    for action, inputs in (("dispatch", {"unit": unit}), ("start", {}), ("finish", {"note": "done"}), ("verify", {})):
        walk.move(walk.issue, action, **inputs)
    closed, due = walk.issue.closed_at, walk.issue.due_at
    walk.move(walk.issue, "visit", contacted="yes", resolved="yes", satisfaction="satisfied")
    walk.move(walk.issue, "archive")
    walk.move(walk.issue, "restore", note="One more call.")
    assert walk.issue.state == "visited"
    assert (walk.issue.closed_at, walk.issue.on_time, walk.issue.due_at) == (closed, True, due)
    walk.session.commit()
    assert verify(walk.session).problems == []


def test_one_way_back_after_another_leads_further_back_and_never_forward_again(walk: Walk) -> None:
    walk.move(walk.issue, "accept", category="90005")
    unit = walk.session.exec(select(Organisation.code)).first()
    for action, inputs in (("dispatch", {"unit": unit}), ("start", {}), ("finish", {"note": "done"}), ("verify", {})):
        walk.move(walk.issue, action, **inputs)
    walk.move(walk.issue, "visit", contacted="yes", resolved="yes", satisfaction="satisfied")
    walk.move(walk.issue, "archive")
    stood = [walk.move(walk.issue, "restore", note="By mistake.").state for _back in range(3)]
    assert stood == ["visited", "closed", "to_verify"]


def test_an_action_item_goes_back_to_where_it_was_and_a_cancelled_one_gets_a_day(walk: Walk) -> None:
    walk.discuss().meet().vote()
    item = walk.promise()
    for action, inputs in (("start", {}), ("deliver", {"note": "built"}), ("accept", {})):
        walk.move(item, action, **inputs)
    walk.move(item, "restore", note="The sockets are dead.")
    assert (item.state, item.on_time, item.closed_at) == ("delivered", None, None)
    walk.move(item, "rework", note="Mend them.")
    walk.move(item, "cancel", note="No money.")
    past = clock.today() - timedelta(days=1)
    refused_move(walk.session, walk.actor, item, "restore", note="There is.", due=past)
    walk.move(item, "restore", note="There is.", due=clock.today() + timedelta(days=5))
    assert item.state == "doing" and item.due_at is not None


def test_a_topic_referred_by_mistake_is_before_the_same_meeting_again(walk: Walk) -> None:
    walk.discuss().meet()
    walk.record(meetings.take_attendance, {"representative": 30})
    walk.move(walk.topic, "refer", note="Too large.")
    walk.move(walk.topic, "restore", note="It is not.")
    meeting = meetings.current(walk.session, walk.topic)
    assert walk.topic.state == "meeting" and meeting is not None and meeting.ended_at is None
    walk.vote().move(walk.topic, "resolve")


def test_a_grid_worker_restores_nothing(walk: Walk, actor: Actors) -> None:
    walk.move(walk.issue, "decline", note="Not ours.")
    with pytest.raises(Refused):
        workflow.move(
            walk.session, actor("grid_worker"), walk.issue.number, "restore", walk.issue.version, {"note": "x"}
        )
