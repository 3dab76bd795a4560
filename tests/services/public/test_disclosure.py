"""What the public is told: no small count, and none that subtraction gives."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.place import Place
from services.engine import flows
from services.figures import card_evidence, indicators, readings
from services.figures.indicators import Count
from services.flows.issue import issues
from services.layers import area_cards, map_views, shading
from services.places import areas
from services.public import disclosure
from services.rights.permissions import Actor

Actors = Callable[[str], Actor]
ROOT = "430103004008"
GRIDS = ("CL-G1", "CL-G2", "CL-G3", "CL-G4", "CL-G5")


@pytest.fixture
def raised(session: Session, place: Place, actor: Actors) -> Session:
    """Open issues in the five grids: the last has a count that must not get out, and the third lies in its estate."""
    assert place
    for code, count in (("CL-G1", 11), ("CL-G2", 11), ("CL-E3", 10), ("CL-G4", 12), ("CL-G5", 3)):
        area = session.exec(select(Area).where(Area.code == code)).one()
        for at in range(count):
            issues.create(session, actor("secretary"), issues.NewIssue(title=f"{code} {at}", area_id=area.id))
    return session


def shown(session: Session, viewer: Actor, code: str, indicator: str) -> set[str]:
    """The areas below ``code`` that the map shows."""
    view = map_views.read(session, viewer, {"area": code, "indicator": indicator})
    return {shade.area.code for shade in shading.shading(session, viewer, view).shades if not shade.withheld}


def carded(session: Session, viewer: Actor, code: str) -> Count | None:
    return area_cards.card(session, viewer, code, map_views.read(session, viewer, {}).wanted).figures["open"]


def test_counts_of_one_to_four_are_small_and_so_is_what_they_leave() -> None:
    assert [disclosure.small(Count(n)) for n in (0, 1, 4, 5)] == [False, True, True, False]
    shares = [Count(0, 0), Count(3, 4), Count(5, 5), Count(5, 10), Count(1, 100), Count(99, 100)]
    assert [disclosure.small(count) for count in shares] == [False, True, False, False, True, True]


@pytest.mark.parametrize(
    ("counts", "rest", "hidden"),
    [
        ((3, 9, 40, 0), 0, {0, 1}),
        ((3, 1, 40, 0), 0, {0, 1, 2}),
        ((3, 2, 40, 0), 0, {0, 1}),
        ((9, 40, 8), 2, {2}),
        ((3, 40), 7, {0}),
        ((9, 40, 0), 0, set()),
        ((), 9, set()),
    ],
)
def test_the_next_smallest_is_hidden_until_subtraction_gives_nothing_small(
    counts: tuple[int, ...], rest: int, hidden: set[int]
) -> None:
    cells = {at: (Count(n),) for at, n in enumerate(counts)}
    assert disclosure.hide(cells, (Count(sum(counts) + rest),)) == hidden


def test_every_figure_of_a_family_counts() -> None:
    cells = {0: (Count(50), Count(10, 12)), 1: (Count(60), Count(20, 30)), 2: (Count(9), Count(0, 0))}
    assert disclosure.hide(cells, (Count(119), Count(30, 42))) == {0, 2, 1}


def test_no_indicator_belongs_to_two_families_and_one_of_none_is_not_for_the_public(
    raised: Session, actor: Actors
) -> None:
    named = [code for family in disclosure.FAMILIES for code in family]
    assert len(named) == len(set(named)) and set(named) <= indicators.registered()
    for code in indicators.registered() - set(named):
        assert disclosure.withheld(raised, actor("viewer"), "", code) and not disclosure.for_public(code)
        assert not disclosure.withheld(raised, actor("staff"), "", code)


def test_every_public_step_is_a_step() -> None:
    for flow in flows.flows():
        assert disclosure.steps(flow) - {arrow.action for arrow in flows.arrows(flow)} == {"create"}


def test_a_withheld_count_is_withheld_everywhere(raised: Session, actor: Actors) -> None:
    viewer = actor("viewer")
    kept = set(GRIDS) - {"CL-G3", "CL-G5"}
    assert shown(raised, viewer, ROOT, "open") == shown(raised, viewer, ROOT, "density") == kept
    assert {code for code in GRIDS if carded(raised, viewer, code)} == kept
    total = carded(raised, viewer, ROOT)
    assert total and total.numerator == 47
    assert all(carded(raised, actor("staff"), code) for code in GRIDS)


def test_below_a_withheld_area_nothing_is_shown(raised: Session, actor: Actors) -> None:
    assert shown(raised, actor("viewer"), "CL-G3", "open") == set()
    assert carded(raised, actor("viewer"), "CL-E3") is None
    assert len(shown(raised, actor("staff"), "CL-G3", "open")) == 2


def test_the_public_has_one_period_no_trend_and_no_change(raised: Session, actor: Actors) -> None:
    viewer, staff = actor("viewer"), actor("staff")
    here = areas.scope(raised, viewer, ROOT)
    figure = readings.figure(raised, "raised", here.path, "month")
    told = disclosure.told(raised, viewer, here, figure)
    assert told and (told.count, told.before, told.months, told.trend) == (figure.count, None, (), ())
    assert disclosure.told(raised, staff, here, figure) is figure
    assert [disclosure.period(raised, one, "month") for one in (viewer, staff)] == ["year", "month"]


def test_the_public_sees_no_count_of_matters_on_a_card(session: Session, place: Place, actor: Actors) -> None:
    root, viewer = session.get_one(Area, place.area_id), actor("viewer")
    assert all(card_evidence.may_see(viewer, root, asked) for asked in ("areas?level=estate", ""))
    assert not card_evidence.may_see(viewer, root, "deliberations?forum=CL-F-HSL")
    assert card_evidence.may_see(actor("staff"), root, "deliberations?forum=CL-F-HSL")
