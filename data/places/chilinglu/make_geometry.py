"""Draw the schematic plan: read ``plan.toml`` and ``areas.csv``, write ``areas.geojson`` and ``base.geojson``.

Run ``python data/places/chilinglu/make_geometry.py`` after changing either. There is no chance in it: the same
plan gives the same files. Lengths are metres about the community's centre until the last step turns them into WGS-84.
"""

import csv
import json
import math
import tomllib
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from typing import Any

import shapely
from shapely import LineString, Point, Polygon
from shapely.affinity import rotate, translate
from shapely.geometry import mapping
from shapely.ops import polygonize, unary_union

HERE = Path(__file__).resolve().parent
DIGITS = 6
METRES_PER_DEGREE = 111_320.0
GAP = 9.0
GAP_SHARE = 0.45
WALL = 7.0
ROUNDED = 14.0

Plan = dict[str, Any]
Shapes = dict[str, Polygon]


def smooth(points: Iterable[tuple[float, float]], closed: bool, rounds: int = 3) -> list[tuple[float, float]]:
    """Cut the corners of a line (Chaikin): a drawn line that looks grown."""
    line = list(points)
    for _ in range(rounds):
        pairs = list(zip(line, line[1:] + line[:1] if closed else line[1:], strict=False))
        cut = [p for a, b in pairs for p in (_between(a, b, 0.25), _between(a, b, 0.75))]
        line = cut if closed else [line[0], *cut, line[-1]]
    return line


def _between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def to_degrees(plan: Plan) -> Callable[[Any], Any]:
    """A function that turns plan metres into longitude and latitude with six decimals (about 0.1 m)."""
    lng, lat = plan["origin"]["lng"], plan["origin"]["lat"]
    east = METRES_PER_DEGREE * math.cos(math.radians(lat))

    def convert(points: Any) -> Any:
        degrees = points / [east, METRES_PER_DEGREE] + [lng, lat]
        return degrees.round(DIGITS)

    return convert


def draw_grids(plan: Plan, outline: Polygon) -> Shapes:
    """Cut the outline along the road centre lines; neighbours share every vertex of their border."""
    cuts = [LineString(smooth(cut["line"], closed=False)) for cut in plan["cut"]]
    pieces = list(polygonize(unary_union([outline.exterior, *cuts])))
    pieces = [piece for piece in pieces if outline.buffer(0.5).contains(piece)]
    return {code: _holding(pieces, at) for code, at in plan["grid"].items()}


def draw_estates(plan: Plan, outline: Polygon, grids: Shapes) -> Shapes:
    """What is left of each grid after its roads, gardens and the alley between two estates."""
    roads = [_band(road) for road in plan["cut"] + plan["road"]]
    greens = [Polygon(smooth(green["line"], closed=True)).buffer(5) for green in plan["green"]]
    taken = unary_union(roads + greens)
    inner = outline.buffer(-plan["community"]["inset"])
    return {code: _estate(plan, spec, grids, inner, taken) for code, spec in plan["estate"].items()}


def _estate(plan: Plan, spec: Plan, grids: Shapes, inner: Polygon, taken: Any) -> Polygon:
    land = grids[spec["grid"]].intersection(inner).difference(taken)
    if spec["grid"] in plan["split"]:
        land = land.difference(_band(plan["split"][spec["grid"]]))
    land = land.buffer(-ROUNDED).buffer(ROUNDED)
    pieces = [land] if isinstance(land, Polygon) else list(land.geoms)
    edge: Any = _holding(pieces, spec["inside"]).exterior.simplify(0.3)
    return Polygon(edge)


def _band(road: Plan) -> Any:
    return LineString(smooth(road["line"], closed=False)).buffer(road["width"] / 2)


def _holding(pieces: list[Polygon], at: tuple[float, float]) -> Polygon:
    found = [piece for piece in pieces if piece.contains(Point(at))]
    if len(found) != 1:
        raise SystemExit(f"plan.toml: {len(found)} pieces hold the point {at}; move the point or the cut")
    return found[0]


def draw_buildings(spec: Plan, estate: Polygon, count: int) -> list[Polygon]:
    """Rows of slabs facing south at the widest spacing at which ``count`` fit; what is too many makes the garden."""
    yard = Polygon(estate.buffer(-WALL).exterior)
    for spacing in range(70, 16, -2):
        laid = (_rows(spec, yard, spacing, shift) for shift in product(range(0, 60, 12), repeat=2))
        chosen = [_outermost(slabs, yard, count) for slabs in laid if len(slabs) >= count]
        if chosen:
            widest = max(chosen, key=lambda slabs: unary_union(slabs).convex_hull.area)
            return _in_reading_order(widest, spec["angle"], yard.centroid)
    raise SystemExit(f"plan.toml: {count} buildings do not fit in {spec}; make them shorter")


