"""The setup: areas, bodies and boundaries typed by hand, told in the chain, held against rights, and taken back."""

from collections.abc import Callable

import pytest
from shapely.affinity import translate
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import AuditLine, SetupChange
from models.organisation import Organisation
from models.place import Forum, Place
from services.engine import begin
from services.flows.issue import issues
from services.keep.verify import verify
from services.places import areas, form_choices, ground_version, place_from_name
from services.places.place_from_name import NewPlace
from services.rights.permissions import Actor
from services.setup import area_setup, body_setup, boundaries, changes, undoing
from services.system.errors import NotFound, Refused

Actors = Callable[[str], Actor]


def refusing(words: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, match=words)


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def named(session: Session, code: str) -> Area:
    return session.exec(select(Area).where(Area.code == code)).one()


def last(session: Session) -> SetupChange:
    return session.exec(select(SetupChange).order_by(col(SetupChange.id).desc())).all()[0]


def test_an_area_is_added_changed_closed_and_taken_back(session: Session, place: Place, actor: Actors) -> None:
    assert place
    admin, ground = actor("admin"), ground_version.ground(session)
    grid = area_setup.add(session, admin, "CL-G1", "estate", {"name": "New  Gardens", "kind": "managed"})
    assert (grid.name, grid.kind, grid.path) == (
        "New Gardens",
        "managed",
        f"{named(session, 'CL-G1').path}{grid.code}/",
    )
    assert ground_version.ground(session) != ground
    with refusing("beside it"):
        area_setup.add(session, admin, "CL-G1", "estate", {"name": "New Gardens"})
    with refusing("level below"):
        area_setup.add(session, admin, "CL-G1", "community", {"name": "x"})
    with refusing("whole number"):
        area_setup.add(session, admin, "CL-G1", "estate", {"name": "x", "households": "many"})
    drawn = changes.version(grid)
    area_setup.change(session, admin, grid.code, drawn, {"name": "Old Gardens", "households": "12"})
    with refusing("admin changed Old Gardens meanwhile"):
        area_setup.change(session, admin, grid.code, drawn, {"name": "Late Gardens"})
    assert last(session).before == {"name": "New Gardens", "households": None}
    undoing.undo(session, admin, last(session).id)
    assert (grid.name, grid.households) == ("New Gardens", None)
    old = issues.create(session, actor("secretary"), issues.NewIssue(title="Lamp", area_id=grid.id))
    with refusing("Close it instead"):
        undoing.undo(session, admin, session.exec(select(SetupChange).where(SetupChange.act == "add")).one().id)
    area_setup.close(session, admin, grid.code, changes.version(grid), "Pulled down")
    assert grid.code not in form_choices.areas_of(session, old) and old.area_id == grid.id
    assert grid not in areas.children(session, grid.parent_id or 0)
    with refusing("Choose the area"):
        issues.create(session, actor("secretary"), issues.NewIssue(title="Lamp 2", area_id=grid.id))
    undoing.undo(session, admin, last(session).id)
    with refusing("took this back already"):
        undoing.undo(session, admin, last(session).id)
    assert grid.code in form_choices.areas_of(session, old)
    acts = [line.act for line in session.exec(select(AuditLine)) if line.act.startswith("setup.")]
    assert acts == ["setup.add", "setup.change", "setup.undo", "setup.close", "setup.undo"]
    session.commit()
    assert verify(session).problems == []


def test_an_area_that_still_holds_something_stays_open(session: Session, place: Place, actor: Actors) -> None:
    root, grid = session.get_one(Area, place.area_id), named(session, "CL-G1")
    with refusing("is the place itself"):
        area_setup.close(session, actor("admin"), root.code, changes.version(root), "x")
    with refusing("stand in"):
        area_setup.close(session, actor("admin"), grid.code, changes.version(grid), "x")


def test_who_is_responsible_for_one_grid_sets_up_that_grid_alone(session: Session, place: Place) -> None:
    assert place
    one, two = named(session, "CL-G1"), named(session, "CL-G2")
    own = Actor(None, "grid", "admin", one.path, one.id)
    area_setup.change(session, own, one.code, changes.version(one), {"name": "Grid one"})
    for refused in (
        lambda: area_setup.add(session, own, two.code, "estate", {"name": "x"}),
        lambda: area_setup.change(session, own, two.code, changes.version(two), {"name": "x"}),
        lambda: body_setup.add(session, own, "venues", two.code, {"name": "x", "kind": "hall"}),
    ):
        with pytest.raises(NotFound):
            refused()
    staff = Actor(None, "staff", "staff", one.path, one.id)
    with refusing("may not do this"):
        area_setup.change(session, staff, one.code, changes.version(one), {"name": "x"})
    assert [change.code for change in changes.listed(session, own, two.path)] == [one.code]
    assert changes.listed(session, Actor(None, "two", "admin", two.path, two.id), two.path) == []


