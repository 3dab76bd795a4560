"""Arrivals: a person who goes to a page, and whether this request may come from where it comes from."""

from starlette.types import Scope

from services.system.errors import Refused
from services.words.i18n import listed
from ui.web.doors import origins

_NOT_PAGES = ("/_stcore/", "/media/", "/component/", "/static/", "/api/", "/app/")
# They make work or change something: a link on another site may lead to a page, never to one of these.
_NOT_FROM_ELSEWHERE = ("/export/", "/template/", "/layers/", "/language")
_UNKNOWN_NAME = listed(
    "Mulin does not answer under this name. Write the address you were given; whoever looks after Mulin can add a name"
    " to MULIN_PUBLIC_ADDRESS."
)
_FROM_ELSEWHERE = listed("This request came from another site. Open Mulin itself, and do it there.")


class Misdirected(Refused):
    """The request may not be answered; ``status`` says of which kind it is."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def is_navigation(scope: Scope) -> bool:
    """Whether a person goes to a page, as opposed to a script, a frame or a probe fetching something."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    headers = dict(scope["headers"])
    if b"text/html" not in headers.get(b"accept", b"") or headers.get(b"sec-fetch-dest", b"document") != b"document":
        return False
    return not scope["path"].startswith(_NOT_PAGES) and "/_stcore/" not in scope["path"]


def require_own(scope: Scope) -> Scope:
    """``scope``, marked when a link elsewhere led here. Raises Misdirected for what only our own pages may ask.

    A link elsewhere may lead to a page; everything else is answered only to our own pages and to the address bar.
    """
    if origins.asked(scope) is None:
        raise Misdirected(_UNKNOWN_NAME, 421)
    if not origins.foreign(scope):
        return scope
    if not _follows_a_link(scope):
        raise Misdirected(_FROM_ELSEWHERE, 403)
    return {**scope, "state": {**scope.get("state", {}), "elsewhere": True}}


def _follows_a_link(scope: Scope) -> bool:
    if not is_navigation(scope) or scope["path"].startswith(_NOT_FROM_ELSEWHERE):
        return False
    mode = origins.sent(scope, b"sec-fetch-mode")
    return not origins.sent(scope, b"origin") and mode in ([], [b"navigate"])
