"""Walks: sample matters of any flow, each step taken through the services a person would use, on the day it says.

``demo/walks.toml`` of a pack names them. A step is an arrow of the flow with its fields, an act on a party, a part of a
meeting, a clause, or a row of occasions with who came.
"""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from services.demo.cast import Cast
from services.engine import begin, links, workflow
from services.meetings import meetings
from services.parts import clauses, occasions, parties, party_steps, series
from services.parts.parties import NewParty
from services.parts.series import NewSeries
from services.places.place_packs import Pack
from services.rights.permissions import Actor
from services.system import clock

Step = dict[str, Any]
_HOUR = timedelta(hours=2)


def told(pack: Pack) -> list[dict[str, Any]]:
    """The walks of a pack, those that begin first first."""
    path = pack.samples / "walks.toml"
    found = tomllib.loads(path.read_text("utf-8"))["walk"] if path.is_file() else []
    return sorted(found, key=lambda walk: -int(walk["days"]))


def walk(session: Session, root: Area, one: dict[str, Any]) -> Matter:
    """Take one walk, from its beginning to where it stands today."""
    cast, start = Cast(session, root), clock.now() - timedelta(days=one["days"])
    with clock.pretending(start):
        matter = begin.begin(session, cast.in_role("staff"), one["flow"], one["begin"])
    matter.sample, at = True, start
    for step in one["steps"]:
        at = max(at + _HOUR / 12, start + timedelta(days=step["day"]) + _HOUR)
        with clock.pretending(min(at, clock.now())):
            _take(session, cast.in_role(step["by"]), matter, {**step})
            session.flush()
    for item in session.exec(select(Matter).where(Matter.parent_id == matter.id)):
        item.sample = True
    return matter


def _take(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    for name in ("day", "by"):
        step.pop(name)
    action = step.pop("do")
    if action in _BESIDE:
        _BESIDE[action](session, actor, matter, step)
        return
    if "over" in step:
        step["ends_on"] = (clock.today() + timedelta(days=step.pop("over"))).isoformat()
    if "expected" in step:
        step["starts_at"] = clock.now()
    workflow.move(session, actor, matter.number, action, matter.version, step, clock.now())


def _party(session: Session, matter: Matter, unit: str) -> int:
    query = select(Party.id).join(Organisation, col(Organisation.id) == Party.organisation_id)
    return session.exec(query.where(Party.matter_id == matter.id, Organisation.code == unit)).one()


def _invite(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    entered = NewParty(organisation=step["unit"], part=party_steps.part_of(matter.flow))
    parties.invite(session, actor, matter.number, matter.version, entered)


def _of_party(function: Callable[..., Matter], *names: str) -> Callable[[Session, Actor, Matter, Step], None]:
    def act(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
        party, values = _party(session, matter, step["unit"]), [step[name] for name in names]
        function(session, actor, matter.number, matter.version, party, *values)

    return act


def _promise(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    due: datetime = clock.now() + timedelta(days=step.pop("within"))
    link = next(link for link in links.may_begin(session, actor, matter))
    links.add(session, actor, matter.number, matter.version, link.to, {**step, "due": due})


def _delivered(session: Session, actor: Actor, matter: Matter, _step: Step) -> None:
    for item in session.exec(select(Matter).where(Matter.parent_id == matter.id)).all():
        for action, values in (("start", {}), ("deliver", {"note": matter.title}), ("accept", {})):
            workflow.move(session, actor, item.number, action, item.version, values)


def _attendance(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    meetings.take_attendance(session, actor, matter.number, matter.version, step["present"])


def _resolution(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    meetings.write_resolution(session, actor, matter.number, matter.version, step["text"])


def _clause(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    due = clock.today() + timedelta(days=step["within"]) if "within" in step else None
    clauses.write(session, actor, matter.number, matter.version, step["text"], due, step.get("cites", ""))


def _of_clause(function: Callable[..., Matter], *names: str) -> Callable[[Session, Actor, Matter, Step], None]:
    def act(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
        values = [step.get(name) for name in names]
        function(session, actor, matter.number, matter.version, step["clause"], *values)

    return act


def _row(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    hour, until = step.pop("hour"), clock.today() + timedelta(days=step.pop("within"))
    start = clock.local(clock.start_of(clock.today() + timedelta(days=1))).replace(hour=hour)
    series.plan(session, actor, matter.number, matter.version, NewSeries(**step, starts_at=start, until=until))


def _count(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    """Count whatever was held and is not counted yet: about ``mean`` came, each time another number."""
    counted, rng = occasions.headcounts(session, matter), Random(f"{matter.number} {step['mean']}")
    for one in occasions.occasions_of(session, matter):
        if occasions.held(one, clock.now()) and one.id not in counted:
            many = round(rng.triangular(0.7, 1.3, 1) * step["mean"])
            present = {"resident": many - many // 10, "party_member": many // 10}
            occasions.count(session, actor, matter.number, matter.version, one.id, present)


def _call_off(session: Session, actor: Actor, matter: Matter, step: Step) -> None:
    ahead = [one for one in occasions.occasions_of(session, matter) if not one.called_off_at]
    one = next(one for one in ahead if one.starts_at > clock.now())
    occasions.call_off(session, actor, matter.number, matter.version, one.id, step["reason"])


_BESIDE: dict[str, Callable[[Session, Actor, Matter, Step], None]] = {
    "invite": _invite,
    "sign": _of_party(parties.sign),
    "decline": _of_party(parties.decline, "reason"),
    "attend": _of_party(parties.attend, "came"),
    "rate": _of_party(parties.rate, "rating"),
    "rate_back": _of_party(parties.rate_back, "rating"),
    "promise": _promise,
    "delivered": _delivered,
    "attendance": _attendance,
    "resolution": _resolution,
    "clause": _clause,
    "reword_clause": _of_clause(clauses.reword, "text", "due"),
    "fulfil_clause": _of_clause(clauses.fulfil, "evidence"),
    "break_clause": _of_clause(clauses.find_broken, "evidence"),
    "row": _row,
    "count": _count,
    "call_off": _call_off,
}
