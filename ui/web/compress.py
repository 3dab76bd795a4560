"""Compress: the bundle and our assets go out gzipped, each compressed once and kept in memory."""

import gzip
import posixpath
from functools import partial

import anyio
from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.assets import WORDS, versioned

_FOLDERS = ("/static/js/", "/static/css/", "/assets/")
_TEXT = (".js", ".css", ".svg")
_SMALL = 1024
_KEEP_BYTES = 32 * 1024 * 1024
_UNWANTED = {b"accept-encoding", b"range", b"if-none-match", b"if-modified-since"}
_STALE = ("etag", "last-modified", "accept-ranges", "content-length")


class Compress:
    """ASGI middleware; only plain files whose names end in .js, .css or .svg, for browsers that take gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[tuple[str, bool], list[Message]] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, compress, or pass on."""
        if not _wanted(scope):
            return await self.app(scope, receive, send)
        messages = self._kept.get(_key(scope)) or await self._answer(scope)
        for message in messages:
            # Layers above add their headers to the message in place: each browser gets its own copy.
            await send({**message, "headers": list(message["headers"])} if "headers" in message else message)

    async def _answer(self, scope: Scope) -> list[Message]:
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)

        headers = [pair for pair in scope["headers"] if pair[0] not in _UNWANTED]
        # Whoever asked may be gone before the file is read; what is kept for everybody else must be all of it.
        await self.app({**scope, "headers": headers}, _staying(), hold)
        body = b"".join(message.get("body", b"") for message in messages)
        if len(body) < _SMALL or not _is_file(messages[0], len(body)):
            return messages
        return self._keep(scope, messages[0], await to_thread.run_sync(partial(gzip.compress, body, 6)))

    def _keep(self, scope: Scope, start: Message, packed: bytes) -> list[Message]:
        headers = MutableHeaders(scope=start)
        for name in _STALE:
            del headers[name]
        headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(packed))
        headers.add_vary_header("Accept-Encoding")
        messages: list[Message] = [start, {"type": "http.response.body", "body": packed}]
        if self._bytes + len(packed) <= _KEEP_BYTES and _key(scope) not in self._kept:
            self._kept[_key(scope)] = messages
            self._bytes += len(packed)
        return messages


def _wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path = scope["path"]
    if path == WORDS:
        return False
    # Another way to write the address of a file is the visitor's to invent: it would be kept as another file.
    if posixpath.normpath(path) != path:
        return False
    takes_gzip = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
    return takes_gzip and path.startswith(_FOLDERS) and path.endswith(_TEXT)


def _key(scope: Scope) -> tuple[str, bool]:
    # The rest of a query is the visitor's to invent and must not fill the memory with copies.
    return scope["path"], versioned(scope)


def _staying() -> Receive:
    """What a visitor says who asks for a file and never leaves."""
    said: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        while not said:
            await anyio.sleep_forever()
        return said.pop()

    return receive


def _is_file(start: Message, size: int) -> bool:
    """Whether this is one of the files, whole: for a name that is none Streamlit answers with its page."""
    headers = MutableHeaders(scope=start)
    page = headers.get("content-type", "").startswith("text/html")
    whole = headers.get("content-length", str(size)) == str(size)
    return start.get("status") == 200 and whole and not page and "content-encoding" not in headers
