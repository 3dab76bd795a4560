"""Occasions 场次: planned, moved, called off, and how many of each category came."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel
from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.occasion import Headcount, Occasion
from models.place import Venue
from services.engine import events, fields, workflow
from services.parts import part_turns
from services.rights import audit
from services.rights.permissions import Actor, require
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary
from services.words.cleaning import clean

_LIMITS = {"series": 48, "place": 120, "plan": 500}


class NewOccasion(BaseModel):
    """When and where: a venue by its code, a place in words, or both; ``series`` is shared by those of a row."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    venue: str | None = None
    place: str = ""
    series: str = ""
    plan: str = ""


def plan(session: Session, actor: Actor, number: str, version: int, entered: NewOccasion) -> Matter:
    """Plan an occasion of the matter."""
    matter = workflow.claim(session, actor, number, version, "occasion.plan")
    part_turns.require(matter, "occasions", "plan")
    occasion = made(session, entered, matter)
    return workflow.record(session, actor, matter, "occasion_planned", told(session, occasion))


def plan_at_venue(session: Session, actor: Actor, entered: NewOccasion) -> Occasion:
    """Plan what a venue holds by itself, such as a duty; no matter has it on its chain, so the audit says it."""
    occasion = made(session, entered, None)
    venue = session.get_one(Venue, occasion.venue_id)
    where = session.get_one(Area, venue.area_id).path
    require(actor, "occasion.plan", where)
    audit.write(session, actor.name, "occasion.plan", venue.code, told(session, occasion), area=where)
    return occasion


def made(session: Session, entered: NewOccasion, matter: Matter | None) -> Occasion:
    """A checked row of its own, for acts that write their own event."""
    found = session.exec(select(Venue.id).where(Venue.code == clean(entered.venue))).first()
    texts = {name: fields.short(getattr(entered, name), limit) for name, limit in _LIMITS.items()}
    if found is None and (clean(entered.venue) or matter is None or not texts["place"]):
        raise Refused("Choose the venue, or say in words where it is held.")
    _check_times(entered.starts_at, entered.ends_at)
    return add(session, matter, entered.starts_at, found, ends_at=entered.ends_at, **texts)


def add(session: Session, matter: Matter | None, starts_at: datetime, venue_id: int | None, **more: Any) -> Occasion:
    """The same for a step that writes its own event and has checked what it was given."""
    occasion = Occasion(matter_id=matter.id if matter else None, venue_id=venue_id, starts_at=starts_at, **more)
    session.add(occasion)
    session.flush()
    return occasion


def move(
    session: Session,
    actor: Actor,
    number: str,
    version: int,
    occasion_id: int,
    starts_at: datetime,
    ends_at: datetime | None = None,
) -> Matter:
    """The same occasion at another time."""
    matter, occasion = _claim(session, actor, number, version, "occasion.plan", occasion_id)
    _check_times(starts_at, ends_at)
    occasion.starts_at, occasion.ends_at = starts_at, ends_at
    return workflow.record(session, actor, matter, "occasion_moved", told(session, occasion))


def call_off(session: Session, actor: Actor, number: str, version: int, occasion_id: int, reason: str) -> Matter:
    """It is not held, for a reason; the row stays."""
    matter, occasion = _claim(session, actor, number, version, "occasion.plan", occasion_id)
    said = fields.text(reason, 500, Refused("Say in a sentence why it is not held."), fields.TOO_LONG)
    return drop(session, actor, matter, occasion, said)


def drop(session: Session, actor: Actor, matter: Matter, occasion: Occasion, reason: str) -> Matter:
    """The same for an act that has claimed the matter."""
    occasion.called_off_at = clock.now()
    return workflow.record(session, actor, matter, "occasion_called_off", {**told(session, occasion), "reason": reason})


def reasons(session: Session, matter: Matter) -> dict[int, str]:
    """Why occasions of a matter were called off, as its chain says."""
    off = (one.data or {} for one in events.history(session, matter.id) if one.action == "occasion_called_off")
    return {int(data["occasion"]): str(data.get("reason", "")) for data in off}


