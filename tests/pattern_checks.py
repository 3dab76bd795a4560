"""Regular expressions of the program: found, read as what they may repeat, and pumped up to see how they take it."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).parents[1]
ROOMS = ("services", "ui", "maps", "models")
# One sign of each sort that patterns tell apart.
SIGNS = (
    " \t\nabzAMTZ_019+-*/.,:;=@#%&'\"!?|\\(){}[]<>~`^$\x00\u3000\u4e00\u4e0a\u5e74\u6708\u7532\u201c\u201d\u00e9\uff0c"
)
# Runs as soon as it is imported.
_SCRIPTS = ("ui.router",)
_ENDLESS = 256
_SEARCHING = frozenset({"search", "sub", "subn", "findall", "finditer", "split"})


@dataclass(frozen=True)
class Piece:
    """A part of a pattern: which signs it takes, whether it may be left out, and whether it repeats without end."""

    signs: frozenset[str]
    needed: bool
    endless: bool
    doubtful: bool = False


def modules() -> list[Any]:
    """Every module of the program."""
    found = []
    for room in ROOMS:
        package = importlib.import_module(room)
        names = (one.name for one in pkgutil.walk_packages(package.__path__, f"{room}."))
        found += [importlib.import_module(name) for name in names if name not in _SCRIPTS]
    return found


def held(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns that a value holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict) and depth < 3:
        for one in value.values():
            yield from held(one, depth + 1)
    elif isinstance(value, (tuple, list, set, frozenset)) and depth < 3:
        for one in value:
            yield from held(one, depth + 1)


@cache
def sources() -> dict[str, ast.Module]:
    """Every file of the program, parsed, by its path."""
    files = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def searching() -> set[str]:
    """The names that some pattern is searched with, as ``path:name``: a text may be tried at each of its signs."""
    calls = ((path, node) for path, tree in sources().items() for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        f"{path}:{call.func.value.id}"
        for path, call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in _SEARCHING
        and isinstance(call.func.value, ast.Name)
    }


def inline() -> Iterator[tuple[str, str, str | bytes | None, bool]]:
    """Each call of ``re`` inside a function: file, function, the pattern if it is plain, and whether it searches."""
    for path, tree in sources().items():
        functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        for function, name, call in ((one.name, *found) for one in functions for found in _calls(one)):
            told = call.args[0]
            yield path, function, told.value if isinstance(told, ast.Constant) else None, name in _SEARCHING  # type: ignore[misc]


def _calls(function: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        of = call.func
        named = isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.value.id == "re"
        if isinstance(of, ast.Attribute) and named and of.attr != "escape":
            yield of.attr, call


def risk(pattern: re.Pattern[Any], searched: bool = False) -> str:
    """Why matching the pattern may take more than a time in proportion to the text; nothing where it can't."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    parsed = list(_parser.parse(text, pattern.flags))
    ways, anchored = _ways(parsed, pattern.flags), bool(parsed) and parsed[0][0] is ops.AT
    told = [_doubt(way) for way in ways]
    if searched and not anchored and any(_runs_on(way, ways) for way in ways):
        told.append("every sign may begin a search to the end")
    return next(filter(None, told), "")


def _doubt(way: list[Piece]) -> str:
    endless = [at for at, piece in enumerate(way) if piece.endless]
    if any(piece.doubtful for piece in way):
        return "a repeated part can be cut in several ways"
    for first, second in product(endless, endless):
        between = [piece.signs for piece in way[first + 1 : second] if piece.needed]
        if first < second and frozenset.intersection(way[first].signs, way[second].signs, *between):
            return "two repeated parts can share one text"
    return ""


def _runs_on(way: list[Piece], ways: list[list[Piece]]) -> bool:
    """Whether a search may run to the end of a text in vain, and then begin again within what it ran over."""
    for at in (at for at, piece in enumerate(way) if piece.endless):
        before = [piece.signs for piece in way[:at] if piece.needed]
        alike = (other[at + 1 :] for other in ways if other[: at + 1] == way[: at + 1])
        in_vain = all(any(piece.needed for piece in rest) for rest in alike)
        if in_vain and all(way[at].signs & signs for signs in before):
            return True
    return False


