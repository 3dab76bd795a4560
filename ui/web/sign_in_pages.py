"""The door's pages: rendered from templates, in the person's language, with a strict policy and a form proof."""

from functools import lru_cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.system.settings import settings
from services.words import vocabulary
from services.words.i18n import translate
from ui.web import cookies
from ui.web.assets import url
from ui.web.security_headers import STRICT

_HALF_DAY = 12 * 3600


@lru_cache
def _templates() -> Environment:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def render(request: Request, template: str, status: int = 200, *, speaks: str = "", **values: object) -> Response:
    """A page of the door. Each one carries a fresh-enough form proof and remembers the chosen language.

    ``speaks`` is the language of somebody who is signed in; without one it is the browser's.
    """
    language, proof = speaks or cookies.language(request), cookies.csrf(request)
    html = (
        _templates()
        .get_template(template)
        .render(
            _=partial(translate, language),
            term=partial(vocabulary.term, language=language),
            asset=url,
            language=language,
            csrf=proof,
            demo=settings().demo,
            **values,
        )
    )
    response = HTMLResponse(html, status, {"cache-control": "no-store", "content-security-policy": STRICT})
    cookies.keep(response, cookies.CSRF, proof, _HALF_DAY)
    # A link on another site chooses what is read now, not what is kept: an account takes it over at its sign-in.
    if "lang" in request.query_params and not getattr(request.state, "elsewhere", False):
        cookies.keep(response, cookies.LANGUAGE, language, cookies.YEAR)
    return response
