"""The server: which routes, behind which layers. The launcher ``app.py`` hands these to ``st.App``."""

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from services.system.settings import ROOT, settings
from ui.web import assets, exports, health, layers, localise, me, open311, password, signin, signout
from ui.web.boundary import Boundary
from ui.web.compress import Compress
from ui.web.doors.hand_over import Arriving, HandOver
from ui.web.gate import Gate
from ui.web.page import Page
from ui.web.security_headers import SecurityHeaders
from ui.web.warm_up import lifespan

__all__ = ["SCRIPT", "lifespan", "middleware", "routes"]

# Not beside pages/: a cold process would serve pages/*.py directly, without the router and its checks.
SCRIPT = ROOT / "ui" / "router.py"


def routes() -> list[BaseRoute]:
    """Our own routes; whatever is not here is Streamlit's. The dictionary comes before the folder it seems to be in."""
    door = [*signin.routes(), *signout.routes(), *password.routes(), *_oidc(), *me.routes()]
    return [
        *door,
        *health.routes(),
        *localise.routes(),
        *assets.routes(),
        *layers.routes,
        *exports.routes,
        *open311.routes,
    ]


def _oidc() -> list[BaseRoute]:
    if not settings().oidc_issuer:
        return []
    # Authlib and its HTTP client cost every start a third of a second: only who uses them pays.
    from ui.web import oidc

    return oidc.routes()


def middleware() -> list[Middleware]:
    """Outermost first: who asks; headers on every answer; a sentence for what fails; the gate; what changes answers."""
    outer = (Arriving, SecurityHeaders, Boundary, Gate, HandOver, Compress, Page)
    return [Middleware(each) for each in outer]
