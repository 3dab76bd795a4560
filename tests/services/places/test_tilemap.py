from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from models.area import Area
from services.places.tilemap import tiles

SIZES = st.lists(st.integers(0, 12), min_size=1, max_size=12)


def _tree(sizes: list[int]) -> list[Area]:
    """A root with a street for each size, which has that many communities."""
    tree = [Area(id=1, code="R", name="R", level="district", path="R/")]
    for street, size in enumerate(sizes):
        parent = Area(id=len(tree) + 1, code="S", name="S", level="street", path=f"R/{street:02d}/", parent_id=1)
        tree.append(parent)
        for number in range(size):
            path = f"{parent.path}{number:02d}/"
            tree.append(Area(id=len(tree) + 1, code="C", name="C", level="community", path=path, parent_id=parent.id))
    return tree


def _shapes(tree: list[Area]) -> dict[int, BaseGeometry]:
    return {area_id: shape(drawn) for area_id, drawn in tiles(tree, 114.35, 22.70, 18).items()}


@given(SIZES)
def test_every_tile_lies_inside_its_parent_and_beside_its_siblings(sizes: list[int]) -> None:
    tree = _tree(sizes)
    drawn = _shapes(tree)
    assert set(drawn) == {area.id for area in tree}
    for area in tree[1:]:
        assert drawn[area.parent_id or 0].contains(drawn[area.id])
    for one, two in combinations(tree, 2):
        if one.parent_id == two.parent_id:
            assert not drawn[one.id].intersects(drawn[two.id])


@given(SIZES)
def test_no_tile_is_too_narrow_for_a_name(sizes: list[int]) -> None:
    for drawn in _shapes(_tree(sizes)).values():
        west, south, east, north = drawn.bounds
        assert (east - west) / (north - south) > 0.3


@given(SIZES, st.randoms())
def test_the_map_does_not_depend_on_the_order_of_the_rows(sizes: list[int], chance: object) -> None:
    tree = _tree(sizes)
    before = tiles(tree, 114.35, 22.70, 18)
    chance.shuffle(tree)  # type: ignore[attr-defined]
    assert tiles(tree, 114.35, 22.70, 18) == before


def test_the_map_is_as_wide_as_it_says() -> None:
    west, south, east, north = _shapes(_tree([4, 4, 3]))[1].bounds
    assert round((north - south) * 111.32, 1) == 12.0
    assert round((east - west) * 111.32 * 0.9225, 1) == 18.0


def test_nothing_to_draw() -> None:
    assert tiles([], 114.35, 22.70, 18) == {}
