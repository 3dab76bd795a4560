"""Names of flows and states in a program file: where a word means one, and where it only looks alike."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.engine import flows

# Codes that are ordinary words of the program too. They count where they are held against a flow or a state.
ORDINARY = {
    "action": "what was done to a matter: a column of arrows.csv, rights.csv and of an event",
    "closed": "the opposite of open: of a list, of an account, of an Open311 request, of a column of a ledger",
    "deliberation": "a table",
    "dispatched": "a kept count, and a word of data/indicators.csv",
    "done": "a kind of state, a standing on the one line, a word of data/indicators.csv",
    "draft": "a thing that is not sent yet",
    "meeting": "a table, a page, a deadline, a source",
    "parties": "a field, and a part of a matter's page",
    "publicised": "a station",
    "resolved": "an answer of a follow-up, and a word of data/indicators.csv",
}
_MEANT = {"flow", "flows", "state", "states", "from_state", "to_state"}
_KINDS = ("flow", "state", "action", "counted")


@dataclass(frozen=True)
class Names:
    """The codes of all flows and of all their states."""

    flows: frozenset[str]
    states: frozenset[str]

    @classmethod
    def read(cls) -> "Names":
        """Those of the folders that are there."""
        known = flows.flows()
        return cls(frozenset(known), frozenset(state for flow in known for state in flows.states(flow)))

    def named(self, word: str) -> bool:
        """Whether the word is a code of a flow or a state, an act of a flow, or the words of one flow."""
        if word in self.flows | self.states:
            return True
        head, dot, tail = word.partition(".")
        if not dot:
            return False
        # f"action.{matter.flow}" is the kind of the words of the arrows.
        return tail in self.flows if head in _KINDS and (not tail or tail in self.flows) else head in self.flows


def found(file: Path, names: Names) -> list[tuple[int, str]]:
    """The lines of a file that name a flow or a state, with the word."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = set(_docstrings(tree))
    plain = {
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        if names.named(node.value) and node.value not in ORDINARY
    }
    meant = {
        pair for node in ast.walk(tree) for held in _meant(node) for pair in _constants(held) if names.named(pair[1])
    }
    return sorted(plain | meant)


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def _meant(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that can only be flows or states."""
    if isinstance(node, ast.Compare) and any(map(_asks, (node.left, *node.comparators))):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.Call):
        yield from _given(node)
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from (value for key, value in pairs if isinstance(key, ast.Constant) and key.value in _MEANT)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from ([node.value] if node.value is not None and any(map(_asks, targets)) else [])
    elif isinstance(node, ast.arguments):
        yield from _defaults(node)


def _given(call: ast.Call) -> Iterator[ast.AST]:
    """What a call is given as a flow or a state: ``flow="…"``, ``state.in_([…])``, ``flows.states("…")``."""
    yield from (keyword.value for keyword in call.keywords if keyword.arg in _MEANT)
    if isinstance(call.func, ast.Attribute):
        of, asked = call.func.value, call.func.attr
        if (asked == "in_" and _asks(of)) or ast.unparse(of) == "flows":
            # What follows the flow there are kinds and stations.
            yield from call.args[:1] if asked in ("states_of_kind", "states_at") else call.args


def _defaults(told: ast.arguments) -> Iterator[ast.AST]:
    named = [*told.posonlyargs, *told.args]
    pairs = [*zip(named[::-1], told.defaults[::-1], strict=False), *zip(told.kwonlyargs, told.kw_defaults, strict=True)]
    yield from (value for one, value in pairs if value is not None and one.arg in _MEANT)


def _asks(node: ast.AST) -> bool:
    """Whether an expression is a flow or a state: ``matter.state``, ``flow``, ``row["state"]``, ``FLOWS``."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "col" and node.args:
        return _asks(node.args[0])
    if isinstance(node, ast.Attribute):
        return node.attr.lower() in _MEANT
    if isinstance(node, ast.Name):
        return node.id.lower().strip("_") in _MEANT
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in _MEANT


def _constants(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The words that stand in an expression by themselves, in a tuple, a list or a set."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for part in node.elts:
            yield from _constants(part)
    elif isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from _constants(part)
