"""Queries: what the address of a list asks for, read the same way by the page and by everything that leaves it."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.engine import flows
from services.matters import case_conditions, kept, matters, sorting
from services.matters.matters import Filter
from services.system import clock
from services.words import vocabulary
from services.words.cleaning import clean

# How a field of the filter is called in an address, where that differs from its own name.
PARAMS = {"openness": "open", "text": "q", "opened_from": "from", "opened_to": "to"}
FIELDS = (
    "openness",
    "state",
    "station",
    "clock",
    "category",
    "unit",
    "forum",
    "source",
    "link",
    "figure",
    "own",
    "text",
    "opened_from",
    "opened_to",
    "sort",
)


def flow_of(params: Mapping[str, str], offered: Sequence[str]) -> str:
    """The flow an address asks for, of those that are offered; the first of them where it asks for none."""
    asked = params.get("flow", "")
    return asked if asked in offered else next(iter(offered), flows.first())


def read(params: Mapping[str, str], path: str, flow: str) -> Filter:
    """The filter an address asks for, at or below ``path``; what it doesn't know is left out."""
    asked = {name: params.get(PARAMS.get(name, name), "") for name in FIELDS}
    known = {name: value for name, value in asked.items() if value in choices(name, flow)}
    if asked["category"] == matters.NONE:
        known["category"] = matters.NONE
    if not any(asked[name] for name in ("clock", "state", "link", "figure")):
        known.setdefault("openness", "open")
    if known.get("openness") in ("all", "closed") or known.get("clock") in ("on_time", "late"):
        known.setdefault("sort", "newest")  # What is done has no deadline to wait for.
    plain = Filter(path=path, flow=flow, text=clean(asked["text"])[:60], unit=clean(asked["unit"]))
    plain = plain.with_(forum=clean(asked["forum"]), kept=_kept(params, flow))
    return plain.with_(opened_from=_day(asked["opened_from"]), opened_to=_day(asked["opened_to"]), **known)


def _kept(params: Mapping[str, str], flow: str) -> tuple[tuple[str, str], ...]:
    own = kept.of(flow)
    return tuple((name, params[name]) for name in own if params.get(name) in kept.choices(own[name]))


def choices(name: str, flow: str) -> list[str]:
    """The codes that a field of the filter may hold, in the order they are offered."""
    if name == "openness":
        return ["open", "closed", "all"]
    if name == "state":
        return list(flows.states(flow)) if flow else []
    if name == "sort":
        return [turned + sort for sort in sorting.known(flow) for turned in ("", "-")]
    if name in ("figure", "own"):
        return case_conditions.known() if name == "figure" else ["1"]
    return vocabulary.codes(name) if name in ("clock", "category", "source", "link", "station") else []


def _day(value: str) -> date | None:
    try:
        return clock.day_of(value)
    except ValueError:
        return None
