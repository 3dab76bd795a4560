"""Security headers on every answer: this host and no other."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.system.settings import settings

# The sign-in pages carry no inline script or style at all.
STRICT = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'"


class SecurityHeaders:
    """ASGI middleware that adds the headers; a route that sets its own policy keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._headers = _headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding the headers to the answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def _headers() -> dict[str, str]:
    headers = {
        "content-security-policy": policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "same-origin",
        "permissions-policy": "geolocation=(self), camera=(self), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if settings().secure_cookie:
        headers["strict-transport-security"] = "max-age=31536000"
    return headers


def policy() -> str:
    """The content security policy. Streamlit and Leaflet in streamlit-folium need inline script and eval."""
    images = " ".join(filter(None, ("img-src 'self' blob: data:", _tile_host())))
    return (
        f"default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; {images}; "
        "frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'"
    )


def _tile_host() -> str:
    # Tile URLs name their mirrors as {s}, which a policy spells *.
    parts = urlsplit(settings().tiles_url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
