"""The procedure check and the guards that say the same: boundary cases, ties, marks and rules that have expired."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from models.meeting import Meeting
from models.place import Place, Venue
from services.meetings import compliance, meetings, sittings
from services.rights.permissions import Actor
from services.rules import rules
from services.rules.rules import Rule
from services.system import clock
from services.system.errors import Refused
from tests.refusing import refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]
Begin = Callable[..., Walk]


@pytest.fixture
def begin(session: Session, place: Place, actor: Actors) -> Begin:
    def start(expected: int = 32, ruleset: str = "council") -> Walk:
        return Walk(session, actor("secretary"), place, ruleset).discuss().meet(expected)

    return start


def meeting_of(walk: Walk) -> Meeting:
    found = meetings.current(walk.session, walk.topic)
    assert found is not None
    return found


def standing(walk: Walk, check: str) -> tuple[str, str]:
    found = compliance.findings(walk.session, walk.topic, meeting_of(walk))
    return next((finding.standing, finding.detail) for finding in found if finding.rule.check == check)


def resolving(walk: Walk) -> Refused:
    return refused_move(walk.session, walk.actor, walk.topic, "resolve")


def test_exactly_half_is_not_more_than_half(begin: Begin) -> None:
    walk = begin(32).vote(present=16, first=16, second=0)
    assert standing(walk, "quorum") == ("unmet", "16 / 32")
    found = resolving(walk)
    assert found.message.startswith("No quorum: {present} of {expected} are present.")
    assert (found.params["present"], found.params["expected"]) == (16, 32)
    walk.record(meetings.take_attendance, {"representative": 17})
    assert standing(walk, "quorum") == ("met", "17 / 32")
    assert walk.move(walk.topic, "resolve").state == "resolved"


def test_nobody_present_comes_before_every_other_refusal(begin: Begin) -> None:
    assert resolving(begin()).message == "Enter who is present before adopting a resolution."


def test_nobody_expected_leaves_the_quorum_open_and_stops_the_resolution(begin: Begin) -> None:
    walk = begin(0).vote()
    assert standing(walk, "quorum") == ("open", "30 / 0")
    assert resolving(walk).message == "Enter how many are expected, so that the quorum can be checked."


@pytest.mark.parametrize(("present", "met"), [(29, False), (30, True), (31, True)])
def test_two_thirds_of_45_are_30_though_the_rulebook_rounds(present: int, met: bool) -> None:
    rule = rules.rule("heads.quorum")
    assert rule.unit == "least"
    assert compliance.reaches(present, 45, rule) is met


@given(part=st.integers(0, 3000), whole=st.integers(1, 3000))
def test_over_half_is_exact_for_every_meeting(part: int, whole: int) -> None:
    assert compliance.reaches(part, whole, rules.rule("council.quorum")) is (2 * part > whole)


@given(part=st.integers(0, 3000), whole=st.integers(1, 3000))
def test_two_thirds_are_exact_for_every_meeting(part: int, whole: int) -> None:
    assert compliance.reaches(part, whole, rules.rule("heads.quorum")) is (3 * part >= 2 * whole)


def test_one_count_is_no_count(begin: Begin) -> None:
    walk = begin().vote()
    meeting = meeting_of(walk)
    one, two = (option.id for option in meetings.options(walk.session, meeting))
    walk.record(meetings.remove_option, one)
    walk.record(meetings.remove_option, two)
    assert resolving(walk).message == "Enter the options that were put to the vote."
    walk.record(meetings.add_option, "Again")
    (again,) = (option.id for option in meetings.options(walk.session, meeting))
    walk.record(meetings.count_votes, 1, {(again, "hands"): 19})
    assert standing(walk, "majority") == ("open", "")
    found = resolving(walk)
    assert found.message == "Enter the votes twice, by two people: the {counter} count is missing."
    assert found.params == {"counter": "2"}


def test_counts_that_differ_name_the_option_and_give_no_result(begin: Begin) -> None:
    walk = begin().vote()
    one, two = (option.id for option in meetings.options(walk.session, meeting_of(walk)))
    walk.record(meetings.count_votes, 2, {(one, "hands"): 18, (two, "hands"): 7, (one, "paper"): 1})
    assert standing(walk, "majority") == ("open", "")
    found = resolving(walk)
    assert found.message == "The two counts differ in {places} places. Count these again: {option}."
    assert found.params == {"places": 2, "option": "North gate"}


def test_attendance_corrected_below_the_votes_stops_the_resolution(begin: Begin) -> None:
    walk = begin(32).vote(present=30, first=19, second=7)
    walk.record(meetings.take_attendance, {"representative": 25})
    found = resolving(walk)
    assert found.params == {"votes": 26, "present": 25}


@pytest.mark.parametrize(
    ("first", "second", "carries"), [(15, 15, False), (15, 7, False), (16, 14, True), (0, 0, False)]
)
def test_half_a_tie_and_no_votes_do_not_carry(begin: Begin, first: int, second: int, carries: bool) -> None:
    walk = begin(32).vote(present=30, first=first, second=second)
    lead = compliance.lead(walk.session, meeting_of(walk))
    assert (lead.carries, lead.tied) == (carries, first == second)
    if carries:
        assert walk.move(walk.topic, "resolve").state == "resolved"
    else:
        assert resolving(walk).message.startswith("No option carries: {option} leads with {votes} votes ({share}).")


def test_an_abstention_that_leads_cannot_be_adopted(begin: Begin) -> None:
    walk = begin(32).vote(present=30, first=5, second=4)
    walk.record(meetings.add_option, "Abstain", True)
    one, two, abstain = (option.id for option in meetings.options(walk.session, meeting_of(walk)))
    for counter in (1, 2):
        votes = {(one, "hands"): 5, (two, "hands"): 4, (abstain, "hands"): 21}
        walk.record(meetings.count_votes, counter, votes)
    assert standing(walk, "majority") == ("unmet", "5 · 17%")
    found = resolving(walk)
    assert (found.params["option"], found.params["votes"], found.params["share"]) == ("Abstain", 21, "70%")


def test_a_resolution_without_a_sentence_is_refused(begin: Begin) -> None:
    walk = begin()
    walk.record(meetings.take_attendance, {"representative": 30})
    walk.record(meetings.add_option, "North gate")
    (one,) = (option.id for option in meetings.options(walk.session, meeting_of(walk)))
    for counter in (1, 2):
        walk.record(meetings.count_votes, counter, {(one, "hands"): 30})
    assert resolving(walk).message == "Enter the resolution in a sentence."


def test_a_round_table_resolves_without_vote_or_quorum(begin: Begin) -> None:
    walk = begin(0, "round_table")
    assert meeting_of(walk).voting is False
    walk.record(meetings.take_attendance, {"expert": 1})
    walk.record(meetings.write_resolution, "Try it for a month.")
    assert walk.move(walk.topic, "resolve").state == "resolved"


def test_an_advisory_rule_is_shown_but_does_not_stop(begin: Begin) -> None:
    walk = begin(60, "residents").vote(present=10, first=2, second=1)
    assert standing(walk, "quorum") == ("unmet", "10 / 60")
    assert all(
        finding.rule.mark == "M"
        for finding in compliance.findings(walk.session, walk.topic, meeting_of(walk))
        if finding.rule.check in ("quorum", "majority")
    )
    assert walk.move(walk.topic, "resolve").state == "resolved"


def test_advice_does_not_adopt_an_option_nobody_voted_for(begin: Begin) -> None:
    walk = begin(60, "residents")
    walk.record(meetings.take_attendance, {"representative": 10})
    walk.record(meetings.write_resolution, "Nobody wanted it.")
    walk.record(meetings.add_option, "Only choice")
    (one,) = (option.id for option in meetings.options(walk.session, meeting_of(walk)))
    for counter in (1, 2):
        walk.record(meetings.count_votes, counter, {(one, "hands"): 0})
    assert resolving(walk).params["votes"] == 0


def test_a_meeting_is_checked_by_the_rules_of_its_own_day(begin: Begin) -> None:
    walk = begin(60, "residents").vote(present=30, first=19, second=7)
    meeting = meeting_of(walk)
    for day, code in ((date(2025, 12, 31), "residents.quorum"), (date(2026, 1, 1), "residents.quorum_2026")):
        meeting.occasion.starts_at = clock.start_of(day) + timedelta(hours=12)
        found = compliance.findings(walk.session, walk.topic, meeting)
        assert [finding.rule.code for finding in found if finding.rule.check == "quorum"] == [code]
    meeting.occasion.starts_at = clock.start_of(date(2025, 12, 31))
    walk.session.add(meeting)
    assert resolving(walk).message.startswith("No quorum")


def test_notice_counts_days_and_a_meeting_logged_afterwards_is_open(begin: Begin) -> None:
    meeting = meeting_of(walk := begin())
    for ahead, found in ((2, ("unmet", "2")), (3, ("met", "3")), (-1, ("open", "0"))):
        meeting.notified_on = sittings.held_on(walk.session, meeting) - timedelta(days=ahead)
        assert standing(walk, "notice") == found
    meeting.notified_on = None
    assert standing(walk, "notice") == ("open", "")


def test_notice_is_counted_to_the_opening_whatever_day_was_announced(
    session: Session, place: Place, actor: Actors
) -> None:
    walk = Walk(session, actor("secretary"), place).discuss()
    venue = session.exec(select(Venue.code)).first()
    walk.move(walk.topic, "notify", starts_at=clock.now() + timedelta(days=3, hours=1), venue=venue, expected=32)
    assert standing(walk, "notice") == ("met", "3")
    with clock.pretending(clock.now() + timedelta(minutes=1)):
        walk.move(walk.topic, "convene")
    assert standing(walk, "notice") == ("unmet", "0")


def test_a_meeting_moved_to_another_day_has_notice_from_the_day_it_was_moved(
    session: Session, place: Place, actor: Actors
) -> None:
    walk = Walk(session, actor("secretary"), place).discuss()
    venue = session.exec(select(Venue.code)).first()
    walk.move(walk.topic, "notify", starts_at=clock.now() + timedelta(days=3), venue=venue, expected=32)
    with clock.pretending(clock.now() + timedelta(days=2)):
        walk.move(walk.topic, "reschedule", starts_at=clock.now() + timedelta(days=1), note="Rain.")
    assert standing(walk, "notice") == ("unmet", "1")


@pytest.mark.parametrize(("online", "fits"), [(2, True), (3, False), (33, False)])
def test_no_more_vote_online_than_are_expected_besides_those_in_the_room(begin: Begin, online: int, fits: bool) -> None:
    walk = begin(32).vote(present=30, first=30, second=0)
    one = meetings.options(walk.session, meeting_of(walk))[0].id
    votes = {(one, "hands"): 30, (one, "online"): online}
    if fits:
        walk.record(meetings.count_votes, 1, votes)
        return
    with pytest.raises(Refused) as found:
        walk.record(meetings.count_votes, 1, votes)
    assert found.value.params == {"online": online, "votes": 30, "expected": 32}


@pytest.mark.parametrize("change", [("take_attendance", {"representative": 17}), ("expect", 19)])
def test_what_is_corrected_after_the_tally_is_judged_anew(begin: Begin, change: tuple[str, Any]) -> None:
    walk = begin(32).vote(present=18, first=0, second=0)
    one = meetings.options(walk.session, meeting_of(walk))[0].id
    for counter in (1, 2):
        walk.record(meetings.count_votes, counter, {(one, "hands"): 18, (one, "online"): 2})
    assert standing(walk, "majority")[0] == "met" and compliance.lead(walk.session, meeting_of(walk)).carries
    walk.record(getattr(meetings, change[0]), change[1])
    assert standing(walk, "majority")[0] == "unmet"
    assert not compliance.lead(walk.session, meeting_of(walk)).carries
    assert "Check the count" in resolving(walk).message


def test_parties_and_publicity_are_open_until_there_is_something_to_see(begin: Begin) -> None:
    walk = begin()
    assert standing(walk, "parties") == ("met", "")
    assert standing(walk, "publicity") == ("open", "")
    walk.vote().publish(-6, -1)
    assert standing(walk, "publicity") == ("met", "6")


def test_findings_come_in_the_order_of_the_rulebook_and_carry_their_citation(begin: Begin) -> None:
    walk = begin()
    found = [finding.rule for finding in compliance.findings(walk.session, walk.topic, meeting_of(walk))]
    assert [rule.check for rule in found] == ["quorum", "majority", "notice", "publicity", "parties"]
    assert all(rule.source and rule.mark in "VSM" for rule in found)


def test_a_binding_rule_refuses_with_its_source(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = begin(32).vote(present=10, first=9, second=1)
    book: tuple[Rule, ...] = tuple(
        replace(rule, mark="M") if rule.code == "council.quorum" else rule for rule in rules.rulebook()
    )
    source = rules.rule("council.quorum").source
    assert resolving(walk).params["source"] == source
    monkeypatch.setattr(rules, "rulebook", lambda: book)
    assert walk.move(walk.topic, "resolve").state == "resolved"
