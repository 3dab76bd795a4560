"""Area names: the areas of one place by what a file may call them: code, name, or the only number in its name."""

import re
from collections.abc import Iterable

from models.area import Area
from services.importing.wordlists import folded

_DIGITS = re.compile(r"\d+")


class AreaNames:
    """A tree of areas; new ones may be added while a file is read."""

    def __init__(self, tree: Iterable[Area]) -> None:
        self.by_code: dict[str, Area] = {}
        self.by_path: dict[str, Area] = {}
        self._named: dict[str, list[Area]] = {}
        self._numbered: dict[str, list[Area]] = {}
        self._found: dict[tuple[str, str, str], Area | None] = {}
        for area in tree:
            self.add(area)

    def add(self, area: Area) -> None:
        """Let ``area`` be found from now on."""
        self.by_code[area.code] = self.by_path[area.path] = area
        self._named.setdefault(folded(area.name), []).append(area)
        digits = _DIGITS.findall(area.name) or _DIGITS.findall(area.code)
        if len(digits) == 1:
            self._numbered.setdefault(str(int(digits[0])), []).append(area)
        self._found.clear()

    def find(self, word: str, under: str = "", level: str = "") -> Area | None:
        """The one area called ``word`` at or below the path ``under``; none when there is none, or more than one."""
        key = (word, under, level)
        if key not in self._found:
            self._found[key] = self._find(word, under, level)
        return self._found[key]

    def _find(self, word: str, under: str, level: str) -> Area | None:
        coded = self.by_code.get(word)
        if coded and coded.path.startswith(under):
            return coded
        for candidates in (self._named.get(folded(word), []), self._numbered.get(_number(word), [])):
            right = [area for area in candidates if area.path.startswith(under) and level in ("", area.level)]
            if len(right) == 1:
                return right[0]
        return None

    def calls(self, word: str, level: str) -> bool:
        """Whether ``word`` may name an area of ``level``; for any level it must name exactly one."""
        if not level:
            return self.find(word) is not None
        named = self._named.get(folded(word), []) + self._numbered.get(_number(word), [])
        return word in self.by_code or any(area.level == level for area in named)

    def share(self, words: Iterable[str]) -> float:
        """How many of the different ``words`` name an area."""
        all_words = list(words)
        return sum(self.find(word) is not None for word in all_words) / len(all_words) if all_words else 0.0


def _number(word: str) -> str:
    return str(int(word)) if word.isdecimal() and word.isascii() else ""
