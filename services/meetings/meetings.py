"""Meetings: recorded while they run. Every save is one transaction and one event on the topic's chain."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, delete, func, select

from models.matter import Matter
from models.meeting import Meeting, Opinion, Option, Tally
from models.place import Forum
from services.engine import events, fields, flows, workflow
from services.meetings import counters, turnout
from services.meetings.counters import COUNTERS as COUNTERS
from services.parts import occasions
from services.rights.permissions import Actor
from services.rules import rules
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary
from services.words.i18n import listed

Votes = dict[tuple[int, str], int]


@dataclass(frozen=True)
class Result:
    """The votes for one option, summed over channels; ``share`` is of those entitled to vote in this meeting."""

    option: Option
    votes: int
    share: float


def current(session: Session, topic: Matter) -> Meeting | None:
    """The latest meeting on a topic."""
    query = select(Meeting).where(Meeting.matter_id == topic.id).order_by(col(Meeting.id).desc())
    return session.exec(query).first()


def held(session: Session, topic: Matter) -> list[Meeting]:
    """All meetings on a topic, first to last."""
    return list(session.exec(select(Meeting).where(Meeting.matter_id == topic.id).order_by(col(Meeting.id))))


def state_of(flow: str) -> str:
    """The state in which a meeting of this flow runs, as ``flow.toml`` says; empty where it never meets."""
    return str(flows.flow(flow).part("meeting").get("state", ""))


def running(matter: Matter) -> bool:
    """Whether the matter is before a meeting now."""
    return matter.state == state_of(matter.flow)


def call(
    session: Session, matter: Matter, values: dict[str, Any], forum: Forum | None = None, invited: bool = False
) -> Meeting:
    """Call a meeting on the matter: ``starts_at``, ``venue``, ``expected``. Only where a forum's rules know a
    majority it votes."""
    occasion = occasions.add(session, matter, values["starts_at"], values["venue"].id)
    meeting = Meeting(
        matter_id=matter.id,
        forum_id=forum.id if forum else None,
        occasion_id=occasion.id,
        notified_on=clock.today(),
        expected=values["expected"],
        voting=forum is not None and rules.check_in(forum.ruleset, "majority") is not None,
        parties_invited=invited,
    )
    session.add(meeting)
    session.flush()
    return meeting


def _open(session: Session, actor: Actor, number: str, version: int) -> tuple[Matter, Meeting]:
    topic = workflow.load(session, actor, number)
    topic = workflow.claim(session, actor, number, version, f"{topic.flow}.record")
    meeting = current(session, topic)
    if not running(topic) or meeting is None:
        raise Refused("The meeting on {number} is not running. Open the meeting first.", number=number)
    return topic, meeting


def _note(session: Session, actor: Actor, topic: Matter, action: str, data: dict[str, Any]) -> Matter:
    events.append(session, topic, actor, action, data=data)
    session.flush()
    return topic


def attendance(session: Session, meeting: Meeting) -> dict[str, int]:
    """How many of each category are present."""
    return occasions.headcount(session, meeting.occasion_id)


def take_attendance(session: Session, actor: Actor, number: str, version: int, present: dict[str, int]) -> Matter:
    """Keep how many of each category are present; categories left out keep their count."""
    topic, meeting = _open(session, actor, number, version)
    occasions.set_headcount(session, meeting.occasion, present)
    return _note(session, actor, topic, "attendance", attendance(session, meeting))


def expect(session: Session, actor: Actor, number: str, version: int, expected: int) -> Matter:
    """Correct how many are entitled to be there."""
    topic, meeting = _open(session, actor, number, version)
    meeting.expected = fields.one(session, topic, "expected", expected)
    return _note(session, actor, topic, "expected", {"expected": expected})


def opinions(session: Session, meeting: Meeting) -> list[Opinion]:
    """What was said, first to last."""
    return list(session.exec(select(Opinion).where(Opinion.meeting_id == meeting.id).order_by(col(Opinion.id))))


def add_opinion(session: Session, actor: Actor, number: str, version: int, category: str, text: str) -> Matter:
    """Write down an opinion under the category of who said it."""
    topic, meeting = _open(session, actor, number, version)
    if category not in vocabulary.codes("participant"):
        raise Refused("Choose who spoke: a category of participants.")
    said = fields.text(
        text,
        500,
        Refused("Enter what was said."),
        listed("The opinion is {length} characters long. Shorten it to {limit}."),
    )
    session.add(Opinion(meeting_id=meeting.id, category=category, text=said, at=clock.now()))
    return _note(session, actor, topic, "opinion", {"category": category, "text": said})


def options(session: Session, meeting: Meeting) -> list[Option]:
    """The choices put to the meeting, in order."""
    return list(session.exec(select(Option).where(Option.meeting_id == meeting.id).order_by(col(Option.seq))))


def add_option(session: Session, actor: Actor, number: str, version: int, title: str, abstain: bool = False) -> Matter:
    """Put a choice to the meeting. At most eight, all different."""
    topic, meeting = _open(session, actor, number, version)
    name = fields.text(
        title,
        120,
        Refused("Enter the option in a few words."),
        listed("The option is {length} characters long. Shorten it to {limit}."),
    )
    have = options(session, meeting)
    if len(have) >= 8 or name in [option.title for option in have]:
        raise Refused("Options must differ, and a meeting can hold eight at most. Remove one first.")
    seq = 1 + (session.exec(select(func.max(Option.seq)).where(Option.meeting_id == meeting.id)).one() or 0)
    session.add(Option(meeting_id=meeting.id, seq=seq, title=name, abstain=abstain))
    return _note(session, actor, topic, "option", {"title": name, "abstain": abstain})


def remove_option(session: Session, actor: Actor, number: str, version: int, option_id: int) -> Matter:
    """Take a choice back, with the votes counted for it."""
    topic, meeting = _open(session, actor, number, version)
    option = session.get(Option, option_id)
    if option is None or option.meeting_id != meeting.id:
        raise Refused("That option is gone already. Look at the list below.")
    session.exec(delete(Tally).where(col(Tally.option_id) == option.id))
    session.delete(option)
    return _note(session, actor, topic, "option_removed", {"title": option.title})


def tally(session: Session, meeting: Meeting, counter: int) -> Votes:
    """What one of the two counters counted, by option and channel."""
    query = select(Tally.option_id, Tally.channel, Tally.votes).join(Option, col(Option.id) == Tally.option_id)
    found = session.exec(query.where(Option.meeting_id == meeting.id, Tally.counter == counter))
    return {(option, channel): votes for option, channel, votes in found}


def count_votes(session: Session, actor: Actor, number: str, version: int, counter: int, votes: Votes) -> Matter:
    """Keep one counter's whole count. More votes in the room than people present are refused.

    So is, where two people count, the other count by who entered the first.
    """
    topic, meeting = _open(session, actor, number, version)
    _check_votes(session, meeting, counter, votes)
    counters.require_another(session, actor, topic, meeting, counter)
    ids = [option.id for option in options(session, meeting)]
    session.exec(delete(Tally).where(col(Tally.option_id).in_(ids), col(Tally.counter) == counter))
    for (option_id, channel), number_of in votes.items():
        session.add(Tally(option_id=option_id, channel=channel, counter=counter, votes=number_of))
    titles = {option.id: option.title for option in options(session, meeting)}
    named = {f"{titles[option_id]} · {channel}": number_of for (option_id, channel), number_of in votes.items()}
    return _note(session, actor, topic, "tally", {"counter": counter, "votes": named})


def _check_votes(session: Session, meeting: Meeting, counter: int, votes: Votes) -> None:
    known = {option.id for option in options(session, meeting)}
    if not votes:
        raise Refused("Enter the votes that were counted; leave a cell empty where there were none.")
    if counter not in COUNTERS or any(
        option not in known or channel not in vocabulary.codes("channel") for option, channel in votes
    ):
        raise Refused("The options have changed. Look at the list below and count again.")
    for number_of in votes.values():
        fields.whole(number_of, 99_999, Refused("Enter whole numbers between 0 and 99999."))
    turnout.check(session, meeting, votes)


def mismatches(session: Session, meeting: Meeting) -> list[tuple[Option, str, int | None, int | None]]:
    """Where the two counts differ: option, channel, first count, second count."""
    first, second = (tally(session, meeting, counter) for counter in COUNTERS)
    by_id = {option.id: option for option in options(session, meeting)}
    keys = sorted(set(first) | set(second))
    return [
        (by_id[option], channel, first.get((option, channel)), second.get((option, channel)))
        for option, channel in keys
        if first.get((option, channel), 0) != second.get((option, channel), 0)
    ]


def counted(session: Session, meeting: Meeting) -> bool:
    """Whether both counts are in and say the same: before that no figure is a result."""
    both = all(tally(session, meeting, counter) for counter in COUNTERS)
    return both and not mismatches(session, meeting)


def results(session: Session, meeting: Meeting) -> list[Result]:
    """The options with their votes by the first count, most first; shares are of present plus online voters."""
    counted = tally(session, meeting, 1) or tally(session, meeting, 2)
    online = sum(votes for (_, channel), votes in counted.items() if channel == "online")
    entitled = sum(attendance(session, meeting).values()) + online
    found = []
    for option in options(session, meeting):
        votes = sum(number for (option_id, _), number in counted.items() if option_id == option.id)
        found.append(Result(option, votes, votes / entitled if entitled else 0.0))
    return sorted(found, key=lambda result: -result.votes)


def write_resolution(session: Session, actor: Actor, number: str, version: int, text: str) -> Matter:
    """Keep the sentence that is resolved, as it stands now."""
    topic, meeting = _open(session, actor, number, version)
    meeting.resolution = fields.text(
        text,
        1000,
        Refused("Enter the resolution in a sentence."),
        listed("The resolution is {length} characters long. Shorten it to {limit}."),
    )
    session.add(meeting)
    return _note(session, actor, topic, "resolution", {"text": meeting.resolution})


def close(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """The meeting ends with what it adopted."""
    meeting = current(session, topic)
    if meeting is None:
        raise Refused("The meeting on {number} is not running. Open the meeting first.", number=topic.number)
    meeting.ended_at = clock.now()
    values["resolution"] = meeting.resolution
    if meeting.voting:
        best = results(session, meeting)[0]
        meeting.adopted_id = best.option.id
        values |= {"adopted": best.option.title, "votes": best.votes, "share": round(best.share, 4)}
    session.add(meeting)
