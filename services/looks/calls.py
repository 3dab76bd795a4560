"""Called 吹哨报到: of every unit that was called to matters of a flow, whether it signed in, came and delivered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, case
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func

from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from services.engine import flows, versioned_cache
from services.matters import list_addresses, matters
from services.matters.matters import Filter
from services.parts.party_steps import part_of
from services.places.playbook import Playbook
from services.rights.permissions import Actor

_WELL = ("satisfied", "basically")
_SECONDS = 60
_COUNTED: dict[str, ColumnElement[bool]] = {
    "signed": col(Party.signed_at).is_not(None) & col(Party.left_at).is_(None),
    "left": col(Party.left_at).is_not(None),
    "silent": col(Party.signed_at).is_(None) & col(Party.left_at).is_(None),
    "came": col(Party.attended).is_(True),
    "absent": col(Party.attended).is_(False),
    "rated_well": col(Party.rating_received).in_(_WELL),
    "rated": col(Party.rating_received).is_not(None),
    "rates_well": col(Party.rating_given).in_(_WELL),
    "rates": col(Party.rating_given).is_not(None),
}


@dataclass(frozen=True)
class Tally:
    """What one unit made of its calls: ``calls`` = ``signed`` + ``left`` + ``silent``.

    ``came`` and ``absent`` count those that somebody has looked at, ``rated`` and ``rates`` those that are rated.
    ``promised`` are the matters hung on those it was called to that it is responsible for, ``kept`` those done.
    """

    unit: str
    code: str
    calls: int
    signed: int
    left: int
    silent: int
    came: int
    absent: int
    rated_well: int
    rated: int
    rates_well: int
    rates: int
    promised: int = 0
    kept: int = 0


def calling(runs: Playbook) -> Playbook:
    """What runs in a place, of that what calls units."""
    return replace(runs, flows=tuple(flow for flow in runs.flows if part_of(flow)))


def asked(params: Mapping[str, str], path: str, flow: str) -> Filter:
    """The matters whose calls an address asks for; closed ones too, unless it says otherwise."""
    return list_addresses.read({"open": "all", **params}, path, flow)


def tallies(session: Session, actor: Actor, wanted: Filter) -> list[Tally]:
    """The units called to the matters asked for, those called most often first; at most a minute old."""
    return versioned_cache.kept(session, actor, ("calls", wanted), lambda: _tallies(session, actor, wanted), _SECONDS)


def _tallies(session: Session, actor: Actor, wanted: Filter) -> list[Tally]:
    asked = matters.conditions(session, actor, wanted)
    sums = (func.sum(case((condition, 1), else_=0)).label(name) for name, condition in _COUNTED.items())
    unit = col(Organisation.id), col(Organisation.name), col(Organisation.code)
    query = (
        sql_select(*unit, func.count().label("calls"), *sums)
        .select_from(Party)
        .join(Organisation, col(Organisation.id) == Party.organisation_id)
        .join(Matter, col(Matter.id) == Party.matter_id)
        .where(*asked, col(Party.part) == part_of(wanted.flow))
        .group_by(*unit)
        .order_by(func.count().desc(), col(Organisation.name))
    )
    promises = _promises(session, asked, part_of(wanted.flow))
    return [_tally(row, *promises.get(row.id, (0, 0))) for row in session.execute(query)]


def _tally(row: Any, promised: int, kept: int) -> Tally:
    counts = {name: int(getattr(row, name)) for name in ("calls", *_COUNTED)}
    return Tally(row.name, row.code, promised=promised, kept=kept, **counts)


def _promises(session: Session, asked: list[ColumnElement[bool]], part: str) -> dict[int, tuple[int, int]]:
    hung = aliased(Matter)
    done = {(flow, state) for flow in flows.flows() for state in flows.states_of_kind(flow, "done")}
    kinds = col(hung.unit_id), col(hung.flow), col(hung.state)
    hers = (col(Party.matter_id) == hung.parent_id) & (col(Party.organisation_id) == hung.unit_id)
    query = (
        sql_select(*kinds, func.count())
        .join(Party, hers)
        .join(Matter, col(Matter.id) == Party.matter_id)
        .where(*asked, col(Party.part) == part)
        .group_by(*kinds)
    )
    found: dict[int, tuple[int, int]] = {}
    for unit, flow, state, count in session.execute(query):
        promised, kept = found.get(unit, (0, 0))
        found[unit] = promised + count, kept + count * ((flow, state) in done)
    return found
