"""Area names: the areas of one place by what a file may call them: code, name, or the only number in its name."""

import re
from collections.abc import Iterable, Iterator

from models.area import Area
from services.importing.mapping.word_lists import digits, endings, folded

_DIGITS = re.compile(r"\d+")


class AreaNames:
    """A tree of areas; new ones may be added while a file is read."""

    def __init__(self, tree: Iterable[Area]) -> None:
        self.by_code: dict[str, Area] = {}
        self.by_path: dict[str, Area] = {}
        self._named: dict[str, list[Area]] = {}
        self._short: dict[str, list[Area]] = {}
        self._spelled: dict[str, list[Area]] = {}
        self._numbered: dict[str, list[Area]] = {}
        self._found: dict[tuple[str, str, str], Area | None] = {}
        for area in tree:
            self.add(area)

    def add(self, area: Area) -> None:
        """Let ``area`` be found from now on."""
        self.by_code[area.code] = self.by_path[area.path] = area
        self._named.setdefault(folded(area.name), []).append(area)
        above = self.by_path.get(_above(area.path))
        if short := _without(area.name, above):
            self._short.setdefault(short, []).append(area)
        for name in {digits(folded(area.name)), digits(short)} - {""}:
            self._spelled.setdefault(name, []).append(area)
        found = _DIGITS.findall(area.name) or _DIGITS.findall(area.code)
        if len(found) == 1:
            self._numbered.setdefault(str(int(found[0])), []).append(area)
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
        for candidates in self._tiers(word, under):
            right = [area for area in candidates if area.path.startswith(under) and level in ("", area.level)]
            if len(right) == 1:
                return right[0]
        return None

    def knows(self, word: str, level: str) -> bool:
        """Whether ``word`` may name an area, or several."""
        found = (area for tier in self._tiers(word, "") for area in tier)
        return word in self.by_code or any(level in ("", area.level) for area in found)

    def _tiers(self, word: str, under: str) -> Iterator[list[Area]]:
        """Whom a word may mean, the surest first: a grid may bear the name of its community in front, or not."""
        yield self._named.get(folded(word), [])
        yield self._short.get(folded(word), [])
        plain = _without(word, self.by_path.get(under))
        yield self._named.get(plain, [])
        yield self._short.get(plain, [])
        yield self._spelled.get(digits(folded(word)), [])
        yield self._spelled.get(digits(plain), [])
        yield self._numbered.get(_number(word), [])

    def calls(self, word: str, level: str) -> bool:
        """Whether ``word`` may name an area of ``level``; for any level it must name exactly one."""
        if not level:
            return self.find(word) is not None
        return self.knows(word, level)

    def share(self, words: Iterable[str]) -> float:
        """How many of the different ``words`` name an area."""
        all_words = list(words)
        return sum(self.find(word) is not None for word in all_words) / len(all_words) if all_words else 0.0


def _above(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"


def _without(name: str, above: Area | None) -> str:
    """The folded name without that of the area above in front; empty where that is all, or is not there."""
    if above is None:
        return ""
    whole = folded(name)
    front = next((front for front in _fronts(above.name) if whole.startswith(front)), "")
    return whole.removeprefix(front) if front else ""


def _fronts(name: str) -> list[str]:
    """A name, and the name without the word for its level if that leaves two characters."""
    whole = folded(name)
    stems = (whole.removesuffix(ending) for ending in endings() if whole.endswith(ending))
    return [whole, *sorted((stem for stem in stems if len(stem) > 1), key=len)]


def _number(word: str) -> str:
    return str(int(word)) if word.isdecimal() and word.isascii() else ""
