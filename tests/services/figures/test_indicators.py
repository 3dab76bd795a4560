from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.matter_count import MatterCount
from models.place import Place
from services.figures import indicators, readings
from services.figures.indicators import Count, Span
from services.matters import matters
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock

Actors = Callable[[str], Actor]
MONTH = clock.month_of(clock.now())
NOW = Span(MONTH, MONTH)


def add(session: Session, area_id: int, number: int, **values: Any) -> Matter:
    matter = Matter(
        number=f"T-{number}", flow="issue", state="filed", title="t", area_id=area_id, opened_month=MONTH, **values
    )
    session.add(matter)
    session.flush()
    return matter


@pytest.fixture
def grids(session: Session, place: Place) -> list[Area]:
    return areas.descend(session, session.get_one(Area, place.area_id).path, "grid")


@pytest.fixture
def ten(session: Session, grids: list[Area]) -> str:
    first, second, late = grids[0].id, grids[1].id, clock.now() - timedelta(days=1)
    for at in range(6):
        add(session, first, at, is_open=False, on_time=True)
    add(session, first, 6, is_open=False, on_time=False)
    add(session, second, 7, due_at=late)
    add(session, second, 8, due_at=clock.now() + timedelta(days=9))
    add(session, second, 9, is_open=False, on_time=None)
    return grids[0].path.rsplit("/", 2)[0] + "/"


def test_every_indicator_is_defined_and_every_definition_computed() -> None:
    assert indicators.registered() == set(indicators.definitions())


def test_counts_and_shares(session: Session, ten: str) -> None:
    found = {code: indicators.total(session, code, ten, NOW) for code in ("open", "overdue", "raised", "on_time_rate")}
    assert (found["open"].value, found["overdue"].value, found["raised"].value) == (2, 1, 10)
    # Six in time of seven closed with a deadline and one overdue; not yet due and never due do not count.
    assert found["on_time_rate"] == Count(6, 8)


def test_a_numerator_is_never_larger_than_its_denominator(session: Session, ten: str) -> None:
    for code, definition in indicators.definitions().items():
        if definition.unit == "share":
            count = indicators.total(session, code, ten, NOW)
            assert count.denominator is not None and count.numerator <= count.denominator, code


def test_no_cases_is_not_a_hundred_per_cent(session: Session, grids: list[Area]) -> None:
    assert indicators.total(session, "on_time_rate", grids[0].path, NOW).value is None


def test_parts_add_up_to_the_whole(session: Session, ten: str, grids: list[Area]) -> None:
    parts = indicators.rolled_up(session, "on_time_rate", ten, NOW, grids)
    assert sum(parts.values(), Count(0, 0)) == indicators.total(session, "on_time_rate", ten, NOW)


def test_a_figure_is_the_length_of_the_list_behind_it(session: Session, ten: str, actor: Actors) -> None:
    seen = actor("secretary")
    for code, wanted in {
        "open": matters.Filter(path=ten, openness="open"),
        "overdue": matters.Filter(path=ten, clock="overdue"),
    }.items():
        assert indicators.total(session, code, ten, NOW).value == matters.count(session, seen, wanted)


def test_density_counts_the_households_of_the_buildings(session: Session, place: Place, ten: str) -> None:
    root = session.get_one(Area, place.area_id)
    assert indicators.total(session, "density", ten, NOW) == Count(2, root.households)


def test_spans_follow_each_other() -> None:
    now, before = readings.span("quarter"), readings.span("quarter", 1)
    assert before.last + 1 == now.first and now.last - now.first == 2


def test_the_kept_counts_are_what_counting_anew_gives(session: Session, ten: str, grids: list[Area]) -> None:
    moved, gone, *_rest = session.exec(select(Matter)).all()
    moved.area_id, moved.is_open, moved.on_time = grids[2].id, True, None
    session.delete(gone)
    session.flush()
    again = text("SELECT flow, opened_month, area_id, is_open, on_time, count(*) FROM matter GROUP BY 1, 2, 3, 4, 5")
    anew = {tuple(row[:5]): row[5] for row in session.execute(again)}
    kept = {
        (c.flow, c.opened_month, c.area_id, c.is_open, {1: True, 0: False, -1: None}[c.timeliness]): c.n
        for c in session.exec(select(MatterCount))
        if c.n
    }
    assert ten and kept == anew