def count(
    session: Session, actor: Actor, number: str, version: int, occasion_id: int, present: dict[str, int]
) -> Matter:
    """Keep how many of each category came; categories left out keep their count."""
    matter, occasion = _claim(session, actor, number, version, "occasion.count", occasion_id)
    set_headcount(session, occasion, present)
    return workflow.record(session, actor, matter, "attendance", dict(headcount(session, occasion.id)))


def set_headcount(session: Session, occasion: Occasion, present: dict[str, int]) -> None:
    """The same for a step that writes its own event."""
    for category, number in present.items():
        told = fields.whole(number, 99_999, Refused("Enter whole numbers between 0 and 99999."))
        if category not in vocabulary.codes("participant") or told > 9999:
            raise Refused("Enter whole numbers between 0 and 9999.")
        session.merge(Headcount(occasion_id=occasion.id, category=category, present=told))
    session.flush()


def headcount(session: Session, occasion_id: int) -> dict[str, int]:
    """How many of each category were present."""
    query = select(Headcount.category, Headcount.present).where(Headcount.occasion_id == occasion_id)
    return dict(session.exec(query).all())


def occasions_of(session: Session, matter: Matter) -> list[Occasion]:
    """The occasions of a matter by time, those called off among them."""
    query = select(Occasion).where(Occasion.matter_id == matter.id)
    return list(session.exec(query.order_by(col(Occasion.starts_at), col(Occasion.id))))


def _claim(
    session: Session, actor: Actor, number: str, version: int, act: str, occasion_id: int
) -> tuple[Matter, Occasion]:
    matter = workflow.claim(session, actor, number, version, act)
    part_turns.require(matter, "occasions", act.partition(".")[2])
    occasion = session.get(Occasion, occasion_id)
    if occasion is None or occasion.matter_id != matter.id or occasion.called_off_at is not None:
        raise Refused("It was called off, or belongs to another matter. Look at the list below.")
    return matter, occasion


def _check_times(starts_at: datetime, ends_at: datetime | None) -> None:
    if not clock.plausible(starts_at) or (ends_at is not None and ends_at <= starts_at):
        raise Refused("Choose an end that is later than the start.")


def told(session: Session, occasion: Occasion) -> dict[str, Any]:
    """An occasion as an event keeps it."""
    venue = session.get(Venue, occasion.venue_id or 0)
    said = {"venue": venue.code if venue else None, "location": occasion.place, "series": occasion.series}
    return {"occasion": occasion.id, "starts_at": clock.local(occasion.starts_at).isoformat(), **said}


def headcounts(session: Session, matter: Matter) -> dict[int, int]:
    """How many came in all to each occasion of a matter that was counted."""
    query = select(Headcount.occasion_id, func.sum(Headcount.present)).join(
        Occasion, col(Occasion.id) == Headcount.occasion_id
    )
    counted = query.where(Occasion.matter_id == matter.id).group_by(col(Headcount.occasion_id))
    return {occasion: int(present) for occasion, present in session.exec(counted)}


def held(one: Occasion, at: datetime) -> bool:
    """Whether an occasion was held by a moment: it began and was not called off."""
    return one.called_off_at is None and one.starts_at <= at


@workflow.guard
def occasions_are(session: Session, matter: Matter, _values: dict[str, Any], how: str) -> None:
    """``occasions_are:any`` there is one that was not called off; ``held``: one of them has begun."""
    found = [one for one in occasions_of(session, matter) if one.called_off_at is None]
    if not found:
        raise Refused("Nothing is planned yet. Plan at least one occasion first.")
    if how == "held" and not any(held(one, clock.now()) for one in found):
        raise Refused("No occasion was held yet. Take this step when one was.")


def _known(how: str) -> str:
    return "" if how in ("any", "held") else "occasions_are:any, occasions_are:held"


occasions_are.check = _known  # type: ignore[attr-defined]
