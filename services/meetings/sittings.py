"""Sittings: when a meeting really was opened, whatever time it was called for."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from models.event import Event
from models.matter import Matter
from models.meeting import Meeting
from services.engine import flows
from services.system import clock


def opened_at(session: Session, meeting: Meeting) -> datetime | None:
    """When the meeting was opened, as the chain of its matter says; none while it waits."""
    topic = session.get_one(Matter, meeting.matter_id)
    runs = str(flows.flow(topic.flow).part("meeting").get("state", ""))
    if meeting.ended_at is None and topic.state != runs:
        return None
    came = [col(Event.matter_id) == topic.id, col(Event.to_state) == runs, col(Event.from_state) != runs]
    if meeting.ended_at is not None:
        came.append(col(Event.at) <= meeting.ended_at)
    return session.exec(select(Event.at).where(*came).order_by(col(Event.seq).desc())).first()


def held_at(session: Session, meeting: Meeting) -> datetime:
    """When it was held: at the time it was called for, or when it was opened where that was earlier.

    One that was opened later was called for the earlier time, so that nobody had longer notice; or it was held then
    and logged afterwards.
    """
    called = meeting.occasion.starts_at
    return min(called, opened_at(session, meeting) or called)


def held_on(session: Session, meeting: Meeting) -> date:
    """The day of a meeting at the office: the rules that held then are the ones it is checked against."""
    return clock.local(held_at(session, meeting)).date()
