"""A browser without a screen: speaks Streamlit's websocket, as the sign-in cookie's owner."""

import asyncio
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

_PATIENCE = 120


class PageFailed(RuntimeError):
    """A page showed an exception instead of its content."""


@dataclass
class Run:
    """One script run: how long it took in ms, how many bytes came, and what the page showed, by kind of element."""

    ms: float
    size: int
    elements: list[str] = field(default_factory=list)


class Driver:
    """One session. Use as ``async with Driver(host, cookie) as driver``."""

    def __init__(self, host: str, cookie: str = "") -> None:
        self._host, self._cookie = host, cookie
        self._socket: Any = None

    async def __aenter__(self) -> "Driver":
        self._socket = await websockets.connect(
            f"ws://{self._host}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": self._cookie} if self._cookie else {},
            origin=Origin(f"http://{self._host}"),
            max_size=None,
            compression=None,
            open_timeout=_PATIENCE,
        )
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def open(self, page: str, query: str = "") -> Run:
        """Run the page called ``page`` with a query string. PageFailed when it shows an exception."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        run = Run(0, 0)
        while not self._take(run, await asyncio.wait_for(self._socket.recv(), _PATIENCE), page):
            pass
        run.ms = (time.perf_counter() - began) * 1000
        return run

    def _take(self, run: Run, data: bytes, page: str) -> bool:
        """Add one message to the run; whether it was the last."""
        run.size += len(data)
        message = ForwardMsg()
        message.ParseFromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            run.elements.append(str(element.WhichOneof("type")))
            if element.HasField("exception"):
                raise PageFailed(f"{page}: {element.exception.type}: {element.exception.message}")
        return kind == "script_finished"


async def visit(host: str, cookie: str, page: str, query: str, count: int, warm: int = 4) -> list[Run]:
    """Run a page ``count`` times in one session, after ``warm`` unmeasured runs."""
    async with Driver(host, cookie) as driver:
        for _ in range(warm):
            await driver.open(page, query)
        return [await driver.open(page, query) for _ in range(count)]
