"""Web addresses: scheme, host and port of a site, taken apart strictly; whatever else was written is no address."""

import re
from dataclasses import dataclass

_HOST = r"[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\]"
_ADDRESS = re.compile(rf"(?P<scheme>https?)://(?P<host>{_HOST})(?::(?P<port>[0-9]{{1,5}}))?", re.ASCII)
_USUAL = {"http": 80, "https": 443}
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Address:
    """Where a site is: another scheme or another port of the same host is another site."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}" + ("" if self.port == _USUAL[self.scheme] else f":{self.port}")


def parse(text: str) -> Address | None:
    """The address that ``text`` is, and nothing but is: no path, no name of a user, no blank."""
    found = _ADDRESS.fullmatch(text.lower())
    if found is None:
        return None
    port = int(found["port"] or _USUAL[found["scheme"]])
    return Address(found["scheme"], found["host"], port) if 0 < port <= _HIGHEST_PORT else None


def parse_all(text: str) -> tuple[Address, ...]:
    """The addresses in ``text``, with commas or blanks between them. Raises ValueError with the first that is none."""
    found = []
    for part in text.replace(",", " ").split():
        address = parse(part.removesuffix("/"))
        if address is None:
            raise ValueError(part)
        found.append(address)
    return tuple(found)
