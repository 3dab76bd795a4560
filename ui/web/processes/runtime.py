"""The runtime: Streamlit's own, with pages and files that the other processes find, and fewer open files."""

import asyncio
from functools import partial
from typing import Any

from streamlit import App, config, runtime
from streamlit.runtime import RuntimeConfig
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
from streamlit.web.cache_storage_manager_config import create_default_cache_storage_manager

from ui.web.processes import session_folders
from ui.web.processes.media import Media
from ui.web.processes.uploads import Uploads

# Whoever's connection was cut finds his page as he left it; an office may be cut off as a whole.
_CUT_OFF = 1000


class Stored(MemorySessionStorage):
    """Pages whose websocket was cut, for a while. Unlike Streamlit's own it lets go of what nobody came back for."""

    def __init__(self, maxsize: int = _CUT_OFF, ttl_seconds: int = 120) -> None:
        super().__init__(maxsize, ttl_seconds)
        self._cache: TTLCache[str, SessionInfo] = TTLCache(maxsize, ttl_seconds, on_remove=self._removed)
        self._taken = ""

    def delete(self, session_id: str) -> None:
        """Hand it over to whoever came back."""
        self._taken = session_id
        super().delete(session_id)

    def sweep(self) -> None:
        """Shut down the pages that nobody came back for."""
        self._cache.expire()

    def _removed(self, session_id: str, info: SessionInfo) -> None:
        if session_id != self._taken:
            asyncio.get_running_loop().call_soon(info.session.shutdown)
        self._taken = ""


class Idle(asyncio.BaseEventLoop):
    """The event loop of a page's script, which no script here runs. One that could be run keeps three files open."""


class Runtime(runtime.Runtime):
    """Streamlit's runtime: its pages have a folder that the other processes see."""

    def __init__(self, made_of: RuntimeConfig) -> None:
        super().__init__(made_of)
        self._stored = made_of.session_storage

    def sweep(self) -> None:
        """Let go of the pages that nobody came back for."""
        if isinstance(self._stored, Stored):
            self._stored.sweep()

    def connect_session(self, *args: Any, **kwargs: Any) -> str:
        """As Streamlit's."""
        session_id = super().connect_session(*args, **kwargs)
        session_folders.open_for(session_id)
        _spare_files(self.get_app_session(session_id))
        return session_id

    def is_active_session(self, session_id: str) -> bool:
        """Whether the page lives in any process: an upload for it may come to this one."""
        return super().is_active_session(session_id) or session_folders.find(session_id) is not None


def _spare_files(session: Any) -> None:
    loop = session._script_event_loop
    if not isinstance(loop, Idle) and not loop.is_running():
        session._script_event_loop = Idle()
        loop.close()


def equip(app: App) -> None:
    """Let ``app`` make this runtime instead of Streamlit's, which it has no setting for."""
    vars(app)["_create_runtime"] = partial(_made, app)


def _made(app: App) -> Runtime:
    return Runtime(
        RuntimeConfig(
            script_path=str(app._resolve_script_path()),
            media_file_storage=Media("/media"),
            uploaded_file_manager=Uploads("/_stcore/upload_file"),
            cache_storage_manager=create_default_cache_storage_manager(),
            session_storage=Stored(ttl_seconds=int(config.get_option("server.disconnectedSessionTTL"))),
            on_script_error=app._on_script_error,
        )
    )
