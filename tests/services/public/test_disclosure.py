"""What the public is told: no small count, and none that subtraction gives."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.place import Place
from models.public_edition import PublicEdition
from services.engine import flows
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Words
from services.figures import card_evidence, indicators, readings
from services.figures.indicators import Count
from services.flows.issue import issues
from services.layers import area_cards, map_views, shading
from services.places import areas
from services.public import disclosure, editions
from services.rights.permissions import Actor
from services.system import clock, db
from tests.databases import template

Actors = Callable[[str], Actor]
ROOT = "430103004008"
GRIDS = ("CL-G1", "CL-G2", "CL-G3", "CL-G4", "CL-G5")


@template("raised_in_grids", on="place")
def _raise() -> None:
    with clock.pretending(clock.now() - timedelta(days=40)), db.writing() as session:
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        secretary = Actor(None, "secretary", "secretary", root.path, root.id)
        for code, count in (("CL-G1", 30), ("CL-G2", 31), ("CL-E3", 4), ("CL-G4", 29), ("CL-G5", 2)):
            area = session.exec(select(Area).where(Area.code == code)).one()
            for at in range(count):
                issues.create(session, secretary, issues.NewIssue(title=f"{code} {at}", area_id=area.id))


@pytest.fixture
def raised_in_grids(session: Session) -> Session:
    """Issues of last month in five grids: two have counts that must not get out; the third's lie in its estate."""
    return session


def shown(session: Session, viewer: Actor, code: str, indicator: str) -> set[str]:
    """The areas below ``code`` that the map shows."""
    view = map_views.read(session, viewer, {"area": code, "indicator": indicator})
    return {shade.area.code for shade in shading.shading(session, viewer, view).shades if not shade.withheld}


def carded(session: Session, viewer: Actor, code: str) -> Count | None:
    return area_cards.card(session, viewer, code, map_views.read(session, viewer, {}).wanted).figures["open"]


def test_what_no_edition_holds_is_not_for_the_public(raised_in_grids: Session, actor: Actors) -> None:
    assert set(editions.CODES) <= indicators.registered()
    for code in indicators.registered() - set(editions.CODES):
        assert disclosure.withheld(raised_in_grids, actor("viewer"), "", code) and not disclosure.for_public(code)
        assert not disclosure.withheld(raised_in_grids, actor("staff"), "", code)


def test_every_public_step_is_a_step() -> None:
    for flow in flows.flows():
        assert disclosure.steps(flow) - {arrow.action for arrow in flows.arrows(flow)} == {"create"}


def test_a_withheld_count_is_withheld_everywhere(raised_in_grids: Session, actor: Actors) -> None:
    viewer = actor("viewer")
    kept = {"CL-G1", "CL-G2", "CL-G4"}
    assert shown(raised_in_grids, viewer, ROOT, "open") == shown(raised_in_grids, viewer, ROOT, "density") == kept
    assert {code for code in GRIDS if carded(raised_in_grids, viewer, code)} == kept
    total = carded(raised_in_grids, viewer, ROOT)
    assert total and total.numerator % 10 == 0 and abs(total.numerator - 96) < 10
    assert all(carded(raised_in_grids, actor("staff"), code) for code in GRIDS)


def test_public_matters_are_counted_one_by_one_and_the_others_in_steps(raised_in_grids: Session, actor: Actors) -> None:
    at = select(Matter).join(Area, col(Area.id) == Matter.area_id).where(Area.code == "CL-G1")
    for matter in raised_in_grids.exec(at.limit(7)).all():
        matter.public = True
    raised_in_grids.flush()
    told = carded(raised_in_grids, actor("viewer"), "CL-G1")
    assert told and told.numerator % 10 == 7 and abs(told.numerator - 30) < 10


def test_below_a_withheld_area_nothing_is_shown(raised_in_grids: Session, actor: Actors) -> None:
    assert shown(raised_in_grids, actor("viewer"), "CL-G3", "open") == set()
    assert carded(raised_in_grids, actor("viewer"), "CL-E3") is None
    assert len(shown(raised_in_grids, actor("staff"), "CL-G3", "open")) == 2


def test_the_public_has_one_period_no_trend_and_no_change(raised_in_grids: Session, actor: Actors) -> None:
    viewer, staff = actor("viewer"), actor("staff")
    here = areas.scope(raised_in_grids, viewer, ROOT)
    figure = readings.figure(raised_in_grids, "raised", here.path, "year")
    told = disclosure.told(raised_in_grids, viewer, here, figure)
    assert told and (told.before, told.months, told.trend, told.change) == (None, (), (), None)
    assert told.count != figure.count and abs(told.count.numerator - figure.count.numerator) < 10
    assert disclosure.told(raised_in_grids, staff, here, figure) is figure
    assert [disclosure.period(raised_in_grids, one, "month") for one in (viewer, staff)] == ["year", "month"]


def test_the_months_the_public_reads_are_those_that_are_counted(raised_in_grids: Session, actor: Actors) -> None:
    viewer, this = actor("viewer"), clock.month_of(clock.now())
    here = areas.scope(raised_in_grids, viewer, ROOT)
    card = area_cards.card(raised_in_grids, viewer, ROOT, map_views.read(raised_in_grids, viewer, {}).wanted)
    assert (card.over.first, card.over.last) == (this - 12, this - 1)
    found = lists.extract(raised_in_grids, viewer, "indicators", {"area": ROOT})
    said = [str(list(cells)) for cells in found.cells(Words("en"))]
    months = f"{clock.month_label(this - 12)} – {clock.month_label(this - 1)}"
    assert any(months in row for row in said) and not any(f"– {clock.month_label(this)}" in row for row in said)
    told = disclosure.told(raised_in_grids, viewer, here, readings.figure(raised_in_grids, "raised", here.path, "year"))
    raised_in_grids.execute(update(Matter).values(opened_month=this))
    raised_in_grids.execute(delete(PublicEdition))
    readings.forget()
    now = disclosure.told(raised_in_grids, viewer, here, readings.figure(raised_in_grids, "raised", here.path, "year"))
    assert told and now is None


def test_the_public_sees_no_count_of_matters_on_a_card(session: Session, place: Place, actor: Actors) -> None:
    root, viewer = session.get_one(Area, place.area_id), actor("viewer")
    assert all(card_evidence.may_see(viewer, root, asked) for asked in ("areas?level=estate", ""))
    assert not card_evidence.may_see(viewer, root, "deliberations?forum=CL-F-HSL")
    assert card_evidence.may_see(actor("staff"), root, "deliberations?forum=CL-F-HSL")
