"""Whatever the database does, every route answers soon, in a sentence with a number that the log knows."""

import asyncio
import logging
import re
import time

import httpx
import pytest
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from models.account import Account
from models.place import Place
from services.people import accounts, passwords, signins
from services.system import db
from services.system.writers import later
from tests.databases import use
from tests.services.system.test_db import ONLY_SQLITE, write_lock
from ui.web import cookies, server
from ui.web.boundary import Boundary

NOWHERE = "postgresql+psycopg://nobody:secret@127.0.0.1:1/none"
PROOF = "c" * 43
ROUTES = (
    "/",
    "/password",
    "/api/me",
    "/export/matters.csv",
    "/export/matters.xlsx",
    "/export/days.ics",
    "/export/all.zip",
    "/template/matters.xlsx",
    "/layers/areas.geojson",
)


@pytest.fixture
def token(session: Session, place: Place) -> str:
    account = accounts.create(
        session, "root", login="li.na", name="Li", role="secretary", password=None, area_id=place.area_id, subject="s"
    )
    account.password, account.language = passwords.hashed("a long sentence nobody guesses 7"), "en"
    session.add(account)
    made = signins.start(session, account, "test")
    session.commit()
    return made


def ask(token: str, method: str, path: str, accept: str = "*/*", **form: str) -> httpx.Response:
    async def one() -> httpx.Response:
        app = Starlette(routes=server.routes(), middleware=server.middleware())
        sent = {cookies.SESSION: token, cookies.LANGUAGE: "en", cookies.CSRF: PROOF}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://127.0.0.1", cookies=sent
        ) as browser:
            data = {"csrf": PROOF, **form} if method == "POST" else None
            return await browser.request(method, path, data=data, headers={"accept": accept})

    return asyncio.run(one())


def _plain(answer: httpx.Response) -> bool:
    return not re.search("Internal Server Error|Traceback|sqlalchemy|psycopg|secret", answer.text)


@ONLY_SQLITE
def test_each_is_answered_when_there_is_no_database(
    token: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    use(monkeypatch, NOWHERE)
    for path in ROUTES:
        for accept in ("*/*", "text/html"):
            answer = ask(token, "GET", path, accept)
            number = re.search(r"number ([0-9A-F]{6})", answer.text)
            assert answer.status_code == 503 and _plain(answer), (path, answer.text)
            assert "does not answer. Nothing was saved" in answer.text, path
            assert number and any(number[1] in record.message for record in caplog.records), path
    told = ask(token, "GET", "/readyz")
    assert told.status_code == 503 and "MULIN_DATABASE_URL" in told.text and _plain(told)


@ONLY_SQLITE
def test_the_name_typed_at_the_door_stays_without_a_database(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, NOWHERE)
    answer = ask("", "POST", "/sign-in", login="wang.fang", password="a long sentence nobody guesses 7")
    assert (answer.status_code, "wang.fang" in answer.text, token in answer.text) == (503, True, False)
    assert "does not answer" in answer.text and _plain(answer)


@ONLY_SQLITE
def test_each_is_answered_soon_while_somebody_else_writes(database: str, token: str) -> None:
    ask(token, "GET", "/sign-out")
    with write_lock(database):
        for method, path, status in (
            ("GET", "/api/me", 204),
            ("GET", "/sign-in", 303),
            ("GET", "/layers/areas.geojson", 200),
            ("GET", "/export/matters.csv", 503),
            ("POST", "/sign-in", 503),
            ("POST", "/sign-out", 503),
            ("POST", "/language", 303),
        ):
            began = time.monotonic()
            answer = ask(token, method, path, login="li.na", password="x", to="zh_CN")
            assert (answer.status_code, _plain(answer)) == (status, True), (path, answer.text)
            assert time.monotonic() - began < 5, path
            assert status != 503 or "The database is busy" in answer.text, path
        with db.reading() as session:
            actor = signins.actor(session, signins.digest_of(token))
            assert actor and actor.language == "zh_CN"  # chosen, though it could not be written yet
    assert later.flush() == 0
    with db.reading() as session:
        account = accounts.by_login(session, "li.na")
        assert isinstance(account, Account) and account.language == "zh_CN"


def test_what_the_program_did_wrong_is_a_sentence_too(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_scope: object, _receive: object, _send: object) -> None:
        raise ValueError("{not} for anybody")

    async def one() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Boundary(broken)), base_url="http://x") as browser:
            return await browser.get("/", headers={"accept": "text/html", "cookie": f"{cookies.LANGUAGE}=en"})

    with caplog.at_level(logging.ERROR):
        answer = asyncio.run(one())
    assert answer.status_code == 500 and "Nothing was half saved" in answer.text and "not}" not in answer.text
    assert "for anybody" in caplog.text


def test_an_answer_that_had_begun_is_not_taken_for_whole() -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        async def cut(message: Message) -> None:
            await send({**message, "more_body": True} if "body" in message else message)

        await PlainTextResponse("half")(scope, receive, cut)
        raise ValueError

    async def one() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Boundary(half)), base_url="http://x") as browser:
            await browser.get("/")

    with pytest.raises(ValueError):
        asyncio.run(one())
