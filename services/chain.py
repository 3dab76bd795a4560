"""Hash chains: each digest covers its row and the digest before, keyed so that the database alone can't forge one."""

import hashlib
import hmac
import json
from typing import Any

from services.settings import settings


def digest(previous: str, *fields: Any) -> str:
    """The keyed SHA-256 of ``fields`` after ``previous``. Fields must be JSON values."""
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hmac.new(settings().key.encode(), text.encode(), hashlib.sha256).hexdigest()
