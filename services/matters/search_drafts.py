"""Search drafts: what the index will hold of very many new matters, worked out before they have their numbers."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session

from services.matters.search import INDEX, folded, grams
from services.system import bulk

# What is kept of a matter: its terms; on PostgreSQL those that no number has, the others, and the words.
Draft = str | tuple[str, list[str], str]
_LONGEST = 2


def drafts(session: Session, texts: Iterable[tuple[str, ...]]) -> list[Draft]:
    """Drafts of what is searched of matters beside their numbers."""
    lite = session.get_bind().dialect.name == "sqlite"
    return [" ".join(grams(*found)) if lite else _draft(found) for found in texts]


def _draft(texts: tuple[str, ...]) -> Draft:
    words = folded(*texts)
    terms = {*grams(*texts), *words} - {" "}
    like = {term for term in terms if len(term) <= _LONGEST and term.isascii()}
    return bulk.array(sorted(terms - like))[1:-1], sorted(like), words


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
