"""Chinese full-text search without a dictionary: pairs of adjacent characters, on both databases, no extension.

A text is folded (full and half width, case) and cut into runs of word characters; joined by single blanks they are
what is searched. The index unit is every pair of adjacent characters of a run plus its last single character;
SQLite keeps them in FTS5, PostgreSQL in a GIN index over text[], with the single characters and the folded text beside.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    TextClause,
    column,
    delete,
    select,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.area import Area
from models.matter import Matter
from services.engine import workflow
from services.rights.permissions import Actor
from services.system.bulk import put

# FTS5 has no words beside the terms.
INDEX = Table("matter_text", MetaData(), Column("rowid", Integer), Column("terms"), Column("words"))
_RUN = re.compile(r"[^\W_]+")
_PHRASE = re.compile(r'"([^"]*)"|“([^“”]*)”|「([^「」]*)」|([^"“「]+|.)')
_READ, _UNITS = 200, 8
_COUNTED, _AS_IF, _SELDOM = 100, 50, 0.005


def runs(words: str) -> list[str]:
    """The runs of word characters in ``words``, folded so that full and half width and case don't matter."""
    return _RUN.findall(unicodedata.normalize("NFKC", words).casefold())


def folded(*texts: str) -> str:
    """Texts as they are searched: their runs, joined by single blanks."""
    return " ".join(run for part in texts for run in runs(part))


def grams(*texts: str) -> list[str]:
    """The index terms of some texts."""
    return [run[at : at + 2] for run in runs(" ".join(texts)) for at in range(len(run))]


def units(words: str) -> list[str]:
    """What is looked for: each run by itself, what stands in quotation marks as one phrase; all must be there."""
    found: list[str] = []
    for *quoted, plain in _PHRASE.findall(words[:_READ]):
        found += [phrase for part in quoted if (phrase := folded(part))]
        found += runs(plain)
    return list(dict.fromkeys(found))[:_UNITS]


def texts_of(matter: Matter) -> tuple[str, ...]:
    """What is searched of the matter itself; the names of its area and the one above it are searched too."""
    return matter.number, matter.title, matter.description, matter.location


def index(session: Session, matters: Iterable[Matter]) -> None:
    """Put matters into the index, or put them there again."""
    found = entries(session, matters)
    drop(session, [entry["rowid"] for entry in found])
    put(session, INDEX, found)


def entries(session: Session, matters: Iterable[Matter]) -> list[dict[str, Any]]:
    """What the index must hold of matters: whoever indexes them and whoever checks the index asks here."""
    lite, kept = session.get_bind().dialect.name == "sqlite", list(matters)
    names = called(session, {matter.area_id for matter in kept})
    return [_entry(matter, names.get(matter.area_id, ()), lite) for matter in kept]


@workflow.born()
def index_born(session: Session, _actor: Actor, matter: Matter, _values: dict[str, Any]) -> None:
    """A matter of any flow is found from the moment it is begun."""
    index(session, [matter])


def drop(session: Session, ids: Iterable[int]) -> None:
    """Take matters out of the index."""
    entries = [{"rowid": matter_id} for matter_id in ids]
    if entries:
        session.execute(text("DELETE FROM matter_text WHERE rowid = :rowid"), entries)


def remove(session: Session, ids: Select[int]) -> None:
    """Take matters out of the index."""
    session.execute(delete(INDEX).where(INDEX.c.rowid.in_(ids)))


