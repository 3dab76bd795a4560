"""Clicks: what this session has done already, kept where a second click finds it.

Streamlit answers a further click in a thread of its own while the first is still being carried out, and drops what the
first writes into the session state from then on. So both hold this one object, and the second waits for the first.
"""

from dataclasses import dataclass, field
from threading import RLock
from typing import Any

import streamlit as st

_KEY = "clicks"


@dataclass
class Clicks:
    """The last save, the versions that the session's own saves have left, and what each form has made last."""

    lock: Any = field(default_factory=RLock)
    last: tuple[Any, ...] = ()
    versions: dict[str, int] = field(default_factory=dict)
    handed: dict[str, tuple[str, Any]] = field(default_factory=dict)


def mine() -> Clicks:
    """What this session has done; begun with its first page."""
    found = st.session_state.get(_KEY)
    if not isinstance(found, Clicks):
        found = st.session_state[_KEY] = Clicks()
    return found
