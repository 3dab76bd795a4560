"""Former rows: what flows had before their rows were changed, as the database keeps it.

A closed matter may stand in a state that is gone, and a timeline tells of steps that are no more: their words are found
here. They are asked for everywhere and without a session, so each process keeps them, and looks every second whether
there are newer ones.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from models.flow_version import FlowVersion
from services.system import db
from services.system.settings import settings

# Where the word of a code stands, by the beginning of its kind.
_PLACES = {
    "state": ("states.csv", "state"),
    "action": ("arrows.csv", "action"),
    "question": ("checklists.csv", "question"),
}
_SECONDS = 1.0
Rows = dict[str, Any]


@dataclass(frozen=True)
class _Held:
    newest: int = 0
    at: float = -_SECONDS
    flows: dict[str, tuple[Rows, ...]] = field(default_factory=dict)


_HELD: dict[str, _Held] = {}


def of(flow: str) -> tuple[Rows, ...]:
    """The rows of every version of a flow, newest first; none where none were kept."""
    url, now = settings().database_url, time.monotonic()
    held = _HELD.get(url, _Held())
    if now - held.at >= _SECONDS:
        held = _HELD[url] = _load(url, held, now)
    return held.flows.get(flow, ())


def forget() -> None:
    """Ask the database again the next time."""
    _HELD.clear()


def word(kind: str, code: str, language: str) -> str:
    """The word that the newest version knowing ``code`` has for it; nothing where none does."""
    beginning, _dot, flow = kind.partition(".")
    if kind == "flow":
        return next((str(rows.get("head", {}).get(language, "")) for rows in of(code)), "")
    file, column = _PLACES.get(beginning, ("", ""))
    found = (row for rows in (of(flow) if file else ()) for row in rows.get(file, ()))
    return next((str(row.get(language, "")) for row in found if row.get(column) == code), "")


def _load(url: str, before: _Held, now: float) -> _Held:
    file = make_url(url).database or ""
    if url.startswith("sqlite") and not Path(file).exists():
        return _Held(at=now)
    try:
        with db.beside() as session:
            newest = session.exec(select(func.max(col(FlowVersion.id)))).one() or 0
            if newest == before.newest:
                return _Held(newest, now, before.flows)
            found = dict[str, tuple[Rows, ...]]()
            for flow, rows in session.exec(
                select(FlowVersion.flow, FlowVersion.rows).order_by(col(FlowVersion.id).desc())
            ):
                found[flow] = (*found.get(flow, ()), dict(rows))
            return _Held(newest, now, found)
    except SQLAlchemyError:
        # Before `init` there is no such table, and a database that does not answer is said where work is done.
        return _Held(before.newest, now, before.flows)
