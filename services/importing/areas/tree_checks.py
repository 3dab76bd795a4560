"""Checks of a tree as a file would leave it: circles, levels upside down, names that clash, codes too long together."""

from collections.abc import Callable

from services.importing.areas.rows import Problem
from services.importing.areas.tree import Node, Tree
from services.system.errors import listed

_CYCLE = listed("The areas lie in one another in a circle: {chain}. Correct one of the parents.")
_UPSIDE_DOWN = listed("The parent {parent} is not wider than this area. Correct the level, or the parent.")
_CLASH = listed("{parent} has another area called {name}: {code}. Give one of the two another name.")
_TOO_DEEP = listed("The codes from the root to this area are too long together. Shorten the codes.")
_ABOVE = listed("The parent {parent} in row {row} is refused. Correct that row first.")
_PATH, _CODE = 255, 32

_Wrong = tuple[str, str, dict[str, object]] | None


class Checks:
    """Asks every question about one area after the other, wider areas first; the first wrong answer is told."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._named = {_place(node): node for node in tree.by_code.values() if node.row is None}
        self._questions: tuple[Callable[[Node, list[Node]], _Wrong], ...] = (
            self._circle,
            self._upside_down,
            self._below_refused,
            self._too_deep,
            self._clash,
        )

    def problem(self, node: Node) -> Problem | None:
        """What is wrong with where an area would stand."""
        above = list(node.above())
        for question in self._questions:
            told = question(node, above)
            if told:
                return Problem(node.line, told[0], told[1], told[2])
        return None

    def _circle(self, node: Node, above: list[Node]) -> _Wrong:
        if node is self._tree.root or (above and above[-1] is self._tree.root):
            return None
        chain = " › ".join(step.name for step in [*reversed(above[:8]), node])
        return "parent", _CYCLE, {"chain": chain}

    def _upside_down(self, node: Node, above: list[Node]) -> _Wrong:
        if node is self._tree.root or above[0].rank < node.rank:
            return None
        return "level", _UPSIDE_DOWN, {"parent": above[0].name}

    def _below_refused(self, _node: Node, above: list[Node]) -> _Wrong:
        refused = next((step for step in above if step.refused), None)
        return ("parent", _ABOVE, {"parent": refused.name, "row": refused.line}) if refused else None

    def _too_deep(self, node: Node, above: list[Node]) -> _Wrong:
        below_root = [step for step in [node, *above] if step is not self._tree.root]
        length = len(self._tree.start) + sum(len(step.code) + 1 if step.code else _CODE + 1 for step in below_root)
        return ("code", _TOO_DEEP, {}) if length > _PATH else None

    def _clash(self, node: Node, above: list[Node]) -> _Wrong:
        other = self._named.setdefault(_place(node), node)
        if other is node:
            return None
        parent = above[0].name if above else ""
        return "name", _CLASH, {"parent": parent, "name": other.name, "code": other.code or other.name}


def _place(node: Node) -> tuple[int, str, str]:
    return id(node.parent), node.level, node.key
