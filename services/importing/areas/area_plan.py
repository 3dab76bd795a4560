"""Areas from a file: planned as a whole, with everything that is wrong, and written into the tree of one place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlmodel import Session

from models.area import Area
from services.importing.areas.matching import Matcher
from services.importing.areas.parents import Parents
from services.importing.areas.rows import AreaRow, Problem
from services.importing.areas.tree import Base, Node, Tree
from services.importing.areas.tree_checks import Checks
from services.places import schematic_map
from services.system.errors import listed
from services.words.vocabulary import codes

# (kind of row, id, its columns before or none for a new one): what an undo needs.
Record = Callable[[str, int, dict[str, Any] | None], None]

_LEVEL = listed("There is no level {level}. Choose one from the list.")
_COLUMNS = [name for name in Area.model_fields if name != "id"]


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
    _ask(found, sorted(nodes, key=_depth), Checks(found.tree).problem)
    for node in nodes:
        if not node.refused:
            new = node.area is None and node is not found.tree.root
            (found.new if new else found.changed if _differs(node) else found.unchanged).append(node)
    found.problems.sort(key=lambda problem: problem.line)
    return found


def _depth(node: Node) -> int:
    return sum(1 for _ in node.above())


def _matched(found: Plan, rows: list[AreaRow], level: str) -> list[Node]:
    matcher, nodes, known = Matcher(found.tree, rows), [], {"", *codes("level")}
    for row in rows:
        if row.level not in known:
            found.problems.append(Problem(row.line, "level", _LEVEL, {"level": row.level[:40]}))
            continue
        node = matcher.match(row, level)
        if isinstance(node, Problem):
            found.problems.append(node)
        else:
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
    told = sorted([*planned.new, *planned.changed], key=_depth)
    before = Before(record)
    for _, beside in groupby(told, key=_depth):
        _write(session, planned.tree, list(beside), before)
    if told:
        _move(planned.tree.root, before)
        schematic_map.give_way(session, planned.tree.root.area, before.keep)
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


def _write(session: Session, tree: Tree, nodes: list[Node], before: Before) -> None:
    """Write areas that are equally deep; those above them stand there already."""
    new = [node for node in nodes if node.area is None]
    for node in nodes:
        parent = node.parent or tree.root
        node.code = node.code or tree.numbered(parent)
        tree.by_code[node.code] = node
        if node.area is None:
            path = f"{parent.area.path if parent.area else ''}{node.code}/"
            node.area = Area(path=path, sample=False, **_told(node))
        else:
            before.keep(node.area)
            for name, value in _told(node).items():
                setattr(node.area, name, value)
        session.add(node.area)
    session.flush()
    for node in new:
        if node.area:
            before.made(node.area)


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
