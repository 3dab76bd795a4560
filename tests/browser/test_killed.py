"""A process that is killed under a tab: the tab goes on in another one, as if nothing had been."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, col, create_engine, func, select

from models.area import Area
from models.matter import Matter
from models.place import Place
from services.people import accounts
from services.system import db
from tests.browser.conftest import Person, started
from tests.databases import DIALECTS
from tests.ui.web.workers import eventually, folder, holding, workers

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Two:
    """Two processes on one address, who looks after them, and their database."""

    address: str
    supervisor: int
    database: str

    def count(self, title: str) -> int:
        with Session(db.engine(self.database)) as session:
            return session.exec(select(func.count(col(Matter.id))).where(Matter.title == title)).one()


@pytest.fixture(scope="module", params=DIALECTS)
def two(request: pytest.FixtureRequest, templates: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    url = str(templates.copy(request.param, "place"))
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        accounts.ensure_demo_identities(session, root, "chilinglu")
    engine.dispose()
    work = tmp_path_factory.mktemp("two")
    with started(url, work, 2, MULIN_WORK_FOLDER=str(work / "work")) as (address, supervisor):
        eventually(lambda: len([one for one in workers(supervisor) if folder(one)]) == 2)
        yield Two(address, supervisor, url)
    db.forget(url)
    templates.drop(url)


def kill_under(person: Person, supervisor: int) -> None:
    """Kill the process in which the only page lives, and wait until the tab has another."""
    killed = holding(supervisor)
    with person.page.expect_websocket(timeout=60_000):
        os.kill(killed, signal.SIGKILL)
    eventually(lambda: [one for one in workers(supervisor) if one != killed and folder(one)][1:])
    person.settle()


def test_a_tab_goes_on_with_what_was_typed_and_the_first_click_counts(chromium: Browser, two: Two) -> None:
    staff = Person(chromium, two.address, "Community staff")
    try:
        staff.go("/new?category=lamp")
        here = staff.page.url
        staff.fill("Title", "Lamp at gate 1")
        staff.page.get_by_label("Description", exact=True).first.fill("Typed, and the field not left yet")
        staff.shot("killed-before")
        kill_under(staff, two.supervisor)
        staff.shot("killed-after")
        assert staff.page.url == here
        assert staff.page.get_by_label("Title", exact=True).first.input_value() == "Lamp at gate 1"
        typed = staff.page.get_by_label("Description", exact=True).first.input_value()
        assert typed == "Typed, and the field not left yet"
        staff.click("Hand in")
        assert two.count("Lamp at gate 1") == 1 and "Raised as" in staff.text()
    finally:
        staff.page.context.close()
