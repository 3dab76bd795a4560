"""Drawing a place: its plan and tree become ``areas.geojson`` and ``base.geojson``, the same ones byte for byte."""

import json
from pathlib import Path
from typing import Any

import shapely
import shapely.affinity
from shapely.geometry import mapping

from services.places.drawing import blocks, buildings, coverage, plan, tiling, trees
from services.places.drawing.blocks import Ground
from services.places.drawing.coverage import Shapes
from services.places.drawing.plan import Plan
from services.places.place_packs import PLACES, pack

_GROUND_DIGITS = 5  # about a metre: nobody measures on the ground, and it is sent to every map
_STRAIGHT = 1.2  # metres the border of a block may leave where it is drawn
_Feature = tuple[dict[str, Any], Any]


def draw(slug: str, folder: Path = PLACES) -> Shapes:
    """Draw the place called ``slug`` and write both files; the areas in degrees (WGS-84) by code."""
    told = pack(slug, folder)
    drawn = plan.read(told.folder)
    tree = trees.read(told, drawn)
    town = tiling.town(drawn)
    tiles = list(tiling.tile(tree, drawn.outline, town))
    ground = blocks.ground(town)
    shapes = coverage.upwards(tree, coverage.meshed(drawn, {node.code: tile for node, tile in tiles}))
    for node, tile in tiles:
        stands = _stands(node, tile, ground)
        shapes |= {code: coverage.rounded(drawn, shape) for code, shape in stands.items()}
    ordered = {node.code: shapes[node.code] for node in tree.all() if node.code in shapes}
    _write(told.folder / "areas.geojson", [({"code": code}, shape) for code, shape in ordered.items()])
    _write(told.folder / "base.geojson", _base(drawn, ground))
    return ordered


def _stands(node: trees.Node, tile: shapely.Polygon, ground: Ground) -> Shapes:
    shapes = dict(blocks.estates(node, tile, ground))
    for estate in node.estates:
        codes = [one.code for one in estate.buildings]
        form = ground.town.plan.estates.get(estate.code)
        laid = buildings.lay(estate.code, shapes[estate.code], len(codes), form)
        shapes |= dict(zip(codes, laid, strict=True))
    return shapes


def _base(drawn: Plan, ground: Ground) -> list[_Feature]:
    """Fields, blocks, gardens, water and streets, for the map's ground."""
    seen = shapely.affinity.scale(drawn.outline, drawn.around, drawn.around).convex_hull
    features: list[_Feature] = [({"kind": one.kind}, one.shape.simplify(_STRAIGHT)) for one in ground.patches]
    features += [({"kind": one.kind, "name": one.name}, one.shape) for one in (*drawn.greens, *drawn.waters)]
    for river in drawn.rivers:
        features.append(({"kind": "water", "name": river.name}, river.band.simplify(0.5).intersection(seen)))
    for one in (*drawn.streets, *ground.town.laid):
        for part in shapely.get_parts(one.line.simplify(0.3).intersection(seen)):
            features.append(({"kind": "road", "name": one.name, "width": one.width}, part))
    return [(told, coverage.rounded(drawn, shape, _GROUND_DIGITS)) for told, shape in features]


def _write(path: Path, features: list[_Feature]) -> None:
    """Write a FeatureCollection, one feature a line so that a change reads in a diff."""
    lines = [
        json.dumps({"type": "Feature", "properties": properties, "geometry": mapping(shape)}, ensure_ascii=False)
        for properties, shape in features
    ]
    body = ",\n".join(lines)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n', encoding="utf-8")
