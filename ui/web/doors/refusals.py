"""Refusals: what is answered to whom the gate does not let through."""

from urllib.parse import quote

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from services.system.errors import Refused
from services.words.i18n import translate
from ui.web import cookies
from ui.web.doors.arrivals import Misdirected, is_navigation
from ui.web.doors.held_uploads import TooMuch

# Where whoever must change the password first is sent; nobody else has anything to seek there but its owner.
PASSWORD = "/password"


async def answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send ``response``; a websocket is closed before it opens, which its browser hears as 403."""
    if scope["type"] == "http":
        return await response(scope, receive, send)
    await receive()
    await send({"type": "websocket.close", "code": 1008})


def said(scope: Scope, refused: Refused) -> Response:
    """The sentence of ``refused`` in the language of this browser."""
    status = refused.status if isinstance(refused, (Misdirected, TooMuch)) else 429
    told = translate(cookies.spoken(scope), refused.message, **refused.params)
    return PlainTextResponse(told, status, {"cache-control": "no-store"})


def not_here(scope: Scope, signed_in: bool, held: bool) -> Response:
    """Nothing for who is signed in; the door for a person who is not, and a word for a program.

    ``held`` is whoever has a password to change first: that is where their door is.
    """
    if signed_in:
        return PlainTextResponse("Not found", 404)
    if not is_navigation(scope):
        return PlainTextResponse("Change the password first" if held else "Sign in first", 401)
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    door = PASSWORD if held else "/sign-in"
    return RedirectResponse(f"{door}?next={quote(wanted, safe='')}", 303, {"cache-control": "no-store"})
