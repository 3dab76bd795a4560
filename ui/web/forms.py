"""Forms: small, sent from our own page, and going on only to our own pages."""

import hmac
from urllib.parse import urlsplit

from anyio import move_on_after
from starlette.datastructures import FormData
from starlette.requests import Request

from ui.web import cookies
from ui.web.doors import origins

_MOST_BYTES = 16 * 1024
# A form of one line is here at once. Who sends it letter by letter holds a place that somebody else waits for.
_SECONDS = 10


class Forged(Exception):
    """The form was not sent from the page it belongs to, or is far too big."""


class NoCookie(Forged):
    """The browser sent none of this site's cookies along: it keeps none."""


async def fields(request: Request) -> FormData:
    """The form in ``request``. Raises Forged unless one of our own pages may have sent it."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > _MOST_BYTES or origins.foreign(request.scope):
        raise Forged
    with move_on_after(_SECONDS):
        return await request.form(max_files=0, max_fields=10)
    raise Forged


async def read(request: Request) -> FormData:
    """The form in ``request``. Raises Forged unless it comes from this site's own page in this browser."""
    form = await fields(request)
    held, sent = cookies.sent(request, cookies.CSRF), str(form.get("csrf", ""))
    if not held and not request.cookies:
        raise NoCookie
    if not held or not hmac.compare_digest(held.encode(), sent.encode()):
        raise Forged
    return form


def safe_next(wanted: str | None) -> str:
    """Where to go on to: a path of this site, or its front page."""
    if not wanted or len(wanted) > 2000 or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    if "\\" in wanted or any(ord(letter) < 32 for letter in wanted):
        return "/"
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith(("/sign-", "/password", "/api/", "/oidc/", "/_stcore/")):
        return "/"
    return wanted
