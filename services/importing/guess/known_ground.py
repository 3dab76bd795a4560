"""Known ground: what the database knows of a place that a file's words may mean; it goes along to whoever guesses."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from sqlmodel import Session

from models.area import Area
from models.place import Place
from services.importing.areas.by_name import drawn_levels
from services.importing.matters.units import known_units
from services.places import areas
from services.words import own_categories
from services.words.own_categories import OwnCategory

_AREA = ("code", "name", "level", "path")


@dataclass(frozen=True)
class Ground:
    """The root of the place, its areas, parents before children, its units, each by code and name.

    ``drawn`` are the levels of which somebody has drawn boundaries.
    """

    root: Area | None = None
    tree: list[Area] = field(default_factory=list)
    units: list[tuple[str, str]] = field(default_factory=list)
    drawn: frozenset[str] = frozenset()

    def told(self) -> dict[str, Any]:
        """All of it as JSON."""
        root = _cells([self.root])[0] if self.root else None
        own = [vars(one) for one in own_categories.known().values()]
        ground = {"root": root, "tree": _cells(self.tree), "units": self.units, "drawn": sorted(self.drawn)}
        return ground | {"categories": own}

    @classmethod
    def heard(cls, told: dict[str, Any]) -> Self:
        """The ground as it was told; its categories are those of this process from now on."""
        own_categories.hold(OwnCategory(**one) for one in told["categories"])
        root = _area(told["root"]) if told["root"] else None
        units = [(code, name) for code, name in told["units"]]
        return cls(root, [_area(cells) for cells in told["tree"]], units, frozenset(told["drawn"]))


def of_place(session: Session, place: Place | None) -> Ground:
    """What is known of a place; nothing where it is yet to be made."""
    root = session.get(Area, place.area_id) if place else None
    tree = areas.under(session, root.path) if root else []
    units = [(unit.code, unit.name) for unit in known_units(session, root)]
    return Ground(root, tree, units, frozenset(drawn_levels(tree)))


def _cells(tree: Iterable[Area]) -> list[list[str]]:
    return [[getattr(area, name) for name in _AREA] for area in tree]


def _area(cells: list[str]) -> Area:
    told: dict[str, Any] = dict(zip(_AREA, cells, strict=True))
    return Area(**told)
