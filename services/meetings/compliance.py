"""Compliance: a meeting checked against its forum's rules, each finding with its citation. The guards say the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from models.deliberation import Publicity
from models.matter import Matter
from models.meeting import Meeting
from models.place import Forum
from services.engine import workflow
from services.meetings import counters, meetings, sittings, turnout
from services.meetings.meetings import Result
from services.rules import rules
from services.rules.rules import Rule
from services.system import clock
from services.system.errors import Refused


@dataclass(frozen=True)
class Finding:
    """A rule and how the meeting stands to it: met, unmet or open; ``detail`` holds the figures compared."""

    rule: Rule
    standing: str
    detail: str


Check = Callable[[Session, Matter, Meeting, Rule], Finding]

_CHECKS: dict[str, Check] = {}


def _check(function: Check) -> Check:
    _CHECKS[function.__name__] = function
    return function


def reaches(part: float, whole: float, rule: Rule) -> bool:
    """Whether ``part`` of ``whole`` satisfies a share rule: "over" means more than, "least" means at least.

    The rulebook keeps four decimals, so that two thirds are 0.6667: 30 of 45 are at least two thirds.
    """
    needed = rule.value * whole
    return part > needed if rule.unit == "over" else part >= needed - 0.00005 * whole


def _finding(rule: Rule, met: bool | None, detail: str) -> Finding:
    return Finding(rule, "open" if met is None else "met" if met else "unmet", detail)


@_check
def quorum(session: Session, _topic: Matter, meeting: Meeting, rule: Rule) -> Finding:
    """Present against expected."""
    present = sum(meetings.attendance(session, meeting).values())
    met = reaches(present, meeting.expected, rule) if present and meeting.expected else None
    return _finding(rule, met, f"{present} / {meeting.expected}")


def fits(session: Session, meeting: Meeting) -> bool:
    """Whether both counts that stand fit who is present and expected now."""
    return all(turnout.fits(session, meeting, meetings.tally(session, meeting, one)) for one in meetings.COUNTERS)


@_check
def majority(session: Session, _topic: Matter, meeting: Meeting, rule: Rule) -> Finding:
    """The leading option against those entitled to vote, once both counts are in, agree, and fit who is there now."""
    found = [result for result in meetings.results(session, meeting) if not result.option.abstain]
    if not meetings.counted(session, meeting) or not found or not found[0].votes:
        return _finding(rule, None, "")
    enough = fits(session, meeting) and reaches(found[0].share, 1, rule)
    return _finding(rule, enough, f"{found[0].votes} · {found[0].share:.0%}")


@_check
def notice(session: Session, _topic: Matter, meeting: Meeting, rule: Rule) -> Finding:
    """Days between notice and the moment the meeting was opened; open for a meeting that was logged afterwards."""
    if meeting.notified_on is None:
        return _finding(rule, None, "")
    held = sittings.held_on(session, meeting)
    days = rule.days(meeting.notified_on + timedelta(days=1), held)
    return _finding(rule, None if held < meeting.notified_on else days >= rule.value, str(max(days, 0)))


@_check
def parties(_session: Session, _topic: Matter, meeting: Meeting, rule: Rule) -> Finding:
    """Whether the parties concerned were named and invited."""
    return _finding(rule, True if meeting.parties_invited else None, "")


@_check
def publicity(session: Session, topic: Matter, meeting: Meeting, rule: Rule) -> Finding:
    """Days the result hangs out; none counts before it was adopted."""
    found = session.exec(
        select(Publicity).where(Publicity.matter_id == topic.id).order_by(col(Publicity.id).desc())
    ).first()
    if found is None:
        return _finding(rule, None, "")
    adopted = clock.local(meeting.ended_at).date() if meeting.ended_at else found.starts_on
    days = max(rule.days(max(found.starts_on, adopted), found.ends_on), 0)
    return _finding(rule, days >= rule.value, str(days))


def findings(session: Session, topic: Matter, meeting: Meeting) -> list[Finding]:
    """Every rule of the forum that a meeting can be checked against, in the order of the rulebook; none without one."""
    book = rules.ruleset(_ruleset(session, meeting), sittings.held_on(session, meeting))
    known = [rule for rule in book if rule.check in _CHECKS]
    return [_CHECKS[rule.check](session, topic, meeting, rule) for rule in known]


def _ruleset(session: Session, meeting: Meeting) -> str:
    forum = session.get(Forum, meeting.forum_id or 0)
    return forum.ruleset if forum else ""


def _running(session: Session, topic: Matter) -> Meeting:
    meeting = meetings.current(session, topic)
    if meeting is None:
        raise Refused("The meeting on {number} is not running. Open the meeting first.", number=topic.number)
    return meeting


def _binding(session: Session, meeting: Meeting, check: str) -> Rule | None:
    rule = rules.check_in(_ruleset(session, meeting), check, sittings.held_on(session, meeting))
    return rule if rule and rule.binding else None


@dataclass(frozen=True)
class Lead:
    """The option with the most votes, whether another has as many, and whether it carries."""

    result: Result
    tied: bool
    carries: bool


def lead(session: Session, meeting: Meeting) -> Lead:
    """The leading option of a meeting that has options.

    It carries with at least one vote, without a tie, by the rule that binds, while no more voted than could; an
    abstention never does.
    """
    rule = _binding(session, meeting, "majority")
    first, *others = meetings.results(session, meeting)
    tied = any(other.votes == first.votes for other in others)
    enough = first.votes > 0 and fits(session, meeting) and (rule is None or reaches(first.share, 1, rule))
    return Lead(first, tied, enough and not tied and not first.option.abstain)


@workflow.guard
def attendance_taken(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """Somebody was there."""
    if not sum(meetings.attendance(session, _running(session, topic)).values()):
        raise Refused("Enter who is present before adopting a resolution.")


@workflow.guard
def quorum_met(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """Enough are present, where the forum's rule binds."""
    meeting = _running(session, topic)
    rule = _binding(session, meeting, "quorum")
    present = sum(meetings.attendance(session, meeting).values())
    if rule and not meeting.expected:
        raise Refused("Enter how many are expected, so that the quorum can be checked.")
    if rule and not reaches(present, meeting.expected, rule):
        raise Refused(
            "No quorum: {present} of {expected} are present. Postpone the meeting, or refer the topic to a residents' "
            "meeting. ({source})",
            present=present,
            expected=meeting.expected,
            source=rule.source,
        )


