"""Evidence of what was held and kept: occasions, attendances, numbers that matters keep, and clauses.

Beside the arguments named here each takes the kept choices of the flow: ``held?flow=activity&pillar=culture``.
"""

from typing import Any

from sqlalchemy.sql import Select
from sqlmodel import Session, col, func, select

from models.area import Area
from models.clause import Clause
from models.matter import Matter
from models.occasion import Headcount, Occasion
from models.organisation import Organisation
from services.engine import flows
from services.figures.card_evidence import SUM, Records, evidence
from services.figures.record_queries import placed, record_of
from services.matters import kept
from services.places.areas import within
from services.system import clock
from services.system.errors import Refused
from services.words.i18n import listed


def _require(flow: str, names: set[str]) -> None:
    own = set(kept.of(flow)) if flow in flows.flows() else set()
    if flow not in flows.flows() or not names <= own:
        given, known = " ".join([flow, *sorted(names - own)]), ", ".join((*flows.flows(), *sorted(own)))
        raise Refused("{given} can't be counted. Choose one of: {known}.", given=given, known=known)


def _asked(flow: str, unit: str, own: dict[str, str]) -> list[Any]:
    _require(flow, set(own))
    found: list[Any] = [col(Matter.flow) == flow]
    if unit:
        found.append(col(Matter.unit_id).in_(select(Organisation.id).where(Organisation.code == unit)))
    return found + [kept.holds(kept.of(flow)[name], value) for name, value in own.items()]


def _held(root: Area, flow: str, unit: str, own: dict[str, str], amount: Any) -> Select[Any]:
    told = {"name": col(Matter.title), "kind": col(Matter.state), "code": col(Matter.number)}
    query = record_of(area=col(Area.name), at=col(Occasion.starts_at), amount=amount, **told).select_from(Occasion)
    query = query.join(Matter, col(Matter.id) == Occasion.matter_id).join(Area, col(Area.id) == Matter.area_id)
    began = (col(Occasion.called_off_at).is_(None), col(Occasion.starts_at) <= clock.now())
    query = query.where(within(root.path), *_asked(flow, unit, own), *began)
    return query.order_by(col(Occasion.starts_at), col(Occasion.id))


def _came() -> Any:
    counted = select(func.sum(Headcount.present)).where(col(Headcount.occasion_id) == Occasion.id)
    return counted.correlate(Occasion).scalar_subquery()


@evidence("held", matters=True)
def held(_session: Session, root: Area, flow: str, unit: str = "", **own: str) -> Records:
    """Occasions of a flow that were held, with who came; those called off or ahead are not."""
    query = _held(root, flow, unit, own, _came())
    return Records(query, listed("occasions held"), kinds=f"state.{flow}", leads="matter")


@evidence("attendances", matters=True)
def attendances(_session: Session, root: Area, flow: str, unit: str = "", **own: str) -> Records:
    """Attendances at them, added up: whoever came twice is there twice."""
    query = _held(root, flow, unit, own, _came())
    return Records(query, listed("attendances"), kinds=f"state.{flow}", leads="matter", measure=SUM)


@evidence("kept_sum", matters=True)
def kept_sum(_session: Session, root: Area, flow: str, field: str, unit: str = "", **own: str) -> Records:
    """A number that matters keep, added up, such as the problems that meetings solved."""
    _require(flow, {field})
    told = {"name": col(Matter.title), "kind": col(Matter.state), "code": col(Matter.number)}
    amount = kept.value(kept.of(flow)[field])
    query = placed(Matter, root, **told, at=col(Matter.opened_at), amount=amount)
    query = query.where(*_asked(flow, unit, own), amount.is_not(None))
    return Records(query, listed("in all"), kinds=f"state.{flow}", leads="matter", measure=SUM)


@evidence("clauses", matters=True)
def clauses(_session: Session, root: Area, flow: str, state: str = "", unit: str = "", **own: str) -> Records:
    """Clauses of a flow's matters: those in one state, or all that were not dropped."""
    told = {"name": col(Clause.text), "kind": col(Clause.state), "code": col(Matter.number)}
    query = record_of(area=col(Area.name), at=col(Clause.fulfilled_at), **told).select_from(Clause)
    query = query.join(Matter, col(Matter.id) == Clause.matter_id).join(Area, col(Area.id) == Matter.area_id)
    standing = col(Clause.state) == state if state else col(Clause.state) != "dropped"
    query = query.where(within(root.path), *_asked(flow, unit, own), standing)
    ordered = query.order_by(col(Matter.id), col(Clause.seq))
    return Records(ordered, listed("clauses"), kinds="clause", leads="matter")