def _ways(parsed: list[Any], flags: int) -> list[list[Piece]]:
    """The ways through a pattern, as the pieces that follow each other."""
    ways: list[list[Piece]] = [[]]
    for op, value in parsed:
        more = _ways_of(op, value, flags)
        ways = [before + after for before in ways for after in more][:256]
    return ways


def _ways_of(op: Any, value: Any, flags: int) -> list[list[Piece]]:
    if op is ops.SUBPATTERN:
        return _ways(list(value[3]), flags | value[1])
    if op is ops.BRANCH:
        return [way for branch in value[1] for way in _ways(list(branch), flags)]
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        least, most, inside = value
        return _repeated(least, most, inside, flags)
    if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT, ops.GROUPREF):
        return [[]] if op is not ops.ASSERT else _ways(list(value[1]), flags)
    return [[Piece(_taken(op, value, flags), True, False)]]


def _repeated(least: int, most: Any, parsed: Any, flags: int) -> list[list[Piece]]:
    inside = _ways(list(parsed), flags)
    if most == 1:
        return [[]] * (least == 0) + inside
    if most < _ENDLESS:
        return [[]] * (least == 0) + [way * min(int(most), 2) for way in inside]
    signs = frozenset().union(*(piece.signs for way in inside for piece in way))
    width = _parser.SubPattern(_parser.State(), list(parsed)).getwidth()
    vague = any(piece.endless for way in inside for piece in way) or (width[0] != width[1]) or _same_start(inside)
    return [[Piece(signs, least > 0, True, vague)]]


def _same_start(inside: list[list[Piece]]) -> bool:
    """Whether two ways through a repeated part of several signs begin alike."""
    starts = [way[0].signs for way in inside if way]
    long = any(len(way) > 1 for way in inside)
    return long and any(one & other for at, one in enumerate(starts) for other in starts[:at])


def _taken(op: Any, value: Any, flags: int) -> frozenset[str]:
    sub = _parser.SubPattern(_parser.State(), [(op, value)])
    return frozenset(sign for sign in SIGNS + _own(op, value) if _takes(sub, sign, flags))


def _own(op: Any, value: Any) -> str:
    """The signs that a part of a pattern names itself."""
    if op in (ops.LITERAL, ops.NOT_LITERAL):
        return chr(value)
    if op is not ops.IN:
        return ""
    pairs = (one for kind, one in value if kind is ops.RANGE)
    return "".join(chr(one) for kind, one in value if kind is ops.LITERAL) + "".join(
        chr(low) + chr(high) for low, high in pairs
    )


def _takes(sub: Any, sign: str, flags: int) -> bool:
    from re import _compiler  # type: ignore[attr-defined]

    return bool(_compiler.compile(sub, flags & ~re.DEBUG).fullmatch(sign))


def example(parsed: list[Any], flags: int, full: bool) -> str:
    """A text that takes the first way through a pattern, with or without what may be left out."""
    return "".join(_example(op, value, flags, full) for op, value in parsed)


def _example(op: Any, value: Any, flags: int, full: bool) -> str:
    if op is ops.SUBPATTERN:
        return example(list(value[3]), flags | value[1], full)
    if op is ops.BRANCH:
        return example(list(value[1][-1 if full else 0]), flags, full)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return example(list(value[2]), flags, full) * int(max(value[0], 1 if full else 0))
    if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT, ops.GROUPREF):
        return ""
    return str(max(_taken(op, value, flags), default=""))


def pumped(pattern: re.Pattern[Any], times: int) -> Iterator[Any]:
    """Texts that nearly match, with one sign repeated in one place."""
    told = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    parsed = list(_parser.parse(told, pattern.flags))
    signs = sorted({sign for way in _ways(parsed, pattern.flags)[:64] for piece in way for sign in piece.signs})
    units = [*(sign for sign in signs if sign in " 0aA-<([,.\u4e00\u201c\n"), *signs[:4]]
    for whole in {example(parsed, pattern.flags, full)[:40] for full in (False, True)}:
        for unit in dict.fromkeys([*units, *([whole[:2]] if whole else [])]):
            for at in range(len(whole) + 1):
                text = f"{whole[:at]}{unit * times}\x00"
                yield text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
