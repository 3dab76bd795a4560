"""Open311 on the web: the endpoints of GeoReport v2 that read, for everybody, when MULIN_OPEN311 is on."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from xml.etree import ElementTree

from anyio import CapacityLimiter, to_thread
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from services.public import open311
from services.system import db
from services.system.database_faults import FAULTS, for_person
from services.system.errors import NotFound, Refused
from services.system.settings import settings
from services.words.cleaning import clean
from services.words.i18n import listed, translate
from services.words.vocabulary import LANGUAGES
from ui.frame import faults
from ui.web.doors import origins
from ui.web.doors.allowances import Allowance
from ui.web.doors.callers import caller

_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_CACHE = {"cache-control": "public, max-age=60"}
_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# Each list's elements by the name of the list.
_ELEMENTS = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "endpoints": "endpoint",
    "formats": "format",
}
_LANGUAGE = LANGUAGES[0]
_NOT_HERE = listed("There is nothing here.")
_TOO_MANY = listed("Too much was asked from this address. Ask again in {seconds} seconds.")

Answer = tuple[str, Any]
Handler = Callable[[Request, Session], Answer]
# Two at a time, so that the threads of those who work here are never all taken by those who only read.
_LINE = CapacityLimiter(2)
_ALLOWANCE = Allowance(questions=120, bytes=16 * 1024 * 1024)


def _answered(function: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The answer, as far as the address of whoever asks has any left: 429 where it has not."""
    told = _told(function)

    @wraps(function)
    async def answer(request: Request) -> Response:
        if not settings().open311:
            return _refused(request, 404, NotFound(_NOT_HERE))
        address = caller(request.scope)
        if seconds := _ALLOWANCE.wait(address):
            return _slower(request, seconds)
        response = await to_thread.run_sync(told, request, limiter=_LINE)
        _ALLOWANCE.sent(address, len(response.body))
        return response

    return answer


def _slower(request: Request, seconds: int) -> Response:
    response = _refused(request, 429, Refused(_TOO_MANY, seconds=seconds))
    response.headers["retry-after"] = str(seconds)
    return response


def _told(function: Handler) -> Callable[[Request], Response]:
    """The answer in the format of the address; a refusal in the specification's own form."""

    def answer(request: Request) -> Response:
        try:
            with db.reading() as session:
                root, found = function(request, session)
        except Refused as refused:
            return _refused(request, 404 if isinstance(refused, NotFound) else 400, refused)
        except FAULTS as fault:
            faults.log(fault)
            return _refused(request, 503, for_person(fault))
        return _response(request, root, found, 200, _CACHE)

    return answer


def _refused(request: Request, status: int, refused: Refused) -> Response:
    said = translate(_LANGUAGE, refused.message, **refused.params)
    return _response(request, "errors", [{"code": status, "description": said}], status, {"cache-control": "no-store"})


def _response(request: Request, root: str, found: Any, status: int, headers: dict[str, str]) -> Response:
    kind = "json" if request.url.path.endswith(".json") else "xml"
    body = json.dumps(found, ensure_ascii=False).encode() if kind == "json" else written(root, found)
    return Response(body, status, headers, media_type=_TYPES[kind])


def written(root: str, found: Any) -> bytes:
    """``found`` as XML: the specification's names, no namespace, nothing of the data taken for markup."""
    element = ElementTree.Element(root)
    _fill(element, found)
    return bytes(ElementTree.tostring(element, encoding="utf-8", xml_declaration=True))


def _fill(element: ElementTree.Element, value: Any) -> None:
    if isinstance(value, list):
        for one in value:
            _fill(ElementTree.SubElement(element, _ELEMENTS[element.tag]), one)
    elif isinstance(value, dict):
        for name, one in value.items():
            _fill(ElementTree.SubElement(element, name), one)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif value is not None:
        element.text = clean(value).translate({0xFFFE: None, 0xFFFF: None})


@_answered
def _discovery(request: Request, _session: Session) -> Answer:
    base = f"{origins.public(request.scope)}/open311/v2"
    endpoint = {
        "specification": _SPECIFICATION,
        "url": base,
        "changeset": _CHANGESET,
        "type": "test" if settings().demo else "production",
        "formats": ["text/xml", "application/json"],
    }
    return "discovery", {
        "changeset": _CHANGESET,
        "contact": settings().open311_contact or None,
        "key_service": None,
        "endpoints": [endpoint],
    }


# When the list of services last changed its meaning.
_CHANGESET = "2026-11-22T00:00:00+08:00"


@_answered
def _services(request: Request, session: Session) -> Answer:
    open311.jurisdiction(session, request.query_params)
    return "services", open311.services(session, _LANGUAGE)


@_answered
def _definition(request: Request, session: Session) -> Answer:
    open311.jurisdiction(session, request.query_params)
    return "service_definition", open311.definition(session, request.path_params["code"], _LANGUAGE)


@_answered
def _requests(request: Request, session: Session) -> Answer:
    wanted = open311.asked(session, request.query_params)
    return "service_requests", open311.requests(session, wanted, _LANGUAGE)


@_answered
def _request(request: Request, session: Session) -> Answer:
    number = request.path_params["number"]
    return "service_requests", open311.request(session, request.query_params, number, _LANGUAGE)


@_answered
def _nothing(_request: Request, _session: Session) -> Answer:
    raise NotFound(_NOT_HERE)


def _both(path: str, function: Callable[[Request], Awaitable[Response]]) -> list[BaseRoute]:
    return [Route(f"{path}.{kind}", function, methods=["GET"]) for kind in _TYPES]


# A mount: whatever else is asked for under it, by any method, ends here and never reaches a page.
routes: list[BaseRoute] = [
    Mount(
        "/open311",
        routes=[
            *_both("/v2/discovery", _discovery),
            *_both("/v2/services", _services),
            *_both("/v2/services/{code}", _definition),
            *_both("/v2/requests", _requests),
            *_both("/v2/requests/{number}", _request),
            Route("/{rest:path}", _nothing),
        ],
    )
]
