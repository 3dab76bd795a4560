"""Blocked: somebody else writes, the disk is full, the server is frozen: every route answers soon, in words.

What was typed is there again in the answer, so that nobody types it twice.
"""

import asyncio
import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
from sqlalchemy import event, make_url, text
from starlette.applications import Starlette
from starlette.routing import Route

from benchmarks import fill
from benchmarks.faults.outcome import Outcome
from services.system import db
from services.system.settings import settings
from ui.web import cookies, server

_SOON, _PROOF, _TYPED = 2.0, "c" * 43, "wang.fang"
_NAMED = {"/layers": "areas", "/export": "matters", "/template": "matters"}
_NO_WORDS = re.compile("Internal Server Error|Traceback|sqlalche|psycopg|sqlite3")


def each(where: str, soon: float = _SOON) -> Iterator[Outcome]:
    """Ask every route in each state the database can be in; ``soon`` is how many seconds an answer may take."""
    cookie = fill.cookie()
    asyncio.run(_ask(cookie, Outcome("", "", ""), soon))  # What is read once for all is read.
    yield from (_blocked(cookie, where, name, soon) for name in STATES[where])


def _blocked(cookie: str, where: str, name: str, soon: float) -> Outcome:
    found = Outcome("blocked", where, name)
    with STATES[where][name]():
        asyncio.run(_ask(cookie, found, soon))
    db.forget()
    return found


async def _ask(cookie: str, found: Outcome, soon: float) -> None:
    app = Starlette(routes=server.routes(), middleware=server.middleware())
    name, _, token = cookie.partition("=")
    sent = {name: token, cookies.LANGUAGE: "en", cookies.CSRF: _PROOF}
    through = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=through, base_url="http://127.0.0.1", cookies=sent) as browser:
        for method, path in routes():
            form = {"csrf": _PROOF, "login": _TYPED, "password": "nothing to guess", "to": "en"}
            began = time.monotonic()
            answer = await browser.request(method, path, data=form if method == "POST" else None)
            _judge(found, f"{method} {path}", answer, time.monotonic() - began, soon)


def routes() -> list[tuple[str, str]]:
    """Every route of our own by method and address; signing out comes last."""
    held = [route for route in server.routes() if isinstance(route, Route)]
    asked = [
        (method, re.sub(r"\{\w+\}", _NAMED.get(f"/{route.path.split('/')[1]}", ""), route.path))
        for route in held
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]
    return sorted(asked, key=lambda pair: pair[1] == "/sign-out")


def _judge(found: Outcome, asked: str, answer: httpx.Response, seconds: float, soon: float) -> None:
    found.times += 1
    found.longest = max(found.longest, seconds)
    if seconds > soon:
        found.wrong.append(f"{asked} took {seconds:.1f} s")
    if answer.status_code == 500 or _NO_WORDS.search(answer.text):
        found.wrong.append(f"{asked} says {answer.status_code} {answer.text[:80]}")
    if asked == "POST /sign-in" and answer.status_code == 503:
        found.acknowledged += 1
        found.lost += [] if _TYPED in answer.text else [f"{asked} forgets what was typed"]


@contextmanager
def _file_locked() -> Iterator[None]:
    with closing(sqlite3.connect(make_url(settings().database_url).database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _file_full() -> Iterator[None]:
    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # no page more than there are

    db.forget()
    bound = db.engine()
    event.listen(bound, "connect", limit)
    yield


@contextmanager
def _server_locked() -> Iterator[None]:
    with psycopg.connect(_plain()) as other:
        other.execute("SELECT pg_advisory_xact_lock(770003)")
        yield
        other.rollback()


@contextmanager
def _server_frozen() -> Iterator[None]:
    """No process of the server goes on; what asks it gets no answer, and no refusal either."""
    with psycopg.connect(_plain()) as other:
        folder = Path(str(other.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
    with db.reading() as session:
        session.execute(text("SELECT 1"))  # A connection that is in the pool when it happens.
    first = int((folder / "postmaster.pid").read_text().splitlines()[0])
    server = [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]
    _send(server, signal.SIGSTOP)
    try:
        yield
    finally:
        _send(server, signal.SIGCONT)


def _send(processes: list[int], what: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)


def _plain() -> str:
    return settings().database_url.replace("+psycopg", "")


State = Callable[[], AbstractContextManager[None]]
STATES: dict[str, dict[str, State]] = {
    "sqlite": {"somebody else writes": _file_locked, "the disk is full": _file_full},
    "postgresql": {"somebody else writes": _server_locked, "the server is frozen": _server_frozen},
}