def _outermost(slabs: list[Polygon], yard: Polygon, count: int) -> list[Polygon]:
    return sorted(slabs, key=lambda slab: -slab.centroid.distance(yard.centroid))[:count]


def _rows(spec: Plan, yard: Polygon, spacing: float, shift: tuple[int, ...]) -> list[Polygon]:
    heart = yard.centroid
    turned = rotate(yard, -spec["angle"], origin=heart)
    west, south, east, north = translate(turned, -heart.x, -heart.y).bounds
    across, up = spec["length"] + max(GAP, spacing * GAP_SHARE), spec["depth"] + spacing
    block, slabs = _slab(spec), []
    for row, column in product(range(int((north - south) // up) + 1), range(int((east - west) // across) + 1)):
        x, y = west + shift[0] + column * across + row % 2 * 7, south + shift[1] + row * up
        lean = spec.get("jitter", 0) * math.sin(2.7 * column + 1.9 * row)
        slabs.append(translate(rotate(block, lean), heart.x + x, heart.y + y))
    return [rotate(one, spec["angle"], origin=heart) for one in slabs if turned.contains(one)]


def _slab(spec: Plan) -> Polygon:
    # Seen from above, a block of flats has its stairwells standing out on the north side.
    length, depth, bays = spec["length"], spec["depth"], spec["bays"]
    body = shapely.box(-length / 2, -depth / 2, length / 2, depth / 2)
    middles = [length * ((bay + 0.5) / bays - 0.5) for bay in range(bays)]
    stairs = [shapely.box(x - 3.2, depth / 2 - 1, x + 3.2, depth / 2 + 2.2) for x in middles]
    outline: Polygon = shapely.get_parts(unary_union([body, *stairs]))[0]
    return outline


def _in_reading_order(slabs: list[Polygon], angle: float, heart: Point) -> list[Polygon]:
    def key(one: Polygon) -> tuple[int, float]:
        level = rotate(one.centroid, -angle, origin=heart)
        return -round(level.y / 12), level.x

    return sorted(slabs, key=key)


def draw_areas(plan: Plan, rows: list[dict[str, str]]) -> Shapes:
    """Every area of the plan by its code, in metres; the community is the union of its grids."""
    outline = Polygon(smooth(plan["community"]["outline"], closed=True))
    grids = draw_grids(plan, outline)
    whole = shapely.get_parts(shapely.coverage_union_all(list(grids.values())))[0]
    estates = draw_estates(plan, outline, grids)
    shapes = {next(row["code"] for row in rows if row["level"] == "community"): whole, **grids, **estates}
    for code, spec in plan["estate"].items():
        homes = [row["code"] for row in rows if row["parent"] == code]
        shapes |= dict(zip(homes, draw_buildings(spec, estates[code], len(homes)), strict=True))
    return shapes


def check(shapes: Shapes, rows: list[dict[str, str]]) -> None:
    """Stop unless every shape is valid, the grids partition the community and buildings keep apart."""
    invalid = [code for code, shape in shapes.items() if not shape.is_valid]
    grids = [shapes[row["code"]] for row in rows if row["level"] == "grid"]
    homes = [shapes[row["code"]] for row in rows if row["level"] == "building"]
    apart = all(not one.intersects(other) for i, one in enumerate(homes) for other in homes[:i])
    if invalid or not apart or not shapely.coverage_is_valid(grids):
        raise SystemExit(f"the plan is broken: invalid {invalid}, buildings apart {apart}")


def write(path: Path, features: list[tuple[dict[str, Any], Any]]) -> None:
    """Write a FeatureCollection, one feature a line so that a change reads in a diff."""
    lines = [
        json.dumps({"type": "Feature", "properties": properties, "geometry": mapping(shape)}, ensure_ascii=False)
        for properties, shape in features
    ]
    body = ",\n".join(lines)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n', encoding="utf-8")


def draw_base(plan: Plan) -> list[tuple[dict[str, Any], Any]]:
    """Roads with their width in metres, gardens and water, for the map's ground."""
    grounds = [
        ({"kind": kind, "name": one["name"]}, Polygon(smooth(one["line"], closed=True)))
        for kind in ("green", "water")
        for one in plan[kind]
    ]
    roads = [
        ({"kind": "road", "name": one["name"], "width": one["width"]}, LineString(smooth(one["line"], closed=False)))
        for one in plan["road"] + plan["cut"]
    ]
    return grounds + roads


def main() -> None:
    """Draw, check and write."""
    plan = tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))
    with (HERE / "areas.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    convert = to_degrees(plan)
    shapes: Shapes = {code: shapely.transform(shape, convert) for code, shape in draw_areas(plan, rows).items()}
    check(shapes, rows)
    write(HERE / "areas.geojson", [({"code": code}, shape) for code, shape in shapes.items()])
    write(HERE / "base.geojson", [(told, shapely.transform(shape, convert)) for told, shape in draw_base(plan)])


if __name__ == "__main__":
    main()
