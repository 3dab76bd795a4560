"""Columns: what a list that leaves the program says of each row, in which words, and what each column means."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from services.system import clock
from services.words import vocabulary
from services.words.i18n import translate

Cell = str | int | float | date | datetime | None
KINDS = ("text", "count", "number", "share", "day", "moment")


@dataclass(frozen=True)
class Words:
    """The words of one language: what a value function needs to say codes, days and sentences."""

    language: str

    def say(self, message: str, **params: object) -> str:
        """``message`` in this language."""
        return translate(self.language, message, **params)

    def term(self, kind: str, code: str | None) -> str:
        """The officials' word for a code."""
        return vocabulary.term(kind, code, self.language)

    def terms(self, kind: str) -> list[str]:
        """Every word of a vocabulary, in its order."""
        return [self.term(kind, code) for code in vocabulary.codes(kind)]

    def either(self, yes: bool) -> str:
        """Yes or no."""
        return self.say("yes") if yes else self.say("no")


Value = Callable[[Any, Words], Cell]


@dataclass(frozen=True)
class Column:
    """A column: its heading and its meaning (catalogue keys), how a row fills it, and how a sheet shows it.

    ``width`` is in characters. ``printed`` columns lie within the print area; the others stand to the right of it.
    ``choices`` are the words a drop-down offers. ``kind`` is one of ``KINDS``.
    """

    code: str
    label: str
    meaning: str
    value: Value
    kind: str = "text"
    width: int = 12
    printed: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meaning:
    """A line of the sheet of definitions: a term and the lines that explain it."""

    term: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Extract:
    """A list as it leaves: what it is, for where, which question it answers, and its rows, counted before and streamed.

    ``asked`` are label and value of each part of the filter, in words.
    """

    name: str
    title: str
    unit: str
    scope: str
    asked: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    count: int
    rows: Callable[[], Iterable[Any]]
    notes: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = field(default_factory=tuple)

    def cells(self, words: Words) -> Iterator[list[Cell]]:
        """The rows as cells, in the order of the columns."""
        fills = [partial(column.value) for column in self.columns]
        for row in self.rows():
            yield [fill(row, words) for fill in fills]


def attribute(name: str) -> Value:
    """A column that shows a field of the row as it is."""
    return lambda row, _words: getattr(row, name)


def word(kind: str, name: str) -> Value:
    """A column that shows a field that holds a code, in words."""
    return lambda row, words: words.term(kind, getattr(row, name))


def day(name: str) -> Value:
    """A column that shows the day of a moment, in the office's time zone."""
    return lambda row, _words: clock.local(at).date() if (at := getattr(row, name)) else None


def moment(name: str) -> Value:
    """A column that shows a moment, in the office's time zone and without naming it, as sheets want it."""

    def local(row: Any, _words: Words) -> Cell:
        at = getattr(row, name)
        return clock.local(at).replace(tzinfo=None, microsecond=0) if at else None

    return local
