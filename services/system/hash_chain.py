"""Hash chains: each digest covers its row and the digest before, keyed so that the database alone can't forge one."""

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from services.system.settings import settings

_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_OTHER: ContextVar[str] = ContextVar("other", default="")


def digest(previous: str, *fields: Any) -> str:
    """The keyed SHA-256 of ``fields`` after ``previous``. Fields must be JSON values."""
    return _mac(written(previous, *fields))


def mac(told: str) -> str:
    """The keyed SHA-256 of a text; what begins with a bracket is the link of a chain."""
    return _mac(told.encode(errors="surrogatepass"))


def _mac(told: bytes) -> str:
    return hmac.digest(key().encode(), told, "sha256").hex()


def written(*fields: Any) -> bytes:
    """``fields`` as the bytes that are digested: the same on every machine and in every database."""
    return text(*fields).encode(errors="surrogatepass")


def text(*fields: Any) -> str:
    """The same as a text: that of several fields is those of each, put together."""
    return _WRITTEN.encode(fields)


def key() -> str:
    """The key in use."""
    return _OTHER.get() or settings().key


@contextmanager
def using(other: str) -> Iterator[None]:
    """Let digests be made with another key inside the block: while the key is changed."""
    token = _OTHER.set(other)
    try:
        yield
    finally:
        _OTHER.reset(token)


def fingerprint() -> str:
    """What tells one key from another and gives neither away."""
    return digest("", "fingerprint")[:16]
