"""Views: what the map looks at (area, filter, indicator, months, window), read from and written to an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from services.engine import flows
from services.figures import indicators, readings
from services.matters import case_conditions
from services.matters.matters import NONE, Filter
from services.places import areas
from services.places.areas import Scope
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary
from services.words.cleaning import clean

MATCHING = "matching"
Box = tuple[float, float, float, float]
_CODES = ("openness", "state", "clock", "category", "source", "figure", "own")
_FREE = ("unit", "text")
_DATES = ("opened_from", "opened_to")
_OWN = {"v", "area", "flow", "indicator", "period", "zoom", "box"}
_DEEPEST = 22


@dataclass(frozen=True)
class View:
    """The area in view, the filter of the ledger, and how to colour it. ``box`` is west, south, east, north."""

    here: Scope
    wanted: Filter
    indicator: str = "open"
    period: str = "month"
    zoom: int = 0
    box: Box | None = None


def offered() -> list[str]:
    """The flows whose matters the map offers to show; the first where none says so."""
    return flows.marked("map", "shown") or [flows.first()]


def read(session: Session, actor: Actor, params: Mapping[str, str]) -> View:
    """The view an address asks for. NotFound outside the actor's area; Refused, with the word, for what makes none."""
    for name in params:
        if name not in {*_OWN, *_CODES, *_FREE, *_DATES}:
            raise _wrong(name, params[name])
    here = areas.scope(session, actor, clean(params.get("area")))
    flow = _one_of("flow", params.get("flow", flows.first()), flows.flows())
    codes = {name: _one_of(name, params[name], _known(name, flow)) for name in _CODES if params.get(name)}
    free = {name: clean(params[name])[:60] for name in _FREE if params.get(name)}
    dates = {name: _day(name, params[name]) for name in _DATES if params.get(name)}
    return View(
        here,
        Filter(path=here.path, flow=flow, **codes, **free, **dates),  # type: ignore[arg-type]
        _one_of("indicator", params.get("indicator", "open"), (MATCHING, *indicators.on_map())),
        _one_of("period", params.get("period", "month"), readings.PERIODS),
        _zoom(params.get("zoom", "0")),
        _box(params["box"]) if params.get("box") else None,
    )


def params(view: View) -> dict[str, str]:
    """The address parameters that ``read`` turns back into ``view`` (without its window)."""
    asked = {name: str(getattr(view.wanted, name) or "") for name in ("flow", *_CODES, *_FREE, *_DATES)}
    own = {"area": view.here.code, "indicator": view.indicator, "period": view.period}
    return own | {name: value for name, value in asked.items() if value}


def _known(name: str, flow: str) -> list[str]:
    if name == "state":
        return list(flows.states(flow))
    if name in ("figure", "own"):
        return case_conditions.known() if name == "figure" else ["1"]
    return [*vocabulary.codes(name), *([NONE] if name == "category" else [])]


def _one_of(name: str, value: str, known: object) -> str:
    if value not in known:  # type: ignore[operator]
        raise _wrong(name, value)
    return value


def _day(name: str, value: str) -> date:
    try:
        return clock.day_of(value)
    except ValueError:
        raise _wrong(name, value) from None


def _zoom(value: str) -> int:
    if not value.isdecimal() or len(value) > 2 or int(value) > _DEEPEST:
        raise _wrong("zoom", value)
    return int(value)


def _box(value: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise _wrong("box", value) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise _wrong("box", value)
    return west, south, east, north


def _wrong(name: str, value: str) -> Refused:
    return Refused("The map can't show {name} = {value}. Open it from the menu.", name=name[:20], value=value[:40])
