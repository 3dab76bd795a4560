"""Room for the cookies of others: a browser sends every cookie of this host, and each may be four kilobytes."""

import uvicorn.protocols.http.h11_impl as plain
import websockets.http11 as upgraded

MOST_BYTES = 128 * 1024
# Streamlit starts the server and has no setting for either; both are looked up anew for each connection. As delivered,
# 16 kB of cookies close the door, and half of that the websocket.
_LIMITS = ((plain, "DEFAULT_MAX_INCOMPLETE_EVENT_SIZE"), (upgraded, "MAX_LINE_LENGTH"))


def make_room() -> None:
    """From now on take headers of up to ``MOST_BYTES``. Raises AttributeError where there is no such limit any more."""
    for module, name in _LIMITS:
        setattr(module, name, max(MOST_BYTES, getattr(module, name)))
