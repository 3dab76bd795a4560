"""Matching: which area of the tree a row of a file is about; a new one where there is none."""

import re
from collections import defaultdict

from services.importing.areas.rows import AreaRow, Problem
from services.importing.areas.tree import Node, Tree
from services.importing.reader.sheet_words import folded
from services.system.errors import listed

_CODE = 32
_TWICE = listed("The code {code} stands in row {first} already. Give one of the two rows another code.")
_NAMED_TWICE = listed("The area {name} stands in row {first} already. Remove one of the two rows, or give both a code.")
_SEVERAL = listed("Several areas here are called {name}: {codes}. Write the code into the row.")
_LONG = listed("The cell is {length} characters long. Shorten it to {limit}.")


class Matcher:
    """Finds the area of each row, and adds what is new to the tree."""

    def __init__(self, tree: Tree, rows: list[AreaRow]) -> None:
        self._tree = tree
        self._parents = {folded(word) for row in rows for word in row.parents}
        # Ten thousand buildings may be called “1”: an area is looked up by its name and one that it lies in.
        self._inside: dict[tuple[str, str], list[Node]] = defaultdict(list)
        self._new: dict[tuple[str, tuple[str, ...]], list[Node]] = defaultdict(list)
        for node in list(tree.by_code.values()):
            for word in {""} | {told for above in node.above() for told in (folded(above.code), above.key)}:
                self._inside[node.key, word].append(node)

    def match(self, row: AreaRow, level: str) -> Node | Problem:
        """The area the row is about, now holding it; ``level`` is for rows that name none."""
        if len(row.code) > _CODE:
            return Problem(row.line, "code", _LONG, {"length": len(row.code), "limit": _CODE})
        found = self._root(row) or (self._coded(row, level) if row.code else self._named(row, level))
        if isinstance(found, Problem):
            return found
        if found and found.row:
            return _twice(row, found.row)
        node = found or self._add(row, level)
        node.row, node.level = row, row.level or node.level
        self._tree.rename(node, row.name)
        if row.code and (node.area or node is self._tree.root) and self._tree.coded(row.code) is not node:
            self._recode(node, row.code)
        return node

    def _root(self, row: AreaRow) -> Node | None:
        """The place itself: lists of its areas begin with it. A level that is not told must be that of a parent."""
        root = self._tree.root
        called = not row.parents and folded(row.name) == folded(root.name)
        wider = row.level == root.level or (not row.level and folded(row.name) in self._parents)
        if not (called and wider) or self._tree.coded(row.code):
            return None
        row.level = root.level
        return root

    def _coded(self, row: AreaRow, level: str) -> Node | None:
        """By the code; an area whose code we made ourselves is known by its name, and takes the code of the file."""
        found = self._tree.coded(row.code)
        if found:
            return found
        made = [node for node in self._there(row, level) if not node.row and _made(node)]
        return made[0] if len(made) == 1 else None

    def _named(self, row: AreaRow, level: str) -> Node | Problem | None:
        alike = [*self._there(row, level), *_of_level(self._new[_key(row)], row.level or level)]
        if len(alike) > 1:
            codes = ", ".join(node.code or node.name for node in alike[:5])
            return Problem(row.line, "name", _SEVERAL, {"name": row.name, "codes": codes})
        return alike[0] if alike else None

    def _there(self, row: AreaRow, level: str) -> list[Node]:
        """The areas that are there, of the row's name and level, within the areas it says it lies in."""
        *wider, nearest = ["", *map(folded, row.parents)]
        found = _of_level(self._inside.get((folded(row.name), nearest), []), row.level or level)
        return [node for node in found if all(not word or _lies_in(node, word) for word in wider)]

    def _add(self, row: AreaRow, level: str) -> Node:
        node = Node(self._tree.free(row.code), row.name, row.level or level, row=row)
        self._tree.add(node)
        self._new[_key(row)].append(node)
        return node

    def _recode(self, node: Node, code: str) -> None:
        told = self._tree.free(code)
        if told and node is self._tree.root:
            # The numbers of a place begin with its code, so that stays; the file's own is another way to say it.
            self._tree.by_code[told] = node
        elif told:
            del self._tree.by_code[node.code]
            node.code = told
            self._tree.by_code[told] = node


def _key(row: AreaRow) -> tuple[str, tuple[str, ...]]:
    return folded(row.name), tuple(map(folded, row.parents))


def _of_level(nodes: list[Node], wanted: str) -> list[Node]:
    return [node for node in nodes if not wanted or node.level == wanted]


def _made(node: Node) -> bool:
    return node.parent is not None and re.fullmatch(re.escape(node.parent.code) + r"-\d{2,}", node.code) is not None


def _lies_in(node: Node, word: str) -> bool:
    return any(word in (folded(above.code), above.key) for above in node.above())


def _twice(row: AreaRow, first: AreaRow) -> Problem:
    if row.code:
        return Problem(row.line, "code", _TWICE, {"code": row.code, "first": first.line})
    return Problem(row.line, "name", _NAMED_TWICE, {"name": row.name, "first": first.line})
