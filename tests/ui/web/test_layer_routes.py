"""The addresses of the layers: the page's rights, sentences for mistakes, and answers a browser may keep."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from services.rights.permissions import Actor
from ui.web import layers

Of = Callable[[str], Actor]


class Vouched:
    """Stands where the gate stands: puts the actor into the request, or nobody."""

    def __init__(self, app: ASGIApp, actor: Actor | None) -> None:
        self.app, self.actor = app, actor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = {"actor": self.actor} if self.actor else {}
        await self.app({**scope, "state": state}, receive, send)


def get(actor: Actor | None, url: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Vouched(Starlette(routes=layers.routes), actor))
        async with httpx.AsyncClient(transport=transport, base_url="http://mulin") as browser:
            return await browser.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return asyncio.run(ask())


@pytest.fixture
def staff(actor: Of) -> Actor:
    return actor("staff")


def test_nobody_gets_nothing() -> None:
    assert get(None, "/layers/areas.geojson").status_code == 401


def test_a_role_without_the_map_learns_nothing(staff: Actor) -> None:
    assert get(replace(staff, role="nobody"), "/layers/areas.geojson").status_code == 404


def test_areas_outside_and_unknown_layers_are_not_found(staff: Actor) -> None:
    assert get(staff, "/layers/areas.geojson?area=430100").status_code == 404
    assert get(staff, "/layers/secrets.geojson").status_code == 404


@pytest.mark.parametrize("query", ["clock=never", "zoom=x", "box=1", "colour=red", "opened_to=2026-13-01"])
def test_a_mistake_is_answered_with_a_sentence(staff: Actor, query: str) -> None:
    answer = get(replace(staff, language="en"), f"/layers/matters.geojson?{query}")
    assert (answer.status_code, answer.text[:18]) == (400, "The map can't show")


@pytest.mark.parametrize("name", ["areas", "outline", "ground", "matters", "venues", "results"])
def test_every_layer_is_geojson(staff: Actor, name: str) -> None:
    answer = get(staff, f"/layers/{name}.geojson?v=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert answer.json()["type"] == "FeatureCollection"


def test_an_answer_is_kept_for_this_person_only_and_not_sent_twice(staff: Actor) -> None:
    first = get(staff, "/layers/areas.geojson?v=1")
    assert first.headers["cache-control"].startswith("private")
    assert "Cookie" in first.headers["vary"]
    again = get(staff, "/layers/areas.geojson?v=1", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_gzip_is_for_those_who_take_it(staff: Actor) -> None:
    packed = get(staff, "/layers/areas.geojson", accept_encoding="gzip")
    plain = get(staff, "/layers/areas.geojson", accept_encoding="identity")
    assert [answer.headers.get("content-encoding") for answer in (packed, plain)] == ["gzip", None]
    assert packed.json() == plain.json()
