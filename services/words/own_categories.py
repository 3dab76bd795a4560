"""Own categories 本地类别: those a place brought along in its ledgers. They stand in the database, not in a file.

Words and choices are asked for everywhere and without a session, so each process keeps them for a second: a category
made by another process is known a second later, one made here at once.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from models.category import LocalCategory
from services.system import db
from services.system.errors import Refused
from services.system.settings import settings

FIRST, LAST = 95_001, 99_999
_SECONDS = 1.0


@dataclass(frozen=True)
class OwnCategory:
    """A row of ``local_category``, as all threads may read it."""

    code: str
    zh: str
    en: str
    deadline_days: int
    origin: str


_HELD: dict[str, tuple[float, dict[str, OwnCategory]]] = {}


def known() -> dict[str, OwnCategory]:
    """Every own category of the database by code, at most a second old; none while there is no database."""
    url, now = settings().database_url, time.monotonic()
    at, held = _HELD.get(url, (-_SECONDS, {}))
    if now - at >= _SECONDS:
        held = _load(url, held)
        _HELD[url] = (now, held)
    return held


def hold(found: Iterable[OwnCategory]) -> None:
    """Let these be all there are, in a process that has no database."""
    _HELD[settings().database_url] = (math.inf, {one.code: one for one in found})


def forget() -> None:
    """Ask the database again the next time."""
    _HELD.clear()


def _load(url: str, before: dict[str, OwnCategory]) -> dict[str, OwnCategory]:
    file = make_url(url).database or ""
    if url.startswith("sqlite") and not Path(file).exists():
        return {}
    try:
        with db.beside() as session:
            return {row.code: _own(row) for row in session.exec(select(LocalCategory).order_by(LocalCategory.code))}
    except SQLAlchemyError:
        # Before `init` there is no such table, and a database that does not answer is said where work is done.
        return before


def _own(row: LocalCategory) -> OwnCategory:
    return OwnCategory(row.code, row.zh, row.en, row.deadline_days, row.origin)


def named(session: Session) -> dict[str, str]:
    """The code of each own category by its Chinese name, as this transaction sees it."""
    return dict(session.exec(select(LocalCategory.zh, LocalCategory.code)).all())


def make(session: Session, zh: str, en: str, origin: str) -> LocalCategory:
    """Add a category in the caller's transaction; ``forget`` when that is kept."""
    last = session.exec(select(func.max(col(LocalCategory.code)))).one()
    code = int(last or FIRST - 1) + 1
    if code > LAST:
        raise Refused("There is no room for more own categories. Map the words to categories that are there.")
    made = LocalCategory(code=str(code), zh=zh, en=en, origin=origin)
    session.add(made)
    session.flush()
    return made
