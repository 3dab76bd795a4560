"""Sign-in: the page, the password form, the demo buttons."""

from functools import partial
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.people import authentication, signins
from services.people.accounts import demo_identities, set_language
from services.people.attempts import Locked
from services.system import db
from services.system.database_faults import FAULTS, for_person
from services.system.errors import Refused
from services.system.settings import settings
from services.words.cleaning import clean
from services.words.i18n import listed
from ui.frame import faults
from ui.web import cookies, forms, sign_in_pages
from ui.web.browsers import caller
from ui.web.doors.refusals import PASSWORD

# A longer number fits no column of a database.
_DIGITS = 10
_STALE_FORM = listed("This page was open too long or came from elsewhere. It has been renewed: please try again.")
_NO_COOKIE = listed(
    "This browser keeps no cookies of this site, and without one nobody can sign in. Allow cookies for this address,"
    " then try again."
)

_SEES = {
    "admin": listed("Sees every place; looks after accounts, sign-ins and the audit."),
    "secretary": listed("Sees the whole place, decides and concludes."),
    "staff": listed("Registers matters, records meetings, follows each one up."),
    "grid_worker": listed("Reports and updates in one grid, from a phone."),
    "unit_clerk": listed("Answers for what waits for one unit, and sees nothing else."),
    "viewer": listed("Sees only what has been made public."),
}


async def page(request: Request) -> Response:
    """The sign-in page; whoever is signed in already goes straight on."""
    wanted = forms.safe_next(request.query_params.get("next"))
    digest = cookies.digest(request.scope)
    signed_in = await to_thread.run_sync(partial(_signed_in, digest))
    if signed_in:
        return RedirectResponse(wanted, 303)
    return await show(request, wanted, notice=_notice(request))


def _signed_in(digest: str | None) -> bool:
    if digest is None:
        return False
    with db.reading() as session:
        return signins.actor(session, digest) is not None


def _notice(request: Request) -> Refused | None:
    if "ended" in request.query_params:
        return Refused("Your sign-in has ended. Sign in again; you will come back to where you were.")
    return Refused("You are signed out.") if "out" in request.query_params else None


async def show(
    request: Request,
    wanted: str,
    status: int = 200,
    problem: Refused | None = None,
    notice: Refused | None = None,
    login: str = "",
) -> Response:
    """The sign-in page with what went wrong, if anything did; the typed name stays, the password never does."""
    groups = await to_thread.run_sync(_demo_identities)
    return sign_in_pages.render(
        request,
        "sign-in.html",
        status,
        next=wanted,
        problem=problem,
        notice=notice,
        login=login,
        groups=groups,
        sees=_SEES,
        oidc=settings().oidc_label if settings().oidc_issuer else "",
    )


def _demo_identities() -> list[object]:
    try:
        with db.reading() as session:
            return list(demo_identities(session))
    except FAULTS:
        return []  # The page itself still opens, and keeps the name that was typed.


async def by_password(request: Request) -> Response:
    """Take a name and a password. 303 on, 401 wrong, 403 not our form, 429 too many attempts."""
    try:
        form = await forms.read(request)
    except forms.Forged as forged:
        return await show(request, "/", 403, _renewed(forged))
    wanted, login = forms.safe_next(str(form.get("next", ""))), clean(form.get("login"))
    try:
        token = await authentication.by_password(login, str(form.get("password", "")), caller(request))
    except Locked as locked:
        answer = await show(request, wanted, 429, locked, login=login)
        answer.headers["retry-after"] = "900"
        return answer
    except authentication.WrongPassword as wrong:
        return await show(request, wanted, 401, wrong, login=login)
    except FAULTS as fault:
        faults.log(fault)
        return await show(request, wanted, 503, for_person(fault), login=login)
    return await enter(request, token, wanted)


async def by_demo_identity(request: Request) -> Response:
    """Enter as a demo identity. 404 in production."""
    if not settings().demo:
        return PlainTextResponse("Not found", 404)
    try:
        form = await forms.read(request)
        token = await to_thread.run_sync(partial(_demo_token, str(form.get("account", "")), caller(request).browser))
    except forms.Forged as forged:
        return await show(request, "/", 403, _renewed(forged))
    except Refused as refused:
        return await show(request, "/", 404, refused)
    return await enter(request, token, forms.safe_next(str(form.get("next", ""))))


def _renewed(forged: forms.Forged) -> Refused:
    return Refused(_NO_COOKIE if isinstance(forged, forms.NoCookie) else _STALE_FORM)


def _demo_token(account: str, browser: str) -> str:
    number = int(account) if account.isdecimal() and len(account) < _DIGITS else 0
    with db.writing(db.DOOR) as session:
        return authentication.by_demo_identity(session, number, browser)


async def enter(request: Request, token: str, wanted: str) -> Response:
    """Go on to ``wanted`` with the new token, by way of the password where it must be changed.

    The sign-in this browser had before is ended.
    """
    chosen = cookies.sent(request, cookies.LANGUAGE)
    language, first = await to_thread.run_sync(
        partial(_settle, cookies.digest(request.scope), signins.digest_of(token), chosen)
    )
    there = f"{PASSWORD}?next={quote(wanted, safe='')}" if first else wanted
    response = RedirectResponse(there, 303, {"cache-control": "no-store"})
    cookies.keep(response, cookies.SESSION, token, settings().session_hours * 3600)
    cookies.keep(response, cookies.LANGUAGE, language, cookies.YEAR)
    return response


def _settle(before: str | None, now: str, chosen: str) -> tuple[str, bool]:
    """End the sign-in before; which language is spoken from now on, and whether the password must be changed."""
    with db.writing() as session:
        if before:
            signins.revoke(session, before)
        account = signins.holder(session, now)
        if account and chosen:
            set_language(session, account.id, chosen)
        return cookies.known_language(chosen, account.language if account else None), bool(
            account and account.must_change
        )


def routes() -> list[BaseRoute]:
    """The page and its two forms."""
    return [
        Route("/sign-in", page, methods=["GET"]),
        Route("/sign-in", by_password, methods=["POST"]),
        Route("/sign-in/demo", by_demo_identity, methods=["POST"]),
    ]
