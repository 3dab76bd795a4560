"""The services without a screen: search, a change of status, counts, figures, verification."""

import itertools
import time
from collections.abc import Callable, Iterator
from functools import partial

from sqlmodel import Session, col, select

from benchmarks import fill
from benchmarks.fill import Bench
from benchmarks.results import Result, percentile, skipped, times
from models.matter import Matter
from services.engine import events, workflow
from services.figures import breakdowns, readings
from services.figures.breakdowns import Question
from services.keep.verify import verify
from services.lines import broken_lines, today
from services.matters import audit_trail, matters
from services.matters.matters import Filter
from services.matters.search import runs
from services.people.accounts import actor_of
from services.places import areas
from services.rights.permissions import Actor
from services.system import db

SEARCH, CHANGE, PAGE = 50, 30, 100
_LENGTHS = (1, 2, 3, 4, 6)
_ASKED = 12
_WALKED = 200_000


def measure(bench: Bench) -> Iterator[Result]:
    """Everything a page asks of the services, one at a time."""
    with db.reading() as session:
        actor = actor_of(session, fill.account(session, "secretary"))
        yield from _searches(session, actor)
        yield from _lists(session, actor)
        yield from _figures(session, actor)
    yield _change(actor)
    yield (
        _verified()
        if bench.rows <= _WALKED
        else skipped("verify", "events walked", "minutes at this size: see a smaller run")
    )


def _searches(session: Session, actor: Actor) -> Iterator[Result]:
    for length in _LENGTHS:
        spent, worst = [], ("", 0.0)
        for words in _words(session, length):
            wanted = Filter(path=actor.area_path, text=words)
            taken = max(times(lambda asked=wanted: _ask(session, actor, asked), 3, warm=1))  # type: ignore[misc]
            spent.append(taken)
            worst = max(worst, (words, taken), key=lambda one: one[1])
        note = f"p50 {percentile(spent, 0.5):.1f} ms; slowest word: {worst[0]}"
        yield Result("search", f"{length} characters, count and page, worst", max(spent), "ms", SEARCH, note=note)


def _ask(session: Session, actor: Actor, wanted: Filter) -> None:
    matters.count(session, actor, wanted)
    matters.page(session, actor, wanted)


def _words(session: Session, length: int) -> list[str]:
    newest = session.exec(select(Matter.title).where(Matter.flow == "issue").order_by(col(Matter.id).desc()).limit(300))
    parts = (run[-length:] for title in newest for run in runs(title) if len(run) >= length)
    return list(itertools.islice(dict.fromkeys(parts), _ASKED))


def _lists(session: Session, actor: Actor) -> Iterator[Result]:
    path = actor.area_path
    asked: dict[str, Callable[[], object]] = {
        "count of all, capped": lambda: matters.count(session, actor, Filter(path=path)),
        "ledger by deadline": lambda: matters.page(session, actor, Filter(path=path)),
        "ledger, open": lambda: matters.page(session, actor, Filter(path=path, openness="open")),
        "ledger, newest": lambda: matters.page(session, actor, Filter(path=path, sort="newest")),
        "ledger, one grid, newest": lambda: matters.page(
            session, actor, Filter(path=_grid(session, path), sort="newest")
        ),
        "ledger, page 20": lambda: matters.page(session, actor, Filter(path=path), 50, 950),
        "ledger, overdue": lambda: matters.page(session, actor, Filter(path=path, clock="overdue")),
        "agenda of the morning": lambda: today.agenda(session, actor, path),
        "broken lines": lambda: broken_lines.breaks(session, actor, path),
        "trail of events": lambda: audit_trail.events(session, actor, path, limit=200),
        "version of the data": lambda: events.version(session),
    }
    for name, action in asked.items():
        yield Result("service", f"{name} p95", percentile(times(action, 15), 0.95), "ms", PAGE)


def _grid(session: Session, path: str) -> str:
    return areas.descend(session, path, "grid")[0].path


def _figures(session: Session, actor: Actor) -> Iterator[Result]:
    for period in readings.PERIODS:
        ask = partial(readings.headline, session, actor.area_path, period)
        yield from _cold_and_warm(f"headline, {period}", ask)
    here = areas.scope(session, actor, None)
    yield from _cold_and_warm("ranking, year", lambda: readings.ranking(session, "on_time_rate", here, "year"))
    year = readings.span("year")
    for code, by in (("on_time_rate", "unit"), ("satisfaction", "category"), ("duration_median", "unit")):
        asked = Question(code, here, by, year, year.earlier("before"))
        name = f"{code} by {by}, compared"
        yield from _cold_and_warm(name, lambda one=asked: breakdowns.breakdown(session, actor, one))  # type: ignore[misc]


def _cold_and_warm(name: str, action: Callable[[], object]) -> Iterator[Result]:
    def cold() -> None:
        breakdowns.forget()
        action()

    yield Result("figures", f"{name}, cold", percentile(times(cold, 5, warm=1), 0.95), "ms", PAGE)
    yield Result("figures", f"{name}, warm p95", percentile(times(action, 15), 0.95), "ms", PAGE)


def _change(actor: Actor) -> Result:
    with db.reading() as session:
        query = select(Matter.number, Matter.version).where(Matter.flow == "issue", Matter.state == "visited")
        waiting = iter(session.exec(query.limit(40)).all())

    def change() -> None:
        number, version = next(waiting)
        with db.writing() as writing:
            workflow.move(writing, actor, number, "archive", version)

    spent = times(change, 25)
    return Result(
        "change",
        "one status change p95",
        percentile(spent, 0.95),
        "ms",
        CHANGE,
        note=f"p50 {percentile(spent, 0.5):.1f} ms",
    )


def _verified() -> Result:
    with db.reading() as session:
        began = time.perf_counter()
        report = verify(session)
    speed = report.events / (time.perf_counter() - began)
    return Result("verify", "events walked", speed, "per s", note=f"{report.events:,} events, {report.found} problems")
