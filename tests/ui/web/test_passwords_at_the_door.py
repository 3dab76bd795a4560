"""The door when many try names at once, and when a password must be changed, against the real server."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlmodel import select
from websockets.exceptions import InvalidStatus

from models import Account, SignIn
from services.people import accounts, authentication, codes
from services.system import db
from tests.ui.web.running import Browser, Running
from tests.ui.web.serving import serving

GIVEN, OWN = "Kx7!pouring-Rain", "Violet-Kettle-48-Raft"
LOGINS = ("li.na", "wang.wei", "zhao.yi", "forgetful", "prompt.one")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("door"), dict.fromkeys(LOGINS, "staff"), GIVEN, {}, given=True) as running:
        yield running


def _change(browser: Browser, **fields: str) -> httpx.Response:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.open("/password").text)
    assert found
    return browser.post("/password", csrf=found[1], **fields)


def test_nothing_opens_before_the_password_is_ones_own(server: Running) -> None:
    browser = server.browser()
    entered = browser.sign_in("li.na", GIVEN, "/ledger?q=x")
    assert entered.headers["location"] == "/password?next=%2Fledger%3Fq%3Dx"
    for path in ("/", "/ledger", "/audit", "/account"):
        assert browser.open(path).headers["location"].startswith("/password?next=")
    for path in ("/api/me", "/export/issues.csv", "/layers/areas.json", "/_stcore/health", "/media/x"):
        assert (browser.get(path).status_code, browser.get(path).text) == (401, "Change the password first")
    with pytest.raises(InvalidStatus):
        browser.socket()
    page = browser.open("/password?next=/ledger").text
    assert 'name="present"' not in page and 'value="/ledger"' in page
    for new, again in ((GIVEN, GIVEN), (OWN, "x"), ("Hunan@123456", "Hunan@123456"), ("L.i.n.a.2026", "L.i.n.a.2026")):
        assert _change(browser, new=new, again=again).status_code == 400
        assert browser.get("/api/me").status_code == 401
    done = _change(browser, new=OWN, again=OWN, next="/ledger?q=x")
    assert (done.status_code, done.headers["location"]) == (303, "/ledger?q=x")
    assert browser.get("/api/me").status_code == 204
    assert server.browser().sign_in("li.na", GIVEN).status_code == 401


def test_a_password_is_changed_with_the_present_one_from_our_own_form(server: Running) -> None:
    here, there = server.browser(), server.browser()
    here.sign_in("wang.wei", GIVEN)
    assert _change(here, new=OWN, again=OWN).status_code == 303
    there.sign_in("wang.wei", OWN)
    assert 'name="present"' in here.open("/password").text
    assert here.post("/password", present=OWN, new=GIVEN, again=GIVEN).status_code == 403
    assert _change(here, present="wrong", new=GIVEN, again=GIVEN).status_code == 400
    assert there.get("/api/me").status_code == 204
    assert _change(here, present=OWN, new=GIVEN, again=GIVEN).status_code == 303
    assert (here.get("/api/me").status_code, there.get("/api/me").status_code) == (204, 401)


def test_without_a_sign_in_there_is_no_password_to_change(server: Running) -> None:
    nobody = server.browser()
    assert nobody.open("/password").headers["location"] == "/sign-in?next=/password"
    assert nobody.post("/password", csrf=nobody.proof(), new=OWN, again=OWN).headers["location"].startswith("/sign-in")


def test_a_code_opens_the_page_to_choose_a_password_once(server: Running) -> None:
    with db.writing() as session:
        account = accounts.by_login(session, "forgetful")
        assert account
        code = codes.issue(session, "root", account)
    browser = server.browser()
    assert browser.sign_in("forgetful", code).headers["location"] == "/password?next=%2F"
    assert server.browser().sign_in("forgetful", code).status_code == 401
    assert _change(browser, new=OWN, again=OWN).status_code == 303
    assert browser.get("/api/me").status_code == 204


def test_the_browser_is_kept_by_its_family_alone(server: Running) -> None:
    browser = server.browser()
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0 <b>"
    browser.client.headers["user-agent"] = agent
    browser.sign_in("zhao.yi", GIVEN)
    with db.reading() as session:
        asked = select(SignIn.browser).join(Account).where(Account.login == "zhao.yi")
        assert session.exec(asked).all() == ["Edge · Windows"]


def test_a_real_sign_in_waits_for_no_made_up_names(server: Running) -> None:
    """Sixty connections try names without end; somebody who knows the password is in within a second."""
    stop = time.monotonic() + 8

    def try_names(number: int) -> int:
        browser, tried = server.browser(), 0
        proof = browser.proof()
        while time.monotonic() < stop:
            answer = browser.post("/sign-in", csrf=proof, login=f"made.up.{number}.{tried}", password="wrong")
            assert answer.status_code in (401, 429)  # Or there are too many at once from one address.
            tried += 1
        return tried

    took = []
    with ThreadPoolExecutor(60) as pool:
        running = [pool.submit(try_names, number) for number in range(60)]
        time.sleep(2)
        for _ in range(5):
            browser = server.browser()
            proof = browser.proof()
            began = time.monotonic()
            assert browser.post("/sign-in", csrf=proof, login="prompt.one", password=GIVEN).status_code == 303
            took.append(time.monotonic() - began)
        tried = sum(one.result() for one in running)
    assert tried > 60 and sorted(took)[2] <= authentication.PATIENCE, took
