"""A page of another site, and be it one port away, gets nothing of ours: asked byte by byte at the real server."""

import pytest

from services.people import accounts
from services.system import db
from tests.ui.web.running import Browser, Running, run

FOREIGN = [
    "http://127.0.0.1:{other}",
    "https://127.0.0.1:{port}",
    "http://localhost:{port}",
    "http://localhost:{other}",
    "http://0.0.0.0:{port}",
    "http://127.0.0.1",
    "http://evil.example",
    "http://127.0.0.1:{port}.evil.example",
    "http://127.0.0.1:{port}@evil.example",
    "http://evil.example@127.0.0.1:{port}",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/x",
    "http://127.0.0.1:0{port}x",
    "http://[::1]:{port}",
    "ws://127.0.0.1:{port}",
    "//127.0.0.1:{port}",
    "127.0.0.1:{port}",
    "file://",
    "null",
    "",
    " ",
    "http://127.0.0.1:{port} http://evil.example",
    "http://127.0.0.1:{port}, http://127.0.0.1:{port}",
    "http://\xff:{port}",
    "http://[",
]
PRIVATE = [
    ("GET", "/api/me"),
    ("GET", "/layers/areas.geojson"),
    ("GET", "/export/issues.csv"),
    ("GET", "/export/issues.xlsx"),
    ("GET", "/export/all.zip"),
    ("GET", "/export/days.ics"),
    ("GET", "/template/matters.xlsx"),
    ("GET", "/media/abc.txt"),
    ("GET", "/component/streamlit_folium.st_folium/index.html"),
    ("GET", "/_stcore/host-config"),
    ("GET", "/_stcore/health"),
    ("PUT", "/_stcore/upload_file/a/b"),
    ("DELETE", "/_stcore/upload_file/a/b"),
    ("OPTIONS", "/_stcore/upload_file/a/b"),
    ("POST", "/language"),
    ("GET", "/language"),
    ("POST", "/sign-in"),
    ("POST", "/sign-in/demo"),
    ("POST", "/sign-out"),
    ("GET", "/"),
    ("GET", "/issues"),
]
HTML = {"accept": "text/html"}
LINK = {**HTML, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def filled(server: Running, origin: str) -> bytes:
    return origin.format(port=server.port, other=server.port + 1).encode("latin-1")


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_opens_no_websocket_and_makes_the_server_ask_nobody(
    server: Running, li: Browser, origin: str
) -> None:
    cookie = ("Cookie", li.cookie())
    assert server.handshake(cookie, ("Origin", filled(server, origin))) == 403
    assert not server.asked_abroad


def test_a_websocket_says_where_it_comes_from_and_says_it_once(server: Running, li: Browser) -> None:
    cookie, own = ("Cookie", li.cookie()), ("Origin", server.url.encode())
    assert server.handshake(cookie, own) == 101
    assert server.handshake(cookie) == 403
    assert server.handshake(cookie, own, own) in (400, 403)
    assert server.handshake(cookie, own, ("Origin", b"http://evil.example")) in (400, 403)
    assert server.handshake(cookie, ("Origin", server.url.upper().encode())) == 101
    assert server.handshake(cookie, own, ("Sec-Fetch-Site", b"same-origin")) == 101


@pytest.mark.parametrize("site", [b"cross-site", b"same-site", b"CROSS-SITE", b"", b"same-origin, cross-site"])
def test_what_the_browser_says_of_the_site_counts_beside_the_origin(server: Running, li: Browser, site: bytes) -> None:
    own = ("Origin", server.url.encode())
    assert server.handshake(("Cookie", li.cookie()), own, ("Sec-Fetch-Site", site)) == 403
    assert server.status("GET", "/api/me", ("Cookie", li.cookie()), ("Sec-Fetch-Site", site)) == 403


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_every_private_route_asks_where_from(server: Running, li: Browser, method: str, path: str) -> None:
    other = f"http://127.0.0.1:{server.port + 1}"
    for told in (
        {"origin": other},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"referer": f"{other}/page"},
        {**HTML, "origin": other, "sec-fetch-mode": "navigate"},
        {**HTML, "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe"},
        {**HTML, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    ):
        assert li.client.request(method, path, headers=told).status_code == 403, told
    own = li.client.request(method, path, headers={"origin": server.url, "sec-fetch-site": "same-origin"})
    assert (own.status_code == 403) == (
        path in ("/sign-in", "/sign-in/demo", "/sign-out") or method in ("PUT", "DELETE")
    )


def test_a_link_elsewhere_leads_to_a_page_and_to_nothing_that_works(li: Browser) -> None:
    assert li.get("/issues?id=5", **LINK).status_code == 200
    for path in ("/export/issues.csv", "/export/all.zip", "/template/matters.xlsx", "/layers/areas.geojson"):
        assert li.get(path, **LINK).status_code == 403
    assert li.get("/issues", **HTML, referer="http://evil.example/").status_code == 200


def test_the_address_bar_and_programs_are_heard(li: Browser) -> None:
    assert li.get("/api/me").status_code == 204
    assert li.get("/api/me", **{"sec-fetch-site": "none"}).status_code == 204


def test_the_language_changes_by_a_form_of_ours_only(server: Running, li: Browser) -> None:
    def spoken() -> str:
        with db.reading() as session:
            found = accounts.by_login(session, "li.na")
            assert found
            return found.language

    before = spoken()
    wanted = "en" if before == "zh_CN" else "zh_CN"
    assert li.get(f"/language?to={wanted}").status_code == 405
    assert li.post("/language", {"origin": "http://evil.example"}, to=wanted).status_code == 403
    assert li.post("/language", {"sec-fetch-site": "same-site"}, to=wanted).status_code == 403
    assert spoken() == before
    assert li.post("/language", {"origin": server.url}, to=wanted, next="/issues").headers["location"] == "/issues"
    assert spoken() == wanted


def test_a_link_elsewhere_keeps_no_language_for_the_next_sign_in(nobody: Browser) -> None:
    assert "mulin_language" not in nobody.get("/sign-in?lang=en", **LINK).cookies
    assert nobody.get("/sign-in?lang=en", **HTML).cookies["mulin_language"] == "en"


NAMES = [
    "evil.example",
    "evil.example:{port}",
    "8.8.8.8:{port}",
    "192.168.1.1:{port}",
    "localhost.evil.example:{port}",
    "127.0.0.1.evil.example",
    "127.0.0.1:{port}@evil.example",
    "user@127.0.0.1:{port}",
    "0.0.0.0:{port}",
    "localhost.:{port}",
    "127.0.0.1:99999",
    "127.0.0.1:",
    "127.1:{port}",
    "2130706433:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "[::1",
    "x",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_was_made_to_point_here_gets_nothing(server: Running, li: Browser, name: str) -> None:
    host = name.format(port=server.port)
    for path in ("/sign-in", "/", "/api/me", "/assets/door.css", "/open311/v2/discovery.json", "/export/all.zip"):
        assert server.status("GET", path, ("Cookie", li.cookie()), host=host) == 421
    origin = ("Origin", f"http://{host}".encode())
    assert server.handshake(("Cookie", li.cookie()), origin, host=host) == 403
    assert server.status("GET", "/healthz", host=host) == 200
    assert not server.asked_abroad


@pytest.mark.parametrize("name", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}", "localhost", "LOCALHOST:1"])
def test_the_names_of_this_machine_are_its_own(server: Running, li: Browser, name: str) -> None:
    host = name.format(port=server.port)
    assert server.status("GET", "/api/me", ("Cookie", li.cookie()), host=host) == 204
    assert server.handshake(("Cookie", li.cookie()), ("Origin", f"http://{host}".encode()), host=host) == 101


def test_no_site_around_a_page_may_steer_it(li: Browser) -> None:
    assert li.get("/_stcore/host-config").json()["allowedOrigins"] == []


def test_the_websocket_of_our_own_page_works(li: Browser) -> None:
    with li.socket() as tab:
        assert run(tab)
