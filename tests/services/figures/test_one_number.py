"""One number for one question: overview, figures, ranking, map, cards, reminders, lists and exports agree."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.place import Place
from services.engine import flows
from services.exporting.lists import figure_lists, matter_lists
from services.exporting.lists.list_requests import Question as Asked
from services.figures import breakdowns, card_evidence, indicators, kept_counts, readings
from services.figures.breakdowns import Question
from services.figures.kept_counts import Count
from services.layers import area_cards, shading
from services.layers.map_views import View
from services.lines import reminders, today
from services.matters import case_conditions, matters
from services.matters.matters import Filter
from services.places import areas
from services.places.areas import Scope
from services.rights.permissions import Actor
from services.system import clock, db
from tests.services.figures.raw import Raw, scatter
from tests.services.figures.test_recorded import PLAIN, complaints
from tests.services.importing.ledgers import bring, told
from ui.figures import key_figures
from ui.frame.filters import params

SHARES = [code for code, one in indicators.definitions().items() if one.unit == "share"]
ON_MAP = [code for code in indicators.on_map() if code != "density"]
PERIODS = ("month", "year", "all")


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    breakdowns.forget()
    with clock.pretending(clock.now()):
        yield


@pytest.fixture
def sample(demo: str) -> Iterator[Session]:
    """The sample place."""
    with db.reading() as session:
        assert demo
        yield session


@pytest.fixture
def mixed(session: Session, place: Place, tmp_path: Path) -> Iterator[Session]:
    """A place into which somebody's ledger came beside what began here."""
    assert place
    session.rollback()
    bring(tmp_path, complaints(), told(columns=PLAIN))
    with db.writing() as writing:
        scatter(writing, writing.exec(select(Place)).one(), 5, 120)
    with db.reading() as reading:
        yield reading


