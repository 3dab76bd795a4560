"""Under which names a site is asked, with and without a proxy before it."""

import pytest
from starlette.types import Scope

from services.system.settings import UnsafeSettings, settings
from services.system.web_addresses import parse
from ui.web.doors import origins

Set = pytest.MonkeyPatch


def scope(host: str, origin: str = "", scheme: str = "http", server: str = "127.0.0.1", kind: str = "http") -> Scope:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin else [])
    return {"type": kind, "method": "GET", "path": "/", "scheme": scheme, "server": (server, 8501), "headers": headers}


def put(monkeypatch: Set, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"MULIN_{name}", value)
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: Set) -> None:
    put(monkeypatch, PUBLIC_ADDRESS="")


PUBLIC = "https://mulin.example.gov.cn"


@pytest.mark.parametrize("host", ["mulin.example.gov.cn", "mulin.example.gov.cn:443", "127.0.0.1:8501", "localhost"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_behind_a_proxy_the_configured_address_is_ours(monkeypatch: Set, host: str, kind: str) -> None:
    put(monkeypatch, PUBLIC_ADDRESS=f"{PUBLIC}/, http://10.1.2.3:8080")
    assert not origins.foreign(scope(host, PUBLIC, kind=kind))
    assert not origins.foreign(scope("10.1.2.3:8080", "http://10.1.2.3:8080", kind=kind))
    for other in (
        "http://mulin.example.gov.cn",
        f"{PUBLIC}:8443",
        "https://example.gov.cn",
        "https://x.mulin.example.gov.cn",
    ):
        assert origins.foreign(scope(host, other, kind=kind))


def test_a_name_that_nobody_configured_is_not_ours(monkeypatch: Set) -> None:
    assert origins.asked(scope("mulin.example.gov.cn")) is None
    put(monkeypatch, PUBLIC_ADDRESS=PUBLIC)
    assert origins.asked(scope("mulin.example.gov.cn"))
    assert origins.asked(scope("evil.mulin.example.gov.cn")) is None


@pytest.mark.parametrize(
    ("server", "host", "ours"),
    [
        ("192.168.1.5", "192.168.1.5:8501", True),
        ("192.168.1.5", "192.168.1.6:8501", False),
        ("192.168.1.5", "localhost:8501", True),
        ("::ffff:192.168.1.5", "192.168.1.5:8501", True),
        ("fe80::1", "[fe80::1]:8501", True),
        ("fe80::1", "[fe80::2]:8501", False),
        ("127.0.0.1", "192.168.1.5:8501", False),
    ],
)
def test_on_the_whole_network_the_address_that_was_reached_is_ours(server: str, host: str, ours: bool) -> None:
    assert (origins.asked(scope(host, server=server)) is not None) == ours


def test_where_cookies_go_by_https_only_people_come_by_https_only(monkeypatch: Set) -> None:
    put(monkeypatch, SECURE_COOKIE="true")
    here = {"server": "10.0.0.7"}
    assert not origins.foreign(scope("10.0.0.7:8501", "https://10.0.0.7:8501", **here))
    assert origins.foreign(scope("10.0.0.7:8501", "http://10.0.0.7:8501", **here))
    monkeypatch.delenv("MULIN_SECURE_COOKIE")
    settings.cache_clear()
    assert not origins.foreign(scope("10.0.0.7", "https://10.0.0.7", "https", **here)), "a proxy told the scheme"
    assert origins.foreign(scope("10.0.0.7", "http://10.0.0.7", "wss", **here))


@pytest.mark.parametrize(
    "written", ["mulin.example.gov.cn", "https://x/y", "ftp://x", "https://u@x", "https://x:0", "*"]
)
def test_an_address_nobody_can_go_to_is_refused_at_the_start(monkeypatch: Set, written: str) -> None:
    put(monkeypatch, PUBLIC_ADDRESS=written)
    with pytest.raises(UnsafeSettings, match="MULIN_PUBLIC_ADDRESS"):
        settings().check()


def test_an_address_is_written_as_a_browser_writes_it() -> None:
    assert str(parse("HTTPS://X.cn:443")) == "https://x.cn" and str(parse("http://x:8501")) == "http://x:8501"
    assert parse("https://x.cn\n") is None and parse("https://x.cn ") is None
