"""Meetings: what is recorded while they run, and what is refused without a trace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from models.meeting import Meeting
from models.place import Place
from services.engine import events
from services.meetings import counters, meetings
from services.people import accounts
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from tests.refusing import refused, refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(met: Walk) -> Walk:
    return met


def meeting_of(walk: Walk) -> Meeting:
    found = meetings.current(walk.session, walk.topic)
    assert found is not None
    return found


def refusal(walk: Walk, function: Callable[..., Any], *args: Any) -> Refused:
    walk.session.commit()
    who = walk.by(function, args)
    return refused(walk.session, function, who, walk.topic.number, walk.topic.version, *args)


def option_ids(walk: Walk, *titles: str) -> list[int]:
    for title in titles:
        walk.record(meetings.add_option, title)
    return [option.id for option in meetings.options(walk.session, meeting_of(walk))]


def test_attendance_is_kept_by_category_and_what_is_left_out_stays(walk: Walk) -> None:
    walk.record(meetings.take_attendance, {"representative": 18, "party_member": 6})
    walk.record(meetings.take_attendance, {"party_member": 7})
    assert meetings.attendance(walk.session, meeting_of(walk)) == {"representative": 18, "party_member": 7}


def test_every_save_is_one_event_with_what_was_recorded(walk: Walk) -> None:
    before = walk.topic.events
    walk.record(meetings.take_attendance, {"representative": 18})
    walk.record(meetings.expect, 40)
    walk.record(meetings.add_opinion, "expert", "Keep the fire lane free.")
    last = events.history(walk.session, walk.topic.id)[before:]
    assert [(event.action, event.data) for event in last] == [
        ("attendance", {"representative": 18}),
        ("expected", {"expected": 40}),
        ("opinion", {"category": "expert", "text": "Keep the fire lane free."}),
    ]


@pytest.mark.parametrize(
    ("present", "sentence"),
    [
        ({"residents_of_mars": 3}, "Enter whole numbers between 0 and 9999."),
        ({"representative": 10_000}, "Enter whole numbers between 0 and 9999."),
        ({"representative": -1}, "Enter whole numbers between 0 and 99999."),
        ({"representative": True}, "Enter whole numbers between 0 and 99999."),
        ({"party_member": 3, "representative": "many"}, "Enter whole numbers between 0 and 99999."),
    ],
)
def test_attendance_that_cannot_be_is_refused_whole(walk: Walk, present: dict[str, Any], sentence: str) -> None:
    assert refusal(walk, meetings.take_attendance, present).message == sentence


@pytest.mark.parametrize(
    ("function", "args", "sentence"),
    [
        (meetings.add_opinion, ("nobody", "text"), "Choose who spoke: a category of participants."),
        (meetings.add_opinion, ("expert", " \n "), "Enter what was said."),
        (
            meetings.add_opinion,
            ("expert", "x" * 501),
            "The opinion is {length} characters long. Shorten it to {limit}.",
        ),
        (meetings.add_option, ("",), "Enter the option in a few words."),
        (meetings.add_option, ("x" * 121,), "The option is {length} characters long. Shorten it to {limit}."),
        (meetings.remove_option, (999_999,), "That option is gone already. Look at the list below."),
        (meetings.write_resolution, ("",), "Enter the resolution in a sentence."),
        (
            meetings.write_resolution,
            ("x" * 1001,),
            "The resolution is {length} characters long. Shorten it to {limit}.",
        ),
        (meetings.expect, (100_000,), "Enter whole numbers between 0 and 99999."),
        (
            meetings.count_votes,
            (1, {}),
            "Enter the votes that were counted; leave a cell empty where there were none.",
        ),
        (
            meetings.count_votes,
            (1, {(999_999, "hands"): 1}),
            "The options have changed. Look at the list below and count again.",
        ),
    ],
)
def test_what_a_clerk_may_mistype_is_refused(
    walk: Walk, function: Callable[..., Any], args: tuple[Any, ...], sentence: str
) -> None:
    assert refusal(walk, function, *args).message == sentence


def test_an_opinion_may_fill_its_limit_and_hold_markup(walk: Walk) -> None:
    said = ("**<b>停车${x}</b>" * 40)[:500]
    walk.record(meetings.add_opinion, "resident", said)
    assert meetings.opinions(walk.session, meeting_of(walk))[0].text == said


def test_options_differ_and_there_are_at_most_eight(walk: Walk) -> None:
    option_ids(walk, *(f"Option {number}" for number in range(8)))
    eight = "Options must differ, and a meeting can hold eight at most. Remove one first."
    assert refusal(walk, meetings.add_option, "Option 9").message == eight
    first = meetings.options(walk.session, meeting_of(walk))[0]
    walk.record(meetings.remove_option, first.id)
    assert refusal(walk, meetings.add_option, "Option 7").message == eight
    walk.record(meetings.add_option, "Option 9")
    assert [option.seq for option in meetings.options(walk.session, meeting_of(walk))] == [*range(2, 9), 9]


def test_a_removed_option_takes_its_votes_with_it(walk: Walk) -> None:
    walk.record(meetings.take_attendance, {"representative": 10})
    one, two = option_ids(walk, "North", "South")
    walk.record(meetings.count_votes, 1, {(one, "hands"): 6, (two, "hands"): 4})
    walk.record(meetings.remove_option, one)
    assert meetings.tally(walk.session, meeting_of(walk), 1) == {(two, "hands"): 4}


@pytest.mark.parametrize(("counter", "channel"), [(3, "hands"), (0, "hands"), (1, "shouting")])
def test_a_third_count_and_an_unknown_channel_are_refused(walk: Walk, counter: int, channel: str) -> None:
    (one,) = option_ids(walk, "North")
    found = refusal(walk, meetings.count_votes, counter, {(one, channel): 0})
    assert found.message == "The options have changed. Look at the list below and count again."


def test_as_many_votes_as_people_are_kept_and_one_more_is_refused(walk: Walk) -> None:
    walk.record(meetings.take_attendance, {"representative": 10})
    one, two = option_ids(walk, "North", "South")
    walk.record(meetings.count_votes, 1, {(one, "hands"): 6, (two, "paper"): 4})
    found = refusal(walk, meetings.count_votes, 2, {(one, "hands"): 7, (two, "paper"): 4})
    assert found.message.startswith("{votes} votes were counted in the room")
    assert found.params == {"votes": 11, "present": 10}


def test_online_votes_need_nobody_in_the_room_and_widen_who_is_entitled(walk: Walk) -> None:
    walk.record(meetings.take_attendance, {"representative": 10})
    one, two = option_ids(walk, "North", "South")
    votes = {(one, "hands"): 6, (two, "hands"): 4, (one, "online"): 2, (two, "online"): 8}
    for counter in (1, 2):
        walk.record(meetings.count_votes, counter, votes)
    found = {
        result.option.title: (result.votes, result.share) for result in meetings.results(walk.session, meeting_of(walk))
    }
    assert found == {"North": (8, 0.4), "South": (12, 0.6)}


def test_a_second_count_of_the_same_counter_replaces_the_first(walk: Walk) -> None:
    walk.record(meetings.take_attendance, {"representative": 10})
    (one,) = option_ids(walk, "North")
    walk.record(meetings.count_votes, 1, {(one, "hands"): 6, (one, "paper"): 1})
    walk.record(meetings.count_votes, 1, {(one, "hands"): 5})
    assert meetings.tally(walk.session, meeting_of(walk), 1) == {(one, "hands"): 5}


def test_counts_agree_only_when_both_are_in_and_an_empty_cell_is_a_zero(walk: Walk) -> None:
    walk.record(meetings.take_attendance, {"representative": 10})
    one, two = option_ids(walk, "North", "South")
    meeting = meeting_of(walk)
    assert not meetings.counted(walk.session, meeting)
    walk.record(meetings.count_votes, 1, {(one, "hands"): 6, (two, "hands"): 0})
    assert not meetings.counted(walk.session, meeting)
    walk.record(meetings.count_votes, 2, {(one, "hands"): 5})
    assert [(row[0].title, *row[1:]) for row in meetings.mismatches(walk.session, meeting)] == [
        ("North", "hands", 6, 5)
    ]
    walk.record(meetings.count_votes, 2, {(one, "hands"): 6})
    assert meetings.counted(walk.session, meeting)


def test_nothing_present_gives_no_share(walk: Walk) -> None:
    (one,) = option_ids(walk, "North")
    walk.record(meetings.count_votes, 1, {(one, "hands"): 0})
    assert [result.share for result in meetings.results(walk.session, meeting_of(walk))] == [0.0]


def test_a_second_writer_is_refused_and_told_who_was_first(walk: Walk, actor: Actors) -> None:
    seen = walk.topic.version
    meetings.take_attendance(walk.session, actor("staff"), walk.topic.number, seen, {"representative": 3})
    walk.session.commit()
    found = refused(walk.session, meetings.expect, walk.actor, walk.topic.number, seen, 50)
    assert found.message.startswith("{actor} changed {number} at {time}")
    assert found.params["actor"] == "staff"


@pytest.mark.parametrize("role", ["grid_worker", "viewer", "admin"])
def test_who_may_not_record_changes_nothing(walk: Walk, actor: Actors, role: str) -> None:
    walk.session.commit()
    args = (walk.topic.number, walk.topic.version, {"representative": 3})
    refused(walk.session, meetings.take_attendance, actor(role), *args)


def test_nothing_is_recorded_before_the_meeting_opens_or_after_it_ended(
    session: Session, place: Place, actor: Actors
) -> None:
    walk = Walk(session, actor("secretary"), place).discuss()
    not_running = "The meeting on {number} is not running. Open the meeting first."
    assert refusal(walk, meetings.take_attendance, {"representative": 3}).message == not_running
    walk.meet().vote().move(walk.topic, "resolve")
    assert refusal(walk, meetings.take_attendance, {"representative": 3}).message == not_running


def test_the_resolution_ends_the_meeting_with_the_option_it_adopted(walk: Walk) -> None:
    walk.vote()
    walk.move(walk.topic, "resolve")
    meeting = meeting_of(walk)
    titles = {option.id: option.title for option in meetings.options(walk.session, meeting)}
    assert meeting.ended_at is not None and titles[meeting.adopted_id or 0] == "North gate"
    last = events.history(walk.session, walk.topic.id)[-1]
    assert last.data == {
        "resolution": "Build it at the north gate.",
        "adopted": "North gate",
        "votes": 19,
        "share": 0.6333,
    }


def test_postponing_calls_the_next_sitting_with_the_same_people_expected(walk: Walk) -> None:
    first = meeting_of(walk)
    walk.move(walk.topic, "postpone", starts_at=clock.now() + timedelta(days=7), note="No quorum.")
    second = meeting_of(walk)
    assert (walk.topic.state, first.ended_at is not None) == ("notified", True)
    assert (second.id != first.id, second.expected, second.ended_at) == (True, 32, None)
    assert [meeting.id for meeting in meetings.held(walk.session, walk.topic)] == [first.id, second.id]


@pytest.mark.parametrize(("action", "state"), [("continue", "parties"), ("refer", "referred")])
def test_a_meeting_that_adopts_nothing_is_over_all_the_same(walk: Walk, action: str, state: str) -> None:
    walk.move(walk.topic, action, note="Opinions differ.")
    assert (walk.topic.state, meeting_of(walk).ended_at is not None) == (state, True)


def test_the_two_counts_are_two_peoples_in_either_order(walk: Walk, actor: Actors) -> None:
    walk.record(meetings.take_attendance, {"representative": 10})
    (one,) = option_ids(walk, "North")
    votes = {(one, "hands"): 6}
    walk.record(meetings.count_votes, 1, votes)
    walk.session.commit()
    for name in ("secretary", "staff"):
        mine, other = (1, 2) if name == "secretary" else (2, 1)
        who = actor(name)
        args = (walk.topic.number, walk.topic.version)
        meetings.count_votes(walk.session, who, *args, mine, votes)
        walk.session.commit()
        again = (walk.topic.number, walk.topic.version)
        found = refused(walk.session, meetings.count_votes, who, *again, other, votes)
        assert found.message.startswith("You entered the other count.")
    assert meetings.counted(walk.session, meeting_of(walk))


def test_a_person_is_the_account_and_not_its_name(session: Session, place: Place, actor: Actors) -> None:
    accounts_of = [
        accounts.create(session, "t", login=login, name="Li", role="staff", password=None, area_id=None, subject=login)
        for login in ("li.one", "li.two")
    ]
    one, two = (replace(actor("staff"), account_id=account.id, name="Li") for account in accounts_of)
    walk = Walk(session, one, place).discuss().meet()
    walk.record(meetings.take_attendance, {"representative": 10})
    (north,) = option_ids(walk, "North")
    walk.record(meetings.count_votes, 1, {(north, "hands"): 6})
    renamed = replace(one, name="Another name")
    session.commit()
    args = (walk.topic.number, walk.topic.version, 2, {(north, "hands"): 6})
    assert refused(session, meetings.count_votes, renamed, *args).message.startswith("You entered")
    meetings.count_votes(session, two, *args)
    assert meetings.counted(session, meeting_of(walk))


def test_counts_that_one_person_entered_before_the_rule_adopt_nothing(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(counters, "two_people", lambda _flow: False)
        walk.record(meetings.take_attendance, {"representative": 30})
        (one,) = option_ids(walk, "North")
        for counter in (1, 2):
            args = (walk.topic.number, walk.topic.version, counter, {(one, "hands"): 20})
            meetings.count_votes(walk.session, walk.actor, *args)
        walk.record(meetings.write_resolution, "North.")
    found = refused_move(walk.session, walk.actor, walk.topic, "resolve")
    assert (found.message.split(".")[0], found.params) == ("Both counts were entered by {name}", {"name": "secretary"})
    walk.record(meetings.count_votes, 2, {(one, "hands"): 20})
    assert walk.move(walk.topic, "resolve").state == "resolved"


def test_where_the_flow_does_not_say_so_one_person_may_enter_both(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "two_people", lambda _flow: False)
    walk.record(meetings.take_attendance, {"representative": 30})
    (one,) = option_ids(walk, "North")
    for counter in (1, 2):
        args = (walk.topic.number, walk.topic.version, counter, {(one, "hands"): 20})
        meetings.count_votes(walk.session, walk.actor, *args)
    assert meetings.counted(walk.session, meeting_of(walk))
