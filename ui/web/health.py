"""Health: is the process alive, is it ready for work."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from services.system import db, schema


def alive(_request: Request) -> Response:
    """200 as long as the process answers."""
    return PlainTextResponse("ok")


def ready(_request: Request) -> Response:
    """200 when the database answers and its schema is the one this code expects; else 503 and the next step."""
    try:
        with db.reading() as session:
            at_head = schema.at_head(session)
    except SQLAlchemyError:
        return PlainTextResponse("The database does not answer. Check MULIN_DATABASE_URL.", 503)
    if not at_head:
        return PlainTextResponse("The schema is not up to date. Run: python manage.py init", 503)
    return PlainTextResponse("ready")


def routes() -> list[BaseRoute]:
    """/healthz for the supervisor, /readyz for the load balancer."""
    return [Route("/healthz", alive), Route("/readyz", ready)]
