"""Server runs of every page, warm, as the secretary."""

import asyncio
import statistics
from collections.abc import Iterator

from sqlmodel import col, select

from benchmarks import driver, fill
from benchmarks.driver import PageFailed
from benchmarks.results import Result, percentile, skipped
from benchmarks.server import Server
from models.matter import Matter
from services.system import db

BUDGET = 100
_RUNS = 30
_PLAIN = ("overview", "map", "figures", "issues", "deliberations", "new", "organisations", "cards", "rules", "audit")
_LOOKS = (
    *(("issues", "sort=title"), ("board", ""), ("board", "lanes=station&flow=deliberation")),
    *(("days", ""), ("days", "view=week"), ("biography", ""), ("biography", "kind=decided")),
)


def measure(server: Server) -> Iterator[Result]:
    """p95 in ms of each page, with the median and the size of a run beside it."""
    cookie = fill.cookie()
    for page, query in [*((page, "") for page in _PLAIN), *_LOOKS, *of_matters()]:
        try:
            runs = asyncio.run(driver.visit(server.host, cookie, page, query, _RUNS))
        except PageFailed as failure:
            yield skipped("page", page, str(failure)[:80])
            continue
        spent = [run.ms for run in runs]
        size = statistics.median(run.size for run in runs) / 1024
        note = f"p50 {percentile(spent, 0.5):.0f} ms, {size:.0f} KB, {len(runs[-1].elements)} elements"
        name = " ".join(filter(None, (page, query.partition("no=")[0])))
        yield Result("page", f"{name} p95", percentile(spent, 0.95), "ms", BUDGET, note=note)
    yield Result("page", "search on the ledger p95", *_search(server, cookie))


def of_matters() -> Iterator[tuple[str, str]]:
    """Pages of single matters with their query strings: an issue, a topic, its line, a meeting that runs."""
    with db.reading() as session:
        newest = select(Matter.number).order_by(col(Matter.id).desc()).limit(1)
        issue = session.exec(newest.where(Matter.flow == "issue", Matter.state == "archived")).one()
        topic = session.exec(newest.where(Matter.flow == "deliberation", Matter.state == "archived")).one()
        running = session.exec(newest.where(Matter.flow == "deliberation", Matter.state == "meeting")).one()
    yield "matter", f"no={issue}"
    yield "matter", f"no={topic}"
    yield "line", f"no={topic}"
    yield "meeting", f"no={running}"


def _search(server: Server, cookie: str) -> tuple[float, str, float]:
    with db.reading() as session:
        title = session.exec(select(Matter.title).order_by(col(Matter.id).desc()).limit(1)).one()
    runs = asyncio.run(driver.visit(server.host, cookie, "issues", f"q={title[-2:]}", _RUNS))
    return percentile([run.ms for run in runs], 0.95), "ms", BUDGET
