"""The map in a real Chromium: nothing leaves the host, nothing blinks, every click leads to a card."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from sqlmodel import Session, create_engine, select

from models.area import Area
from models.matter import Matter
from models.place import Place
from services.people import accounts
from services.system import clock
from tests.browser.conftest import serving

pytestmark = pytest.mark.browser
MANY = 20_000
HOSTILE = "<img src=x onerror=\"parent.document.title='PWNED'\">${alert(1)}`"


def _matters(area: Area, count: int, **fields: Any) -> list[Matter]:
    random, now = Random(7), clock.now()
    start = fields.pop("first")
    return [
        Matter(
            number=f"CL-2026-{start + at:06d}",
            flow="issue",
            title=HOSTILE if at == 0 else f"示例{at}",
            area_id=area.id,
            category="06042",
            lng=(area.lng or 0) + random.uniform(-0.001, 0.001),
            lat=(area.lat or 0) + random.uniform(-0.001, 0.001),
            opened_at=now - timedelta(days=3),
            opened_month=clock.month_of(now),
            due_at=now + timedelta(days=at % 9 - 2),
            public=True,
            sample=True,
            **fields,
        )
        for at in range(count)
    ]


def _fill(url: str) -> None:
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        accounts.ensure_demo_identities(session, root, "chilinglu")
        grid = session.exec(select(Area).where(Area.code == "CL-G1")).one()
        session.add_all(_matters(grid, MANY, first=1, state="filed"))
    engine.dispose()


@pytest.fixture(scope="module")
def address(templates: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = templates.copy("sqlite", "place")
    _fill(url)
    with serving(url, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
    opened = context.new_page()
    opened.goto("/sign-in?next=/map")
    opened.get_by_role("button", name=re.compile("书记")).click()
    _painted(opened, "matters")
    yield opened
    context.close()


def _frame(page: Page) -> Frame:
    page.wait_for_selector("iframe[src*=streamlit_folium]")
    handle = page.query_selector("iframe[src*=streamlit_folium]")
    assert handle
    frame = handle.content_frame()
    assert frame
    return frame


def _painted(page: Page, kind: str, count: int | None = None) -> dict[str, Any]:
    enough = "" if count is None else f" && mulin.timings.{kind}.count === {count}"
    frame = _frame(page)
    frame.wait_for_function(f"window.mulin && mulin.timings.{kind}{enough}", timeout=20_000)
    return dict(frame.evaluate(f"mulin.timings.{kind}"))


def _click(page: Page, lng: float, lat: float) -> None:
    at = _frame(page).evaluate(f"mulin.map.latLngToContainerPoint([{lat}, {lng}])")
    page.locator("iframe[src*=streamlit_folium]").click(position=at)


def test_nothing_leaves_the_host(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address)
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/sign-in?next=/map")
    page.get_by_role("button", name=re.compile("书记")).click()
    _painted(page, "matters")
    context.close()
    assert not [url for url in asked if not url.startswith((address, "data:", "blob:"))]


def test_a_link_says_which_layers_and_which_figure(page: Page) -> None:
    page.goto("/map?layers=ground&indicator=overdue")
    _painted(page, "areas")
    assert "indicator=overdue" in _frame(page).evaluate(
        "performance.getEntriesByType('resource').find(e => e.name.includes('areas.geojson')).name"
    )
    assert not _frame(page).evaluate("'matters' in mulin.timings")


def test_another_indicator_keeps_the_frame_and_the_view(page: Page) -> None:
    frame = _frame(page)
    frame.evaluate("window.mine = true; mulin.map.setZoom(18, {animate: false})")
    before = frame.evaluate("mulin.timings.areas.at")
    page.locator(".st-key-map-indicator input").click()
    page.get_by_role("option").nth(1).click()
    frame.wait_for_function(f"mulin.timings.areas.at > {before}")
    assert frame.evaluate("window.mine === true && mulin.map.getZoom() === 18")


def test_the_view_moves_with_the_area_in_the_same_frame(page: Page) -> None:
    frame = _frame(page)
    frame.evaluate("window.mine = true")
    at = frame.evaluate("mulin.map.getCenter().lng")
    _click(page, *_empty_spot(page, "CL-G4"))
    page.get_by_role("button", name=re.compile("进入该区域|Open this area")).click()
    frame.wait_for_function(f"Math.abs(mulin.map.getCenter().lng - {at}) > 0.0005")
    assert frame.evaluate("window.mine")
    assert "area=CL-G4" in page.url


def _empty_spot(page: Page, code: str) -> tuple[float, float]:
    found = _frame(page).evaluate(
        "code => fetch([...performance.getEntriesByType('resource')].find(e => e.name.includes('areas.geojson')).name)"
        ".then(a => a.json()).then(d => d.features.find(f => f.properties.code === code).properties.at)",
        code,
    )
    return found[0], found[1]


def test_an_area_and_a_bare_spot_lead_to_cards(page: Page) -> None:
    _click(page, *_empty_spot(page, "CL-G4"))
    expect(page.get_by_role("heading", name="第四网格")).to_be_visible()
    page.locator("iframe[src*=streamlit_folium]").click(position={"x": 700, "y": 20})
    expect(page.get_by_text(re.compile("不在您可查看|outside every area"))).to_be_visible()


def test_a_hostile_title_is_text_on_the_map_and_on_its_card(page: Page) -> None:
    spot = _frame(page).evaluate(
        "(() => { const f = mulin.drawing('matters').features.find(f => f.properties.number === 'CL-2026-000001');"
        "mulin.map.setView([f.geometry.coordinates[1], f.geometry.coordinates[0]], 21, {animate: false});"
        "return f.geometry.coordinates; })()"
    )
    _click(page, *spot)
    expect(page.locator(".st-key-spot-CL-2026-000001")).to_contain_text("onerror")
    assert "PWNED" not in page.title()


def test_twenty_thousand_points_are_painted_in_time(page: Page) -> None:
    page.goto("/map?layers=venues")
    _painted(page, "venues")
    page.get_by_role("button", name=re.compile("图层|Layers")).click()
    pill = page.get_by_test_id("stButtonGroup").get_by_role("button").first
    pill.wait_for()
    clicked = time.time() * 1000
    pill.click()
    painted = _painted(page, "matters", MANY)
    spent = painted["at"] - clicked
    # The budget is 1.5 s and belongs to the bench; here a machine half as fast must still pass.
    assert spent < 3000, f"{spent:.0f} ms: look at what ui/web/static/map-points.js does with many points."


def test_the_points_are_reached_and_opened_by_keyboard(page: Page) -> None:
    frame = _frame(page)
    frame.evaluate(
        "(() => { const f = mulin.drawing('matters').features.find(f => f.properties.number === 'CL-2026-000001');"
        "mulin.map.setView([f.geometry.coordinates[1], f.geometry.coordinates[0]], 21, {animate: false}); })()"
    )
    frame.wait_for_function("document.querySelector('.mulin-reach').textContent.includes('CL-2026-000001')")
    frame.evaluate("document.querySelector('.mulin-reach button[tabindex=\"0\"]').focus()")
    for _step in range(frame.evaluate("document.querySelectorAll('.mulin-reach button').length")):
        if "CL-2026-000001" in frame.evaluate("document.activeElement.textContent"):
            break
        page.keyboard.press("ArrowRight")
    assert "CL-2026-000001" in frame.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-spot-CL-2026-000001")).to_contain_text("onerror")
    assert "PWNED" not in page.title()


def test_a_crowd_is_one_stop_and_the_arrows_go_on(page: Page) -> None:
    frame = _frame(page)
    frame.wait_for_selector(".mulin-reach button", state="attached")
    frame.evaluate("document.querySelector('.mulin-reach button[tabindex=\"0\"]').focus()")
    before = frame.evaluate("document.activeElement.style.transform")
    page.keyboard.press("ArrowRight")
    assert frame.evaluate("document.activeElement.style.transform") != before
    assert frame.evaluate("document.querySelectorAll('.mulin-reach button[tabindex=\"0\"]').length") == 1
