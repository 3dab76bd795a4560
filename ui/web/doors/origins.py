"""Origins: under which name this site was asked, and whether it was one of its own pages that asked.

Decided from the request alone, before anything of Streamlit sees it: Streamlit's own check admits every port of this
machine, and looks up the machine's outside address on the internet when it is in doubt.
"""

from ipaddress import IPv6Address, ip_address

from starlette.types import Scope

from services.system import web_addresses
from services.system.settings import settings
from services.system.web_addresses import Address

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_OWN_SITES = (b"same-origin", b"none")
_SECURE = {"https", "wss"}


def sent(scope: Scope, name: bytes) -> list[bytes]:
    """Every value the header ``name`` was sent with."""
    return [value for header, value in scope["headers"] if header.lower() == name]


def asked(scope: Scope) -> Address | None:
    """The address this site was asked under, when it is one of its own; None for every other name.

    Its own are the loopback names, the address of this machine the connection came in on, and what
    MULIN_PUBLIC_ADDRESS says. A page whose name was made to point here is asked under its own name, and gets nothing.
    """
    hosts = sent(scope, b"host")
    if len(hosts) != 1:
        return None
    found = web_addresses.parse(f"{_scheme(scope)}://{hosts[0].decode('latin-1')}")
    if found is None or not (_of_this_machine(scope, found) or _public(found)):
        return None
    return found


def _scheme(scope: Scope) -> str:
    return "https" if scope["scheme"] in _SECURE else "http"


def _of_this_machine(scope: Scope, found: Address) -> bool:
    return found.host in _LOOPBACK or found.host == _listening(scope)


def _listening(scope: Scope) -> str:
    told = str((scope.get("server") or ("", None))[0]).lower()
    try:
        here = ip_address(told)
    except ValueError:
        return told
    if not isinstance(here, IPv6Address):
        return str(here)
    return str(here.ipv4_mapped or f"[{here}]")


def _public(found: Address) -> list[Address]:
    return [address for address in settings().public_addresses if address.host == found.host]


def own(scope: Scope) -> set[Address]:
    """The addresses whose pages are this site's: the configured ones, and the one that was asked."""
    found, configured = asked(scope), settings().public_addresses
    if found is None or found.host in {address.host for address in configured}:
        return set(configured)
    # The proxy that ends TLS speaks HTTP with us: where cookies go by HTTPS only, people come by HTTPS only.
    secure = web_addresses.parse(str(found).replace("http://", "https://", 1)) if settings().secure_cookie else None
    behind = {secure} if secure else set()
    return {*configured, *behind, *(() if behind and found.host not in _LOOPBACK else (found,))}


def address(scope: Scope) -> str:
    """The address this site was asked under, as the browser has it: behind a proxy that ends TLS, by HTTPS."""
    found = asked(scope)
    return max((str(one) for one in own(scope) if found and one.host == found.host), default="")


def public(scope: Scope) -> str:
    """What others are told to write to come here: what is configured, else the name they asked under."""
    return next(map(str, settings().public_addresses), address(scope))


def foreign(scope: Scope) -> bool:
    """Whether something other than a page of this site, or the person at the address bar, is behind this request.

    A browser says so in ``Origin``, ``Sec-Fetch-Site`` and ``Referer``; a program that is no browser says nothing, and
    carries nobody's cookies but its own. A websocket without an origin is of neither kind that this site serves.
    """
    origins = sent(scope, b"origin")
    if origins:
        return not _all_own(scope, origins) or _crossed(scope)
    if scope["type"] == "websocket" or _crossed(scope):
        return True
    return not sent(scope, b"sec-fetch-site") and not _all_own(scope, _sites(sent(scope, b"referer")))


def _all_own(scope: Scope, origins: list[bytes]) -> bool:
    ours = own(scope)
    return len(origins) <= 1 and all(web_addresses.parse(one.decode("latin-1")) in ours for one in origins)


def _crossed(scope: Scope) -> bool:
    return any(value.lower() not in _OWN_SITES for value in sent(scope, b"sec-fetch-site"))


def _sites(pages: list[bytes]) -> list[bytes]:
    return [b"/".join(page.split(b"/", 3)[:3]) for page in pages]
