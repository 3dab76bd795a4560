"""On the line: what a topic tells at the stations of the one line, and the meetings it brings to the agenda."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from models.matter import Matter
from models.meeting import Meeting
from models.occasion import Occasion
from models.place import Forum, Venue
from services.engine import telling
from services.engine.telling import Sitting, Told
from services.flows.deliberation import publicities, verdicts
from services.matters import matters
from services.matters.matters import Filter
from services.meetings import meetings
from services.rights import reader_texts
from services.rights.permissions import Actor
from services.system import clock
from services.words.i18n import listed

_CALLED, _RUNNING = "notified", "meeting"
_MOST = 10


@telling.told_by("deliberation", "discussed")
def discussed(session: Session, topic: Matter) -> Told:
    """The last meeting on it. One that was referred elsewhere was discussed, though it is not decided here."""
    last = meetings.current(session, topic)
    at = (last.ended_at or last.occasion.starts_at) if last else topic.opened_at
    return Told(at, standing="done" if topic.state == "referred" else "")


@telling.told_by("deliberation", "decided")
def decided(session: Session, topic: Matter) -> Told | None:
    """What was resolved, and when."""
    meeting = meetings.current(session, topic)
    return Told(meeting.ended_at, meeting.resolution) if meeting and meeting.ended_at else None


@telling.told_by("deliberation", "publicised")
def publicised(session: Session, topic: Matter) -> Told | None:
    """From when to when it hung out."""
    notice = publicities.latest(session, topic)
    if notice is None:
        return None
    return Told(clock.start_of(notice.starts_on), f"{notice.starts_on} – {notice.ends_on}")


@telling.told_by("deliberation", "judged")
def judged(session: Session, topic: Matter) -> Told | None:
    """What the residents said, as counts."""
    found = verdicts.verdict(session, topic)
    if found is None:
        return None
    said = listed("Of {asked} residents asked: {aware} knew of it, {took_part} took part, {satisfied} are satisfied.")
    counts = {name: getattr(found, name) for name in verdicts.COUNTED}
    return Told(found.at, f"{found.satisfied}/{found.asked}", message=said, params=counts)


@telling.coming
def sittings(session: Session, actor: Actor, path: str, first: datetime, last: datetime) -> list[Sitting]:
    """The meetings called for these days, and those running."""
    query = (
        select(Matter, Occasion.starts_at, Forum.name, Venue.name)
        .join(Meeting, col(Meeting.matter_id) == Matter.id)
        .join(Occasion, col(Occasion.id) == Meeting.occasion_id)
        .join(Forum, col(Forum.id) == Meeting.forum_id)
        .outerjoin(Venue, col(Venue.id) == Occasion.venue_id)
        .where(*matters.conditions(session, actor, Filter(path=path, flow="deliberation", openness="open")))
        .where(col(Matter.state).in_([_CALLED, _RUNNING]), col(Meeting.ended_at).is_(None))
        .where(or_(col(Occasion.starts_at) >= first, col(Matter.state) == _RUNNING))
        .where(col(Occasion.starts_at) < last)
        .order_by(col(Occasion.starts_at))
        .limit(_MOST)
    )
    return [
        Sitting(
            reader_texts.shown(actor, matter),
            at,
            tuple(filter(None, (forum, venue))),
            matter.state == _RUNNING,
            "meeting",
        )
        for matter, at, forum, venue in session.exec(query)
    ]
