"""Plans: what ``plan.toml`` says of a place's ground, in metres east and north of its origin."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from random import Random
from typing import Any

from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from services.places.drawing import curves
from services.places.drawing.plan_reading import FILE, Table
from services.system.errors import Refused

_TABLES = ("origin", "town", "street", "river", "green", "water", "at", "estate")
_HECTARE = 10_000.0


@dataclass(frozen=True)
class Course:
    """A street or a river: its middle line and its width in metres."""

    kind: str
    name: str
    width: float
    line: LineString

    @property
    def band(self) -> BaseGeometry:
        """What it takes of the ground."""
        return self.line.buffer(self.width / 2)


@dataclass(frozen=True)
class Patch:
    """A park or a lake."""

    kind: str
    name: str
    shape: Polygon


@dataclass(frozen=True)
class Plan:
    """The ground that areas are laid on. ``at`` pins areas to a spot, ``estates`` says how one's buildings stand.

    ``centre`` is where the town is; ``rural`` are patterns of the codes whose land is fields; ``block`` is the usual
    size of a block in square metres; ``inset`` how far estates keep from the outline; ``around`` how many times as far
    from its middle streets and rivers are seen.
    """

    origin: tuple[float, float]
    outline: Polygon
    centre: Point
    rural: tuple[str, ...]
    block: float
    inset: float
    around: float
    streets: tuple[Course, ...]
    rivers: tuple[Course, ...]
    greens: tuple[Patch, ...]
    waters: tuple[Patch, ...]
    at: Mapping[str, Point]
    estates: Mapping[str, Mapping[str, float]]

    def is_rural(self, code: str) -> bool:
        """Whether the land of this area is fields."""
        return any(fnmatch(code, pattern) for pattern in self.rural)


def read(folder: Path) -> Plan:
    """The plan in ``folder``. Refused, with what to write, where something is missing or wrong."""
    told = Table("", _parsed(folder / FILE))
    told.only(_TABLES)
    origin, town = told.table("origin"), told.table("town")
    town.only(("radius", "outline", "centre", "rural", "block", "inset", "around"))
    return Plan(
        origin=(origin.degrees("lng", 180, "112.979"), origin.degrees("lat", 85, "28.152")),
        outline=_outline(town, folder.name),
        centre=Point(town.spot("centre", (0.0, 0.0))),
        rural=town.texts("rural"),
        block=town.number("block", 3.0) * _HECTARE,
        inset=town.number("inset", 6.0),
        around=town.number("around", 1.35, least=1.0),
        streets=tuple(_course(one, "road", 20.0) for one in told.tables("street")),
        rivers=tuple(_course(one, "water", 80.0) for one in told.tables("river")),
        greens=tuple(_patch(one, "green") for one in told.tables("green")),
        waters=tuple(_patch(one, "water") for one in told.tables("water")),
        at={code: Point(told.table("at").spot(code)) for code in told.table("at").keys},
        estates={code: _buildings(told.table("estate").table(code)) for code in told.table("estate").keys},
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(
            "{file} can't be read: {problem}. Correct it and draw the place again.", file=FILE, problem=str(error)
        ) from error


def _outline(town: Table, slug: str) -> Polygon:
    if not town.has("outline"):
        return curves.grown(town.number("radius"), Random(slug))
    drawn = curves.ring(town.spots("outline", 4))
    if not drawn.is_valid:
        raise Refused("{file}: the outline under [town] crosses itself. Put its points in order.", file=FILE)
    return drawn


def _course(told: Table, kind: str, usual: float) -> Course:
    told.only(("name", "width", "line"))
    return Course(kind, told.text("name"), told.number("width", usual), curves.course(told.spots("line", 2)))


def _patch(told: Table, kind: str) -> Patch:
    told.only(("name", "line"))
    drawn = curves.ring(told.spots("line", 3))
    return Patch(kind, told.text("name"), drawn if drawn.is_valid else drawn.buffer(0))


def _buildings(told: Table) -> dict[str, float]:
    told.only(("length", "depth", "angle", "bays", "jitter"))
    return {key: told.number(key, least=-90.0 if key == "angle" else 0.0) for key in told.keys}
