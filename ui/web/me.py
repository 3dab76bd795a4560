"""Me: is this browser still signed in, which language does its person read, and where does it begin."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.people.accounts import choose_language
from services.words import vocabulary
from ui.web import cookies, forms
from ui.web.doors.open_sockets import SOCKETS


async def alive(request: Request) -> Response:
    """204: the gate has let this through; anybody else got its 401. 429 while no page more may be opened."""
    SOCKETS.require_room(request.scope, request.state.actor)
    return Response(status_code=204, headers={"cache-control": "no-store"})


async def language(request: Request) -> Response:
    """Change the language of the account and of this browser, and go back."""
    try:
        form = await forms.fields(request)
    except forms.Forged:
        return RedirectResponse("/", 303)
    wanted = str(form.get("to", ""))
    response = RedirectResponse(forms.safe_next(str(form.get("next", ""))), 303)
    if wanted in vocabulary.LANGUAGES:
        await to_thread.run_sync(choose_language, request.state.actor.account_id, wanted)
        cookies.keep(response, cookies.LANGUAGE, wanted, cookies.YEAR)
    return response


def not_by_link(_request: Request) -> Response:
    """405: what a link leads to changes nothing."""
    return PlainTextResponse("Method not allowed", 405, {"allow": "POST"})


def first_page(request: Request) -> Response:
    """Streamlit serves its first page only at the root; a link that names it by name still arrives."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{query}", 303)


def routes() -> list[BaseRoute]:
    """All are behind the gate."""
    return [
        Route("/api/me", alive),
        Route("/language", language, methods=["POST"]),
        Route("/language", not_by_link),
        *(Route(path, first_page) for path in ("/overview", "/unit")),
    ]
