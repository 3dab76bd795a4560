"""Search drafts: what the index will hold of very many new matters, worked out before they have their numbers."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from services.matters import search
from services.matters.search import INDEX, folded, grams
from services.system import bulk

# What is kept of a matter: its terms; on PostgreSQL those that no number can have, the others, and the words.
Draft = str | tuple[str, list[str], str]


def drafts(session: Session, found: Iterable[list[str]]) -> list[Draft]:
    """Drafts of what is searched of matters beside their numbers, told as their runs."""
    lite = session.get_bind().dialect.name == "sqlite"
    return [" ".join(_terms(runs)) if lite else _draft(runs) for runs in found]


def _terms(runs: list[str]) -> list[str]:
    return [run[at : at + 2] for run in runs for at in range(len(run))]


def _draft(runs: list[str]) -> Draft:
    words = " ".join(runs)
    terms = {*words, *_terms(runs)} - {" "}
    like = list(filter(str.isascii, terms))
    return bulk.array(sorted(terms.difference(like)))[1:-1], like, words


@lru_cache(maxsize=4096)
def short_runs(words: str) -> tuple[str, ...]:
    """The runs of a text that comes again and again in a ledger, such as a title or the name of a place."""
    return tuple(search.runs(words))


def index(session: Session, numbers: list[str], ids: list[int], found: list[Draft]) -> None:
    """Put new matters into the index, which have their numbers and ids now."""
    names = [column.name for column in INDEX.c]
    lite = session.get_bind().dialect.name == "sqlite"
    said = (_lite if lite else _server)(numbers, found)
    names = names[:2] if lite else names
    bulk.finish(session, INDEX, names[:1], {}, names[1:], zip(((id_,) for id_ in ids), said, strict=True))


def _lite(numbers: list[str], found: list[Any]) -> Iterator[bulk.Ready]:
    for (_, terms), draft in zip(_numbered(numbers), found, strict=True):
        yield (" ".join([*terms, draft] if draft else terms),)


def _server(numbers: list[str], found: list[Any]) -> Iterator[bulk.Ready]:
    for (words, terms), (others, like, said) in zip(_numbered(numbers), found, strict=True):
        short = bulk.array(sorted({*like, *terms, *words} - {" "}))[1:-1]
        yield bulk.line((f"{{{short},{others}}}" if others else f"{{{short}}}", f"{words} {said}" if said else words))


def _numbered(numbers: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The words and the terms of each number: those of one series begin alike."""
    known: dict[str, tuple[str, list[str]]] = {}
    for number in numbers:
        series, _, running = number.rpartition("-")
        if series not in known:
            known[series] = folded(series), grams(series)
        words, terms = known[series]
        yield f"{words} {running}", [*terms, *(running[at : at + 2] for at in range(len(running)))]
