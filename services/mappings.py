"""Mappings as data: what the columns and values of somebody else's file mean here. One TOML file a source."""

import re
import string
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from services import flows, vocabulary
from services.errors import Refused
from services.settings import DATA

FOLDER = DATA / "mappings"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Root(_Strict):
    """The place a file is about, and where its schematic map lies (WGS-84 degrees, kilometres)."""

    slug: str
    name: str
    prefix: str
    code: str
    level: str
    lng: float
    lat: float
    width_km: float


class Columns(_Strict):
    """Which column holds what; ``title`` and ``description`` are templates over columns and ``{area}``."""

    flow: str
    public: bool
    ref: str
    opened: str
    opened_format: str
    category: str
    source: str
    outcome: str
    unit: str
    title: str
    description: str
    trim: str
    nothing: frozenset[str]


class Level(_Strict):
    """A column that names areas of one level; the columns stand from the widest to the narrowest."""

    column: str
    level: str


class Outcome(_Strict):
    """What a value of the outcome column says: the state, and whether the deadline was kept."""

    state: str
    on_time: bool | None = None


class Values(_Strict):
    """The words of the source, each with our code."""

    source: dict[str, str]
    category: dict[str, str]
    outcome: dict[str, Outcome]


class Mapping(_Strict):
    """Everything one TOML file says."""

    provenance: dict[str, str]
    place: Root
    matter: Columns
    areas: list[Level]
    values: Values

    def columns(self) -> list[str]:
        """Every column the file must have."""
        matter = self.matter
        named = [matter.ref, matter.opened, matter.category, matter.source, matter.outcome, matter.unit]
        named += [level.column for level in self.areas]
        templates = string.Formatter().parse(matter.title + matter.description)
        named += [field for _, field, _, _ in templates if field and field != "area"]
        return list(dict.fromkeys(named))


def known_mappings(folder: Path = FOLDER) -> list[str]:
    """The names of all mappings."""
    return sorted(file.stem for file in folder.glob("*.toml"))


@lru_cache
def mapping(name: str, folder: Path = FOLDER) -> Mapping:
    """The mapping called ``name``; Refused when there is none or when it says something this program can't do."""
    if not re.fullmatch(r"\w+", name) or name not in known_mappings(folder):
        raise Refused(
            "There is no mapping {name}. Choose one of: {known}.",
            name=name[:40],
            known=", ".join(known_mappings(folder)),
        )
    try:
        found = Mapping.model_validate(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise _broken(name, str(error).replace("\n", " ")) from None
    problem = _problem(found)
    if problem:
        raise _broken(name, problem)
    return found


def _broken(name: str, problem: str) -> Refused:
    return Refused("The mapping {name} is not right: {problem}. Correct data/mappings.", name=name, problem=problem)


def _problem(found: Mapping) -> str:
    states = flows.states(found.matter.flow)
    checks: dict[str, Any] = {
        "flow": [found.matter.flow] if not states else [],
        "state": [outcome.state for outcome in found.values.outcome.values() if outcome.state not in states],
        "source": [code for code in found.values.source.values() if code not in vocabulary.codes("source")],
        "category": [code for code in found.values.category.values() if not _named(code)],
        "level": [level for level in _levels(found) if level not in vocabulary.codes("level")],
    }
    return "; ".join(f"{what} {wrong[0]}" for what, wrong in checks.items() if wrong)


def _named(code: str) -> bool:
    return code in vocabulary.codes("category") + vocabulary.codes("imported.category")


def _levels(found: Mapping) -> list[str]:
    return [found.place.level, *(level.level for level in found.areas)]
