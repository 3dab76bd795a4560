"""Mapping: what the columns and words of somebody else's file mean here. JSON in a table, or TOML under data."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.engine import flows
from services.importing.mapping import kinds
from services.system.errors import Refused
from services.system.settings import DATA
from services.words import vocabulary

FOLDER = DATA / "mappings"
# In ``values``: the word becomes a category or unit of its own, or is passed over.
OWN, NONE = "+", ""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ground(_Strict):
    """The place a file is about, made when it is not there yet; where its schematic map lies (WGS-84, kilometres).

    Without a point it lies where the boundaries are that are imported, or in the middle of the country.
    """

    name: str
    prefix: str
    level: str
    code: str = ""
    lng: float | None = None
    lat: float | None = None
    width_km: float = 18.0


class Options(_Strict):
    """How a file is read.

    ``ledger`` is the namespace of its numbers. ``title`` and ``description`` are templates over columns, ``{area}``
    and alternatives ``{a|b}``. ``identity`` are the columns that make a row the same row where there is no number.
    ``make_areas``: whether areas that are named but not there are made; none decides by what is drawn.
    ``defaults`` holds codes of fields without a column. ``masked`` hides identity and telephone numbers.
    ``repair`` mends outlines that cross themselves, where that changes hardly anything.
    """

    flow: str = Field(default_factory=kinds.imported_flow)
    date_format: str = "auto"
    datum: str = "wgs84"
    ledger: str = ""
    public: bool = False
    title: str = ""
    description: str = ""
    trim: str = ""
    nothing: list[str] = Field(default_factory=list)
    identity: list[str] = Field(default_factory=list)
    make_areas: bool | None = None
    masked: bool = True
    repair: bool = False
    defaults: dict[str, str] = Field(default_factory=dict)


class Mapping(_Strict):
    """Columns by field, words by field, options. ``name`` says where it came from: shipped, saved, or empty."""

    kind: str
    place: str = ""
    name: str = ""
    columns: dict[str, list[str]] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    options: Options = Field(default_factory=Options)
    ground: Ground | None = None

    def column(self, field: str) -> str:
        """The first column that holds ``field``; nothing when none does."""
        return next(iter(self.columns.get(field, [])), "")

    def has(self, field: str) -> bool:
        """Whether a column or a default says something about ``field``."""
        return bool(self.columns.get(field)) or field in self.options.defaults


def shipped() -> list[str]:
    """The names of the mappings under data/mappings."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


@lru_cache
def _text(name: str, folder: Path) -> str:
    if name not in shipped():
        known = ", ".join(shipped())
        raise Refused("There is no mapping {name}. Choose one of: {known}.", name=name[:40], known=known)
    return (folder / f"{name}.toml").read_text(encoding="utf-8")


def ship(name: str) -> Mapping:
    """The shipped mapping called ``name``; Refused when there is none, or when it says what this program can't do."""
    try:
        told = tomllib.loads(_text(name, FOLDER))
    except tomllib.TOMLDecodeError as error:
        raise _broken(name, str(error)) from None
    told.pop("provenance", None)
    return read(told | {"name": name})


def read(content: dict[str, Any]) -> Mapping:
    """A mapping from JSON or TOML, checked; Refused with what is wrong in it."""
    name = str(content.get("name") or "-")
    try:
        found = Mapping.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise _broken(name, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    problem = problems(found)
    if problem:
        raise _broken(name, problem)
    return found


def _broken(name: str, problem: str) -> Refused:
    said = problem.replace("\n", " ")[:200]
    return Refused("The mapping {name} is not right: {problem}. Correct it, then try again.", name=name, problem=said)


def problems(found: Mapping) -> str:
    """What a mapping says that this program can't do, in words of the mapping; nothing when all is well."""
    known = kinds.fields(found.kind)
    lost = [field for field in (*found.columns, *found.values, *found.options.defaults) if field not in known]
    if lost:
        return f"field {lost[0]}"
    if found.options.flow not in flows.flows():
        return f"flow {found.options.flow}"
    if found.options.date_format not in vocabulary.codes("date_format"):
        return f"date_format {found.options.date_format}"
    told = [(field, code) for field, words in found.values.items() for code in words.values()]
    wrong = [
        f"{field} {code}" for field, code in (*told, *found.options.defaults.items()) if not _known(found, field, code)
    ]
    return wrong[0] if wrong else ""


def _known(found: Mapping, field: str, code: str) -> bool:
    name = kinds.fields(found.kind)[field].vocabulary
    if not name or code in (OWN, NONE):
        return True
    if name == "category":
        return code in vocabulary.codes("category") + vocabulary.codes("imported.category")
    if kinds.of_states(name):
        return code in flows.states(found.options.flow)
    return code in kinds.codes(name)
