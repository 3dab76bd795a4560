"""Me: is this browser still signed in, which language does its person read, and where does it begin."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.people.accounts import set_language
from services.system import db
from services.words import vocabulary
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


def first_page(request: Request) -> Response:
    """Streamlit serves its first page only at the root; a link that names it by name still arrives."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{query}", 303)


def routes() -> list[BaseRoute]:
    """All are behind the gate."""
    return [
        Route("/api/me", alive),
        Route("/language", language),
        *(Route(path, first_page) for path in ("/overview", "/unit")),
    ]
