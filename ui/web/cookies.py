"""Cookies: the sign-in token, the language, and the value that proves a form is ours."""

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from services.people import signins
from services.system.settings import settings
from services.words import vocabulary

SESSION = "mulin_session"
LANGUAGE = "mulin_language"
CSRF = "mulin_csrf"
YEAR = 365 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def digest(scope: Scope) -> str | None:
    """The digest of the sign-in token the browser sent, if it sent one that could be ours."""
    sent = [value for name, value in scope["headers"] if name == b"cookie"]
    try:
        morsel = SimpleCookie(b"; ".join(sent).decode("latin-1")).get(SESSION)
    except CookieError:
        return None
    return signins.digest_of(morsel.value) if morsel and _TOKEN.fullmatch(morsel.value) else None


def language(request: Request) -> str:
    """The language asked for in the URL, else the one chosen before, else Chinese."""
    return known_language(request.query_params.get("lang"), request.cookies.get(LANGUAGE))


def known_language(*wishes: str | None) -> str:
    """The first of ``wishes`` that is a language we speak, else Chinese."""
    return next((wish for wish in wishes if wish in vocabulary.LANGUAGES), vocabulary.LANGUAGES[0])


def csrf(request: Request) -> str:
    """The form proof this browser holds already, or a new one: a second tab must not spoil the first."""
    held = request.cookies.get(CSRF, "")
    return held if _TOKEN.fullmatch(held) else secrets.token_urlsafe(32)


def keep(response: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie no script can read and no other site can send along with a form."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=settings().secure_cookie
    )
