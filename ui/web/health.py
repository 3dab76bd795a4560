"""Health: is the process alive, is it ready for work."""

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

import services.registry  # noqa: F401  (the guards that arrows name)
from services.engine import checks, flows, moved, versions
from services.keep import known_anchors
from services.system import agreement, db, flow_files, schema
from services.system.errors import Refused
from ui.terminal.sentences import _

_LINE = CapacityLimiter(1)


def alive(_request: Request) -> Response:
    """200 as long as the process answers."""
    return PlainTextResponse("ok")


def ready(_request: Request) -> Response:
    """200 when the database answers, has this schema, and the flows on the disk fit it; else 503 and the next step."""
    try:
        with db.reading() as session:
            schema.require_head(session)
            agreement.require(session)
            _require_flows(session)
            problem = known_anchors.behind(session)
    except SQLAlchemyError:
        return PlainTextResponse(_("The database does not answer. Check MULIN_DATABASE_URL."), 503)
    except Refused as refused:
        return PlainTextResponse(_(refused.message, **refused.params), 503)
    # People can work; whoever looks after the machine must know all the same.
    warning = f"\n{_(problem.message, **problem.params)}" if problem else ""
    return PlainTextResponse(f"ready{warning}")


async def _ready_in_line(request: Request) -> Response:
    """One look at a time: anybody may ask, and looking takes a thread that a page may be waiting for."""
    return await to_thread.run_sync(ready, request, limiter=_LINE)


def _require_flows(session: Session) -> None:
    """Refuse rows with which the program could not be started again, and rows that others work by no more."""
    with flow_files.trying(flow_files.on_disk()):
        checks.check()
        moved.refuse(session)
    if any(versions.outdated(session, code) for code in flows.flows()):
        raise Refused("The rows of the flows were changed while this was running. Start the program again.")


def routes() -> list[BaseRoute]:
    """/healthz for the supervisor, /readyz for the load balancer."""
    return [Route("/healthz", alive), Route("/readyz", _ready_in_line)]
