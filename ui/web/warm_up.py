"""Warm: what a cold process would make its first visitor wait for is done before the door opens."""

import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread
from typing import Any

import services.registry  # noqa: F401  (the guards that arrows name)
from services.engine import starting
from services.system import db, schema
from services.system.settings import settings

# Not streamlit_folium: a component imported outside a script run is never registered, and the map stays blank.
_HEAVY = (
    "pandas",
    "numpy",
    "pyarrow",
    "sqlalchemy",
    "shapely",
    "folium",
    "folium.plugins",
    "babel.dates",
    "streamlit.elements.arrow",
    "streamlit.elements.vega_charts",
)

# Who the audit and the timelines name for what the program does by itself at its start.
_NAME = "Mulin"


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Check the settings, the schema and the flows, warm the process, then serve.

    Raises UnsafeSettings or Refused before anybody can come in. What the folders of the flows say now is what the
    process works by as long as it runs. In demo mode the schema is made or brought up to date
    here; in production only ``manage.py init`` does that, after a backup.
    """
    settings().check()
    _ready_schema()
    starting.start(_NAME)
    _set_nodelay()
    _import_heavy()
    gc.collect()
    # Streamlit's own full collection after each run is off (config.toml); what is loaded now is never garbage.
    gc.freeze()
    # Half a second that neither the start nor the sign-in page should wait for; a figure asked for sooner does.
    Thread(target=import_module, args=("scipy.stats",), daemon=True).start()
    yield {}


def _ready_schema() -> None:
    if settings().demo:
        schema.upgrade()
    with db.reading() as session:
        schema.require_head(session)


def _set_nodelay() -> None:
    # Streamlit opens the listener with proto=0, so asyncio leaves Nagle on: 40 ms on every rerun.
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and _listens(found):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listens(found: socket.socket) -> bool:
    if found.fileno() < 0 or found.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    return bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _import_heavy() -> None:
    for name in _HEAVY:
        import_module(name)
    altair, pandas = import_module("altair"), import_module("pandas")
    altair.Chart(pandas.DataFrame({"a": [1]})).mark_bar().encode(x="a").to_dict()
