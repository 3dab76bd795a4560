"""Subjects: what is set up in the browser, and what is asked of each: the fields of the file that would bring it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.area import Area
from services.places.bodies import BODIES
from services.rules import rules
from services.system import data_files
from services.words import vocabulary

AREAS = "areas"
# Types of field that a form doesn't ask for: the program gives codes, boundaries are drawn, the page says which area.
_UNASKED = ("code", "outline", "lng", "lat", "area")
_OF_AREAS = ("parent", "level")


@dataclass(frozen=True)
class Field:
    """One thing that is asked: its type is one of those in data/imports/fields.csv."""

    code: str
    zh: str
    en: str
    required: bool
    type: str
    vocabulary: str

    def label(self, language: str) -> str:
        """What the field is called in ``language``."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Subject:
    """A kind of row: its table, the right to change it, the column of its name."""

    kind: str
    right: str
    model: Any
    name: str = "name"

    @property
    def fields(self) -> dict[str, Field]:
        """What is asked, in the order of the form."""
        return _fields(self.kind)

    def limit(self, column: str) -> int:
        """How many characters a column of text takes."""
        return int(getattr(self.model.__table__.c[column].type, "length", None) or 64)

    def column(self, field: str) -> str:
        """The column that keeps a field."""
        kept: Mapping[str, str] = BODIES[self.kind].columns if self.kind in BODIES else {}
        return kept.get(field, field)


SUBJECTS = {
    subject.kind: subject
    for subject in (
        Subject(AREAS, "setup.areas", Area),
        Subject("organisations", "setup.organisations", BODIES["organisations"].model),
        Subject("forums", "setup.forums", BODIES["forums"].model),
        Subject("venues", "setup.venues", BODIES["venues"].model),
        Subject("offices", "setup.offices", BODIES["offices"].model, "title"),
    )
}


@lru_cache
def _fields(kind: str) -> dict[str, Field]:
    told = [row for row in data_files.rows("imports/fields.csv") if row["kind"] == kind]
    asked = (row for row in told if row["type"] not in _UNASKED and not (kind == AREAS and row["field"] in _OF_AREAS))
    return {row["field"]: _field(row) for row in asked}


def _field(row: dict[str, str]) -> Field:
    return Field(row["field"], row["zh"], row["en"], bool(row["required"]), row["type"], row["vocabulary"])


def codes(field: Field, level: str = "") -> list[str]:
    """The codes a field may hold; kinds of area are those of its ``level``."""
    if field.vocabulary == "ruleset":
        return list(dict.fromkeys(rule.ruleset for rule in rules.rulebook() if rule.ruleset))
    return vocabulary.codes(level or field.vocabulary)


def levels_below(level: str) -> list[str]:
    """The levels of areas that may lie in one of ``level``, the widest first."""
    known = vocabulary.codes("level")
    return known[known.index(level) + 1 :]
