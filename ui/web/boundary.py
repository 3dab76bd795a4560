"""The boundary: whatever fails behind it is answered in a sentence, with a number under which the log has the rest."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.words.i18n import translate
from ui.frame import faults
from ui.web import cookies, sign_in_pages
from ui.web.doors.arrivals import is_navigation


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
            number = faults.log(error)
            if begun:
                raise
            await _answer(scope, error, number, receive, send)


async def _answer(scope: Scope, error: Exception, number: str, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        return await _told(scope, error, number)(scope, receive, send)
    await receive()
    await send({"type": "websocket.close", "code": 1011})


def _told(scope: Scope, error: Exception, number: str) -> Response:
    status, said = faults.worded(error)
    language = cookies.spoken(scope)
    told = " ".join(
        (translate(language, said.message, **said.params), translate(language, faults.NUMBER, number=number))
    )
    if not is_navigation(scope):
        return PlainTextResponse(told, status, {"cache-control": "no-store"})
    return sign_in_pages.render(Request(scope), "failed.html", status, said=told, speaks=language)
