"""Hash chains: each digest covers its row and the digest before, keyed so that the database alone can't forge one."""

import hmac
import json
from typing import Any

from services.system.settings import settings

_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(previous: str, *fields: Any) -> str:
    """The keyed SHA-256 of ``fields`` after ``previous``. Fields must be JSON values."""
    return mac(_WRITTEN.encode([previous, *fields]))


def mac(text: str) -> str:
    """The keyed SHA-256 of a text; what begins with a bracket is the link of a chain."""
    return hmac.digest(settings().key.encode(), text.encode(), "sha256").hex()
