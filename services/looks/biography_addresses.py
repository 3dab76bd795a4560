"""Addresses of a biography: what one asks for, read the same way by the page and by the file that leaves it."""

from collections.abc import Mapping
from datetime import date, datetime

from services.looks import biography
from services.looks.biography import Key, Wanted
from services.system import clock
from services.words.cleaning import clean


def read(params: Mapping[str, str], path: str, runs: tuple[str, ...]) -> Wanted:
    """What an address asks for, at or below ``path``; what it doesn't know is left out."""
    flow, kind = params.get("flow", ""), params.get("kind", "")
    return Wanted(
        path,
        flow if flow in runs else "",
        kind if kind in biography.KINDS else "",
        clean(params.get("q", ""))[:60],
        _day(params.get("from", "")),
        _day(params.get("to", "")),
        _key(params.get("before", "")),
    )


def written(key: Key) -> str:
    """A key as it stands in an address."""
    return f"{key[0].isoformat()}~{key[1]}"


def _day(value: str) -> date | None:
    try:
        return clock.day_of(value)
    except ValueError:
        return None


def _key(value: str) -> Key | None:
    at, _tilde, number = value.partition("~")
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    sound = found.tzinfo is not None and clock.plausible(found.date()) and number.isdecimal() and len(number) < 19
    return (found, int(number)) if sound else None
