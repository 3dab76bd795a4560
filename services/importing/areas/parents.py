"""Parents and levels: where each area of a file hangs in the tree, told by the file or found by code and outline."""

from collections import Counter

import numpy as np
import shapely
from shapely import STRtree

from services.importing.areas.rows import Problem
from services.importing.areas.tree import Node, Tree
from services.places import areas
from services.system.errors import listed

_UNKNOWN = listed("There is no area {parent} here or in the file. Add a row for it, or correct the cell.")
_SEVERAL = listed("Several areas are called {parent}: {codes}. Write the code of the parent.")
_ITSELF = listed("The area is named as its own parent. Correct the cell.")
_NO_LEVEL = listed(
    "The level of the area is not known. Choose a level for the whole file, or fill in a column of levels."
)
_SHORTEST = 4  # digits of an official code that say something
_MOST = 0.5  # of the surface


class Parents:
    """Gives every area that a file tells of its parent and its level."""

    def __init__(self, tree: Tree, nodes: list[Node]) -> None:
        self._tree = tree
        self._nodes = nodes
        drawn = [node for node in {**tree.by_code, **{str(id(node)): node for node in nodes}}.values() if node.drawn]
        self._drawn = list(dict.fromkeys(drawn))
        self._index = STRtree(np.array([node.drawn for node in self._drawn] + [None], dtype=object)[:-1])
        self._stems = {_stem(code): node for code, node in tree.by_code.items() if len(_stem(code)) >= _SHORTEST}

    def told(self, node: Node) -> Problem | None:
        """Hang the area below the parent its row names, if it names one."""
        words = node.row.parents if node.row else []
        if not words or node is self._tree.root:
            return None
        found = self._named(node, words)
        line = node.row.line if node.row else 0
        if not found:
            return Problem(line, "parent", _UNKNOWN, {"parent": words[-1][:64]})
        if len(found) > 1:
            codes = ", ".join(other.code or other.name for other in found[:5])
            return Problem(line, "parent", _SEVERAL, {"parent": words[-1][:64], "codes": codes})
        if found[0] is node:
            return Problem(line, "parent", _ITSELF)
        self._hang(node, found[0])
        return None

    def _named(self, node: Node, words: list[str]) -> list[Node]:
        """Whom the last word means: wider than the area itself, and within the areas that the other words mean."""
        *wider, nearest = words
        found = self._tree.called(nearest)
        if len(found) > 1:
            found = [other for other in found if other is not node and other.rank < node.rank]
        for word in wider if len(found) > 1 else []:
            found = [other for other in found if any(above.is_called(word) for above in _chain(other))] or found
        return found

    def inferred(self, node: Node) -> None:
        """Hang an area without a word about its parent: by its outline, else by its code, else below the root."""
        if node.parent is None and node is not self._tree.root:
            self._hang(node, self._by_outline(node) or self._by_code(node) or self._tree.root)

    def _by_outline(self, node: Node) -> Node | None:
        """The smallest area of a wider level that holds at least half of it."""
        if node.drawn is None:
            return None
        near = [self._drawn[at] for at in self._index.query(node.drawn).tolist()]
        wider = [other for other in near if other is not node and self._is_wider(other, node)]
        wider.sort(key=lambda other: (other.drawn.area if other.drawn else 0, other.code))
        return next((other for other in wider if _holds(other, node)), None)

    def _is_wider(self, other: Node, node: Node) -> bool:
        if other.level and node.level:
            return other.rank < node.rank
        return other.drawn is not None and node.drawn is not None and other.drawn.area > 1.05 * node.drawn.area

    def _by_code(self, node: Node) -> Node | None:
        """Official codes are nested: the widest part of a code is the code of the area it lies in."""
        stem = _stem(node.code)
        for length in range(len(stem) - 1, _SHORTEST - 1, -1):
            other = self._stems.get(stem[:length])
            if other is not None and other is not node and other.rank < node.rank:
                return other
        return None

    def _hang(self, node: Node, parent: Node) -> None:
        if node.parent is not None:
            node.parent.children.remove(node)
        node.parent = parent
        parent.children.append(node)

    def level(self, node: Node) -> Problem | None:
        """Give an area without a level that of its siblings, else the one below its parent's."""
        if node.level or node is self._tree.root:
            return None
        parent = node.parent or self._tree.root
        if not parent.level and parent is not node:
            self.level(parent)
        siblings = Counter(child.level for child in parent.children if child.level and child.area)
        below = areas.LEVELS[parent.rank + 1 : parent.rank + 2]
        if siblings or below:
            node.level = siblings.most_common(1)[0][0] if siblings else below[0]
            return None
        return Problem(node.row.line if node.row else 0, "level", _NO_LEVEL)


def _chain(node: Node) -> list[Node]:
    return [node, *node.above()]


def _stem(code: str) -> str:
    return code.rstrip("0") if code.isascii() and code.isdecimal() else ""


def _holds(other: Node, node: Node) -> bool:
    if other.drawn is None or node.drawn is None:
        return False
    shared = shapely.intersection(other.drawn, node.drawn).area
    return bool(shared >= _MOST * node.drawn.area)
