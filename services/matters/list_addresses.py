"""Queries: what the address of a list asks for, read the same way by the page and by everything that leaves it."""

from collections.abc import Mapping
from datetime import date

from services.engine import flows
from services.matters import case_conditions, matters
from services.matters.matters import Filter
from services.system import clock
from services.words import vocabulary
from services.words.cleaning import clean

# How a field of the filter is called in an address, where that differs from its own name.
PARAMS = {"openness": "open", "text": "q", "opened_from": "from", "opened_to": "to"}
FIELDS = (
    "openness",
    "state",
    "clock",
    "category",
    "unit",
    "source",
    "link",
    "figure",
    "own",
    "text",
    "opened_from",
    "opened_to",
    "sort",
)


def read(params: Mapping[str, str], path: str, flow: str = "issue") -> Filter:
    """The filter an address asks for, at or below ``path``; what it doesn't know is left out."""
    asked = {name: params.get(PARAMS.get(name, name), "") for name in FIELDS}
    known = {name: value for name, value in asked.items() if value in choices(name, flow)}
    if asked["category"] == matters.NONE:
        known["category"] = matters.NONE
    if flow != "deliberation" and not any(asked[name] for name in ("clock", "state", "link", "figure")):
        known.setdefault("openness", "open")
    if known.get("openness") in ("all", "closed") or known.get("clock") in ("on_time", "late"):
        known.setdefault("sort", "newest")  # What is done has no deadline to wait for.
    plain = Filter(path=path, flow=flow, text=clean(asked["text"])[:60], unit=clean(asked["unit"]))
    return plain.with_(opened_from=_day(asked["opened_from"]), opened_to=_day(asked["opened_to"]), **known)


def of_topics(params: Mapping[str, str], path: str) -> Filter:
    """The filter of topics an address asks for: one stage, or all that still wait for somebody."""
    asked = read(params, path, "deliberation")
    return asked.with_(openness="" if asked.state else "open")


def choices(name: str, flow: str) -> list[str]:
    """The codes that a field of the filter may hold, in the order they are offered."""
    if name == "openness":
        return ["open", "closed", "all"]
    if name == "state":
        return list(flows.states(flow))
    if name == "sort":
        return list(matters.SORTS)
    if name in ("figure", "own"):
        return case_conditions.known() if name == "figure" else ["1"]
    return vocabulary.codes(name) if name in ("clock", "category", "source", "link") else []


def _day(value: str) -> date | None:
    try:
        return clock.day_of(value)
    except ValueError:
        return None
