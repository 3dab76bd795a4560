"""Privacy: find what must not be written into free text: identity, telephone and vehicle numbers."""

import re

_PATTERNS = {
    "identity": re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"),
    "telephone": re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]\d{7,8})(?!\d)"),
    "plate": re.compile(r"[\u4e00-\u9fff][A-HJ-NP-Z][·•. ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9](?![A-Za-z0-9])"),
}


def found_in(*texts: str) -> list[str]:
    """The kinds of personal numbers in the texts: identity, telephone, plate."""
    return [kind for kind, pattern in _PATTERNS.items() if any(pattern.search(text) for text in texts)]
