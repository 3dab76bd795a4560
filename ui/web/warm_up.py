"""Warm: what a cold process would make its first visitor wait for is done before the door opens."""

import gc
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import services.registry  # noqa: F401  (the guards that arrows name)
from services.engine import starting
from services.keep import settling
from services.system import db, limits, running, schema
from services.system.files import private_files, work_folders
from services.system.settings import settings
from ui.web import watch
from ui.web.doors import roomy_headers
from ui.web.life import notes, stopping, sweeping

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


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Check the settings, the schema and the flows, warm the process, then serve.

    Raises UnsafeSettings or Refused before anybody can come in; also where key, time zone or clock are not those of the
    database. What the folders of the flows say now is what the
    process works by as long as it runs. In demo mode the schema is made or brought up to date
    here; in production only ``manage.py init`` does that, after a backup.
    """
    settings().check()
    private_files.narrow()
    limits.raise_open_files()
    stopping.bound()
    work_folders.sweep()
    _ready_schema()
    running.hold()
    settling.settle()
    starting.start(notes.PROGRAM)
    _set_nodelay()
    roomy_headers.make_room()
    _believe_no_proxy()
    _import_heavy()
    gc.collect()
    # Streamlit's own full collection after each run is off (config.toml); what is loaded now is never garbage.
    gc.freeze()
    # Half a second that neither the start nor the sign-in page should wait for; a figure asked for sooner does.
    Thread(target=import_module, args=("scipy.stats",), daemon=True).start()
    async with watch.watching(), notes.writing(), sweeping.sweeping():
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


def _believe_no_proxy() -> None:
    """Where no proxy is, nobody is believed who says for whom he asks: he could be another address at each request.

    The server believes whatever comes from this machine, and has no setting for it that Streamlit passes on.
    """
    if settings().public_addresses or "FORWARDED_ALLOW_IPS" in os.environ:
        return
    for found in gc.get_objects():
        if isinstance(found, ProxyHeadersMiddleware):
            found.trusted_hosts = ProxyHeadersMiddleware(found.app, []).trusted_hosts


def _listens(found: socket.socket) -> bool:
    if found.fileno() < 0 or found.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    return bool(found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _import_heavy() -> None:
    for name in _HEAVY:
        import_module(name)
    altair, pandas = import_module("altair"), import_module("pandas")
    altair.Chart(pandas.DataFrame({"a": [1]})).mark_bar().encode(x="a").to_dict()
