"""The files of the packs that are loaded by themselves, as they lie there."""

import csv
import json
import tomllib
from functools import lru_cache
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from services.demo.pack import offered
from services.places.place_packs import PLACES

SLUGS = offered()


@lru_cache
def read(slug: str, name: str) -> list[dict[str, str]]:
    """The rows of a file of a pack; none where it doesn't bring the file."""
    path = PLACES / slug / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(slug: str, name: str) -> dict[str, dict[str, str]]:
    """The rows of a file by their code."""
    return {row["code"]: row for row in read(slug, name)}


def at(slug: str, level: str) -> list[dict[str, str]]:
    """The areas of one level."""
    return [row for row in read(slug, "areas.csv") if row["level"] == level]


@lru_cache
def told(slug: str, name: str) -> dict[str, Any]:
    """A file of the samples of a pack."""
    return tomllib.loads((PLACES / slug / "demo" / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache
def drawn(slug: str, name: str = "areas") -> list[tuple[dict[str, Any], BaseGeometry]]:
    """The features of a map of a pack: what each says of itself, and its shape in degrees."""
    features = json.loads((PLACES / slug / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return [(one["properties"], shape(one["geometry"])) for one in features]
