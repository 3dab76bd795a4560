"""A place is drawn from its tree and a small plan: tiles without gaps, estates in their grid, buildings apart."""

import shutil
from pathlib import Path

import pytest
import shapely

from services.places.drawing import drawing
from services.places.drawing.coverage import Shapes
from services.places.places import PLACES
from services.system.errors import Refused

PLAN = """
[origin]
lng = 112.33
lat = 28.60
[town]
radius = 1500
rural = ["T-C4"]
[[river]]
name = "River"
width = 150
line = [[-3000, -700], [-800, -900], [900, -800], [3000, -1000]]
[[street]]
name = "Main Street"
width = 28
line = [[-3000, 150], [0, 60], [3000, 200]]
"""
TREE: dict[str, tuple[str, str]] = {"T": ("", "street")}
TREE |= {f"T-C{c}": ("T", "community") for c in range(1, 6)}
TREE |= {f"T-C{c}-G{g}": (f"T-C{c}", "grid") for c in range(1, 6) for g in range(1, 4)}
TREE |= {f"T-C{c}-E{e}": (f"T-C{c}-G{e}", "estate") for c in range(1, 4) for e in (1, 2)}
TREE |= {f"T-C{c}-E1-B{b}": (f"T-C{c}-E1", "building") for c in range(1, 4) for b in range(1, 8)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("places") / "tiny"
    place.mkdir()
    told = (PLACES / "chilinglu" / "place.toml").read_text(encoding="utf-8")
    told = told.replace('slug = "chilinglu"', 'slug = "tiny"').replace('root = "430103004008"', 'root = "T"')
    (place / "place.toml").write_text(told, encoding="utf-8")
    rows = [f"{code},{parent},{level},,{code},,1" for code, (parent, level) in TREE.items()]
    (place / "areas.csv").write_text("\n".join(["code,parent,level,kind,name,households,schematic", *rows, ""]))
    (place / "plan.toml").write_text(PLAN, encoding="utf-8")
    return place.parent


@pytest.fixture(scope="module")
def shapes(folder: Path) -> Shapes:
    return drawing.draw("tiny", folder)


def test_every_area_is_drawn(shapes: Shapes) -> None:
    assert set(shapes) == set(TREE)
    assert all(shape.is_valid and shape.geom_type == "Polygon" for shape in shapes.values())


@pytest.mark.parametrize("level", ["community", "grid"])
def test_tiles_leave_no_gap(shapes: Shapes, level: str) -> None:
    tiles = [shapes[code] for code, (_, its) in TREE.items() if its == level]
    assert shapely.coverage_is_valid(tiles)
    assert shapely.coverage_union_all(tiles).symmetric_difference(shapes["T"]).area == 0


def test_everything_lies_in_its_parent(shapes: Shapes) -> None:
    out = [code for code, (up, _) in TREE.items() if up and not shapes[up].buffer(1e-9).covers(shapes[code])]
    assert out == []


@pytest.mark.parametrize("level", ["estate", "building"])
def test_estates_and_buildings_keep_apart(shapes: Shapes, level: str) -> None:
    drawn = [shapes[code] for code, (_, its) in TREE.items() if its == level]
    hits = shapely.STRtree(drawn).query(drawn, predicate="intersects")
    assert hits.shape[1] == len(drawn)


def test_drawing_again_gives_the_same_bytes(folder: Path, shapes: Shapes, tmp_path: Path) -> None:
    assert shapes
    shutil.copytree(folder / "tiny", tmp_path / "tiny")
    drawing.draw("tiny", tmp_path)
    for name in ("areas.geojson", "base.geojson"):
        assert (tmp_path / "tiny" / name).read_bytes() == (folder / "tiny" / name).read_bytes()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("lng = 112.33", "", "lng"),
        ("radius = 1500", "radius = 'wide'", "radius"),
        ("[town]", "[twon]", "twon"),
        ("line = [[-3000, 150], [0, 60], [3000, 200]]", "line = [[1, 2]]", "line"),
        ("[[river]]", "[at]\nT-X = [0, 0]\n[[river]]", "T-X"),
        ("radius = 1500", "radius = 60", ""),
    ],
)
def test_a_mistake_is_refused_with_what_to_write(
    folder: Path, tmp_path: Path, before: str, after: str, says: str
) -> None:
    shutil.copytree(folder / "tiny", tmp_path / "tiny")
    (tmp_path / "tiny" / "plan.toml").write_text(PLAN.replace(before, after), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        drawing.draw("tiny", tmp_path)
    assert "plan.toml" in refused.value.params.values()
    assert says in str(refused.value.params)
