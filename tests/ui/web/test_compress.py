"""What is kept gzipped is the files, once each, however their addresses are written."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Message

from ui.web import assets
from ui.web.compress import Compress


def page(_request: object) -> Response:
    """Streamlit's answer to every name it doesn't know."""
    return HTMLResponse("<html>" + "x" * 5000)


ROUTES: list[BaseRoute] = [*assets.routes(), Route("/{any:path}", page)]


def ask(app: Compress, path: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as browser:
            return await browser.get(httpx.URL(f"http://localhost{path}"), headers={"accept-encoding": "gzip"})

    return asyncio.run(answer())


@pytest.fixture
def app() -> Compress:
    return Compress(Starlette(routes=ROUTES))


def test_invented_names_and_invented_ways_to_write_one_fill_nothing(app: Compress) -> None:
    for number in range(200):
        assert ask(app, f"/static/js/{number}.js").status_code == 200
        ask(app, "/assets/" + "%2e/" * number + "door.css")
        ask(app, "/assets/" + "%2f" * number + "door.css")
        ask(app, f"/assets/door.css?v={number}")
    assert len(app._kept) == 1
    assert ask(app, assets.url("leaflet/leaflet.js")).headers["content-encoding"] == "gzip"
    assert len(app._kept) == 2 and Middleware(Compress)


BUNDLE = [b"x" * 4096] * 8


def bundle(_request: object) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in BUNDLE:
            await asyncio.sleep(0)
            yield piece

    return StreamingResponse(pieces(), media_type="text/javascript")


def test_who_leaves_in_the_midst_of_a_file_leaves_all_of_it_to_the_next() -> None:
    app = Compress(Starlette(routes=[Route("/static/js/bundle.js", bundle)]))
    headers = [(b"host", b"localhost"), (b"accept-encoding", b"gzip")]
    scope = {"type": "http", "method": "GET", "path": "/static/js/bundle.js", "query_string": b"", "headers": headers}
    scope |= {"http_version": "1.1", "scheme": "http", "root_path": ""}

    async def leaves() -> None:
        async def gone() -> Message:
            for _piece in BUNDLE[:4]:
                await asyncio.sleep(0)
            return {"type": "http.disconnect"}

        async def sent(_message: Message) -> None: ...

        await app(scope, gone, sent)

    asyncio.run(leaves())
    assert ask(app, "/static/js/bundle.js").content == b"".join(BUNDLE)
    assert [gzip.decompress(kept[1]["body"]) for kept in app._kept.values()] == [b"".join(BUNDLE)]
