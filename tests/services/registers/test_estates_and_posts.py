"""Registers: gaps come first, nothing is invented, and a post or a body that is added or leaves changes the answer."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from models.area import Area
from models.organisation import Organisation
from models.place import Office, Place
from services.figures.card_evidence import gather
from services.layers import layers, map_views
from services.places import areas
from services.places.areas import Scope
from services.registers import coverage, estates, posts
from services.rights.permissions import Actor

Of = Callable[[str], Actor]


@pytest.fixture
def root(session: Session, place: Place) -> Area:
    return session.get_one(Area, place.area_id)


def here(root: Area) -> Scope:
    return Scope(root.id, root.code, root.name, root.level, root.path)


def first(session: Session, root: Area, level: str, kind: str | None = None) -> Area:
    query = select(Area).where(areas.within(root.path), Area.level == level)
    return session.exec(query.where(Area.kind == kind) if kind else query).first()  # type: ignore[return-value]


def body(session: Session, area: Area, kind: str) -> Organisation:
    code = f"T-{area.code}-{kind}"
    made = Organisation(code=code, name=code, kind=kind, path=f"{code}/", area_id=area.id)
    session.add(made)
    session.flush()
    return made


def post(session: Session, area: Area, kind: str, filled: bool = True, homes: int | None = None) -> Office:
    number = len(session.exec(select(Office.id)).all())
    made = Office(code=f"T-{number}", title=kind, kind=kind, area_id=area.id, filled=filled, households=homes)
    session.add(made)
    session.flush()
    return made


def test_a_managed_estate_misses_what_leaves_it_and_nothing_that_its_kind_does_not_need(
    session: Session, root: Area
) -> None:
    managed = first(session, root, "estate", "managed")
    before = estates.estate(session, managed)
    assert before is not None and {b.kind for b, _ in before.bodies} == {
        "party",
        "owners",
        "property",
        "representative",
    }
    for owners in session.exec(
        select(Organisation).where(Organisation.area_id == managed.id, Organisation.kind == "owners")
    ):
        session.delete(owners)
    after = estates.estates(session, root.path)[0]
    assert after.area.id == managed.id and [b.kind for b in after.missing] == ["owners"]
    assert after.standing == "missing"
    body(session, managed, "owners")
    assert estates.estate(session, managed).standing == "complete"  # type: ignore[union-attr]
    work = first(session, root, "estate", "work_unit")
    assert "owners" not in {b.kind for b, _ in estates.estate(session, work).bodies}  # type: ignore[union-attr]
    managed.kind = None
    assert estates.estate(session, managed).standing == "unknown"  # type: ignore[union-attr]
    assert gather(session, root, "estates_complete").count == sum(
        one.standing == "complete" for one in estates.estates(session, root.path)
    )


def test_a_vacant_post_is_no_representative(session: Session, root: Area) -> None:
    work = first(session, root, "estate", "work_unit")
    for office in session.exec(
        select(Office).join(Area, col(Area.id) == Office.area_id).where(areas.within(work.path))
    ):
        office.filled = False
    session.flush()
    assert "representative" in {b.kind for b in estates.estate(session, work).missing}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("homes", "standing"), [([5, 15], "within"), ([4, 9], "under"), ([4, 16], "over"), ([16], "over"), ([], "none")]
)
def test_a_building_stands_as_the_worst_of_its_representatives(
    session: Session, root: Area, homes: list[int], standing: str
) -> None:
    building = first(session, root, "building")
    for office in session.exec(select(Office).where(Office.area_id == building.id, Office.kind == "representative")):
        session.delete(office)
    for number in homes:
        post(session, building, "representative", homes=number)
    post(session, building, "representative", filled=False)
    found = coverage.covered(session, root.path, "representative", "building")
    one = next(row for row in found if row.area.id == building.id)
    assert (one.standing, one.filled, one.vacant, one.linked) == (standing, len(homes), 1, sum(homes))
    order = ["none", "under", "over", "within"]
    assert [order.index(row.standing) for row in found] == sorted(order.index(row.standing) for row in found)
    counted = gather(session, root, f"covered?kind=representative&standing={standing}").count
    told = [load for row in found for load in row.loads]
    band = coverage.bands()["representative"]
    assert counted == (sum(band.standing(load) == standing for load in told))


@pytest.mark.parametrize(("homes", "units"), [(0, 0), (1, 1), (8, 1), (9, 2), (400, 50), (401, 51)])
def test_a_linking_unit_is_needed_for_every_eight_households_begun(homes: int, units: int) -> None:
    assert coverage.bands()["linking_unit"].needed(homes) == units


def test_work_is_that_of_the_area_divided_by_filled_posts(session: Session, root: Area, actor: Of) -> None:
    grid = first(session, root, "grid")
    post(session, grid, "grid_worker", filled=False)
    rows = posts.staffing(session, actor("secretary"), here(root))
    alone = next(row for row in rows if row.area.id == grid.id and row.kind == "grid_worker")
    assert (alone.filled, alone.vacant, alone.each(alone.households)) == (0, 1, None)
    post(session, grid, "grid_worker")
    post(session, grid, "grid_worker")
    rows = posts.staffing(session, actor("secretary"), here(root))
    two = next(row for row in rows if row.area.id == grid.id and row.kind == "grid_worker")
    assert two.households and two.each(two.households) == two.households / 2
    assert [row.vacant > 0 for row in rows] == sorted((row.vacant > 0 for row in rows), reverse=True)
    held = session.exec(select(Office).join(Area, col(Area.id) == Office.area_id).where(areas.within(root.path))).all()
    assert sum(row.filled + row.vacant for row in rows) == len(held)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_map_marks_what_the_lists_say_for_those_who_may_read_them(session: Session, root: Area, actor: Of) -> None:
    view = map_views.read(session, actor("secretary"), {"area": root.code})
    marks = {
        mark["properties"]["code"]: mark["properties"]
        for mark in layers.LAYERS["bodies"](session, actor("secretary"), view)["features"]
    }
    assert {code: one["mark"] for code, one in marks.items()} == {
        one.area.code: one.standing for one in estates.estates(session, root.path)
    }
    linked = layers.LAYERS["linked"](session, actor("secretary"), view)["features"]
    assert {mark["properties"]["mark"] for mark in linked} <= {"none", "under", "over", "within"} and linked
    for name in ("bodies", "linked"):
        assert not layers.LAYERS[name](session, actor("viewer"), view)["features"]
