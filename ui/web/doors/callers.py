"""Callers: the address a request came from, as coarse as one household or office has them."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

_PREFIX = 64


def caller(scope: Scope) -> str:
    """The address, of IPv6 its network: there everybody has 2⁶⁴ of them. Behind a proxy, what the proxy says."""
    told = str((scope.get("client") or ("", 0))[0])
    try:
        found = ip_address(told)
    except ValueError:
        return "?"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), _PREFIX), strict=False))
