"""What a place pack says of its samples: the files of its ``demo`` folder."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from services.places import place_packs
from services.places.place_packs import Pack, rows
from services.rules.categories import categories
from services.system.errors import Refused


@dataclass(frozen=True)
class Template:
    """An issue as people put it; ``kinds`` are the kinds of estate it happens in, all when empty."""

    category: str
    title: str
    description: str
    source: str
    weight: float
    kinds: frozenset[str]

    @property
    def in_building(self) -> bool:
        """Whether it is about one building."""
        return "{building}" in self.title


class Notes:
    """What people write when they take an arrow, by category where something special is to be said."""

    def __init__(self, found: list[tuple[str, str, frozenset[str], str]]) -> None:
        self._found = found
        self._fitting: dict[tuple[str, str, str], list[str]] = {}

    def draw(self, rng: Random, flow: str, action: str, category: str) -> str:
        """A note for the arrow."""
        key = flow, action, category
        if key not in self._fitting:
            self._fitting[key] = self._texts(*key)
        return rng.choice(self._fitting[key])

    def _texts(self, flow: str, action: str, category: str) -> list[str]:
        here = [(kinds, text) for known, act, kinds, text in self._found if (known, act) == (flow, action)]
        special = [text for kinds, text in here if category in kinds]
        return special or [text for kinds, text in here if not kinds]


@dataclass(frozen=True)
class Samples:
    """Everything the generator is told. ``told`` is the calibration."""

    told: Mapping[str, Any]
    templates: tuple[Template, ...]
    notes: Notes
    topics: tuple[Mapping[str, Any], ...]

    def unit_for(self, category: str, estate: str) -> str:
        """The code of the organisation an issue is dispatched to."""
        managed = self.told["property"]
        if category in managed["categories"] and estate in managed:
            return str(managed[estate])
        return str(self.told["units"].get(category, self.told["units"]["default"]))


def offered(folder: Path | None = None) -> list[str]:
    """The slugs of the packs that bring sample records and describe a real place, in the order they are loaded."""
    packs = [place_packs.pack(slug, folder) for slug in place_packs.known_packs(folder)]
    return [pack.slug for pack in packs if pack.samples.is_dir() and not pack.fictional]


def samples(pack: Pack) -> Samples:
    """The samples of a pack. Refused when it brings none."""
    folder = pack.samples
    if not folder.is_dir():
        raise Refused("The place {name} brings no sample records. Import your own ledger instead.", name=pack.name)
    read = {
        name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in ("calibration", "deliberations")
    }
    return Samples(read["calibration"], _templates(pack), _notes(pack), tuple(read["deliberations"]["topic"]))


def _templates(pack: Pack) -> tuple[Template, ...]:
    return tuple(
        Template(
            row.one_of("category", categories()),
            row["title"],
            row["description"],
            row["source"],
            row.position("weight"),
            frozenset(row["kinds"].split()),
        )
        for row in rows(pack, "demo/issues.csv")
    )


def _notes(pack: Pack) -> Notes:
    found = rows(pack, "demo/notes.csv")
    return Notes([(row["flow"], row["action"], frozenset(row["categories"].split()), row["text"]) for row in found])
