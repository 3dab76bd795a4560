"""Layers: the same filter and the same rights as the ledger, and no position that was not recorded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from services.engine import events, versioned_cache
from services.figures.indicators import Count
from services.layers import area_shapes, layers, map_views, matter_points, point_clouds, shading
from services.layers.map_views import View
from services.layers.shading import Shade
from services.matters import matters
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import NotFound, Refused

Of = Callable[[str], Actor]


def add(session: Session, area: Area, number: int, **fields: Any) -> Matter:
    now = clock.now()
    given = {"lng": area.lng, "lat": area.lat, "public": False, "state": "filed", "title": f"Sample {number}"} | fields
    matter = Matter(
        number=f"CL-2026-{number:06d}", flow="issue", area_id=area.id, opened_month=clock.month_of(now), **given
    )
    session.add(matter)
    session.flush()
    return matter


def area(session: Session, code: str) -> Area:
    return session.exec(select(Area).where(Area.code == code)).one()


@pytest.fixture
def filled(session: Session, actor: Of) -> Session:
    """Six in the first grid (one overdue, one on hold, one closed, one without a point), one in the second."""
    assert actor("staff").area_path  # the place is loaded
    first, now = area(session, "CL-G1"), clock.now()
    add(session, first, 1, due_at=now - timedelta(days=1), public=True, category="06042")
    add(session, first, 2, due_at=now + timedelta(days=30))
    add(session, first, 3, due_at=now + timedelta(minutes=5))
    add(session, first, 4, state="suspended")
    add(session, first, 5, state="closed", is_open=False, on_time=True)
    add(session, first, 6, lng=None, lat=None)
    add(session, area(session, "CL-G2"), 7)
    return session


def view(session: Session, actor: Actor, **params: str) -> View:
    return map_views.read(session, actor, {"openness": "open", **params})


def layer(session: Session, actor: Actor, name: str, **params: str) -> Any:
    return layers.unpacked(session, actor, name, view(session, actor, **params))


def numbers(collection: Any) -> set[int]:
    return {int(feature["properties"]["number"][-6:]) for feature in collection["features"]}


def test_matters_are_those_of_the_ledger_that_have_a_point(filled: Session, actor: Of) -> None:
    who = actor("staff")
    for params in ({}, {"openness": "closed"}, {"clock": "overdue"}, {"category": "06042"}, {"area": "CL-G2"}):
        seen = view(filled, who, **params)
        shown = layers.unpacked(filled, who, "matters", seen)["features"]
        ledger = matters.count(filled, who, seen.wanted)
        assert len(shown) + matter_points.unplaced(filled, who, seen.wanted) == ledger, params


def test_a_matter_without_a_point_is_counted_and_not_drawn(filled: Session, actor: Of) -> None:
    who = actor("staff")
    assert 6 not in numbers(layer(filled, who, "matters"))
    assert matter_points.unplaced(filled, who, view(filled, who).wanted) == 1
    shades = {s.area.code: s for s in shading.shading(filled, who, view(filled, who, indicator="matching")).shades}
    assert shades["CL-G1"].count.numerator == 5


def test_standings_are_those_the_list_shows(filled: Session, actor: Of) -> None:
    who = actor("staff")
    for openness in ("open", "closed"):
        seen = view(filled, who, openness=openness)
        listed = {row.matter.number: row.standing for row in matters.page(filled, who, seen.wanted)}
        drawn = layers.unpacked(filled, who, "matters", seen)["features"]
        assert drawn
        for feature in drawn:
            assert feature["properties"]["standing"] == listed[feature["properties"]["number"]]


def test_a_viewer_gets_public_matters_only(filled: Session, actor: Of) -> None:
    assert numbers(layer(filled, actor("viewer"), "matters")) == {1}


def test_nobody_sees_beyond_their_area(filled: Session, actor: Of) -> None:
    first = area(filled, "CL-G1")
    who = replace(actor("grid_worker"), area_path=first.path, area_id=first.id)
    assert numbers(layer(filled, who, "matters")) == {1, 2, 3, 4}
    with pytest.raises(NotFound):
        view(filled, who, area="CL-G2")
    with pytest.raises(NotFound):
        matter_points.venue(filled, who, "CL-V-MQ")


def test_without_the_right_to_the_map_there_is_no_layer(filled: Session, actor: Of) -> None:
    seen = view(filled, actor("staff"))
    with pytest.raises(Refused):
        layers.packed(filled, replace(actor("staff"), role="nobody"), "areas", seen)


def test_many_matters_are_counted_not_listed(filled: Session, actor: Of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matter_points, "SHOWN", 2)
    who = actor("staff")
    found = matter_points.on_map(filled, who, replace(view(filled, who), zoom=3))
    assert found["kind"] == "squares"
    assert sum(feature["properties"]["count"] for feature in found["features"]) == 5
    assert sum(feature["properties"]["overdue"] for feature in found["features"]) == 1


def test_the_cloud_catches_up_with_what_happened(filled: Session, actor: Of) -> None:
    who, first = actor("staff"), area(filled, "CL-G1")
    wanted = view(filled, who).wanted
    before = sum(square.count for square in point_clouds.squares(filled, who, wanted, 10, None))
    new = add(filled, first, 8)
    events.append(filled, new, who, "create")
    closed = filled.exec(select(Matter).where(col(Matter.number).endswith("000002"))).one()
    closed.is_open = False
    events.append(filled, closed, who, "conclude")
    second = add(filled, first, 9)
    events.append(filled, second, who, "create")
    filled.flush()
    assert sum(square.count for square in point_clouds.squares(filled, who, wanted, 10, None)) == before + 1
    far = point_clouds.squares(filled, who, wanted, 10, (0.0, 0.0, 1.0, 1.0))
    assert far == []


def test_every_square_lies_among_its_points(filled: Session, actor: Of) -> None:
    who, first = actor("staff"), area(filled, "CL-G1")
    squares = point_clouds.squares(filled, who, view(filled, who, area="CL-G1").wanted, 18, None)
    assert [square.count for square in squares] == [4]
    assert (squares[0].lng, squares[0].lat) == pytest.approx((first.lng, first.lat))


def test_an_area_without_cases_has_no_class(filled: Session, actor: Of) -> None:
    found = layer(filled, actor("staff"), "areas", indicator="on_time_rate", period="year")
    of = {feature["properties"]["code"]: feature["properties"] for feature in found["features"]}
    assert (of["CL-G3"]["figure"], of["CL-G3"]["class"], of["CL-G3"]["n"]) == ("", None, 0)
    assert (of["CL-G1"]["numerator"], of["CL-G1"]["denominator"], of["CL-G1"]["figure"]) == (1, 2, "50.0%")


def test_small_public_figures_are_withheld_and_cannot_be_had_from_the_total(filled: Session, actor: Of) -> None:
    found = layer(filled, actor("viewer"), "areas", indicator="open")
    hidden = {f["properties"]["code"] for f in found["features"] if f["properties"]["withheld"]}
    assert {"CL-G2"} < hidden
    assert all("value" not in f["properties"] for f in found["features"] if f["properties"]["withheld"])


def test_the_darkest_class_needs_action_whichever_way_the_figure_points() -> None:
    of = [Shade(Area(id=at, code=str(at), name="", level="grid", path=""), Count(n, 10)) for at, n in enumerate((2, 9))]
    edges = shading._edges([0.2, 0.9], "share")
    assert [shading._step(shade, edges, "up") for shade in of] == [4, 0]
    assert [shading._step(shade, edges, "down") for shade in of] == [0, 4]


def test_ground_holds_buildings_only_up_close(filled: Session, actor: Of) -> None:
    def kinds(code: str) -> set[str]:
        found = layer(filled, actor("staff"), "ground", area=code)
        return {feature["properties"]["kind"] for feature in found["features"]}

    assert kinds("CL-G1") == {"road", "green", "water", "building"}
    assert "building" not in kinds("430103004008")


def test_bounds_are_those_of_what_is_drawn(filled: Session, actor: Of) -> None:
    here = view(filled, actor("admin"), area="430103").here
    inside = view(filled, actor("admin"), area="430103004008").here
    assert area_shapes.bounds(filled, here) == pytest.approx(area_shapes.bounds(filled, inside) or ())


def test_an_area_with_nothing_drawn_has_no_bounds(session: Session, actor: Of) -> None:
    for one in session.exec(select(Area)):
        one.geometry = None
    session.flush()
    assert area_shapes.bounds(session, view(session, actor("staff")).here) is None
    assert layer(session, actor("staff"), "areas")["features"] == []


@pytest.mark.parametrize(
    "params",
    [{"clock": "late "}, {"zoom": "-1"}, {"zoom": "99"}, {"box": "1,2,3"}, {"box": "3,0,1,2"}, {"opened_from": "x"},
     {"indicator": "secret"}, {"period": "day"}, {"flow": "x"}, {"colour": "red"}, {"opened_from": "0001-01-01"},
     {"opened_to": "9999-12-31"}, {"zoom": "1" * 5000}, {"zoom": "²"}, {"box": "nan,nan,nan,nan"},
     {"box": "1,2,inf,4"}, {"box": "nan,1,2,3"}],
)  # fmt: skip
def test_a_view_that_makes_no_sense_is_refused(session: Session, actor: Of, params: dict[str, str]) -> None:
    with pytest.raises(Refused, match="The map can't show"):
        map_views.read(session, actor("staff"), params)


def test_a_view_survives_its_address(session: Session, actor: Of) -> None:
    asked = {"area": "CL-G1", "clock": "overdue", "text": "路灯", "opened_from": "2026-01-02", "indicator": "overdue"}
    seen = map_views.read(session, actor("staff"), asked)
    assert map_views.read(session, actor("staff"), map_views.params(seen)) == seen


def test_a_layer_is_packed_once_until_something_happens(filled: Session, actor: Of) -> None:
    who = actor("staff")
    first = layers.packed(filled, who, "matters", view(filled, who))
    assert layers.packed(filled, who, "matters", view(filled, who)) is first
    events.append(filled, add(filled, area(filled, "CL-G1"), 8), who, "create")
    filled.flush()
    assert layers.packed(filled, who, "matters", view(filled, who)).tag != first.tag


def test_versions_differ_by_who_is_looking(filled: Session, actor: Of) -> None:
    assert versioned_cache.version(filled, actor("staff")) != versioned_cache.version(filled, actor("viewer"))
