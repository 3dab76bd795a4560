"""Assets: Leaflet from its pip package, Geoman from its npm package and our own few files: no other host is asked."""

import hashlib
from importlib import resources
from os import PathLike, stat_result
from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
# As @geoman-io/leaflet-geoman-free 2.20.2 has them under dist, without the names of their source maps.
GEOMAN = Path(__file__).parent / "geoman"
# The dictionary for Streamlit's own words is made per language, not read from a file.
WORDS = "/assets/i18n.js"


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


VERSION = _version()


def url(name: str) -> str:
    """The address of one of our files, with the version that lets browsers keep it for good."""
    return f"/assets/{name}?v={VERSION}"


def versioned(scope: Scope) -> bool:
    """Whether the request names today's version of the assets."""
    return bool(scope["query_string"] == b"v=" + VERSION.encode())


class CachedFiles(StaticFiles):
    """Static files that a browser may keep: for good when the address carries the version, else for a day."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """As Starlette's, with the cache header."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        forever = versioned(scope)
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if forever else "public, max-age=86400"
        )
        return response


def routes() -> list[BaseRoute]:
    """Leaflet under /assets/leaflet/, Geoman under /assets/geoman/, ours under /assets/."""
    leaflet = resources.files("xstatic.pkg.leaflet") / "data"
    return [
        Mount("/assets/leaflet", CachedFiles(directory=str(leaflet))),
        Mount("/assets/geoman", CachedFiles(directory=GEOMAN)),
        Mount("/assets", CachedFiles(directory=STATIC)),
    ]
