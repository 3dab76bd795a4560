"""Health: is the process alive, is it ready for work."""

from anyio import CapacityLimiter, to_thread
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

import services.registry  # noqa: F401  (the guards that arrows name)
from services.engine import checks, flows, moved, versions
from services.keep import known_anchors
from services.system import agreement, db, flow_files, limits, schema, schema_check
from services.system.database_faults import FAULTS, for_operator
from services.system.errors import Refused
from ui.terminal.sentences import _

_LINE = CapacityLimiter(1)


def alive(_request: Request) -> Response:
    """200 as long as the process answers."""
    return PlainTextResponse("ok")


def ready(_request: Request) -> Response:
    """200 when the database answers, has this schema, and the flows on the disk fit it; else 503 and the next step."""
    try:
        limits.require_room()
        with db.reading() as session:
            schema.require_head(session)
            schema_check.require_still_equal(session)
            agreement.require(session)
            _require_flows(session)
            problem = known_anchors.behind(session)
        _require_writing()
    except Refused as refused:
        return _not_ready(refused)
    except (*FAULTS, OSError) as fault:
        return _not_ready(for_operator(fault))
    # People can work; whoever looks after the machine must know all the same.
    warning = f"\n{_(problem.message, **problem.params)}" if problem else ""
    return PlainTextResponse(f"ready{warning}")


def _not_ready(refused: Refused) -> Response:
    return PlainTextResponse(_(refused.message, **refused.params), 503)


def _require_writing() -> None:
    """OperationalError where nothing can be saved: the database may only be read, or somebody holds it for long."""
    with db.writing(db.DOOR) as session:
        session.connection()
        session.rollback()


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
