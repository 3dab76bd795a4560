"""Wording: what is typed or imported, without the signs that nobody sees and no database or page should meet."""

_KEPT = "\n\t"
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_SURROGATES = range(0xD800, 0xE000)
# They turn the rest of a line around: a name or number then reads as another one.
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_DROPPED = dict.fromkeys(code for code in (*_CONTROLS, *_SURROGATES, *_BIDI) if chr(code) not in _KEPT)


def clean(value: object) -> str:
    """``value`` as trimmed text without control signs (newline and tab stay), surrogates and signs of direction."""
    return str(value or "").translate(_DROPPED).strip()
