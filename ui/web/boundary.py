"""The boundary: whatever fails behind it is answered in a sentence, with a number under which the log has the rest."""

import logging
import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.system import database_faults
from services.system.errors import Refused
from services.words.i18n import listed, translate
from ui.web import cookies, sign_in_pages
from ui.web.doors.arrivals import is_navigation

_LOG = logging.getLogger("mulin.faults")
_FAILED = listed("This could not be answered. Nothing was half saved: try again in a moment.")
_NUMBER = listed("If it goes on, tell the administrator the number {number}.")


class Boundary:
    """ASGI middleware: 503 where the database or the disk failed, 500 where the program did; never a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer for what fails. What had begun already is cut off, so that nobody takes it for whole."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            number = log(error)
            if begun:
                raise
            await _answer(scope, error, number, receive, send)


def log(error: BaseException) -> str:
    """Put ``error`` into the log; the number it has there."""
    number = secrets.token_hex(3).upper()
    _LOG.error("Fault %s", number, exc_info=error)
    return number


async def _answer(scope: Scope, error: Exception, number: str, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        return await _told(scope, error, number)(scope, receive, send)
    await receive()
    await send({"type": "websocket.close", "code": 1011})


def _told(scope: Scope, error: Exception, number: str) -> Response:
    status, said = worded(error)
    language = cookies.spoken(scope)
    told = " ".join((translate(language, said.message, **said.params), translate(language, _NUMBER, number=number)))
    if not is_navigation(scope):
        return PlainTextResponse(told, status, {"cache-control": "no-store"})
    return sign_in_pages.render(Request(scope), "failed.html", status, said=told, speaks=language)


def worded(error: Exception) -> tuple[int, Refused]:
    """The status and the sentence for a failure."""
    if isinstance(error, (*database_faults.FAULTS, OSError)):
        return 503, database_faults.for_person(error)
    return 500, Refused(_FAILED)
