"""The door and the gate, against the real server."""

from collections.abc import Iterator

import pytest
from sqlmodel import select
from streamlit.web.server.app_discovery import discover_asgi_app
from websockets.exceptions import InvalidStatus

from models import Account
from services.people import accounts, signins
from services.system import db
from services.system.settings import ROOT
from tests.ui.web.running import Browser, Running, run, texts
from tests.ui.web.serving import serving

GOOD = "Kx7!pouring-Rain"
LOGINS = ("li.na", "wang.wei", "locked.one", "language.one", "other.one")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(
        tmp_path_factory.mktemp("web"), dict.fromkeys(LOGINS, "staff"), GOOD, {"MULIN_MODE": "demo"}
    ) as running:
        yield running


@pytest.fixture
def nobody(server: Running) -> Browser:
    return server.browser()


@pytest.fixture
def li(server: Running) -> Browser:
    browser = server.browser()
    assert browser.sign_in("li.na", GOOD).status_code == 303
    return browser


def test_streamlit_run_finds_the_launcher() -> None:
    assert discover_asgi_app(ROOT / "app.py").is_asgi_app


@pytest.mark.parametrize(
    ("path", "location"), [("/", "%2F"), ("/issues?id=5&x=a%20b", "%2Fissues%3Fid%3D5%26x%3Da%2520b")]
)
def test_an_anonymous_page_goes_to_the_door_and_remembers(nobody: Browser, path: str, location: str) -> None:
    answer = nobody.open(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={location}")


@pytest.mark.parametrize(
    "path",
    [
        "/api/me",
        "/language?to=en",
        "/media/abc.txt",
        "/component/streamlit_folium.st_folium/index.html",
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/issues/_stcore/health",
        "/issues/_stcore/host-config",
        "/app/static/x",
        "/favicon.png",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_everything_else_gives_an_anonymous_nothing(nobody: Browser, path: str, accept: str) -> None:
    answer = nobody.get(path, accept=accept)
    assert (answer.status_code, answer.text) == (401, "Sign in first")


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/issues/_stcore/health"])
def test_some_paths_give_nobody_anything(li: Browser, path: str) -> None:
    assert li.get(path).status_code == 404


def test_an_anonymous_websocket_is_refused(nobody: Browser) -> None:
    with pytest.raises(InvalidStatus) as refused:
        nobody.socket()
    assert refused.value.response.status_code == 403


def test_a_claimed_session_header_is_worth_nothing(server: Running, nobody: Browser, li: Browser) -> None:
    digest = signins.digest_of(li.client.cookies["mulin_session"])
    assert nobody.get("/api/me", **{"x-mulin-session": digest}).status_code == 401
    with pytest.raises(InvalidStatus):
        nobody.socket(**{"X-Mulin-Session": digest})
    other = server.browser()
    other.sign_in("wang.wei", GOOD)
    with other.socket(**{"X-Mulin-Session": digest}) as connection:
        assert texts(run(connection)) == ["N wang.wei/staff"]


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, '"; x=', "\xff" * 43])
def test_a_made_up_cookie_is_worth_nothing(nobody: Browser, cookie: str) -> None:
    sent = [(b"cookie", b"mulin_session=" + cookie.encode("latin-1"))]
    assert nobody.client.get("/api/me", headers=sent).status_code == 401


def test_a_file_is_given_only_to_who_is_signed_in(li: Browser, nobody: Browser) -> None:
    with li.socket() as connection:
        file = next(one.download_button.url for one in run(connection) if one.WhichOneof("type") == "download_button")
        assert li.get(file).text == "secret"
        assert nobody.get(file).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/issues?id=5", "/issues?id=5"),
        ("//evil.example/x", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
    ],
)
def test_signing_in_goes_on_to_this_site_only(nobody: Browser, wanted: str, location: str) -> None:
    answer = nobody.sign_in("other.one", GOOD, wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, location)
    again = nobody.client.get("/sign-in", params={"next": wanted})
    assert (again.status_code, again.headers["location"]) == (303, location)


def test_the_cookie_is_out_of_reach_of_scripts(nobody: Browser) -> None:
    sent = nobody.sign_in("li.na", GOOD).headers.get_list("set-cookie")
    session = next(cookie for cookie in sent if cookie.startswith("mulin_session="))
    assert "HttpOnly" in session and "SameSite=lax" in session and "Path=/" in session