def test_bodies_are_typed_closed_and_taken_back(session: Session, place: Place, actor: Actors) -> None:
    root, admin = session.get_one(Area, place.area_id), actor("admin")
    unit = body_setup.add(session, admin, "organisations", root.code, {"name": "Gardeners", "kind": "social"})
    assert (unit.path, unit.code[:4]) == (f"{unit.code}/", f"{place.prefix}-O")
    told = {"name": "Tea table", "ruleset": "council", "organisation": unit.code, "expected": "9"}
    forum: Forum = body_setup.add(session, admin, "forums", root.code, told)
    assert (forum.organisation_id, forum.expected) == (unit.id, 9)
    with refusing("Choose from the list: Rules"):
        body_setup.add(session, admin, "forums", root.code, {"name": "x", "ruleset": "anarchy"})
    with refusing("comma between them"):
        body_setup.add(session, admin, "venues", root.code, {"name": "x", "kind": "hall", "point": "here"})
    venue = body_setup.add(session, admin, "venues", root.code, {"name": "x", "kind": "hall", "point": "113.01, 28.1"})
    assert (venue.lng, venue.lat) == (113.01, 28.1)
    post = body_setup.add(session, admin, "offices", root.code, {"title": "Head", "kind": "grid_head", "filled": False})
    filled = {"title": "Head", "kind": "grid_head", "filled": True}
    body_setup.change(session, admin, "offices", post.code, changes.version(post), "CL-G1", filled)
    assert post.filled and last(session).before == {"filled": False, "area_id": root.id}
    with refusing("belong to Gardeners"):
        body_setup.close(session, admin, "organisations", unit.code, changes.version(unit), "gone")
    body_setup.close(session, admin, "forums", forum.code, changes.version(forum), "merged")
    assert forum.code not in form_choices.forums(session, root.path)
    with refusing("Choose the forum"):
        begin.begin(session, actor("secretary"), "deliberation", {"title": "Tea", "forum": forum.code})
    body_setup.close(session, admin, "organisations", unit.code, changes.version(unit), "gone")
    assert unit.code not in form_choices.units_around(session, root.path)
    undoing.undo(session, admin, last(session).id)
    assert session.exec(select(Organisation).where(Organisation.code == unit.code)).one().closed_at is None


def test_a_boundary_is_held_against_what_lies_around_it(session: Session, place: Place, actor: Actors) -> None:
    assert place
    admin, grid = actor("admin"), named(session, "CL-G1")
    first = shape(dict(grid.geometry or {}))

    def draw(outline: BaseGeometry) -> Area:
        return boundaries.draw(session, admin, grid.code, changes.version(grid), mapping(outline))

    west, south, east, north = first.bounds
    with refusing("leaves"):
        draw(translate(first, xoff=1))
    with refusing("lies over"):
        draw(first.union(shape(dict(named(session, "CL-G2").geometry or {}))))
    with refusing("stick out"):
        draw(first.intersection(box(west, south, (west + east) / 2, north)))
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    with refusing("crosses itself near 0.5"):
        boundaries.draw(session, admin, grid.code, changes.version(grid), bow)
    with refusing("closed shape"):
        boundaries.draw(session, admin, grid.code, changes.version(grid), {"type": "Point", "coordinates": [1, 2]})
    before, version = grid.geometry, ground_version.ground(session)
    draw(first.buffer(-0.00002))
    assert grid.geometry != before and not grid.schematic and ground_version.ground(session) != version
    undoing.undo(session, admin, last(session).id)
    assert grid.geometry == before


def test_a_place_typed_from_nothing_has_a_map_at_once(session: Session, place: Place, actor: Actors) -> None:
    assert place
    admin = actor("admin")
    own = place_from_name.create_place(session, admin, NewPlace("lt", "Willow Pond", "LT", "street"))
    root = session.get_one(Area, own.area_id)
    one = area_setup.add(session, admin, root.code, "community", {"name": "One"})
    two = area_setup.add(session, admin, root.code, "community", {"name": "Two"})
    assert (one.code, two.code) == ("LT-01", "LT-02") and one.geometry and two.geometry and root.geometry
    assert areas.at_point(session, one.lng or 0, one.lat or 0) == one
    boundaries.draw(session, admin, one.code, changes.version(one), mapping(box(113.0, 28.0, 113.1, 28.1)))
    assert two.geometry is None and shape(dict(root.geometry)).bounds == (113.0, 28.0, 113.1, 28.1)
    undoing.undo(session, admin, last(session).id)
    assert two.geometry and one.schematic
    undoing.undo(session, admin, session.exec(select(SetupChange).where(SetupChange.code == two.code)).one().id)
    assert areas.named(session, "LT-02") is None
    with pytest.raises(Refused):
        boundaries.draw(session, admin, root.code, changes.version(root), {})
