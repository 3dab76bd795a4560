"""The first visit to a cold process: what the first person in the morning waits for."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import fill, server
from benchmarks.driver import Driver
from benchmarks.layers import CHROMIUM
from benchmarks.results import Result, skipped

SECONDS = 2


def measure(folder: Path) -> Iterator[Result]:
    """The start, the first run of the overview, and a first visit in a browser to a process of its own."""
    cookie = fill.cookie()
    began = time.perf_counter()
    with server.mulin(folder) as started:
        yield Result("cold", "start until ready", time.perf_counter() - began, "s")
        yield Result(
            "cold", "first run of the overview", asyncio.run(_first(started.host, cookie)) / 1000, "s", SECONDS
        )
    if not CHROMIUM.exists():
        yield skipped("cold", "first visit in a browser", "no Chromium: apt-get install chromium")
        return
    with server.mulin(folder) as started:
        yield Result(
            "cold", "first visit in a browser", _browser(started.host, cookie), "s", SECONDS, note="address to title"
        )


async def _first(host: str, cookie: str) -> float:
    async with Driver(host, cookie) as driver:
        return (await driver.open("overview")).ms


def _browser(host: str, cookie: str) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": f"http://{host}"}])
        page = context.new_page()
        began = time.perf_counter()
        page.goto(f"http://{host}/")
        page.wait_for_selector("h1", timeout=60_000)
        seconds = time.perf_counter() - began
        browser.close()
    return seconds
