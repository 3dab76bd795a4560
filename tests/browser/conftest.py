"""The real server on the demo place without records, and people who sign in to it with Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import Session, create_engine, select

from models.area import Area
from models.place import Place
from services.people import accounts
from services.system.settings import ROOT, settings
from tests.databases import KEY

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHOTS = os.environ.get("MULIN_SHOTS")


@pytest.fixture(scope="module", autouse=True)
def own_key() -> Iterator[None]:
    """The key that templates are sealed with, for the server and for what is written beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULIN_KEY", KEY)
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    if not Path(CHROMIUM).exists():
        pytest.skip("No Chromium: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def serving(url: str, folder: Path) -> Iterator[str]:
    """The address of a server on the database at ``url``; its log is kept in ``folder``."""
    with started(url, folder) as (address, _process):
        yield address


@contextmanager
def started(url: str, folder: Path, processes: int = 1, **more: str) -> Iterator[tuple[str, int]]:
    """The same, in so many processes, with the number of the one that looks after them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--processes", str(processes)]
    surroundings = os.environ | {"MULIN_DATABASE_URL": url, "MULIN_MODE": "demo"} | more
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=log, stderr=log)
        try:
            yield _ready(f"http://127.0.0.1:{port}"), server.pid
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def database_served(templates: Any) -> str:
    """The database of the server, for what no click can do, such as letting days pass."""
    return str(templates.copy("sqlite", "place"))


@pytest.fixture(scope="module")
def served(database_served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the place, its demo identities, and no records."""
    url = database_served
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        accounts.ensure_demo_identities(session, root, "chilinglu")
    engine.dispose()
    with serving(url, tmp_path_factory.mktemp("served")) as address:
        yield address


def _ready(address: str) -> str:
    for _attempt in range(150):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2)
            return address
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(address)


class Person:
    """Somebody signed in with a browser window of their own; notes every request that leaves the host."""

    def __init__(self, browser: Browser, address: str, role: str, size: tuple[int, int] = (1440, 900)) -> None:
        self.address, self.abroad = address, list[str]()
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-US")
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self._note(request.url))
        self.page.set_default_timeout(20_000)
        self.page.goto(f"{address}/sign-in?lang=en")
        self.page.get_by_role("button", name=role).first.click()
        self.page.wait_for_load_state()
        self.settle()
        self._speak_english()

    def _speak_english(self) -> None:
        """Demo identities keep the language they were left in."""
        if self.page.evaluate("document.documentElement.lang") != "en":
            self.page.locator(".mulin-person button").click()
            self.page.wait_for_function("document.documentElement.lang == 'en'")
            self.settle()

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:", self.address.replace("http", "ws"))):
            self.abroad.append(url)

    def go(self, path: str) -> Page:
        """Open a page by its URL and wait until it has been drawn."""
        self.page.goto(self.address + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until no script is running."""
        self.page.wait_for_selector("[data-testid=stMainBlockContainer] [data-testid=stElementContainer]")
        for _look in range(2):  # a click takes a moment to start its script
            self.page.wait_for_timeout(200)
            self.page.wait_for_function("!document.querySelector('[data-test-script-state=running]')")

    def click(self, name: str, exact: bool = True) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.settle()

    def choose(self, label: str, option: str) -> None:
        """Pick an option of a select box by typing it: long lists draw only what is in sight."""
        field = self.page.get_by_label(label, exact=True).first
        field.click()
        field.fill(option)
        field.press("Enter")
        self.settle()

    def step(self, name: str) -> None:
        """Choose a step from the menu of other steps."""
        self.page.get_by_role("button", name="Other steps").first.click()
        self.page.get_by_text(name, exact=False).last.click()
        self.settle()

    def submit(self, name: str) -> None:
        """Send the form that is open."""
        self.page.locator("[data-testid=stForm]").get_by_role("button", name=name, exact=True).first.click()
        self.settle()

    def pick(self, name: str) -> None:
        """Choose one of a few."""
        self.page.locator("[data-testid=stForm]").get_by_text(name, exact=False).first.click()
        self.settle()

    def date(self, label: str, day: date) -> None:
        """Type a day, part by part: year, month, day."""
        parts = self.page.get_by_role("group", name=label).get_by_role("spinbutton")
        parts.first.click()
        self.page.keyboard.type(f"{day:%Y%m%d}", delay=30)
        self.page.keyboard.press("Tab")
        self.settle()

    def count(self, which: str, *votes: int) -> None:
        """Enter one counter's votes, a show of hands for each option."""
        fields = self.page.get_by_label("Show of hands", exact=False)
        for at, number in enumerate(votes):
            fields.nth(at).fill(str(number))
        self.click(f"Save the {which} count")

    def fill(self, label: str, text: str, within: str = "body") -> None:
        """Type into a field and leave it."""
        field = self.page.locator(within).get_by_label(label, exact=True).first
        field.fill(text)
        field.press("Tab")
        self.settle()

    def shot(self, name: str) -> None:
        """Keep a picture where MULIN_SHOTS says."""
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{name}.png")

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("[data-testid=stMain]").inner_text()


@pytest.fixture
def person(chromium: Browser, served: str) -> Iterator[Callable[..., Person]]:
    """Sign in as a role of the demo."""
    people: list[Person] = []

    def arrive(role: str, size: tuple[int, int] = (1440, 900)) -> Person:
        people.append(Person(chromium, served, role, size))
        return people[-1]

    yield arrive
    for one in people:
        one.page.context.close()
