"""The gate: nothing of the site, not a file and not a websocket, goes to anybody who is not signed in."""

from functools import partial
from urllib.parse import quote

from anyio import to_thread
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.people import signins
from services.rights.permissions import Actor, may
from services.system import db
from ui.web import cookies

# Where whoever must change the password first is sent; nobody else has anything to seek there but its owner.
PASSWORD = "/password"
OPEN = {"/sign-in", "/sign-in/demo", "/sign-out", "/healthz", "/readyz", "/oidc/login", "/oidc/callback", PASSWORD}
# Streamlit's bundle is public software and holds nothing of ours. A page whose sign-in has just ended still needs parts
# of it to say so: behind the gate that page breaks instead ("Failed to fetch dynamically imported module").
# Under /open311/ is nothing but what everybody may read; switched off, it answers 404 to all alike.
_OPEN_FOLDERS = ("/assets/", "/static/js/", "/static/css/", "/static/media/", "/open311/")
_SHUT = ("/_stcore/metrics", "/_stcore/agent")
# What is uploaded stays in memory until a page takes it: only who may import may fill it.
_GUARDED = {"/_stcore/upload_file": "imports"}
_NOT_PAGES = ("/_stcore/", "/media/", "/component/", "/static/", "/api/", "/app/")
_CLAIM = (b"x-mulin-", b"x_mulin_")


class Gate:
    """ASGI middleware: resolves the sign-in cookie, refuses, or vouches with the header ``x-mulin-session``.

    Routes behind it find who asks in ``request.state.actor``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, vouched for, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        scope = _without_claims(scope)
        if _open(scope):
            return await self.app(scope, receive, send)
        digest = cookies.digest(scope)
        actor, held = await to_thread.run_sync(partial(_look_up, digest)) if digest else (None, False)
        if digest and actor and _allowed(actor, scope["path"]):
            return await self.app(_vouched(scope, digest, actor), receive, send)
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 1008})
        return await _refusal(scope, actor is not None, held)(scope, receive, send)


def _look_up(digest: str) -> tuple[Actor | None, bool]:
    """Who acts, and when nobody does, whether somebody stands here who has a password to change first."""
    with db.reading() as session:
        actor = signins.actor(session, digest)
        return actor, actor is None and signins.holder(session, digest) is not None


def _open(scope: Scope) -> bool:
    path = scope["path"]
    return scope["type"] == "http" and (path in OPEN or path.startswith(_OPEN_FOLDERS))


def _allowed(actor: Actor, path: str) -> bool:
    needed = (page for prefix, page in _GUARDED.items() if path.startswith(prefix))
    return not path.startswith(_SHUT) and all(may(actor, f"page.{page}") for page in needed)


def _without_claims(scope: Scope) -> Scope:
    return {**scope, "headers": [pair for pair in scope["headers"] if not pair[0].lower().startswith(_CLAIM)]}


def _vouched(scope: Scope, digest: str, actor: Actor) -> Scope:
    headers = [*scope["headers"], (b"x-mulin-session", digest.encode())]
    return {**scope, "headers": headers, "state": {**scope.get("state", {}), "actor": actor}}


def _refusal(scope: Scope, signed_in: bool, held: bool) -> Response:
    if signed_in:
        return PlainTextResponse("Not found", 404)
    if not is_navigation(scope):
        return PlainTextResponse("Change the password first" if held else "Sign in first", 401)
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    door = PASSWORD if held else "/sign-in"
    return RedirectResponse(f"{door}?next={quote(wanted, safe='')}", 303, {"cache-control": "no-store"})


def is_navigation(scope: Scope) -> bool:
    """Whether a person goes to a page, as opposed to a script, a frame or a probe fetching something."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    headers = dict(scope["headers"])
    if b"text/html" not in headers.get(b"accept", b"") or headers.get(b"sec-fetch-dest", b"document") != b"document":
        return False
    return not scope["path"].startswith(_NOT_PAGES) and "/_stcore/" not in scope["path"]
