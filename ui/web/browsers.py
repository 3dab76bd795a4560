"""Browsers: who is at the door, as far as the request tells: the address, and the family of browser and system."""

from functools import lru_cache

from starlette.requests import Request

from services.people.authentication import Caller
from services.system.data_files import rows
from ui.web.doors import callers


def caller(request: Request) -> Caller:
    """From where this request comes."""
    return Caller(callers.caller(request.scope), family(request.headers.get("user-agent", "")))


def family(told: str) -> str:
    """The browser and the system that a browser says it is, by name alone; empty when nothing is known of it."""
    return " · ".join(filter(None, (_named("browser", told), _named("system", told))))


def _named(kind: str, told: str) -> str:
    return next((name for of, mark, name in _marks() if of == kind and mark in told), "")


@lru_cache
def _marks() -> tuple[tuple[str, str, str], ...]:
    return tuple((row["kind"], row["told"], row["name"]) for row in rows("browsers.csv"))
