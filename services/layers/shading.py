"""Shading: the figure of each area one level down, sorted into five classes, with what may not be shown withheld."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from services.figures import indicators, kept_counts, readings
from services.figures.indicators import Count
from services.figures.kept_counts import percent
from services.layers.map_views import MATCHING, View
from services.matters import matters
from services.places import areas
from services.public import disclosure
from services.rights.permissions import Actor, reads_all

CLASSES = 5


@dataclass(frozen=True)
class Shade:
    """An area and its figure. ``step`` runs from 0 (calm) to 4 (needs action); none without cases or when withheld."""

    area: Area
    count: Count
    step: int | None = None
    withheld: bool = False


@dataclass(frozen=True)
class Shading:
    """The shades of one view; ``edges`` are the six borders of the five classes, none when all are equal."""

    shades: tuple[Shade, ...]
    edges: tuple[float, ...]
    unit: str
    better: str


def shading(session: Session, actor: Actor, view: View) -> Shading:
    """The chosen indicator for each child of the area in view, in the order of their codes."""
    parts = areas.children(session, view.here.area_id)
    counted = _counted(session, actor, view, parts)
    found = ((part, counted[part.id]) for part in parts)
    shades = [Shade(part, count or Count(), withheld=count is None) for part, count in found]
    unit, better = _meaning(view.indicator)
    known = [value for shade in shades if not shade.withheld and (value := shade.count.value) is not None]
    edges = tuple(as_read(edge, unit) or 0.0 for edge in _edges(known, unit))
    stepped = (replace(shade, step=_step(shade, edges, better)) for shade in shades)
    return Shading(tuple(stepped), edges, unit, better)


def _meaning(code: str) -> tuple[str, str]:
    if code == MATCHING:
        return "count", "down"
    defined = indicators.definitions()[code]
    return defined.unit, defined.better


def _counted(session: Session, actor: Actor, view: View, parts: list[Area]) -> dict[int, Count | None]:
    if view.indicator != MATCHING:
        period = disclosure.period(session, actor, view.period)
        only = kept_counts.narrowing(actor, view.wanted) if reads_all(actor) else None
        if only is None:
            return disclosure.parts(session, actor, view.here, view.indicator, period, view.wanted.flow)
        over = readings.span(period)
        flow = view.wanted.flow
        return dict(indicators.rolled_up(session, view.indicator, view.here.path, over, parts, flow, only))
    # What matches a filter is only what this reader may list one by one.
    where = matters.conditions(session, actor, view.wanted)
    grouped = select(Area.path, func.count()).join(Matter, col(Matter.area_id) == Area.id).where(*where)
    found = session.exec(grouped.group_by(col(Area.path))).all()
    return {part.id: Count(sum(n for path, n in found if path.startswith(part.path))) for part in parts}


def _edges(known: list[float], unit: str) -> tuple[float, ...]:
    low, high = (0.0 if unit != "share" else min(known, default=0.0)), max(known, default=0.0)
    if len(set(known)) < 2 or high <= low:
        return ()
    return tuple(low + (high - low) * share / CLASSES for share in range(CLASSES + 1))


def _step(shade: Shade, edges: tuple[float, ...], better: str) -> int | None:
    value = shade.count.value
    if shade.withheld or value is None:
        return None
    if not edges:
        return 2 if value or better == "up" else 0
    step = min(CLASSES - 1, max(0, int((value - edges[0]) / (edges[-1] - edges[0]) * CLASSES)))
    return CLASSES - 1 - step if better == "up" else step


# A number goes out with as many decimals as the page shows, so that it says no more than the page.
_DECIMALS = {"share": 3, "per_thousand": 4, "hours": 0}


def as_read(value: float | None, unit: str) -> float | None:
    """A figure to the precision in which it is read."""
    return None if value is None else round(value, _DECIMALS.get(unit, 2))


def shown(count: Count, unit: str) -> str:
    """What a count says as text; nothing where there are no cases, or where no ledger here records it."""
    return written(count.value, unit) if count.recorded else ""


def written(value: float | None, unit: str) -> str:
    """A figure as text: ``12``, ``93.4%``, ``5.1`` (per thousand); nothing where there are no cases."""
    if value is None:
        return ""
    if unit == "share":
        return percent(value)
    return f"{value * 1000:.1f}" if unit == "per_thousand" else f"{value:,.0f}"
