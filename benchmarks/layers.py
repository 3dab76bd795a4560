"""The map: how long a layer takes the server, how much goes over the wire, and when 20,000 points are on the screen."""

import statistics
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Frame, Page, sync_playwright
from sqlmodel import Session, col, func, select

from benchmarks import fill
from benchmarks.results import Result, percentile, skipped, times
from benchmarks.server import Server
from models.matter import Matter
from services.people.accounts import actor_of
from services.places import areas
from services.system import clock, db

MS, KB, PAINT = 50, 1024, 1500
POINTS = 20_000
CHROMIUM = Path("/usr/bin/chromium")
_COLD = 6


def measure(server: Server) -> Iterator[Result]:
    """Each layer on first asking and again, its size, and the paint in Chromium."""
    cookie, root = fill.cookie(), _root()
    with db.reading() as session:
        since = _since(session, POINTS)
    asked = {
        "matters, open": {"openness": "open"},
        f"matters, {POINTS:,} points": {"openness": "closed", "opened_from": since},
        "matters, all": {"zoom": "16"},
        "areas": {"indicator": "on_time_rate", "period": "year"},
        "ground": {},
        "venues": {},
    }
    for name, params in asked.items():
        yield from _layer(server, cookie, name, {"area": root, "flow": "issue", **params})
    yield _paint(server, cookie, since)


def _layer(server: Server, cookie: str, name: str, params: dict[str, str]) -> Iterator[Result]:
    spent, sizes = [], []
    kind = name.partition(",")[0]
    for fresh in range(_COLD):
        # A text nobody asked for before is a view nobody has cached, and finds nothing less.
        path = f"/layers/{kind}.geojson?{urlencode(params | _unseen(kind, fresh))}"
        spent += times(lambda at=path: sizes.append(len(server.get(at, cookie))), 1, warm=0)  # type: ignore[misc]
    again = f"/layers/{kind}.geojson?{urlencode(params | {'v': '1'})}"
    warm = times(lambda: server.get(again, cookie), 20)
    yield Result(
        "map", f"{name}: first asking, worst", max(spent), "ms", MS, note=f"p50 {statistics.median(spent):.0f} ms"
    )
    yield Result("map", f"{name}: again, p95", percentile(warm, 0.95), "ms", MS)
    yield Result("map", f"{name}: over the wire", max(sizes) / 1024, "KB", KB)


def _unseen(kind: str, number: int) -> dict[str, str]:
    if kind == "matters":
        return {"opened_to": (clock.today().replace(day=1).replace(year=clock.today().year + 1 + number)).isoformat()}
    return {"opened_from": f"19{10 + number}-01-01"}


def _root() -> str:
    with db.reading() as session:
        return areas.scope(session, actor_of(session, fill.account(session, "secretary")), None).code


def _since(session: Session, points: int) -> str:
    """The day since which not quite ``points`` closed issues were raised."""
    closed = select(Matter.opened_at).where(Matter.flow == "issue", col(Matter.is_open).is_(False))
    count = session.exec(select(func.count()).select_from(closed.subquery())).one()
    newest = closed.order_by(col(Matter.opened_at).desc()).offset(min(points, count) - 1).limit(1)
    return (clock.local(session.exec(newest).one()).date() + timedelta(days=1)).isoformat()


def _paint(server: Server, cookie: str, since: str) -> Result:
    """From asking for the points to seeing them, in ms, in the real page."""
    if not CHROMIUM.exists():
        return skipped("map", "points on the screen", "no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": f"http://{server.host}"}])
        page = context.new_page()
        painted = [_painted(page, f"http://{server.host}/map?open=closed&from={since}") for _ in range(3)]
        browser.close()
    spent, count = statistics.median(one["ms"] for one in painted), painted[-1]["count"]
    return Result("map", "points on the screen", spent, "ms", PAINT, note=f"{count:,} points in Chromium")


def _painted(page: Page, url: str) -> dict[str, float]:
    page.goto(url)
    frame = _frame(page)
    frame.wait_for_function("window.mulin && mulin.timings.matters", timeout=60_000)
    return dict(frame.evaluate("mulin.timings.matters"))


def _frame(page: Page) -> Frame:
    found = page.wait_for_selector("iframe[src*=streamlit_folium]", timeout=60_000)
    frame = found.content_frame() if found else None
    if frame is None:
        raise RuntimeError("The page has no map.")
    return frame
