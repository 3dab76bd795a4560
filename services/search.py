"""Chinese full-text search without a dictionary: pairs of adjacent characters, on both databases, no extension.

The index unit is every pair of adjacent word characters plus the last single character of each run, so one to
any number of characters are found; SQLite keeps it in FTS5, PostgreSQL in a GIN index over text[].
"""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    TextClause,
    bindparam,
    delete,
    select,
    text,
)
from sqlmodel import Session, col

from models.matter import Matter
from services.db import put

_INDEX = Table("matter_text", MetaData(), Column("rowid", Integer), Column("terms"))
_RUN = re.compile(r"[^\W_]+")


def runs(words: str) -> list[str]:
    """The runs of word characters in ``words``, folded so that full and half width and case don't matter."""
    return _RUN.findall(unicodedata.normalize("NFKC", words).casefold())


def grams(*texts: str) -> list[str]:
    """The index terms of some texts."""
    return [run[at : at + 2] for part in texts for run in runs(part) for at in range(len(run))]


def texts_of(matter: Matter) -> tuple[str, ...]:
    """What is searched: number, title, description and place."""
    return matter.number, matter.title, matter.description, matter.location


def index(session: Session, matters: Iterable[Matter], fresh: bool = False) -> None:
    """Put matters into the index, or put them there again; ``fresh`` ones are known not to be there yet."""
    lite = session.get_bind().dialect.name == "sqlite"
    entries = [{"rowid": matter.id, "terms": _terms(matter, lite)} for matter in matters]
    if entries and not fresh:
        session.execute(text("DELETE FROM matter_text WHERE rowid = :rowid"), entries)
    put(session, _INDEX, entries)


def remove(session: Session, ids: Select[int]) -> None:
    """Take matters out of the index."""
    session.execute(delete(_INDEX).where(_INDEX.c.rowid.in_(ids)))


def _terms(matter: Matter, lite: bool) -> str | list[str]:
    terms = grams(*texts_of(matter))
    return " ".join(terms) if lite else sorted(set(terms))


def newest(session: Session, words: str, limit: int) -> Select[int]:
    """The ids of the newest ``limit`` matters that hold every run of ``words``; further conditions may be added."""
    ids = select(col(Matter.id)).limit(limit)
    if session.get_bind().dialect.name != "sqlite":
        return ids.where(matching(session, words)).order_by(col(Matter.id).desc())
    # Read backwards and stopped at the limit; as a condition, all hits of a common word would be gathered first.
    held = text("matter_text MATCH :match").bindparams(match=_match(runs(words)[:8]))
    return ids.join(_INDEX, _INDEX.c.rowid == col(Matter.id)).where(held).order_by(_INDEX.c.rowid.desc())


def matching(session: Session, words: str) -> ColumnElement[bool]:
    """The condition that a matter holds every run of ``words``; no run at all finds nothing."""
    found = runs(words)[:8]
    lite = session.get_bind().dialect.name == "sqlite"
    query = _lite(found) if lite else _postgres(found)
    return col(Matter.id).in_(query.columns(Matter.__table__.c.id))  # type: ignore[attr-defined]


def _lite(found: list[str]) -> TextClause:
    return text("SELECT rowid AS id FROM matter_text WHERE matter_text MATCH :match").bindparams(match=_match(found))


def _match(found: list[str]) -> str:
    terms = (f'"{run}"*' if len(run) == 1 else '"' + " ".join(_pairs(run)) + '"' for run in found)
    return " AND ".join(terms) or '""'


def _postgres(found: list[str]) -> TextClause:
    wanted = sorted({pair for run in found if len(run) > 1 for pair in _pairs(run)})
    likes = [f"%{run}%" for run in found if len(run) != 2]
    checks = "".join(
        f" AND lower(normalize(concat_ws(' ', m.number, m.title, m.description, m.location), NFKC)) LIKE :like{at}"
        for at in range(len(likes))
    )
    query = text(
        "SELECT m.id FROM matter_text t JOIN matter m ON m.id = t.rowid"
        f" WHERE :any AND t.terms @> CAST(:terms AS text[]){checks}"
    )
    values = {f"like{at}": like for at, like in enumerate(likes)}
    return query.bindparams(bindparam("any", bool(found)), bindparam("terms", wanted), **values)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
