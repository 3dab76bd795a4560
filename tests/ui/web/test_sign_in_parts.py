"""The parts of the door that need no server: where to go on to, the policy, the page, the dictionary, production."""

import io
import re
from pathlib import Path

import anyio
import httpx
import pytest
import streamlit
from babel.messages.pofile import read_po
from starlette.applications import Starlette

from services.system import db
from services.system.errors import Refused
from services.system.settings import ROOT, UnsafeSettings, settings
from tests.databases import KEY
from ui.web import localise, page, security_headers, server, warm_up
from ui.web.forms import safe_next

BUNDLE = Path(streamlit.__file__).parent / "static"


@pytest.fixture
def production(database: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - settings are read from it
    monkeypatch.setenv("MULIN_MODE", "production")
    monkeypatch.setenv("MULIN_SECURE_COOKIE", "true")
    settings.cache_clear()


def _ask(method: str, path: str) -> httpx.Response:
    app = Starlette(routes=server.routes(), middleware=server.middleware())

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://x") as client:
            return await client.request(method, path)

    return anyio.run(ask)


@pytest.mark.usefixtures("production")
def test_production_offers_no_demo_and_asks_for_https() -> None:
    answer = _ask("GET", "/sign-in")
    assert answer.status_code == 200 and "/sign-in/demo" not in answer.text
    assert answer.headers["strict-transport-security"]
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert _ask("POST", "/sign-in/demo").status_code == 404


def test_production_does_not_start_on_a_known_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_MODE", "production")
    monkeypatch.delenv("MULIN_KEY", raising=False)
    settings.cache_clear()

    async def start() -> None:
        async with warm_up.lifespan(None):
            pytest.fail("It started.")

    with pytest.raises(UnsafeSettings):
        anyio.run(start)
    settings.cache_clear()


def test_production_does_not_start_on_an_old_schema(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"MODE": "production", "KEY": KEY, "DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}.items():
        monkeypatch.setenv(f"MULIN_{name}", value)
    settings.cache_clear()
    db.forget()

    async def start() -> None:
        async with warm_up.lifespan(None):
            pytest.fail("It started.")

    with pytest.raises(Refused):
        anyio.run(start)
    settings.cache_clear()
    db.forget()


@pytest.mark.parametrize("good", ["/", "/issues?id=5", "/a%2Fb", "/看#x"])
def test_paths_of_this_site_are_kept(good: str) -> None:
    assert safe_next(good) == good


@pytest.mark.parametrize(
    "bad", [None, "", "x", "//e", "///e", "/\\e", "http://e", "/a\nb", "/sign-in", "/api/me", "/" * 9000]
)
def test_anything_else_is_the_front_page(bad: str | None) -> None:
    assert safe_next(bad) == "/"


@pytest.mark.parametrize(
    ("tiles", "host"),
    [
        ("", ""),
        ("https://{s}.tianditu.gov.cn/x/{z}/{x}/{y}?tk=k", "https://*.tianditu.gov.cn"),
        ("/tiles/{z}/{x}/{y}", ""),
    ],
)
def test_only_a_configured_tile_host_is_let_in(monkeypatch: pytest.MonkeyPatch, tiles: str, host: str) -> None:
    monkeypatch.setenv("MULIN_TILES_URL", tiles)
    settings.cache_clear()
    assert re.findall(r"https?://\S+", security_headers.policy().replace(";", " ")) == ([host] if host else [])
    settings.cache_clear()


def test_streamlits_page_is_still_the_one_we_rewrite() -> None:
    index = (BUNDLE / "index.html").read_text()
    for expected in ('<html lang="en">', "<head>", "<title>Streamlit</title>", "./favicon.png", "<noscript>"):
        assert index.count(expected) == 1
    new = page.rewrite(index, "zh_CN")
    assert "<title>Streamlit" not in new and "agent" not in new and new.index("session.js") < new.index('type="module"')


def test_every_sentence_we_translate_is_in_streamlits_bundle() -> None:
    bundle = "\n".join(path.read_text(errors="ignore") for path in (BUNDLE / "static" / "js").glob("*.js"))
    made_of_parts = ("The page that you", "Press ", "Show password", "Hide password")
    missing = [one for one in localise._SENTENCES if one not in bundle and not one.startswith(made_of_parts)]
    assert not missing, f"Streamlit no longer says {missing}: take them out of ui/web/localise.py."


def test_every_sentence_of_the_door_has_a_chinese_one() -> None:
    catalogues = [ROOT / "locales" / "parts" / "web.zh.po", ROOT / "locales" / "zh_CN" / "LC_MESSAGES" / "mulin.po"]
    texts = [path.read_bytes() for path in catalogues if path.exists()]
    known = {message.id for text in texts for message in read_po(io.BytesIO(text)) if message.string}
    used = {*localise._SENTENCES, *localise._PATTERNS.values()}
    for template in (ROOT / "ui" / "web" / "templates").glob("*.html"):
        used |= set(re.findall(r"""_\(["'](.+?)["'][,)]""", template.read_text()))
    assert not used - known
