"""Merges 并案: several reports of one thing become the one issue that stays; undone when they turn out to be two."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.event import Event
from models.matter import Link, Matter
from services.engine import deadlines, events, flows, links, workflow
from services.matters import matters
from services.rights.matter_rights import READ, may_with, require_with
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words.i18n import listed

KIND = "duplicate_of"
NO_SUCH_ISSUE = listed("Enter the number of the other issue, the one that stays, such as CL-2026-000017.")


@workflow.on("issue", "merge")
def merge(session: Session, actor: Actor, matter: Matter, values: dict[str, Any]) -> None:
    """The merged issue points to the one that stays, and the one that stays knows of it.

    One that is closed may only stay when it was still open while this one was raised: what comes back later is a
    recurrence. A merged issue never stays, so chains end and no circle can arise.
    """
    stays: Matter = values["duplicate_of"]
    seen = all(may_with(session, actor, act, stays) for act in (READ, "issue.merge"))
    if not seen or stays.state == "merged":
        raise Refused(NO_SUCH_ISSUE)
    if not stays.is_open and not _was_open(stays, matter.opened_at):
        raise Refused(
            "{number} is at its end already. Reopen it first, or handle this one by itself: it then counts as a"
            " recurrence.",
            number=stays.number,
        )
    values["was_due"] = clock.local(matter.due_at) if matter.due_at else None
    session.add(Link(source_id=matter.id, target_id=stays.id, kind=KIND))
    events.append(session, stays, actor, "absorb", data={"number": matter.number})


def _was_open(stays: Matter, at: datetime) -> bool:
    finished = flows.state(stays.flow, stays.state).kind == "done"
    return finished and stays.closed_at is not None and stays.closed_at > at


@workflow.guard
def merged_here(session: Session, matter: Matter, _values: dict[str, Any]) -> None:
    """A merge is undone only where it was made in this ledger, so that it is known what stood before."""
    if into(session, matter) is None or _merging(session, matter) is None:
        raise Refused("{number} came in as merged, and nobody knows into what. Raise it anew.", number=matter.number)


@workflow.after("issue", "unmerge")
def part(session: Session, actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """The issue goes on by itself, with the deadline it had; the one that stayed hears of it, open or closed."""
    link = session.exec(select(Link).where(Link.source_id == matter.id, Link.kind == KIND)).one()
    stays = session.get_one(Matter, link.target_id)
    require_with(session, actor, "issue.unmerge", stays)
    session.delete(link)
    _restore_due(session, matter)
    events.append(session, stays, actor, "release", data={"number": matter.number})
    session.flush()


def _merging(session: Session, matter: Matter) -> Event | None:
    query = select(Event).where(Event.matter_id == matter.id, Event.action == "merge")
    return session.exec(query.order_by(col(Event.seq).desc())).first()


def _restore_due(session: Session, matter: Matter) -> None:
    told = _merging(session, matter)
    data = (told.data or {}) if told else {}
    if "was_due" in data:
        matter.due_at = (
            datetime.fromisoformat(data["was_due"]).astimezone(clock.now().tzinfo) if data["was_due"] else None
        )
        return
    # Merged by an earlier version: the deadline is what the step into this state gives.
    for event in reversed(events.history(session, matter.id)):
        arrow = flows.arrow("issue", event.from_state or "", event.action)
        if arrow is not None and arrow.target == matter.state:
            return deadlines.set_due(session, matter, arrow, {}, event.at)


def into(session: Session, matter: Matter) -> Matter | None:
    """The issue that ``matter`` was merged into; none when it was not."""
    query = select(Matter).join(Link, col(Link.target_id) == Matter.id)
    return session.exec(query.where(Link.source_id == matter.id, Link.kind == KIND)).first()


def staying(session: Session, matter: Matter) -> Matter:
    """The issue at the end of the chain of merges; ``matter`` itself when it was not merged."""
    return links.end_of(session, matter, KIND)


def absorbed(session: Session, matter: Matter) -> list[Matter]:
    """The issues that were merged into this one, directly or not, as they were raised."""
    return links.gathered(session, matter, KIND)


def candidates(session: Session, actor: Actor, matter: Matter, limit: int = 40) -> dict[str, str]:
    """Open matters of the same flow around the matter's area, newest first, by number: what it may be merged into."""
    area = session.get_one(Area, matter.area_id)
    above = session.get(Area, area.parent_id or 0) or area
    wanted = matters.Filter(path=above.path, flow=matter.flow, openness="open", sort="newest")
    found = matters.page(session, actor, wanted, limit)
    return {row.matter.number: row.matter.title for row in found if row.matter.id != matter.id}
