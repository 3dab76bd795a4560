"""Handing over: a page that was cut off comes back to whichever process answers, which passes it on to its own.

There it is as it was left: what a page holds besides its fields, such as an import half prepared, is in one process.
"""

import json
import os
from pathlib import Path
from typing import Any

from anyio import create_task_group
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

from services.system.files import process_folders
from ui.web.doors import origins
from ui.web.doors.back_messages import protocols
from ui.web.processes import door, session_folders

# Who asks, where, and how, as the process knew it that took the connection. Believed of nobody but another process.
_THROUGH = b"x-mulin-through"
_LEFT_OUT = {b"host", b"origin", b"upgrade", b"connection", b"content-length"}
_SECONDS = 10


class Arriving:
    """ASGI middleware, the outermost: what another process hands over is as if it had come here at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        await self.app(_as_it_came(scope), receive, send)


def handed(scope: Scope) -> bool:
    """Whether another process has handed this over, which has counted it already."""
    return bool(scope.get("state", {}).get("handed"))


def _as_it_came(scope: Scope) -> Scope:
    server = scope.get("server")
    if scope["type"] != "websocket" or not server or server[1] is not None:
        return scope
    told = next((value for name, value in scope["headers"] if name == _THROUGH), b"{}")
    return {**scope, **json.loads(told), "state": {**scope.get("state", {}), "handed": True}}


class HandOver:
    """ASGI middleware behind the gate: a websocket that names a page of another process is passed on to that one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, to another process or to this one."""
        found = _elsewhere(scope) if scope["type"] == "websocket" and not handed(scope) else None
        other = await _opened(scope, found) if found else None
        if other is None:
            return await self.app(scope, receive, send)
        async with other:
            await _between(other, receive, send)


def _elsewhere(scope: Scope) -> Path | None:
    told = protocols(scope)
    page = session_folders.find(told[2]) if len(told) > 2 else None
    if page is None or page.parents[1] == process_folders.own():
        return None
    return page.parents[1] if (page.parents[1] / door.NAME).exists() else None


async def _opened(scope: Scope, process: Path) -> ClientConnection | None:
    """A websocket to that process; none where it has just ended."""
    through = json.dumps({name: scope.get(name) for name in ("client", "server", "scheme")})
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in _kept(scope)]
    more: dict[str, Any] = {"compression": None, "ping_interval": None, "max_size": None, "user_agent_header": None}
    folder = os.open(process, os.O_PATH | os.O_CLOEXEC)
    try:
        return await unix_connect(
            f"/proc/self/fd/{folder}/{door.NAME}",
            f"ws://{origins.sent(scope, b'host')[0].decode('latin-1')}{scope['path']}",
            origin=Origin(origins.address(scope)),
            subprotocols=[Subprotocol(one or "-") for one in protocols(scope)],
            additional_headers=[*headers, (_THROUGH.decode(), through)],
            open_timeout=_SECONDS,
            **more,
        )
    except (OSError, TimeoutError, WebSocketException):
        return None
    finally:
        os.close(folder)


def _kept(scope: Scope) -> list[tuple[bytes, bytes]]:
    return [
        pair
        for pair in scope["headers"]
        if pair[0] not in _LEFT_OUT and not pair[0].startswith((b"sec-websocket-", b"x-mulin-", b"x-forwarded-"))
    ]


async def _between(other: ClientConnection, receive: Receive, send: Send) -> None:
    """Carry what either says to the other, until one of them has gone."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": other.subprotocol})

    async def there() -> None:
        while (message := await receive())["type"] == "websocket.receive":
            await other.send(message.get("bytes") or message.get("text") or b"")
        group.cancel_scope.cancel()

    async def back() -> None:
        async for data in other:
            await send({"type": "websocket.send", "bytes" if isinstance(data, bytes) else "text": data})
        await send({"type": "websocket.close", "code": other.close_code or 1001})
        group.cancel_scope.cancel()

    try:
        async with create_task_group() as group:
            group.start_soon(there)
            group.start_soon(back)
    except* ConnectionClosed:
        await send({"type": "websocket.close", "code": 1001})
