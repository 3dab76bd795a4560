"""OIDC against a provider of our own: the same sign-in row as with a password, and nothing for strangers."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlmodel import col, select

from models import AuditLine
from services.people import accounts
from services.system import db, schema
from services.system.settings import settings
from tests.ui.web.provider import Provider
from tests.ui.web.running import Browser, Running


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("oidc")
    url = f"sqlite:///{folder / 'oidc.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULIN_DATABASE_URL", url)
        settings.cache_clear()
        db.forget()
        schema.upgrade()
        with db.writing() as session:
            for login, subject in (("li.na", "sub-li"), ("gone", "sub-gone")):
                accounts.create(
                    session, "root", login=login, name=login, role="staff", password=None, area_id=None, subject=subject
                )
            gone = accounts.by_login(session, "gone")
            assert gone
            accounts.deactivate(session, "root", gone)
        oidc = {"ISSUER": provider.issuer, "CLIENT_ID": "mulin", "CLIENT_SECRET": "s", "LABEL": "Office id"}
        made = Running(folder, MULIN_DATABASE_URL=url, **{f"MULIN_OIDC_{name}": value for name, value in oidc.items()})
        yield made
        made.close()
    settings.cache_clear()
    db.forget()


def _round_trip(browser: Browser, provider: Provider, subject: str, **claims: Any) -> httpx.Response:
    provider.subject, provider.claims = subject, claims
    there = browser.open("/oidc/login?next=/issues%3Fid%3D5")
    assert there.status_code == 302
    with httpx.Client() as elsewhere:
        back = elsewhere.get(there.headers["location"]).headers["location"]
    parts = urlsplit(back)
    return browser.open(f"{parts.path}?{parts.query}")


def test_a_linked_account_enters_and_comes_back_to_its_page(server: Running, provider: Provider) -> None:
    browser = server.browser()
    assert "Office id" in browser.open("/sign-in").text
    answer = _round_trip(browser, provider, "sub-li")
    assert (answer.status_code, answer.headers["location"]) == (303, "/issues?id=5")
    assert provider.asked["code_challenge_method"] == "S256" and provider.asked["nonce"] and provider.asked["state"]
    assert browser.get("/api/me").status_code == 204
    with db.reading() as session:
        line = session.exec(
            select(AuditLine).where(AuditLine.act == "sign_in").order_by(col(AuditLine.seq).desc())
        ).first()
    assert line and line.data == {"way": "oidc"}


def test_what_the_way_back_is_checked_by_lives_ten_minutes_in_one_cookie(server: Running, provider: Provider) -> None:
    browser = server.browser()
    sent = browser.open("/oidc/login?next=/issues").headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in sent] == ["mulin_oidc"]
    assert "Max-Age=600" in sent[0] and "path=/oidc" in sent[0] and "httponly" in sent[0]
    answer = _round_trip(browser, provider, "sub-li")
    names = {cookie.split("=")[0]: cookie for cookie in answer.headers.get_list("set-cookie")}
    assert set(names) == {"mulin_oidc", "mulin_session", "mulin_language"}
    assert "1970" in names["mulin_oidc"], "used once"


def test_a_cookie_of_the_same_name_elsewhere_does_not_lock_out(server: Running, provider: Provider) -> None:
    browser = server.browser()
    browser.client.cookies.set("mulin_oidc", "made.up", path="/")
    assert _round_trip(browser, provider, "sub-li").status_code == 303


@pytest.mark.parametrize("subject", ["sub-stranger", "sub-gone", ""])
def test_nobody_else_enters(server: Running, provider: Provider, subject: str) -> None:
    browser = server.browser()
    assert _round_trip(browser, provider, subject).status_code == 403
    assert browser.get("/api/me").status_code == 401


@pytest.mark.parametrize("claims", [{"nonce": "other"}, {"aud": "other"}, {"iss": "http://other"}, {"exp": 1}])
def test_a_token_for_something_else_is_refused(server: Running, provider: Provider, claims: dict[str, Any]) -> None:
    browser = server.browser()
    assert _round_trip(browser, provider, "sub-li", **claims).status_code == 401
    assert browser.get("/api/me").status_code == 401


def test_an_answer_nobody_asked_for_is_refused(server: Running) -> None:
    browser = server.browser()
    assert browser.open("/oidc/callback?code=c0de&state=made-up").status_code == 401


def test_leaving_works_as_with_a_password(server: Running, provider: Provider) -> None:
    browser = server.browser()
    _round_trip(browser, provider, "sub-li")
    browser.sign_out()
    assert browser.get("/api/me").status_code == 401
