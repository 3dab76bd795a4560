"""Uploads: a file comes in, goes to a folder of its own on disk, and leaves the server's memory at once."""

import time
from pathlib import Path
from secrets import token_hex
from shutil import rmtree

import streamlit as st

from services.system.files import private_files
from services.system.settings import settings

# A ledger may hold what people told in confidence: what nobody came back for does not stay.
_HOURS = 12


def receive(key: str, endings: list[str], label: str) -> None:
    """Draw the place to drop a file; what is dropped is found by ``taken`` under the same ``key``."""
    nonce = st.session_state.setdefault(f"{key}-nonce", token_hex(4))
    st.file_uploader(label, type=endings, key=f"{key}-{nonce}", on_change=_take, args=(key, nonce))


def taken(key: str) -> tuple[Path, str] | None:
    """Where the file received under ``key`` lies, and the name its owner gave it; none when there is no file."""
    found = st.session_state.get(f"{key}-taken")
    if found is None or not found[0].is_file():
        return None
    return found[0], found[1]


def drop(key: str) -> None:
    """Callback: forget the file received under ``key`` and remove it from the disk."""
    found = st.session_state.pop(f"{key}-taken", None)
    if found:
        rmtree(found[0].parent, ignore_errors=True)


def _take(key: str, nonce: str) -> None:
    received = st.session_state.get(f"{key}-{nonce}")
    if received is None:
        return
    _sweep()
    drop(key)
    folder = private_files.folder(settings().upload_folder / token_hex(8))
    # Its own name is for the screen; on the disk a name could lead anywhere.
    path = private_files.touch(folder / "upload")
    path.write_bytes(received.getbuffer())
    st.session_state[f"{key}-taken"] = (path, received.name[:120])
    # A new widget: Streamlit lets go of the bytes it holds for the old one.
    st.session_state[f"{key}-nonce"] = token_hex(4)


def _sweep() -> None:
    folder = private_files.folder(settings().upload_folder)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - _HOURS * 3600:
            rmtree(old, ignore_errors=True)
