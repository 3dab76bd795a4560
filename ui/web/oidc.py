"""OIDC: the office's own identity provider opens the same door, into the same kind of sign-in."""

from functools import lru_cache
from typing import Any

from anyio import to_thread
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx import HTTPError
from joserfc.errors import JoseError
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from services.people import authentication
from services.system import db
from services.system.errors import Refused
from services.system.settings import settings
from services.words.i18n import listed
from ui.web import cookies, forms, signin
from ui.web.browsers import caller
from ui.web.doors import origins

_FAILED = listed("The identity provider did not confirm who you are. Try again, or sign in with a password.")
_UNLINKED = listed("No open account is linked to that identity. Ask the administrator to link yours.")


@lru_cache
def _provider() -> Any:
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=settings().oidc_client_id,
        client_secret=settings().oidc_client_secret,
        server_metadata_url=settings().oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256"},
    )
    return oauth.provider


async def login(request: Request) -> Response:
    """Off to the provider, with state, nonce and PKCE kept in a short-lived signed cookie."""
    wanted = forms.safe_next(request.query_params.get("next"))
    request.session["next"] = wanted
    try:
        answer: Response = await _provider().authorize_redirect(request, _callback(request))
    except (OAuthError, HTTPError):
        return await signin.show(request, wanted, 502, Refused(_FAILED))
    return answer


def _callback(request: Request) -> str:
    return f"{origins.address(request.scope)}/oidc/callback"


async def callback(request: Request) -> Response:
    """Back from the provider: the linked account is signed in, anybody else is told whom to ask."""
    wanted = forms.safe_next(request.session.get("next"))
    try:
        token = await _provider().authorize_access_token(request)
    except (OAuthError, JoseError, HTTPError):
        return await signin.show(request, wanted, 401, Refused(_FAILED))
    finally:
        request.session.clear()
    entered = await to_thread.run_sync(_entered, str(token.get("userinfo", {}).get("sub", "")), caller(request).browser)
    if entered is None:
        return await signin.show(request, wanted, 403, Refused(_UNLINKED))
    return await signin.enter(request, entered, wanted)


def _entered(subject: str, browser: str) -> str | None:
    with db.writing(db.DOOR) as session:
        return authentication.by_subject(session, subject, browser)


class _OwnSession(SessionMiddleware):
    """Starlette's, out of sight of Streamlit's own around it, which would keep the same in a cookie for two weeks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a scope of its own."""
        await super().__call__(dict(scope), receive, send)


def routes() -> list[BaseRoute]:
    """The way out and the way back, with a cookie of their own that lives for ten minutes."""
    kept = Middleware(
        _OwnSession,
        secret_key=settings().key,
        session_cookie=cookies.OIDC,
        path="/oidc",
        max_age=600,
        https_only=settings().secure_cookie,
    )
    both = [Route("/login", login), Route("/callback", callback)]
    return [Mount("/oidc", routes=both, middleware=[kept])]
