"""Turnout: whether a count fits the people there were to vote, in the room and online."""

from sqlmodel import Session

from models.meeting import Meeting
from services.parts import occasions
from services.system.errors import Refused

Votes = dict[tuple[int, str], int]


def check(session: Session, meeting: Meeting, votes: Votes) -> None:
    """Refuse more votes by hand and paper than people are present, and more online, or in all, than are expected."""
    online = sum(number_of for (_, channel), number_of in votes.items() if channel == "online")
    in_room, present = sum(votes.values()) - online, sum(occasions.headcount(session, meeting.occasion_id).values())
    if in_room > present:
        raise Refused(
            "{votes} votes were counted in the room, but {present} people are present. "
            "Check the count or the attendance.",
            votes=in_room,
            present=present,
        )
    if online > meeting.expected or (online and in_room + online > max(present, meeting.expected)):
        raise Refused(
            "{online} votes came in online and {votes} in the room, but {expected} people are expected in all. "
            "Check the count, or how many are expected.",
            online=online,
            votes=in_room,
            expected=meeting.expected,
        )


def fits(session: Session, meeting: Meeting, votes: Votes) -> bool:
    """Whether a count that stands still fits who is present and expected, which may have been corrected since."""
    try:
        check(session, meeting, votes)
    except Refused:
        return False
    return True
