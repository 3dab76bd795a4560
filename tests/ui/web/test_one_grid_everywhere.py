"""Whoever is responsible for one grid opens every page, list, layer and file, and meets nothing of another grid."""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from models.area import Area
from models.importing import ImportBatch, SavedMapping
from models.link import Link
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.engine import events
from services.exporting.lists.lists import LISTS
from services.layers.layers import LAYERS
from services.people import accounts, signins
from services.rights import audit
from services.rights.actors import actor_of
from services.rights.permissions import Actor, may
from tests.services.rights import units
from tests.ui.web.test_layer_routes import Vouched
from ui.frame import menu
from ui.web import exports, layers

MARK = "ELSEWHERE"
ROLES = ("admin", "secretary", "staff", "grid_worker", "viewer")


@dataclass(frozen=True)
class Grids:
    """Two grids of a place: one that somebody is responsible for, and one full of the mark."""

    place: Place
    here: Area
    there: Area
    mine: Matter
    theirs: Matter


@pytest.fixture
def grids(session: Session, place: Place) -> Grids:
    here, there = (session.exec(select(Area).where(Area.code == code)).one() for code in ("CL-G1", "CL-G2"))
    there.name = f"{MARK} grid"
    who = _account(session, there, "staff", f"{MARK.lower()}.staff", f"{MARK} person")
    mine, *_rest = [units.add(session, here, 700 + number, "CL-O-XF", public=True) for number in range(4)]
    theirs = [_theirs(session, there, number, who) for number in range(8)]
    session.add(Link(kind="discussed_in", source_id=mine.id, target_id=theirs[0].id))
    told: dict[str, Any] = {"area_id": there.id, "code": f"{MARK}-1", "name": f"{MARK} body"}
    session.add(Organisation(**told, kind="department", path=f"{MARK}-1/"))
    session.add(Forum(**told, ruleset="council"))
    session.add(Venue(**told, kind="hall"))
    session.add(Office(area_id=there.id, code=f"{MARK}-1", title=f"{MARK} office", kind="grid_head"))
    session.add(ImportBatch(kind="matters", file=f"{MARK}.xlsx", digest="d", actor=who.name, place_id=place.id))
    session.add(SavedMapping(name=f"{MARK} map", kind="matters", content={"place": place.slug}, actor=who.name))
    for act, subject in (("import", f"{MARK}.xlsx"), ("export", f"{MARK}.csv"), ("sign_in", f"{MARK.lower()}.staff")):
        audit.write(session, who.name, act, subject, area=there.path)
    audit.write(session, who.name, "backup", f"{MARK}.db")
    session.commit()
    return Grids(place, here, there, mine, theirs[0])


def _theirs(session: Session, there: Area, number: int, who: Actor) -> Matter:
    made = units.add(session, there, 800 + number, "CL-O-XF", public=True, description=f"{MARK} description")
    made.title = f"{MARK} lamp {number}"
    events.append(session, made, who, "note", note=f"{MARK} note")
    session.flush()
    return made


def _account(session: Session, area: Area, role: str, login: str, name: str) -> Actor:
    told: dict[str, Any] = {"login": login, "name": name, "role": role, "area_id": area.id, "subject": login}
    return actor_of(session, accounts.create(session, "test", password=None, **told))


def _responsible(session: Session, grids: Grids, role: str) -> tuple[Actor, str]:
    who = _account(session, grids.here, role, f"one.{role.replace('_', '.')}", role)
    account = accounts.by_login(session, f"one.{role.replace('_', '.')}")
    assert account
    account.language = "en"
    digest = signins.digest_of(signins.start(session, account, "test"))
    session.commit()
    return who, digest


def _told(app: AppTest) -> str:
    """Everything the page sent to the browser."""
    found, waiting = [], [app._tree]
    while waiting:
        node: Any = waiting.pop()
        found.append(str(getattr(node, "proto", "")))
        waiting += list(getattr(node, "children", {}).values())
    return "".join(found)


def _page(name: str, digest: str, params: dict[str, str]) -> str:
    app = AppTest.from_file(menu.path(name), default_timeout=300)
    app.user = {"session": digest}
    for key, value in params.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, (name, params, app.exception)
    return _told(app)


def _addresses(grids: Grids) -> Iterator[dict[str, str]]:
    yield {}
    yield {"area": grids.there.code}
    yield {"area": "430100", "q": "lamp"}
    yield {"no": grids.theirs.number}
    yield {"no": grids.mine.number}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_another_grid(session: Session, grids: Grids, role: str) -> None:
    _who, digest = _responsible(session, grids, role)
    of_one = ("matter", "line", "meeting", "begin", "new")
    for entry in menu.ENTRIES:
        for params in _addresses(grids):
            if ("no" in params) == (entry.name in of_one):
                assert MARK not in _page(entry.name, digest, params), (entry.name, params)


def _get(actor: Actor, url: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        routes = [*layers.routes, *exports.routes]
        transport = httpx.ASGITransport(Vouched(Starlette(routes=routes), actor))
        async with httpx.AsyncClient(transport=transport, base_url="http://mulin") as browser:
            return await browser.get(url)

    return asyncio.run(ask())


def _routes(grids: Grids) -> Iterator[str]:
    for area in ("", f"?area={grids.here.code}", f"?area={grids.there.code}", "?area=430100"):
        yield from (f"/export/{name}.csv{area}" for name in LISTS)
        yield from (f"/layers/{name}.geojson{area or '?'}&zoom=16" for name in LAYERS)
        yield f"/export/days.ics{area}"
    yield f"/export/matters.csv?open=all&q={MARK}"
    yield f"/export/audit.csv?who={MARK}+person"
    yield "/export/all.zip"
    yield from (f"/template/{kind}.xlsx?place={grids.place.slug}" for kind in ("matters", "areas", "organisations"))


def _content(answer: httpx.Response) -> str:
    if answer.content[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
        return "".join(opened.read(name).decode("utf-8", "replace") for name in opened.namelist())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_no_route_gives_another_grid(session: Session, grids: Grids, role: str) -> None:
    who, _digest = _responsible(session, grids, role)
    given = 0
    for url in _routes(grids):
        answer = _get(who, url)
        assert MARK.lower() not in _content(answer).lower(), (role, url)
        given += answer.status_code == 200
    assert given > 20


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_is_responsible_for_everything_gets_it(session: Session, grids: Grids) -> None:
    """Without this the tests above could pass because nothing is ever shown."""
    root = Actor(None, "root", "admin")
    assert session and grids
    session.commit()
    for name in ("matters", "organisations", "forums", "venues", "offices", "areas", "audit", "audit_lines"):
        assert MARK in _content(_get(root, f"/export/{name}.csv?open=all&area=430100")), name
    assert MARK in _content(_get(root, "/export/all.zip"))


def test_every_page_is_somebodys_whose_grid_was_tried() -> None:
    for entry in menu.ENTRIES:
        tried = any(may(Actor(None, role, role), f"page.{entry.name}") for role in ROLES)
        assert tried or entry.name == "unit"
