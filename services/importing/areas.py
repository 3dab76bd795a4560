"""Areas from a file: planned as a whole, with everything that is wrong, and written into the tree of one place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.area import Area
from services.errors import listed
from services.importing import area_outlines
from services.importing.area_matching import Matcher
from services.importing.area_parents import Parents
from services.importing.area_rows import AreaRow, Problem
from services.importing.area_tree import Base, Node, Tree
from services.importing.reader.words import folded
from services.vocabulary import codes

# (kind of row, id, its columns before or none for a new one): what an undo needs.
Record = Callable[[str, int, dict[str, Any] | None], None]

_CYCLE = listed("The areas lie in one another in a circle: {chain}. Correct one of the parents.")
_UPSIDE_DOWN = listed("The parent {parent} is not wider than this area. Correct the level, or the parent.")
_CLASH = listed("{parent} has another area called {name}: {code}. Give one of the two another name.")
_TOO_DEEP = listed("The codes from the root to this area are too long together. Shorten the codes.")
_ABOVE = listed("The parent {parent} in row {row} is refused. Correct that row first.")
_LEVEL = listed("There is no level {level}. Choose one from the list.")
_COLUMNS = [name for name in Area.model_fields if name != "id"]
_PATH, _LONGEST = 255, "0" * 32


@dataclass
class Plan:
    """What a file would do to the tree: rows by outcome, and everything that is wrong."""

    tree: Tree
    new: list[Node] = field(default_factory=list)
    changed: list[Node] = field(default_factory=list)
    unchanged: list[Node] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan(session: Session, base: Base, rows: Iterable[AreaRow], *, level: str = "") -> Plan:
    """Where each row belongs, and what is wrong; ``level`` is that of every row which names none. Writes nothing."""
    told = list(rows)
    found = Plan(Tree(session, base, told))
    nodes = _matched(found, told, level)
    parents = Parents(found.tree, nodes)
    _ask(found, nodes, parents.told)
    for node in nodes:
        parents.inferred(node)
    _ask(found, nodes, parents.level)
    # Wider areas first: what hangs below a refused row is refused with it.
    for node in sorted(nodes, key=lambda node: sum(1 for _ in node.above())):
        _check(found, node)
    for node in nodes:
        if not node.refused:
            new = node.area is None and node is not found.tree.root
            (found.new if new else found.changed if _differs(node) else found.unchanged).append(node)
    found.problems.sort(key=lambda problem: problem.line)
    return found


def _matched(found: Plan, rows: list[AreaRow], level: str) -> list[Node]:
    matcher, nodes = Matcher(found.tree, rows), []
    for row in rows:
        if row.level and row.level not in codes("level"):
            found.problems.append(Problem(row.line, "level", _LEVEL, {"level": row.level[:40]}))
            continue
        node = matcher.match(row, level)
        if isinstance(node, Problem):
            found.problems.append(node)
        else:
            node.level = row.level or node.level
            nodes.append(node)
    return nodes


def _ask(found: Plan, nodes: list[Node], question: Callable[[Node], Problem | None]) -> None:
    for node in nodes:
        problem = None if node.refused else question(node)
        if problem:
            _refuse(found, node, problem)


def _refuse(found: Plan, node: Node, problem: Problem) -> None:
    node.refused = True
    found.problems.append(problem)


def _check(found: Plan, node: Node) -> None:
    if node.refused or node.row is None:
        return
    for wrong in (_circle, _upside_down, _clash, _below_refused, _too_deep):
        told = wrong(node, found.tree)
        if told:
            _refuse(found, node, Problem(node.row.line, told[0], told[1], told[2]))
            return


_Wrong = tuple[str, str, dict[str, object]] | None


def _circle(node: Node, tree: Tree) -> _Wrong:
    above = list(node.above())
    if node is tree.root or (above and above[-1] is tree.root):
        return None
    chain = " › ".join(step.name for step in [*reversed(above[:8]), node])
    return "parent", _CYCLE, {"chain": chain}


def _upside_down(node: Node, tree: Tree) -> _Wrong:
    parent = tree.root if node.parent is None else node.parent
    if node is tree.root or parent.rank < node.rank:
        return None
    return "level", _UPSIDE_DOWN, {"parent": parent.name}


def _clash(node: Node, _tree: Tree) -> _Wrong:
    for other in node.parent.children if node.parent else []:
        same = other is not node and not other.refused and folded(other.name) == folded(_name(node))
        if same and other.level == node.level and (other.row is None or other.row.line < _line(node)):
            named: dict[str, object] = {"parent": node.parent.name if node.parent else "", "name": other.name}
            return "name", _CLASH, named | {"code": other.code or other.name}
    return None


def _name(node: Node) -> str:
    return node.row.name if node.row else node.name


def _line(node: Node) -> int:
    return node.row.line if node.row else 0


def _below_refused(node: Node, _tree: Tree) -> _Wrong:
    refused = next((above for above in node.above() if above.refused), None)
    return ("parent", _ABOVE, {"parent": refused.name, "row": _line(refused)}) if refused else None


def _too_deep(node: Node, tree: Tree) -> _Wrong:
    below_root = [step for step in [node, *node.above()] if step is not tree.root]
    length = len(tree.start) + sum(len(step.code or _LONGEST) + 1 for step in below_root)
    return ("code", _TOO_DEEP, {}) if length > _PATH else None


def _differs(node: Node) -> bool:
    """Whether the row says something else than what is there, or more of a place that is yet to be made."""
    told = _told(node)
    if node.area is None:
        return not set(told) <= {"name", "level", "code", "parent_id"}
    return any(getattr(node.area, name) != value for name, value in told.items())


def _told(node: Node) -> dict[str, Any]:
    """The columns a row says something about, as they will be. Empty cells say nothing."""
    row = node.row
    if row is None:
        return {}
    told: dict[str, Any] = {"name": row.name, "level": node.level, "code": node.code}
    told |= {"kind": row.kind} if row.kind else {}
    told |= {"households": row.households} if row.households is not None else {}
    if node.parent and node.parent.area:
        told["parent_id"] = node.parent.area.id
    elif node.parent:
        told["parent_id"] = None
    return told | _position(node, row)


def _position(node: Node, row: AreaRow) -> dict[str, Any]:
    """The outline and its heart; of an area that nobody drew the point the row tells."""
    if row.outline:
        drawn = row.outline
        return {"geometry": drawn.geometry, "lng": drawn.lng, "lat": drawn.lat, "schematic": False}
    if row.point and node.drawn is None:
        return {"lng": row.point[0], "lat": row.point[1]}
    return {}


def write(session: Session, planned: Plan, record: Record) -> None:
    """Write what is new and changed, move what hangs below, and let schematic tiles give way. The caller commits."""
    told = sorted([*planned.new, *planned.changed], key=lambda node: sum(1 for _ in node.above()))
    before = Before(record)
    for node in told:
        _write(session, planned.tree, node, before)
    if told:
        _move(planned.tree.root, before)
        area_outlines.give_way(session, planned.tree.root, before.keep)
        session.flush()
        before.tell()


class Before:
    """Knows every area as it stood before it was touched, and records in the end what is different now."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._kept: dict[int, tuple[Area, dict[str, Any] | None]] = {}

    def keep(self, area: Area) -> None:
        """Remember the area as it stands now, unless it was remembered or made a moment ago."""
        if area.id not in self._kept:
            self._kept[area.id] = area, {name: getattr(area, name) for name in _COLUMNS}

    def made(self, area: Area) -> None:
        """Remember that the area is new."""
        self._kept[area.id] = area, None

    def tell(self) -> None:
        """Record what is new, and the columns that changed as they were."""
        for area, before in self._kept.values():
            old = {name: value for name, value in (before or {}).items() if getattr(area, name) != value}
            if before is None or old:
                self._record("area", area.id, old if before is not None else None)


def _write(session: Session, tree: Tree, node: Node, before: Before) -> None:
    parent = node.parent or tree.root
    node.code = node.code or tree.numbered(parent)
    if node.area is None:
        path = f"{parent.area.path if parent.area else ''}{node.code}/"
        node.area = Area(path=path, sample=False, **(_told(node) | {"code": node.code}))
        session.add(node.area)
        session.flush()
        tree.by_code[node.code] = node
        before.made(node.area)
        return
    before.keep(node.area)
    for name, value in _told(node).items():
        setattr(node.area, name, value)
    session.add(node.area)


def _move(node: Node, before: Before) -> None:
    """Give everything below ``node`` the path that follows from its parents."""
    for child in node.children:
        if child.area is None or node.area is None:
            continue
        path = f"{node.area.path}{child.area.code}/"
        if child.area.path != path:
            before.keep(child.area)
            child.area.path = path
        _move(child, before)
