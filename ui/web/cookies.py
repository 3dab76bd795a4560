"""Cookies: the sign-in token, the language, and the value that proves a form is ours.

Every program on this host writes into the same header, in whatever form it likes. What is not exactly one of ours is
dropped before anything else reads the header, and can neither spoil ours nor pass for it.
"""

import re
import secrets
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from services.people import signins
from services.system.settings import settings
from services.words import vocabulary

SESSION = "mulin_session"
LANGUAGE = "mulin_language"
CSRF = "mulin_csrf"
OIDC = "mulin_oidc"
# Streamlit's own proof that an upload comes from its page; made anew at each page where it is missing.
UPLOAD_PROOF = "_streamlit_xsrf"
YEAR = 365 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_KNOWN = {
    SESSION: _TOKEN,
    LANGUAGE: re.compile("|".join(map(re.escape, vocabulary.LANGUAGES))),
    CSRF: _TOKEN,
    OIDC: re.compile(r"[A-Za-z0-9+/=_.-]{1,4096}", re.ASCII),
    UPLOAD_PROOF: re.compile(r"2\|[0-9a-f]{8}\|[0-9a-f]{32}\|[0-9]{1,12}", re.ASCII),
}
# Nobody has more sign-ins under one name than a browser with a few programs on the host brings along.
_MOST_TOKENS = 8


def _sent(scope: Scope) -> Iterator[tuple[str, str]]:
    for header, line in scope["headers"]:
        if header.lower() == b"cookie":
            for part in line.decode("latin-1").split(";"):
                name, _, value = part.strip(" \t").partition("=")
                if name in _KNOWN and _KNOWN[name].fullmatch(value):
                    yield name, value


def tokens(scope: Scope) -> list[str]:
    """The values that could be our sign-in, likeliest first: browsers send the cookie of the widest path last."""
    found = [value for name, value in _sent(scope) if name == SESSION]
    return list(dict.fromkeys(reversed(found)))[:_MOST_TOKENS]


def cleaned(scope: Scope, token: str | None) -> Scope:
    """``scope`` with our own cookies only, each once: the last of its name, and ``token`` for the sign-in."""
    found = list(_sent(scope))
    # Browsers send the cookie of the narrowest path first: of ours, only that of the way to the provider has one.
    kept = dict(found) | {name: value for name, value in reversed(found) if name == OIDC}
    kept.pop(SESSION, None)
    if token:
        kept[SESSION] = token
    line = "; ".join(f"{name}={value}" for name, value in kept.items()).encode()
    others = [pair for pair in scope["headers"] if pair[0].lower() != b"cookie"]
    return {**scope, "headers": [*others, (b"cookie", line)] if line else others}


def ours(set_cookie: bytes) -> bool:
    """Whether an answer may set this cookie: one of those that are read here."""
    return set_cookie.partition(b"=")[0].strip().decode("latin-1") in _KNOWN


def digest(scope: Scope) -> str | None:
    """The digest of the sign-in token the browser sent, if it sent one that could be ours."""
    return next(map(signins.digest_of, tokens(scope)), None)


def sent(request: Request, name: str) -> str:
    """The value the browser sent for one of our cookies, or nothing."""
    return dict(_sent(request.scope)).get(name, "")


def spoken(scope: Scope) -> str:
    """The language chosen before in this browser, else Chinese."""
    return known_language(dict(_sent(scope)).get(LANGUAGE))


def language(request: Request) -> str:
    """The language asked for in the URL, else the one chosen before, else Chinese."""
    return known_language(request.query_params.get("lang"), spoken(request.scope))


def known_language(*wishes: str | None) -> str:
    """The first of ``wishes`` that is a language we speak, else Chinese."""
    return next((wish for wish in wishes if wish in vocabulary.LANGUAGES), vocabulary.LANGUAGES[0])


def csrf(request: Request) -> str:
    """The form proof this browser holds already, or a new one: a second tab must not spoil the first."""
    return sent(request, CSRF) or secrets.token_urlsafe(32)


def keep(response: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie no script can read and no other site can send along with a form."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=settings().secure_cookie
    )