def test_a_wrong_password_and_an_unknown_name_look_alike(nobody: Browser) -> None:
    wrong = nobody.sign_in("wang.wei", "wrong")
    unknown = nobody.sign_in("who.ever", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("wang.wei", "who.ever") == unknown.text
    assert "mulin_session" not in nobody.client.cookies


def test_the_sixth_attempt_is_429_even_with_the_right_password(nobody: Browser) -> None:
    assert [nobody.sign_in("locked.one", "wrong").status_code for _ in range(5)] == [401] * 5
    answer = nobody.sign_in("locked.one", GOOD)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")


def test_a_typed_name_comes_back_as_text(nobody: Browser) -> None:
    answer = nobody.sign_in('"><script>alert(1)</script>', "wrong")
    assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/demo", "/sign-out"])
def test_a_form_needs_its_proof_and_its_origin(nobody: Browser, path: str) -> None:
    fields = {"login": "li.na", "password": GOOD, "account": "1"}
    assert nobody.post(path, **fields).status_code == 403
    proof = nobody.proof()
    assert nobody.post(path, csrf="x" * 43, **fields).status_code == 403
    for headers in ({"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert nobody.post(path, headers, csrf=proof, **fields).status_code == 403
    assert nobody.post(path, csrf=proof, padding="x" * 20_000, **fields).status_code == 403


def test_a_second_tab_does_not_spoil_the_first(nobody: Browser) -> None:
    assert nobody.proof() == nobody.proof()


def test_signing_in_again_changes_the_token_and_ends_the_old_one(server: Running, li: Browser) -> None:
    old = li.client.cookies["mulin_session"]
    proof = li.client.cookies["mulin_csrf"]
    li.post("/sign-in", csrf=proof, login="li.na", password=GOOD)
    assert li.client.cookies["mulin_session"] != old
    thief = server.browser()
    thief.client.cookies.set("mulin_session", old)
    assert thief.get("/api/me").status_code == 401


def test_signing_out_kills_the_other_tab_at_its_next_click(li: Browser) -> None:
    with li.socket() as other_tab:
        assert texts(run(other_tab)) == ["N li.na/staff"]
        assert li.sign_out().headers["location"] == "/sign-in?out=1"
        assert texts(run(other_tab)) == []
    assert li.get("/api/me").status_code == 401


def test_a_changed_role_holds_at_the_next_click(server: Running) -> None:
    browser = server.browser()
    browser.sign_in("other.one", GOOD)
    with browser.socket() as tab:
        run(tab)
        with db.writing() as session:
            account = accounts.by_login(session, "other.one")
            assert account
            account.role = "viewer"
            session.add(account)
        assert texts(run(tab)) == ["N other.one/viewer"]


def test_a_demo_identity_is_one_click(server: Running) -> None:
    with db.writing() as session:
        demo = accounts.create(
            session, "demo", login="demo.x", name="Demo", role="viewer", password=None, area_id=None, demo=True
        )
    browser = server.browser()
    assert f'name="account" value="{demo.id}"' in browser.open("/sign-in").text
    assert browser.post("/sign-in/demo", csrf=browser.proof(), account=str(demo.id)).status_code == 303
    assert browser.get("/api/me").status_code == 204
    with db.reading() as session:
        real = session.exec(select(Account.id).where(Account.login == "li.na")).one()
    assert server.browser().post("/sign-in/demo", csrf="", account=str(real)).status_code == 403
    fresh = server.browser()
    assert fresh.post("/sign-in/demo", csrf=fresh.proof(), account=str(real)).status_code == 404


def test_the_language_is_the_persons(server: Running) -> None:
    browser = server.browser()
    assert '<html lang="zh-CN">' in browser.open("/sign-in").text
    assert '<html lang="en">' in browser.open("/sign-in?lang=en").text
    browser.sign_in("language.one", GOOD)
    page = browser.open("/anything").text
    assert '<html lang="en">' in page and "i18n.js" not in page and "session.js" in page
    assert browser.get("/language?to=zh_CN").status_code == 405
    assert browser.post("/language", to="zh_CN", next="//evil.example").headers["location"] == "/"
    page = browser.open("/anything").text
    assert '<html lang="zh-CN">' in page and "/assets/i18n.js?lang=zh_CN" in page and "agent" not in page


def test_the_bundle_and_the_assets_go_out_small_and_for_good(nobody: Browser, li: Browser) -> None:
    script = li.open("/").text.split('src="./static/js/index.')[1].split('"')[0]
    packed = nobody.get(f"/static/js/index.{script}", **{"accept-encoding": "gzip"})
    plain = nobody.get(f"/static/js/index.{script}", **{"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "Accept-Encoding" in packed.headers["vary"]
    assert packed.content == plain.content and "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) * 2.5 < int(plain.headers["content-length"])
    assert "immutable" in packed.headers["cache-control"]
    assert "Leaflet 1.9.3" in nobody.get("/assets/leaflet/leaflet.js").text
    mark = nobody.open("/sign-in").text.split('href="/assets/door.css')[1].split('"')[0]
    assert "immutable" in nobody.get(f"/assets/door.css{mark}").headers["cache-control"]
    assert "immutable" not in nobody.get("/assets/door.css?v=0").headers["cache-control"]


def test_assets_give_nothing_but_assets(nobody: Browser) -> None:
    for path in ("/assets/../app.py", "/assets/%2e%2e/templates/frame.html", "/assets/leaflet/..%2f..%2f__init__.py"):
        assert nobody.get(path).status_code in (303, 400, 401, 404)


def test_headers_are_on_every_answer(nobody: Browser, li: Browser) -> None:
    for answer in (nobody.open("/"), nobody.get("/api/me"), nobody.open("/sign-in"), li.open("/"), li.get("/api/me")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert "http" not in answer.headers["content-security-policy"]
    assert "unsafe" not in nobody.open("/sign-in").headers["content-security-policy"]


def test_health(nobody: Browser) -> None:
    assert (nobody.get("/healthz").text, nobody.get("/readyz").text) == ("ok", "ready")


def test_a_sign_in_survives_a_restart(server: Running, li: Browser) -> None:
    server.stop()
    server.start()
    assert li.get("/api/me").status_code == 204
    with li.socket() as tab:
        assert texts(run(tab)) == ["N li.na/staff"]
