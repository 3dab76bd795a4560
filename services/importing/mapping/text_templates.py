"""Templates for titles and descriptions: ``{column}``, ``{area}``, and ``{a|b}`` for the first that is not empty."""

import re
from collections.abc import Callable

AREA = "area"
# Where the area's name goes when it is known; ``clean`` lets no such sign through from a file.
MARK = "\0"
_HOLE = re.compile(r"\{([^{}]+)\}")


def columns(template: str, known: list[str]) -> list[str]:
    """The columns a template names, in its order; what is no column of ``known`` is left out."""
    named = [name for hole in _HOLE.findall(template) for name in _choices(hole, known)]
    return [name for name in dict.fromkeys(named) if name in known]


def unknown(template: str, known: list[str]) -> list[str]:
    """The names in a template that are no column."""
    return [
        name for hole in _HOLE.findall(template) for name in _choices(hole, known) if name not in known and name != AREA
    ]


def _choices(hole: str, known: list[str]) -> list[str]:
    return [hole] if hole in known else hole.split("|")


def renderer(template: str, known: list[str], trim: str) -> Callable[[dict[str, str]], str]:
    """A function from cells by column to the text; the area's name is left open as ``MARK``."""
    parts = _HOLE.split(template)
    fixed, holes = parts[::2], [_choices(hole, known) for hole in parts[1::2]]

    def render(cells: dict[str, str]) -> str:
        filled = [_first(names, cells, trim) for names in holes]
        return fixed[0] + "".join(value + text for value, text in zip(filled, fixed[1:], strict=True))

    return render


def _first(names: list[str], cells: dict[str, str], trim: str) -> str:
    for name in names:
        if name == AREA and AREA not in cells:
            return MARK
        if value := cells.get(name, "").rstrip(trim or None):
            return value
    return ""
