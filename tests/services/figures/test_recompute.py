"""Every figure counted again from the raw rows, with pandas, in another way: whole, by area, unit, category, month."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.place import Place
from services.figures import breakdowns, durations, indicators, readings, survival
from services.figures.breakdowns import Line, Question
from services.figures.kept_counts import Ask, Span
from services.importing.batch import batches
from services.importing.mapping.mapping import ship
from services.importing.source.source import open_source
from services.keep.verify import verify
from services.matters import case_conditions, matters
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock, db
from tests.services.figures.raw import Raw, scatter
from tests.shared import LEDGER, needs_ledger

COUNTED = [code for code, one in indicators.definitions().items() if one.unit in ("count", "share")]
FROM_ROWS = [code for code in COUNTED if code != "satisfied_rate"]
ADMIN = Actor(None, "admin", "admin")


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """The clock stands, or what is overdue here is no longer so there."""
    breakdowns.forget()
    with clock.pretending(clock.now()):
        yield


def spans() -> list[Span]:
    this = clock.month_of(clock.now())
    return [readings.span("month"), readings.span("year"), readings.span("all"), Span(this - 20, this - 7)]


def compare(session: Session, root: Area) -> None:
    raw = Raw(session)
    parts = [root, *areas.children(session, root.id)]
    for span in spans():
        for code in FROM_ROWS:
            found = indicators.rolled_up(session, code, root.path, span, parts)
            for part in parts:
                hits, n = raw.count(code, part.path, span)
                count = found[part.id]
                assert count.numerator == pytest.approx(hits, abs=1e-6), (code, part.name, span)
                assert count.denominator == n, (code, part.name, span)
                assert count.left == raw.left(code, part.path, span), (code, part.name, span)
        assert_hours(session, raw, root, span)


def assert_hours(session: Session, raw: Raw, root: Area, span: Span) -> None:
    closed, waiting, unknown = raw.hours(root.path, span)
    found = durations.together(durations.lasting(session, Ask(root.path, span, "month")).values())
    slow = survival.times(((hours, 1) for hours in closed), ((hours, 1) for hours in waiting))
    assert (found.times.n, found.times.events, found.unknown) == (len(closed) + len(waiting), len(closed), unknown)
    assert found.times.hours.tolist() == slow.hours.tolist() and found.times.closed.tolist() == slow.closed.tolist()
    for code, share in durations.SHARES.items():
        assert found.told(code).hours == survival.quantile(slow, share)


@pytest.mark.parametrize("seed", [1, 2])
def test_at_random(session: Session, place: Place, seed: int) -> None:
    scatter(session, place, seed)
    root = session.get_one(Area, place.area_id)
    compare(session, root)
    kinds = [problem for problem in verify(session).problems if problem.kind == "count"]
    assert kinds == []


def test_every_line_leads_to_exactly_what_it_counts(session: Session, place: Place) -> None:
    from ui.figures import breakdown_view

    scatter(session, place, 3, 120)
    here = areas.scope(session, ADMIN, session.get_one(Area, place.area_id).code)
    listed = 0
    for code, definition in indicators.definitions().items():
        for by in definition.by:
            asked = Question(code, here, by, Span(0, 0) if definition.now else readings.span("year"))
            found = breakdowns.breakdown(session, ADMIN, asked)
            for line in (found.whole, *found.lines):
                counts = (line.count.numerator, line.count.denominator, line.count.left)
                for part, n in zip(case_conditions.PARTS, counts, strict=True):
                    if leads := breakdown_view.asked(found, line, here, part):
                        assert counted(session, leads) == n, leads
                        listed += 1
    assert listed > 500


def counted(session: Session, leads: dict[str, str]) -> int:
    """How many the ledger lists at an address, read as the page reads it."""
    asked = dict(leads)
    here = areas.scope(session, ADMIN, asked.pop("area"))
    days = {name: clock.day_of(asked.pop(param)) for param, name in DAYS.items() if param in asked}
    assert asked.pop("open") == "all"
    return matters.count(session, ADMIN, Filter(path=here.path, **days, **asked))  # type: ignore[arg-type]


DAYS = {"from": "opened_from", "to": "opened_to"}


def test_lines_add_up_to_the_whole(session: Session, place: Place) -> None:
    scatter(session, place, 4, 120)
    here = areas.scope(session, ADMIN, session.get_one(Area, place.area_id).code)
    for code, definition in indicators.definitions().items():
        for by in definition.by:
            span = Span(0, 0) if definition.now else readings.span("year")
            found = breakdowns.breakdown(session, ADMIN, Question(code, here, by, span))
            assert numbers(found.lines) == pytest.approx(numbers([found.whole])), (code, by)


def numbers(lines: list[Line] | tuple[Line, ...]) -> tuple[float, int]:
    return sum(line.count.numerator for line in lines), sum(line.count.denominator or 0 for line in lines)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("demo")
def test_the_sample_place() -> None:
    with db.reading() as session:
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        compare(session, root)
        raw = Raw(session)
        span = readings.span("year")
        topics = raw.within(root.path, span, "deliberation").merge(raw.verdicts, left_on="id", right_on="matter_id")
        found = indicators.total(session, "satisfied_rate", root.path, span)
        assert (found.numerator, found.denominator) == (topics["satisfied"].sum(), topics["asked"].sum())
        assert found.denominator and indicators.total(session, "contact_rate", root.path, span).denominator


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@needs_ledger
def test_the_real_ledger(database: str) -> None:
    assert database
    with open_source(LEDGER) as source:
        batches.run(ADMIN, source, 0, ship("pingshan_2018"))
    with db.reading() as session:
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        compare(session, root)
        timed = indicators.total(session, "on_time_rate", root.path, readings.span("all"))
        assert (timed.numerator, timed.denominator) == (9076, 10_000)
