"""Sign-out: one button; every tab of this browser is out at its next click."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.people import signins
from services.system import db
from ui.web import cookies, forms, sign_in_pages


async def page(request: Request) -> Response:
    """Ask before signing out: a link must not do it."""
    return sign_in_pages.render(request, "sign-out.html")


async def sign_out(request: Request) -> Response:
    """End this sign-in. 403 when the form is not ours."""
    try:
        await forms.read(request)
    except forms.Forged:
        return sign_in_pages.render(request, "sign-out.html", 403)
    digest = cookies.digest(request.scope)
    if digest:
        await to_thread.run_sync(_revoke, digest)
    response = RedirectResponse("/sign-in?out=1", 303, {"cache-control": "no-store"})
    response.delete_cookie(cookies.SESSION, path="/")
    return response


def _revoke(digest: str) -> None:
    with db.writing(db.DOOR) as session:
        signins.revoke(session, digest)


def routes() -> list[BaseRoute]:
    """The question and the answer."""
    return [Route("/sign-out", page, methods=["GET"]), Route("/sign-out", sign_out, methods=["POST"])]
