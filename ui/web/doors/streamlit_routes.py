"""What Streamlit answers by itself, and which of it this site offers: a test holds the list against Streamlit's own."""

from dataclasses import dataclass

_READ = frozenset({"GET", "HEAD"})
_PREFLIGHT = frozenset({"OPTIONS"})
_ANY = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_NO_OTHER_SITE = "asked by browsers before another site's request; other sites have no request here"
_OWN_DOOR = "Streamlit's own sign-in, with cookies nobody can revoke; ours is /sign-in and /oidc/"


@dataclass(frozen=True)
class Door:
    """A route as Streamlit writes it, for some methods: open to who is signed in, or shut to everybody, and why."""

    path: str
    methods: frozenset[str]
    open: bool
    why: str
    needs: str = ""

    def leads(self, path: str, method: str) -> bool:
        """Whether a request for ``path`` by ``method`` would come to this route."""
        stem, variable, _ = self.path.partition("{")
        return method in self.methods and (path.startswith(stem) if variable else path == stem)


DOORS = (
    Door("/_stcore/health", _READ, True, "the page asks it before it opens its websocket"),
    Door("/_stcore/host-config", _READ, True, "the page waits for it; it names no other site (client.allowedOrigins)"),
    Door("/media/{file_id:path}", _READ, True, "files that pages offer to take along"),
    Door("/component/{path:path}", _READ, True, "the frame of the map"),
    # What is uploaded stays in memory until a page takes it: only who may import may fill it.
    Door("/_stcore/upload_file/{session_id}/{file_id}", frozenset({"PUT"}), True, "a ledger to import", "imports"),
    Door("/_stcore/upload_file/{session_id}/{file_id}", frozenset({"DELETE"}), True, "the same, dropped", "imports"),
    Door("/_stcore/stream", frozenset(), True, "the websocket of the page"),
    Door("/_stcore/health", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/_stcore/metrics", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/media/{file_id:path}", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/component/{path:path}", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/_stcore/bidi-components/{path:path}", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/_stcore/upload_file/{session_id}/{file_id}", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/_stcore/script-health-check", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/_stcore/bidi-components/{path:path}", _READ, False, "files of a kind of component that no page draws"),
    Door("/_stcore/metrics", _READ, False, "what the process holds, for whoever runs it and not for who uses it"),
    Door("/_stcore/script-health-check", _READ, False, "runs a page for nobody; /readyz says whether this works"),
    Door("/app/static/{path:path}", _READ, False, "files beside the program; ours are under /assets/"),
    Door("/app/static/{path:path}", _PREFLIGHT, False, _NO_OTHER_SITE),
    Door("/auth/login", _READ, False, _OWN_DOOR),
    Door("/auth/logout", _READ, False, _OWN_DOOR),
    Door("/oauth2callback", _READ, False, _OWN_DOOR),
    Door("/_stcore/agent/interact", _ANY, False, "an interface for programs that the product does not offer"),
    Door("/_stcore/agent/openapi.json", _ANY, False, "its description"),
    Door("/_stcore/agent/mcp", _ANY, False, "the same for agents"),
)
# Whatever else Streamlit may come to answer under these is shut until a line above opens it. Behind every other path
# stand our own routes, the page, and the bundle.
_RESERVED = ("/_stcore", "/media", "/component", "/app", "/auth", "/oauth2callback")


def door(path: str, method: str) -> Door | None:
    """The open door that a request comes to, if it comes to one."""
    return next((one for one in DOORS if one.open and one.leads(path, method)), None)


def reserved(path: str) -> bool:
    """Whether ``path`` is Streamlit's: nothing is there that no door leads to."""
    return "/_stcore" in path or any(path == stem or path.startswith(f"{stem}/") for stem in _RESERVED)
