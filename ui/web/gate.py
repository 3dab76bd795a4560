"""The gate: nothing of the site, not a file and not a websocket, goes to anybody who is not signed in.

And nothing goes to a page of another site, whoever is signed in: what a request says about where it comes from is
looked at first, and of its cookies only our own go on.
"""

from contextlib import nullcontext
from functools import partial

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.people import signins
from services.rights.permissions import Actor, may
from services.system import db
from services.system.errors import Refused
from ui.web import cookies
from ui.web.doors import back_messages, hand_over, origins, refusals, streamlit_routes
from ui.web.doors.arrivals import require_own
from ui.web.doors.guests import GUESTS
from ui.web.doors.held_uploads import UPLOADS
from ui.web.doors.open_sockets import SOCKETS

# A supervisor asks these under whatever name it has for this machine, and learns one word.
_PROBES = {"/healthz", "/readyz"}
OPEN = {"/sign-in", "/sign-in/demo", "/sign-out", "/oidc/login", "/oidc/callback", refusals.PASSWORD} | _PROBES
# Streamlit's bundle is public software and holds nothing of ours. A page whose sign-in has just ended still needs parts
# of it to say so: behind the gate that page breaks instead ("Failed to fetch dynamically imported module").
# Under /open311/ is nothing but what everybody may read; switched off, it answers 404 to all alike.
_OPEN_FOLDERS = ("/assets/", "/static/js/", "/static/css/", "/static/media/", "/open311/")
_CLAIM = (b"x-mulin-", b"x_mulin_")
_STREAM = "/_stcore/stream"


class Gate:
    """ASGI middleware: resolves the sign-in cookie, refuses, or vouches with the header ``x-mulin-session``.

    Routes behind it find who asks in ``request.state.actor``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, vouched for, or refuse."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in _PROBES:
            return await self.app(scope, receive, send)
        try:
            scope, send = await _looked_over(_without_claims(scope)), _with_own_cookies(send)
            if not _open(scope):
                return await self._behind(scope, receive, send)
            with nullcontext() if scope["path"] not in OPEN else GUESTS.one(scope):
                return await self.app(scope, receive, send)
        except Refused as refused:
            await refusals.answer(refusals.said(scope, refused), scope, receive, send)

    async def _behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        digest = cookies.digest(scope)
        actor, held = await to_thread.run_sync(partial(_look_up, digest)) if digest else (None, False)
        if not (digest and actor and _leads_on(actor, scope)):
            return await refusals.answer(refusals.not_here(scope, actor is not None, held), scope, receive, send)
        scope = _vouched(scope, digest, actor)
        if scope["type"] == "websocket":
            # Another process that hands a page over has counted it, and looked at what it says first.
            passed_on = hand_over.handed(scope)
            with nullcontext() if passed_on else SOCKETS.one(scope, actor):
                again = back_messages.had_another(scope) and not passed_on
                return await self.app(scope, back_messages.listening(actor, receive, again), send)
        if scope["method"] == "PUT":
            with UPLOADS.coming(scope, actor):
                return await self.app(scope, receive, send)
        await self.app(scope, receive, send)


async def _looked_over(scope: Scope) -> Scope:
    """``scope`` from one of our own pages, with our own cookies and one sign-in at most."""
    if scope["type"] == "http" and scope["path"].startswith(_OPEN_FOLDERS):
        if origins.asked(scope) is None:
            require_own(scope)
        return cookies.cleaned(scope, None)
    scope, tokens = require_own(scope), cookies.tokens(scope)
    alive = await to_thread.run_sync(partial(_alive, tokens)) if len(tokens) > 1 else None
    return cookies.cleaned(scope, alive or next(iter(tokens), None))


def _alive(tokens: list[str]) -> str | None:
    return next((token for token in tokens if any(_look_up(signins.digest_of(token)))), None)


def _look_up(digest: str) -> tuple[Actor | None, bool]:
    """Who acts, and when nobody does, whether somebody stands here who has a password to change first."""
    with db.reading() as session:
        actor = signins.actor(session, digest)
        return actor, actor is None and signins.holder(session, digest) is not None


def _open(scope: Scope) -> bool:
    path = scope["path"]
    return scope["type"] == "http" and (path in OPEN or path.startswith(_OPEN_FOLDERS))


def _leads_on(actor: Actor, scope: Scope) -> bool:
    path = scope["path"]
    if scope["type"] == "websocket":
        return bool(path == _STREAM)
    found = streamlit_routes.door(path, scope["method"])
    if found is None:
        return not streamlit_routes.reserved(path)
    return not found.needs or may(actor, f"page.{found.needs}")


def _without_claims(scope: Scope) -> Scope:
    return {**scope, "headers": [pair for pair in scope["headers"] if not pair[0].lower().startswith(_CLAIM)]}


def _vouched(scope: Scope, digest: str, actor: Actor) -> Scope:
    headers = [*scope["headers"], (b"x-mulin-session", digest.encode())]
    if scope["type"] == "websocket":
        # Streamlit looks up the outside address of this machine unless origin and host are the same.
        headers = [pair for pair in headers if pair[0].lower() != b"origin"]
        headers.append((b"origin", b"http://" + origins.sent(scope, b"host")[0]))
    return {**scope, "headers": headers, "state": {**scope.get("state", {}), "actor": actor}}


def _with_own_cookies(send: Send) -> Send:
    """Nothing behind the gate leaves a cookie in the browser that is not read here."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            pairs = message.get("headers", ())
            kept = [pair for pair in pairs if pair[0].lower() != b"set-cookie" or cookies.ours(pair[1])]
            message = {**message, "headers": kept}
        await send(message)

    return sending
