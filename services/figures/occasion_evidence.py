"""Evidence of what was held and kept: occasions, attendances, numbers that matters keep, and clauses.

Beside the arguments named here each takes the kept choices of the flow: ``held?flow=activity&pillar=culture``.
"""

from typing import Any

from sqlmodel import Session, col, func, select

from models.area import Area
from models.clause import Clause
from models.matter import Matter
from models.occasion import Headcount, Occasion
from models.organisation import Organisation
from services.engine import flows
from services.figures.card_evidence import Evidence, evidence
from services.matters import kept, list_pages
from services.places.areas import within
from services.system import clock
from services.system.errors import Refused
from services.words.i18n import listed


def _asked(root: Area, flow: str, unit: str, own: dict[str, str]) -> list[Any]:
    if flow not in flows.flows() or not own.keys() <= kept.of(flow).keys():
        known = ", ".join((*flows.flows(), *(kept.of(flow) if flow in flows.flows() else ())))
        raise Refused("{given} can't be counted. Choose one of: {known}.", given=" ".join([flow, *own]), known=known)
    here = select(Area.id).where(within(root.path))
    found: list[Any] = [col(Matter.flow) == flow, col(Matter.area_id).in_(here)]
    if unit:
        of = select(Organisation.id).where(Organisation.code == unit)
        found.append(col(Matter.unit_id).in_(of))
    return found + [kept.holds(kept.of(flow)[name], value) for name, value in own.items()]


def _told(root: Area, count: int, what: str, flow: str, unit: str, own: dict[str, str]) -> Evidence:
    page, more = list_pages.page(flow)
    asked = {"area": root.code, "open": "all", **({"unit": unit} if unit else {}), **own, **more}
    return Evidence(count, what, page, asked)


def _held() -> list[Any]:
    return [col(Occasion.called_off_at).is_(None), col(Occasion.starts_at) <= clock.now()]


@evidence("held", matters=True)
def held(session: Session, root: Area, flow: str, unit: str = "", **own: str) -> Evidence:
    """Occasions of a flow that were held; those called off or ahead are not."""
    query = select(func.count()).select_from(Occasion).join(Matter, col(Matter.id) == Occasion.matter_id)
    count = session.exec(query.where(*_asked(root, flow, unit, own), *_held())).one()
    return _told(root, count, listed("occasions held"), flow, unit, own)


@evidence("attendances", matters=True)
def attendances(session: Session, root: Area, flow: str, unit: str = "", **own: str) -> Evidence:
    """Attendances at them, added up: whoever came twice is there twice."""
    query = select(func.coalesce(func.sum(Headcount.present), 0)).join(
        Occasion, col(Occasion.id) == Headcount.occasion_id
    )
    query = query.join(Matter, col(Matter.id) == Occasion.matter_id)
    count = session.exec(query.where(*_asked(root, flow, unit, own), *_held())).one()
    return _told(root, int(count), listed("attendances"), flow, unit, own)


@evidence("kept_sum", matters=True)
def kept_sum(session: Session, root: Area, flow: str, field: str, unit: str = "", **own: str) -> Evidence:
    """A number that matters keep, added up, such as the problems that meetings solved."""
    asked = _asked(root, flow, unit, {**own, field: ""} if field not in kept.of(flow) else own)
    query = select(func.coalesce(func.sum(kept.value(kept.of(flow)[field])), 0)).select_from(Matter)
    return _told(root, int(session.exec(query.where(*asked)).one()), listed("in all"), flow, unit, own)


@evidence("clauses", matters=True)
def clauses(session: Session, root: Area, flow: str, state: str = "", unit: str = "", **own: str) -> Evidence:
    """Clauses of a flow's matters: those in one state, or all that were not dropped."""
    query = select(func.count()).select_from(Clause).join(Matter, col(Matter.id) == Clause.matter_id)
    standing = Clause.state == state if state else Clause.state != "dropped"
    count = session.exec(query.where(*_asked(root, flow, unit, own), standing)).one()
    return _told(root, count, listed("clauses"), flow, unit, own)
