"""Topics: proposed or grown from an issue, answered on the spot or judged by residents."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.place import Forum, Place, Venue
from services.engine import events, links, workflow
from services.flows.deliberation import deliberations, verdicts
from services.flows.deliberation.deliberations import NewTopic
from services.meetings import meetings
from services.rights.permissions import Actor
from services.rules import worktime
from services.system import clock
from services.system.errors import Refused
from tests.refusing import refused, refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    return Walk(session, actor("secretary"), place)


@pytest.fixture
def judging(walk: Walk) -> Walk:
    item = walk.discuss().meet().vote().promise()
    walk.publish().move(walk.topic, "execute")
    for action, inputs in (("start", {}), ("deliver", {"note": "built"}), ("accept", {})):
        walk.move(item, action, **inputs)
    walk.move(walk.topic, "review")
    return walk


def refusal(walk: Walk, action: str, **inputs: Any) -> Refused:
    return refused_move(walk.session, walk.actor, walk.topic, action, **inputs)


def council(session: Session) -> Forum:
    return session.exec(select(Forum).where(Forum.code == "CL-F-HSL")).one()


def test_a_topic_is_proposed_in_the_area_of_its_forum(session: Session, place: Place, actor: Actors) -> None:
    forum = council(session)
    topic = deliberations.create(session, actor("staff"), NewTopic(title=" Dogs ", forum=forum.code, category="90005"))
    assert (topic.flow, topic.state, topic.title) == ("deliberation", "collecting", "Dogs")
    assert (topic.area_id, topic.number[:3], topic.events) == (forum.area_id, f"{place.prefix}-", 1)
    assert topic.due_at is not None and worktime.between(topic.opened_at, topic.due_at, "work_day") == 5
    assert deliberations.detail(session, topic)[1].id == forum.id


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"forum": "NOWHERE"}, "Choose the forum that takes this topic."),
        ({"title": "  "}, "Enter the topic in one sentence."),
        ({"title": "x" * 121}, "The title is {length} characters long. Shorten it to {limit}."),
        ({"category": "nonsense"}, "Choose a category from the list."),
        ({"description": "x" * 4001}, "The description is {length} characters long. Shorten it to {limit}."),
    ],
)
def test_a_topic_that_cannot_be_is_refused(
    session: Session, place: Place, actor: Actors, changed: dict[str, str], sentence: str
) -> None:
    assert place
    entered = {"title": "Dogs", "forum": council(session).code} | changed
    found = refused(session, deliberations.create, actor("secretary"), NewTopic(**entered))
    assert found.message == sentence


@pytest.mark.parametrize("role", ["grid_worker", "viewer", "admin"])
def test_who_may_not_propose_leaves_nothing(session: Session, place: Place, actor: Actors, role: str) -> None:
    assert place
    refused(session, deliberations.create, actor(role), NewTopic(title="Dogs", forum=council(session).code))


def test_an_issue_in_deliberation_keeps_its_words_and_is_tied_to_its_topic(walk: Walk) -> None:
    topic = walk.discuss().topic
    assert (topic.title, topic.area_id, walk.issue.state) == (walk.issue.title, walk.issue.area_id, "deliberating")
    assert links.origins(walk.session, topic) == [walk.issue]
    event = events.history(walk.session, walk.issue.id)[-1]
    assert event.data is not None and event.data["discussed_in"] == topic.number


def test_an_issue_has_one_open_topic_at_a_time(walk: Walk) -> None:
    walk.discuss()
    walk.move(walk.issue, "withdraw", note="Wait.")
    forum = council(walk.session).code
    found = refused_move(walk.session, walk.actor, walk.issue, "deliberate", forum=forum)
    assert found.message.startswith("{flow} {number} is still open.") and found.params["number"] == walk.topic.number
    walk.move(
        walk.topic, "notify", starts_at=clock.now(), venue=walk.session.exec(select(Venue.code)).first(), expected=3
    )
    walk.move(walk.topic, "convene")
    walk.move(walk.topic, "refer", note="Too big.")
    walk.move(walk.issue, "deliberate", forum=forum)
    assert len(deliberations.topics_of(walk.session, walk.issue)) == 2


def test_a_topic_that_is_not_taken_up_gives_its_issue_back(session: Session, place: Place, actor: Actors) -> None:
    walk = Walk(session, actor("secretary"), place)
    walk.move(walk.issue, "accept", category="90005")
    walk.move(walk.issue, "deliberate", forum=council(session).code)
    topic = deliberations.topics_of(session, walk.issue)[0]
    walk.move(topic, "decline", note="A matter for the police.")
    assert (topic.state, topic.is_open, walk.issue.state) == ("declined", False, "filed")


@pytest.mark.parametrize(("grade", "answered"), [("micro", True), ("general", False), ("major", False)])
def test_only_a_micro_topic_is_answered_on_the_spot(
    session: Session, place: Place, actor: Actors, grade: str, answered: bool
) -> None:
    assert place
    walk = Walk(session, actor("secretary"), place)
    walk.topic = deliberations.create(session, walk.actor, NewTopic(title="Dogs", forum=council(session).code))
    walk.move(walk.topic, "grade", grade=grade)
    if answered:
        assert walk.move(walk.topic, "answer", note="On the spot.").state == "judging"
    else:
        assert refusal(walk, "answer", note="On the spot.").message.startswith("Only a micro topic may be answered")


@pytest.mark.parametrize(("day", "plausible"), [(-61, False), (-59, True), (0, True), (365, True), (367, False)])
def test_a_meeting_starts_within_a_year_or_was_held_lately(walk: Walk, day: int, plausible: bool) -> None:
    walk.discuss()
    venue = walk.session.exec(select(Venue.code)).first()
    starts = clock.now() + timedelta(days=day)
    if plausible:
        walk.move(walk.topic, "notify", starts_at=starts, venue=venue, expected=32)
        assert walk.topic.due_at == starts
    else:
        found = refusal(walk, "notify", starts_at=starts, venue=venue, expected=32)
        assert found.message.startswith("Choose a day for the meeting within the coming year")
        assert meetings.current(walk.session, walk.topic) is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"venue": "NOWHERE"}, "Choose the venue of the meeting."),
        ({"starts_at": None}, "Choose a date."),
        ({"starts_at": "2026-02-30"}, "There is no such date: {value}. Choose one from the calendar."),
        ({"expected": -1}, "Enter whole numbers between 0 and 99999."),
        ({"expected": "32"}, "Enter whole numbers between 0 and 99999."),
    ],
)
def test_a_notice_of_meeting_needs_time_venue_and_people(walk: Walk, changed: dict[str, Any], sentence: str) -> None:
    walk.discuss()
    inputs = {"starts_at": clock.now(), "venue": walk.session.exec(select(Venue.code)).first(), "expected": 32}
    assert refusal(walk, "notify", **inputs | changed).message == sentence


def test_rescheduling_moves_the_same_meeting(walk: Walk) -> None:
    walk.discuss()
    venue = walk.session.exec(select(Venue.code)).first()
    walk.move(walk.topic, "notify", starts_at=clock.now(), venue=venue, expected=32)
    later = clock.now() + timedelta(days=2)
    walk.move(walk.topic, "reschedule", starts_at=later, note="Rain.")
    assert [meeting.occasion.starts_at for meeting in meetings.held(walk.session, walk.topic)] == [later]
    assert walk.topic.due_at == later


TOO_MANY = "Of 100 residents asked, no more than 100 can have answered yes. Check the counts."


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0, 0), "Enter how many residents were asked: at least 1."),
        (
            (100, 101, 50, 80),
            TOO_MANY,
        ),
        (
            (100, 90, 101, 80),
            TOO_MANY,
        ),
        (
            (100, 90, 50, 101),
            TOO_MANY,
        ),
        ((100, 90, None, 80), "Enter whole numbers between 0 and 99999."),
        ((100, -1, 50, 80), "Enter whole numbers between 0 and 99999."),
    ],
)
def test_a_verdict_that_does_not_add_up_is_refused(judging: Walk, counts: tuple[Any, ...], sentence: str) -> None:
    inputs = dict(zip(("asked", "aware", "took_part", "satisfied"), counts, strict=True))
    assert str(refusal(judging, "judge", **inputs)) == sentence
    assert verdicts.verdict(judging.session, judging.topic) is None


def test_everybody_asked_may_have_said_yes_and_the_issue_goes_to_its_check(judging: Walk) -> None:
    judging.move(judging.topic, "judge", asked=7, aware=7, took_part=7, satisfied=7)
    verdict = verdicts.verdict(judging.session, judging.topic)
    assert verdict is not None and (verdict.asked, verdict.satisfied) == (7, 7)
    assert (judging.topic.state, judging.issue.state) == ("archived", "to_verify")


def test_a_stale_step_names_who_was_first_and_writes_nothing(walk: Walk, actor: Actors) -> None:
    walk.discuss()
    seen, venue = walk.topic.version, walk.session.exec(select(Venue.code)).first()
    inputs = {"starts_at": clock.now(), "venue": venue, "expected": 3}
    walk.actor = actor("staff")
    walk.move(walk.topic, "notify", **inputs)
    number = walk.topic.number
    found = refused(walk.session, workflow.move, actor("secretary"), number, "decline", seen, {"note": "No."})
    assert found.params["actor"] == "staff"
