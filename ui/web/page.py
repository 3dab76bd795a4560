"""The page: Streamlit's index.html with the person's language, our title and mark, our scripts and our style."""

import re
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.words.i18n import listed, translate
from ui.web import cookies
from ui.web.assets import VERSION, WORDS, url
from ui.web.doors.arrivals import is_navigation

_UNCONNECTED = listed(
    "This page can't keep a connection to Mulin; it goes on trying. If it stays so, something on the way here lets no"
    " websocket through, such as a proxy: whoever looks after the network can change that."
)
_MARK = b"<title>Streamlit</title>"
_UNWANTED = {b"accept-encoding", b"range", b"if-none-match", b"if-modified-since"}


class Page:
    """ASGI middleware: rewrites Streamlit's own page, and leaves every other answer as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; rewrite what turns out to be the page."""
        if not is_navigation(scope):
            return await self.app(scope, receive, send)
        headers = [pair for pair in scope["headers"] if pair[0] not in _UNWANTED]
        held: list[Message] = []

        async def hold(message: Message) -> None:
            if not held and not _is_page(message):
                return await send(message)  # A file on its way, perhaps of a million rows: never hold it.
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                for ready in _rewritten(held, language_of(scope)):
                    await send(ready)

        await self.app({**scope, "headers": headers}, receive, hold)


def _is_page(start: Message) -> bool:
    kind = next((value for name, value in start.get("headers", ()) if name.lower() == b"content-type"), b"")
    return bool(kind.startswith(b"text/html"))


def language_of(scope: Scope) -> str:
    """The account's language, or the browser's choice when nobody is signed in."""
    actor = scope.get("state", {}).get("actor")
    return actor.language if actor else cookies.language(Request(scope))


def _rewritten(held: list[Message], language: str) -> list[Message]:
    body = b"".join(message.get("body", b"") for message in held)
    if _MARK not in body:
        return held
    new = rewrite(body.decode(), language).encode()
    headers = MutableHeaders(scope=held[0])
    for name in ("etag", "last-modified", "accept-ranges"):
        del headers[name]
    headers["content-length"] = str(len(new))
    headers["cache-control"] = "no-store"
    return [held[0], {"type": "http.response.body", "body": new}]


def rewrite(page: str, language: str) -> str:
    """Streamlit's index.html in ``language``."""
    tag = "en" if language == "en" else "zh-CN"
    scripts = [url("session.js")] + ([] if tag == "en" else [f"{WORDS}?lang={language}&v={VERSION}"])
    head = f'<meta name="mulin-unconnected" content="{escape(translate(language, _UNCONNECTED))}">'
    head += "".join(f'<script src="{escape(source)}"></script>' for source in scripts)
    head += f'<link rel="stylesheet" href="{escape(url("pages.css"))}">'
    page = page.replace('<html lang="en">', f'<html lang="{tag}">', 1).replace("<head>", "<head>" + head, 1)
    page = page.replace(_MARK.decode(), f"<title>{escape(translate(language, 'Mulin'))}</title>", 1)
    page = page.replace("./favicon.png", url("mark.svg"), 1)
    page = re.sub(r'<!--.*?-->|<link rel="service-desc"[^>]*>', "", page, flags=re.DOTALL)
    sentence = escape(translate(language, "Turn on JavaScript in this browser, or use another browser."))
    return re.sub(r"<noscript>.*?</noscript>", f"<noscript><p>{sentence}</p></noscript>", page, flags=re.DOTALL)