def called(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The names of areas and of those above them, which are searched with what lies there."""
    above = aliased(Area)
    query = select(Area.id, Area.name, above.name).outerjoin(above, col(above.id) == Area.parent_id)  # type: ignore[call-overload]
    found = session.execute(query.where(col(Area.id).in_(ids)))
    return {area: (name, parent or "") for area, name, parent in found}


def _entry(matter: Matter, names: tuple[str, ...], lite: bool) -> dict[str, Any]:
    texts = (*texts_of(matter), *names)
    terms = grams(*texts)
    if lite:
        return {"rowid": matter.id, "terms": " ".join(terms)}
    words = folded(*texts)
    return {"rowid": matter.id, "terms": sorted({*terms, *words} - {" "}), "words": words}


def newest(session: Session, words: str, limit: int) -> Select[int]:
    """The ids of the newest ``limit`` matters that hold all ``units`` of ``words``; conditions may be added."""
    ids = select(col(Matter.id)).limit(limit)
    if session.get_bind().dialect.name == "sqlite":
        # Read backwards and stopped at the limit; as a condition, all hits of a common word would be gathered first.
        ids = ids.join(INDEX, INDEX.c.rowid == col(Matter.id)).order_by(INDEX.c.rowid.desc())
        return ids.where(text("matter_text MATCH :match").bindparams(match=_match(units(words))))
    # Left to itself the planner walks the matters backwards and looks each one up; in order, the limit ends the join.
    hits = _postgres(units(words), " ORDER BY rowid DESC").columns(column("id")).cte("hits").prefix_with("MATERIALIZED")
    return ids.join(hits, hits.c.id == col(Matter.id)).order_by(hits.c.id.desc())


def matching(session: Session, words: str) -> ColumnElement[bool]:
    """The condition that a matter holds all ``units`` of ``words``; no unit at all finds nothing."""
    lite = session.get_bind().dialect.name == "sqlite"
    query = _lite(units(words)) if lite else _postgres(units(words))
    return col(Matter.id).in_(query.columns(Matter.__table__.c.id))  # type: ignore[attr-defined]


def holding_any(session: Session, terms: list[str], limit: int) -> list[int]:
    """The ids of the newest ``limit`` matters that hold any of these index terms."""
    if not terms:
        return []
    if session.get_bind().dialect.name == "sqlite":
        match = " OR ".join(f'"{term}"' for term in terms)
        query = "SELECT rowid FROM matter_text WHERE matter_text MATCH :terms ORDER BY rowid DESC LIMIT :limit"
        return list(session.execute(text(query), {"terms": match, "limit": limit}).scalars())
    query = (
        "WITH hits AS MATERIALIZED (SELECT rowid FROM matter_text WHERE terms && CAST(:terms AS text[]))"
        " SELECT rowid FROM hits ORDER BY rowid DESC LIMIT :limit"
    )
    return list(session.execute(text(query), {"terms": terms, "limit": limit}).scalars())


def shares(session: Session, terms: list[str]) -> dict[str, float]:
    """About which share of all matters holds each index term; absent where none does.

    As if a few matters more held each term, so that a small ledger does not take its own words for phrases. SQLite
    looks at the newest that hold the term, PostgreSQL knows what ANALYZE counted last.
    """
    newest = session.execute(text("SELECT rowid FROM matter_text ORDER BY rowid DESC LIMIT 1")).scalar() or 0
    if session.get_bind().dialect.name != "sqlite":
        return _postgres_shares(session, terms, newest)
    query = (
        "SELECT count(*), min(rowid) FROM"
        f" (SELECT rowid FROM matter_text WHERE matter_text MATCH ? ORDER BY rowid DESC LIMIT {_COUNTED})"
    )
    # Asked for some dozen terms at a time: the plain way costs a quarter of an expression's.
    ask = session.connection().exec_driver_sql
    counted = ((term, *ask(query, (f'"{term}"',)).one()) for term in terms)
    return {
        term: (count + 1) / ((newest + 1 - oldest if count == _COUNTED else newest) + _AS_IF)
        for term, count, oldest in counted
        if count
    }


def _postgres_shares(session: Session, terms: list[str], newest: int) -> dict[str, float]:
    query = (
        "SELECT term, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)"
        " AS common (term, share) WHERE tablename = 'matter_text' AND attname = 'terms'"
    )
    common = {term: float(share) for term, share in session.execute(text(query))}
    if common:
        return {term: common.get(term, _SELDOM) for term in terms}
    # Before the first ANALYZE the ledger is small.
    query = (
        "SELECT term, (SELECT count(*) FROM matter_text WHERE terms @> ARRAY[term])"
        " FROM unnest(CAST(:terms AS text[])) AS asked (term)"
    )
    counted = session.execute(text(query), {"terms": terms})
    return {term: (count + 1) / (newest + _AS_IF) for term, count in counted if count}


def _lite(asked: list[str]) -> TextClause:
    return text("SELECT rowid AS id FROM matter_text WHERE matter_text MATCH :match").bindparams(match=_match(asked))


def _match(asked: list[str]) -> str:
    return " AND ".join(map(_phrase, asked)) or '""'


def _phrase(unit: str) -> str:
    *before, last = unit.split(" ")
    terms = [*grams(*before), *(_pairs(last) or [last])]
    return f'"{" ".join(terms)}"' + ("*" if len(last) == 1 else "")


def _postgres(asked: list[str], order: str = "") -> TextClause:
    # Pairs that stand apart prove nothing about a longer word.
    likes = {f"like{at}": f"%{unit}%" for at, unit in enumerate(asked) if len(unit) > 2}
    wanted = sorted({term for unit in asked for run in unit.split(" ") for term in _pairs(run) or [run]})
    checks = "".join(f" AND words LIKE :{name}" for name in likes)
    query = f"SELECT rowid AS id FROM matter_text WHERE :any AND terms @> CAST(:terms AS text[]){checks}{order}"
    return text(query).bindparams(any=bool(asked), terms=wanted, **likes)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
