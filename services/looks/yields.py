"""Yields: what the occasions of some matters brought, beside how many were held. A mean of each, never a rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from models.matter import Matter
from models.occasion import Headcount, Occasion
from services.engine import flows, versioned_cache
from services.matters import kept, matters
from services.matters.matters import Filter
from services.rights.permissions import Actor
from services.system import clock

_SECONDS = 60


@dataclass(frozen=True)
class Yield:
    """How many occasions were held, the attendances at them, and what they brought: the flow's ``[matrix] yield``.

    ``brought`` counts only matters that held something.
    """

    held: int
    present: int
    brought: int


def of(session: Session, actor: Actor, wanted: Filter) -> Yield:
    """What the matters asked for held and brought; at most a minute old."""
    return versioned_cache.kept(session, actor, ("yield", wanted), lambda: _of(session, actor, wanted), _SECONDS)


def _of(session: Session, actor: Actor, wanted: Filter) -> Yield:
    asked = matters.conditions(session, actor, wanted)
    held = (col(Occasion.called_off_at).is_(None), col(Occasion.starts_at) <= clock.now())
    some = select(func.count()).select_from(Occasion).join(Matter, col(Matter.id) == Occasion.matter_id)
    came = select(func.coalesce(func.sum(Headcount.present), 0)).join(
        Occasion, col(Occasion.id) == Headcount.occasion_id
    )
    came = came.join(Matter, col(Matter.id) == Occasion.matter_id)
    count, present = session.exec(some.where(*asked, *held)).one(), session.exec(came.where(*asked, *held)).one()
    return Yield(count, int(present), _brought(session, wanted, asked, held))


def _brought(session: Session, wanted: Filter, asked: Sequence[Any], held: Sequence[Any]) -> int:
    name = str(flows.flow(wanted.flow).part("matrix").get("yield", ""))
    if not name:
        return 0
    some = select(Occasion.matter_id).where(*held)
    value = func.coalesce(func.sum(kept.value(kept.of(wanted.flow)[name])), 0)
    query = select(value).select_from(Matter).where(*asked, col(Matter.id).in_(some))
    return int(session.exec(query).one())
