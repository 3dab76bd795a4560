"""Matching: which area of the tree a row of a file is about; a new one where there is none."""

import re

from services.errors import listed
from services.importing.area_rows import AreaRow, Problem
from services.importing.area_tree import Node, Tree
from services.importing.reader.words import folded

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

    def match(self, row: AreaRow, level: str) -> Node | Problem:
        """The area the row is about, now holding it; ``level`` is for rows that name none."""
        if len(row.code) > _CODE:
            return Problem(row.line, "code", _LONG, {"length": len(row.code), "limit": _CODE})
        found = self._root(row) or (self._coded(row, level) if row.code else self._named(row, level))
        if isinstance(found, Problem):
            return found
        if found and found.row:
            return _twice(row, found.row)
        node = found or self._new(row, level)
        node.row = row
        if row.code and (node.area or node is self._tree.root) and found is not self._tree.coded(row.code):
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

    def _coded(self, row: AreaRow, level: str) -> Node | Problem | None:
        """By the code; an area whose code we made ourselves is known by its name, and takes the code of the file."""
        found = self._tree.coded(row.code)
        if found:
            return found
        made = [node for node in self._alike(row, level) if node.area and not node.row and _made(node)]
        return made[0] if len(made) == 1 else None

    def _named(self, row: AreaRow, level: str) -> Node | Problem | None:
        alike = self._alike(row, level)
        if len(alike) > 1:
            codes = ", ".join(node.code or node.name for node in alike[:5])
            return Problem(row.line, "name", _SEVERAL, {"name": row.name, "codes": codes})
        return alike[0] if alike else None

    def _alike(self, row: AreaRow, level: str) -> list[Node]:
        """The areas of the row's name and level, within the areas it says it lies in."""
        wanted = row.level or level
        found = [node for node in self._tree.by_name.get(folded(row.name), []) if not wanted or node.level == wanted]
        return [node for node in found if all(_lies_in(node, word) for word in row.parents)]

    def _new(self, row: AreaRow, level: str) -> Node:
        node = Node(self._tree.free(row.code), row.name, row.level or level, row=row)
        self._tree.add(node)
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


def _made(node: Node) -> bool:
    return node.parent is not None and re.fullmatch(re.escape(node.parent.code) + r"-\d{2,}", node.code) is not None


def _lies_in(node: Node, word: str) -> bool:
    # What the file adds has no parent yet: the words of its row stand for it.
    if node.area is None and node.row:
        return any(folded(told) == folded(word) for told in node.row.parents)
    return any(above.is_called(word) for above in node.above())


def _twice(row: AreaRow, first: AreaRow) -> Problem:
    if row.code:
        return Problem(row.line, "code", _TWICE, {"code": row.code, "first": first.line})
    return Problem(row.line, "name", _NAMED_TWICE, {"name": row.name, "first": first.line})
