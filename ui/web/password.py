"""Password: the page on which everybody changes their own, and the only one that opens while it must be changed."""

from functools import partial

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from models.account import Account
from services.people import own_password, signins, strength
from services.people.attempts import Locked
from services.system import db
from services.system.errors import Refused
from services.words.i18n import listed
from ui.web import cookies, forms, sign_in_pages
from ui.web.browsers import caller
from ui.web.doors.refusals import PASSWORD

_STALE_FORM = listed("This page was open too long or came from elsewhere. It has been renewed: please try again.")


async def page(request: Request) -> Response:
    """The form; whoever is not signed in goes to the door first."""
    return await _show(request, forms.safe_next(request.query_params.get("next")))


async def _show(request: Request, wanted: str, status: int = 200, problem: Refused | None = None) -> Response:
    account = await to_thread.run_sync(partial(_holder, cookies.digest(request.scope)))
    if account is None:
        return RedirectResponse(f"/sign-in?next={PASSWORD}", 303, {"cache-control": "no-store"})
    return sign_in_pages.render(
        request,
        "password.html",
        status,
        speaks=cookies.known_language(account.language),
        next=wanted,
        problem=problem,
        login=account.login,
        own=own_password.has_one(account),
        first=account.must_change,
        least=strength.LENGTH,
    )


def _holder(digest: str | None) -> Account | None:
    if digest is None:
        return None
    with db.reading() as session:
        return signins.holder(session, digest)


async def change(request: Request) -> Response:
    """Take the form. 303 on, 400 refused, 403 not our form, 429 too many attempts."""
    try:
        form = await forms.read(request)
    except forms.Forged:
        return await _show(request, "/", 403, Refused(_STALE_FORM))
    wanted = forms.safe_next(str(form.get("next", "")))
    asked = own_password.Asked(*(str(form.get(name, "")) for name in ("present", "new", "again")))
    try:
        await own_password.change(cookies.digest(request.scope) or "", asked, caller(request).address)
    except Refused as refused:
        return await _show(request, wanted, 429 if isinstance(refused, Locked) else 400, refused)
    return RedirectResponse(wanted, 303, {"cache-control": "no-store"})


def routes() -> list[BaseRoute]:
    """The form and what it sends; the gate leaves them open, for it lets nobody in who must come here."""
    return [Route(PASSWORD, page, methods=["GET"]), Route(PASSWORD, change, methods=["POST"])]