def readers(session: Session) -> list[tuple[Actor, Area]]:
    """Who reads figures: of the whole place, of the community, and of one grid."""
    root = session.get_one(Area, session.exec(select(Place.area_id)).one())
    grid = session.exec(select(Area).where(Area.level == "grid")).first()
    assert grid
    whole = Actor(None, "s", "secretary", root.path, root.id)
    return [(whole, root), (whole, grid), (Actor(None, "g", "grid_worker", grid.path, grid.id), grid)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_page_says_the_same_of_the_sample_place(sample: Session) -> None:
    same_on_every_page(sample)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_page_says_the_same_of_a_mixed_ledger(mixed: Session) -> None:
    same_on_every_page(mixed)


def same_on_every_page(filled: Session) -> None:
    flows_of = {code: case_conditions.flow_of(code) for code in ON_MAP}
    for actor, area in readers(filled):
        here = areas.scope(filled, actor, area.code)
        for period in PERIODS:
            tabled = {flow: tables(filled, actor, here, period, flow) for flow in {*flows_of.values()}}
            for code in ON_MAP:
                if not indicators.definitions()[code].now or period == "all":
                    everywhere(filled, actor, here, code, period, tabled[flows_of[code]])


def tables(session: Session, actor: Actor, here: Scope, period: str, flow: str) -> list[Any]:
    """The rows of the figures' export."""
    return list(figure_lists.table(Asked(session, actor, here, {"period": period, "flow": flow})).rows())


def everywhere(session: Session, actor: Actor, here: Scope, code: str, period: str, tabled: list[Any]) -> None:
    """The figure of one area, as each page computes it."""
    definition, span = indicators.definitions()[code], readings.span(period)
    flow = case_conditions.flow_of(code)
    count = readings.figure(session, code, here.path, period).count
    said = (code, here.code, period, actor.role)
    found = breakdowns.breakdown(session, Actor(None, "a", "admin"), Question(code, here, "area", span))
    assert found.whole.count == count, said
    lines = sum((line.count for line in found.lines), definition.zero)
    assert parts(lines) == pytest.approx(parts(count)), said
    shaded = shading.shading(session, actor, View(here, Filter(path=here.path, flow=flow), code, period)).shades
    of = {line.group.id: line.count for line in found.lines if line.group.id}
    assert {shade.area.id: shade.count for shade in shaded} == of, said
    (row,) = (row for row in tabled if row.definition.code == code and row.area == here.name)
    assert (row.numerator, row.n, row.left) == parts(count), said
    if code in SHARES:
        ranks = {one.area.id: one.count for one in readings.ranking(session, code, here, period)}
        assert ranks == of, said
    if code in area_cards.SHOWN:
        assert area_cards.card(session, actor, here.code, Filter(flow=flow), period).figures[code] == count, said
    listed(session, actor, here, code, period, count)


def parts(count: Count) -> tuple[float, int | None, int]:
    return count.numerator, count.denominator, count.left


def listed(session: Session, actor: Actor, here: Scope, code: str, period: str, count: Count) -> None:
    """The list that a card leads to, and the file of that list."""
    _page, asked = key_figures._list(code, "")
    if not case_conditions.listable(code, "numerator"):
        return
    now = indicators.definitions()[code].now
    query = params(here, **asked, **({} if now else {"opened_from": readings.first_day(period)}))
    file = matter_lists.ledger(Asked(session, actor, here, query))
    assert file.count == count.numerator == len(list(file.rows())), (code, here.code, period)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_as_much_is_late_in_reminders_on_the_overview_and_in_lists_of_the_sample_place(sample: Session) -> None:
    late_in_all(sample)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_as_much_is_late_in_reminders_on_the_overview_and_in_lists_of_a_mixed_ledger(mixed: Session) -> None:
    late_in_all(mixed)


def late_in_all(filled: Session) -> None:
    for actor, area in readers(filled):
        late = {
            flow: int(indicators.total(filled, "overdue", area.path, readings.span("all"), flow).numerator)
            for flow in flows.flows()
        }
        for flow, n in late.items():
            assert matters.count(filled, actor, Filter(path=area.path, flow=flow, clock="overdue")) == n
            both = [Filter(path=area.path, flow=flow, clock=code) for code in ("serious", "overdue_only")]
            assert sum(matters.count(filled, actor, one) for one in both) == n
        agenda = today.agenda(filled, actor, area.path)
        assert agenda.counts["serious"] + agenda.counts["overdue"] == sum(late[flow] for flow in today.raised())
        if actor.role == "secretary":
            owing = reminders.owing(filled, actor, area.path)
            assert sum(one.counts["serious"] + one.counts["overdue"] for one in owing) == sum(late.values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_filter_on_the_map_filters_colours_and_cards_of_the_sample_place(sample: Session) -> None:
    filtered(sample)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_filter_on_the_map_filters_colours_and_cards_of_a_mixed_ledger(mixed: Session) -> None:
    filtered(mixed)


def filtered(filled: Session) -> None:
    """Counted from the rows with pandas, for each kind of filter."""
    actor, root = readers(filled)[0]
    here, raw, span = areas.scope(filled, actor, root.code), Raw(filled), readings.span("all")
    table = raw.within(root.path, None)
    category = str(table["category"].value_counts().idxmax())
    day = clock.today().replace(day=1)
    from_ = pd.Timestamp(clock.start_of(day)) - pd.Timedelta(days=200)
    for wanted, kept in (
        (Filter(category=category), table["category"] == category),
        (Filter(state="closed"), table["state"] == "closed"),
        (Filter(clock="overdue"), table["is_open"].astype(bool) & table["late"]),
        (
            Filter(opened_from=clock.local(from_.to_pydatetime()).date()),
            pd.to_datetime(table["opened_at"], utc=True)
            >= pd.Timestamp(clock.start_of(clock.local(from_.to_pydatetime()).date())),
        ),
    ):
        raw.narrow(table[kept])
        only = kept_counts.narrowing(actor, wanted)
        for code in ("open", "raised", "closed_rate", "on_time_rate", "rework_rate", "satisfaction", "three_rates"):
            shaded = shading.shading(filled, actor, View(here, wanted.with_(path=here.path), code, "all")).shades
            for shade in shaded:
                hits, n = raw.count(code, shade.area.path, span)
                assert shade.count.numerator == pytest.approx(hits), (wanted, code)
                assert shade.count.denominator == n, (wanted, code)
            whole = raw.count(code, root.path, span)
            told_ = indicators.total(filled, code, root.path, span, only=only)
            assert told_.numerator == pytest.approx(whole[0]) and told_.denominator == whole[1], (wanted, code)
            if code in area_cards.SHOWN:
                card = area_cards.card(filled, actor, here.code, wanted, "all")
                assert card.filtered and card.figures[code] == told_


def test_without_a_filter_nothing_is_narrowed(session: Session, place: Place) -> None:
    actor = Actor(None, "s", "secretary")
    assert session and place
    for wanted in (Filter(), Filter(path="1/"), Filter(openness="open"), Filter(flow="action", openness="all")):
        assert kept_counts.narrowing(actor, wanted) is None
    assert kept_counts.narrowing(actor, Filter(unit="U")) is not None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("demo")
def test_the_cards_of_a_part_count_the_part_and_say_so(database: str) -> None:
    assert database
    with db.reading() as session:
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        for grid in session.exec(select(Area).where(Area.level == "grid")).all():
            worker = Actor(None, "g", "grid_worker", grid.path, grid.id)
            for expression in ("issues", "matters?flow=issue", "organisations", "areas?level=estate", "venues"):
                seen = card_evidence.seen(session, worker, root, expression)
                assert seen and (seen.count, seen.area) == (
                    card_evidence.gather(session, grid, expression).count,
                    grid.name,
                )
            whole = card_evidence.seen(session, Actor(None, "s", "secretary", root.path, root.id), root, "issues")
            assert whole and whole.area == root.name
