"""A worker: one process that serves, on the socket it was given, for as long as its supervisor lives."""

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import click
from streamlit.web import bootstrap
from streamlit.web.cli import configurator_options
from streamlit.web.server.starlette.starlette_server import _get_uvicorn_config_kwargs
from uvicorn import Config, Server

from services.system.files import private_files
from ui.web.processes import door
from ui.web.processes.listener import WAITING

# What the supervisor goes by: something has to be set right first, and another process could not start either.
_NOT_STARTED = 3


class Idlest(Server):
    """A server that takes one connection at a time: so whoever is idle gets the next one.

    Otherwise one process empties the queue, and the pages it has taken stay with it for as long as they are open.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's; then as many may wait at the socket as before."""
        await super().startup(sockets)
        for one in sockets or []:
            one.listen(WAITING)


def serve(descriptor: int) -> None:
    """Serve ``app:app`` of this folder on a listening socket until told to end; SystemExit where it could not start."""
    listener = socket.socket(fileno=descriptor)
    address, port = listener.getsockname()[:2]
    launcher = str(Path("app.py").resolve())
    options = {**_surroundings(args=[], standalone_mode=False), "server_address": address, "server_port": port}
    bootstrap.load_config_options(options)
    bootstrap._prepare_asgi_app_run_context(launcher, [], options)
    made = Config("app:app", host=address, port=port, backlog=1, log_level="warning", **_get_uvicorn_config_kwargs())
    server = Idlest(made)
    private_files.narrow()
    server.run(sockets=[listener, door.opened()])
    if not server.started:
        raise SystemExit(_NOT_STARTED)


@click.command()
@configurator_options
def _surroundings(**options: Any) -> dict[str, Any]:
    """What STREAMLIT_* variables say, read as ``streamlit run`` reads them."""
    return options


def _end_with_the_supervisor() -> None:
    """Nobody restarts or ends a worker whose supervisor was killed: it ends by itself."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_supervisor, daemon=True).start()
    serve(int(sys.argv[1]))