@workflow.guard
def tally_complete(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """A voting meeting has options, and both counters have counted; two people, where the flow says so."""
    meeting = _running(session, topic)
    if not meeting.voting:
        return
    if not meetings.options(session, meeting):
        raise Refused("Enter the options that were put to the vote.")
    for counter in meetings.COUNTERS:
        if not meetings.tally(session, meeting, counter):
            raise Refused(
                "Enter the votes twice, by two people: the {counter} count is missing.", counter="12"[counter - 1]
            )
    counters.require_two(session, topic, meeting)


@workflow.guard
def tally_agrees(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """The two counts are the same, and no more votes were cast than people are there or expected."""
    meeting = _running(session, topic)
    different = meetings.mismatches(session, meeting) if meeting.voting else []
    if different:
        raise Refused(
            "The two counts differ in {places} places. Count these again: {option}.",
            places=len(different),
            option=", ".join(dict.fromkeys(row[0].title for row in different)),
        )
    for counter in meetings.COUNTERS if meeting.voting else ():
        turnout.check(session, meeting, meetings.tally(session, meeting, counter))


@workflow.guard
def option_carries(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """One option has the votes the rule asks for; an abstention can't be adopted."""
    meeting = _running(session, topic)
    if not meeting.voting:
        return
    found = lead(session, meeting)
    first = found.result
    if not found.carries:
        raise Refused(
            "No option carries: {option} leads with {votes} votes ({share}). Vote again between the first two, "
            "continue another day, or refer the topic to a residents' meeting.",
            option=first.option.title,
            votes=first.votes,
            share=f"{first.share:.0%}",
        )


@workflow.guard
def resolution_written(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """The resolution is a sentence somebody can be held to."""
    if not _running(session, topic).resolution:
        raise Refused("Enter the resolution in a sentence.")
