"""Walks: sample matters of any flow, each step taken through the services a person would use, on the day it says.

``demo/walks.toml`` of a pack names them. A step is an arrow of the flow with its fields, an act on a party, or a part
of a meeting.
"""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from services.demo.cast import Cast
from services.engine import begin, links, workflow
from services.meetings import meetings
from services.parts import parties, party_steps
from services.parts.parties import NewParty
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
}
