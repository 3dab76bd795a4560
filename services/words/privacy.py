"""Privacy: find what must not be written into free text: identity, telephone and vehicle numbers."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

_PATTERNS = {
    "identity": re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"),
    "telephone": re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]\d{7,8})(?!\d)"),
    "plate": re.compile(r"[\u4e00-\u9fff][A-HJ-NP-Z][·•. ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9](?![A-Za-z0-9])"),
}


_HIDDEN = re.compile(f"{_PATTERNS['identity'].pattern}|{_PATTERNS['telephone'].pattern}")
_LONG_NUMBER = re.compile(r"\d{4}")


def masked(text: str) -> str:
    """``text`` with identity and telephone numbers behind asterisks; a plate may be what a matter is about."""
    return _HIDDEN.sub("***", text) if _LONG_NUMBER.search(text) else text


def found_in(*entered: Any) -> list[str]:
    """The kinds of personal numbers in what was entered: identity, telephone, plate. Looks into dicts and models."""
    texts = [text for part in entered for text in _texts(part)]
    return [kind for kind, pattern in _PATTERNS.items() if any(pattern.search(text) for text in texts)]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, BaseModel):
        yield from _texts(part.model_dump())
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
