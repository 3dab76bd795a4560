"""Me: is this browser still signed in, and which language does its person read."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services import db, vocabulary
from services.accounts import set_language
from ui.web import cookies, forms


async def alive(_request: Request) -> Response:
    """204: the gate has let this through; anybody else got its 401."""
    return Response(status_code=204, headers={"cache-control": "no-store"})


def language(request: Request) -> Response:
    """Change the language of the account and of this browser, and go back."""
    wanted, actor = request.query_params.get("to", ""), request.state.actor
    response = RedirectResponse(forms.safe_next(request.query_params.get("next")), 303)
    if wanted in vocabulary.LANGUAGES:
        with db.writing() as session:
            set_language(session, actor.account_id, wanted)
        cookies.keep(response, cookies.LANGUAGE, wanted, cookies.YEAR)
    return response


def routes() -> list[BaseRoute]:
    """Both are behind the gate."""
    return [Route("/api/me", alive), Route("/language", language)]
