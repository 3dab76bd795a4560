"""Anchors: what the whole record was at a moment, short enough for a sheet of paper; later it shows what is missing.

Kept where whoever writes to the database does not reach, an anchor finds what no chain can find by itself: an end that
was cut off, yesterday's file put back, a history written anew with the key.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, func, select

from models.audit import AuditLine
from models.event import Event
from services.keep import explained_gaps, heads
from services.keep.anchor_text import Anchor
from services.keep.problems import Problem
from services.rights import audit
from services.system import clock, db
from services.system.errors import Refused, listed
from services.system.progress import Progress, silent

_PATIENCE = 20
RESTORED, ACCEPTED = "restore", "anchor.accept"

_FEWER = listed(
    "The anchor of {at} counts {count} events, there are {left}: the newest were cut off, or this is an older copy of"
    " the database."
)
_FEWER_LINES = listed(
    "The anchor of {at} counts {count} audit lines, there are {left}: the newest were cut off, or this is an older copy"
    " of the database."
)
_OTHER = listed("The first {count} events are not those of the anchor of {at}: the history was rewritten.")
_OTHER_LINES = listed("The first {count} audit lines are not those of the anchor of {at}: they were rewritten.")
_AHEAD = listed("The anchor is of {at}, which is still to come: check the clock of this computer.")
_RESTORED = listed("A backup was restored on {at} ({name}), after the anchor was taken.")
_UNDONE = listed(
    "Since the anchor {count} imports were undone, which takes events away: only its audit lines could be compared. To"
    " compare the events, name a backup file of that time."
)


@contextmanager
def at_rest() -> Iterator[Session]:
    """A session that reads one moment in which nobody's event is still under way: ids are in the order of writing."""
    if db.engine().dialect.name == "sqlite":
        with db.reading() as session:
            yield session
        return
    with Session(db.engine().execution_options(isolation_level="REPEATABLE READ")) as session:
        with Session(db.engine()) as holding:
            _hold(holding)
            session.exec(select(func.max(Event.id))).one()
        yield session


def _hold(session: Session) -> None:
    try:
        db.alone(session, _PATIENCE)
        session.execute(text("LOCK TABLE event, audit_line IN SHARE MODE"))
    except OperationalError:
        raise Refused("Somebody is importing at this moment. Ask for the anchor when that is done.") from None


def take(session: Session, progress: Progress = silent) -> Anchor:
    """The anchor of what ``session`` sees; on PostgreSQL ask it ``at_rest``."""
    events = session.exec(select(func.count()).select_from(Event)).one()
    lines = session.exec(select(func.count()).select_from(AuditLine)).one()
    event_head, _ = heads.of_events(session, events, progress)
    line_head, _ = heads.of_lines(session, lines)
    return Anchor(events, lines, clock.now(), event_head, line_head)


def compare(session: Session, anchor: Anchor, progress: Progress = silent) -> Iterator[Problem]:
    """What the record lacks of what the anchor counts, and what is no longer as it was then."""
    told: dict[str, object] = {"at": said(anchor)}
    if anchor.at > clock.now():
        yield Problem("clock", _NAMED, 0, _AHEAD, told)
    head, left = heads.of_lines(session, anchor.lines)
    short = left < anchor.lines
    if short:
        yield Problem("cut", "audit", left, _FEWER_LINES, told | {"count": anchor.lines, "left": left})
    elif head != anchor.line_head:
        yield Problem("rewritten", "audit", 0, _OTHER_LINES, told | {"count": anchor.lines})
    if undone(session, anchor) and not short:
        return
    head, left = heads.of_events(session, anchor.events, progress)
    if left < anchor.events:
        yield Problem("cut", _NAMED, left, _FEWER, told | {"count": anchor.events, "left": left})
    elif head != anchor.event_head:
        yield Problem("rewritten", _NAMED, 0, _OTHER, told | {"count": anchor.events})


_NAMED = "anchor"


def notes(session: Session, anchor: Anchor) -> Iterator[tuple[str, dict[str, object]]]:
    """What happened since the anchor that a reader must know to judge what was found."""
    if count := undone(session, anchor):
        yield _UNDONE, {"count": count}
    query = select(AuditLine).where(AuditLine.act == RESTORED, AuditLine.at > anchor.at).order_by(col(AuditLine.seq))
    for line in session.exec(query):
        yield _RESTORED, {"at": f"{clock.local(line.at):%Y-%m-%d %H:%M}", "name": line.subject}


def undone(session: Session, anchor: Anchor) -> int:
    """How many imports were undone since, by lines of the audit that carry their digest."""
    query = select(AuditLine).where(AuditLine.act == explained_gaps.ACT, AuditLine.seq > anchor.lines)
    return sum(audit.genuine(session, line) for line in session.exec(query).all())


def said(anchor: Anchor) -> str:
    """When the anchor was taken, as the office says it."""
    return f"{clock.local(anchor.at):%Y-%m-%d %H:%M}"
