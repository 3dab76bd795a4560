"""Layers: the map's data as cached GeoJSON, one address a layer, with the same check as the page."""

import gzip
from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.layers import layers, map_views
from services.rights.permissions import Actor, may
from services.system import db
from services.system.errors import NotFound, Refused
from services.words.i18n import translate

# A browser keeps a layer for the quarter of an hour its version lasts, for this person's cookie alone.
_CACHE = {"cache-control": "private, max-age=900", "vary": "Cookie, Accept-Encoding"}
_JSON = "application/geo+json"

Handler = Callable[[Request, Actor], Response]


def _asked(function: Handler) -> Callable[[Request], Response]:
    """Answer 401 to nobody, 404 for what may not be seen, 400 with a sentence for what makes no sense."""

    @wraps(function)
    def answer(request: Request) -> Response:
        actor: Actor | None = getattr(request.state, "actor", None)
        if actor is None:
            return PlainTextResponse("Sign in first", 401)
        try:
            return function(request, actor)
        except Refused as refused:
            wrong = 404 if isinstance(refused, NotFound) or not may(actor, "page.map") else 400
            return PlainTextResponse(translate(actor.language, refused.message, **refused.params), wrong)

    return answer


@_asked
def layer(request: Request, actor: Actor) -> Response:
    """One layer, gzipped for browsers that take it; 304 when the browser has it already."""
    with db.reading() as session:
        view = map_views.read(session, actor, request.query_params)
        found = layers.packed(session, actor, request.path_params["name"], view)
    headers = _CACHE | {"etag": f'"{found.tag}"'}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(found.body), headers=headers, media_type=_JSON)
    return Response(found.body, headers=headers | {"content-encoding": "gzip"}, media_type=_JSON)


routes: list[Route] = [Route("/layers/{name}.geojson", layer)]
