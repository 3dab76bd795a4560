"""The tree of a place while a file about its areas is read: what is there, and what the file adds to it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from models.area import Area
from models.place import Place
from services.importing.areas.rows import AreaRow
from services.importing.reader.sheet_words import folded
from services.places import areas


@dataclass(eq=False)
class Node:
    """An area that is there (``area``), that the file tells of (``row``), or both."""

    code: str
    name: str
    level: str
    parent: "Node | None" = None
    area: Area | None = None
    row: AreaRow | None = None
    children: list["Node"] = field(default_factory=list)
    refused: bool = False
    key: str = ""
    _drawn: BaseGeometry | None = None

    def __post_init__(self) -> None:
        self.key = folded(self.name)

    @property
    def line(self) -> int:
        """The row of the file; 0 for an area the file does not tell of."""
        return self.row.line if self.row else 0

    @property
    def rank(self) -> int:
        """0 for a city … 6 for a building; beyond them where the level is not known yet."""
        return areas.LEVELS.index(self.level) if self.level in areas.LEVELS else len(areas.LEVELS)

    @property
    def drawn(self) -> BaseGeometry | None:
        """The outline as it will be, if somebody drew one."""
        if self._drawn is None:
            self._drawn = self._outline()
        return self._drawn

    def _outline(self) -> BaseGeometry | None:
        if self.row and self.row.outline:
            return shape(self.row.outline.geometry)
        there = self.area is not None and bool(self.area.geometry) and (not self.area.schematic or self.area.sample)
        return shape(dict(self.area.geometry or {})) if there and self.area else None

    def above(self) -> Iterator["Node"]:
        """The areas this one lies in, the nearest first; ends where they would come round again."""
        seen, at = {id(self)}, self.parent
        while at is not None and id(at) not in seen:
            yield at
            seen.add(id(at))
            at = at.parent

    def is_called(self, word: str) -> bool:
        """Whether ``word`` is the code or the name."""
        return word == self.code or folded(word) == self.key


@dataclass(frozen=True)
class Base:
    """The root of the place a file is about, and the prefix of the place; ``area`` is none while it is to be made."""

    code: str
    name: str
    level: str
    prefix: str
    area: Area | None = None


def base_of(session: Session, place: Place) -> Base:
    """The base of a place that is there."""
    root = session.get_one(Area, place.area_id)
    return Base(root.code, root.name, root.level, place.prefix, root)


class Tree:
    """Every area of a place by code and by name, and the codes that are taken elsewhere."""

    def __init__(self, session: Session, base: Base, rows: list[AreaRow]) -> None:
        self.prefix = base.prefix
        self.by_code: dict[str, Node] = {}
        self.by_name: dict[str, list[Node]] = defaultdict(list)
        self.root = Node(base.code, base.name, base.level, area=base.area)
        self.add(self.root)
        if base.area:
            below = select(Area).where(areas.within(base.area.path)).order_by(col(Area.path))
            self._load(list(session.exec(below)), base.area)
        self.start = base.area.path if base.area else f"{base.code}/"
        self.taken = _taken(session, {code for row in rows for code in self.spellings(row.code)}) - set(self.by_code)

    def _load(self, found: list[Area], root: Area) -> None:
        by_id = {root.id: self.root}
        for area in found:
            if area.id != root.id:
                by_id[area.id] = Node(area.code, area.name, area.level, by_id[area.parent_id or root.id], area)
                self.add(by_id[area.id])

    def add(self, node: Node) -> None:
        """Let the tree know an area."""
        if node.code:
            self.by_code[node.code] = node
        self.by_name[node.key].append(node)
        if node.parent:
            node.parent.children.append(node)

    def rename(self, node: Node, name: str) -> None:
        """Let an area be known by the name a row gives it; the old one leads to it, too."""
        if node.name != name:
            node.name, node.key = name, folded(name)
            self.by_name[node.key].append(node)

    def spellings(self, code: str) -> list[str]:
        """How a code of the file may stand in the tree: as it is, and with the prefix of the place."""
        # A path holds codes between slashes.
        plain = "-".join(code.replace("/", "-").split())
        own = [] if plain != code or not plain else [plain]
        return [*own, f"{self.prefix}-{plain}"[:32]] if plain else []

    def coded(self, code: str) -> Node | None:
        """The area a code of the file means."""
        return next((self.by_code[told] for told in self.spellings(code) if told in self.by_code), None)

    def free(self, code: str) -> str:
        """The code a new area gets for ``code`` of the file; with the prefix where it is taken in another place."""
        return next((told for told in self.spellings(code) if told not in self.taken and len(told) <= 32), "")

    def called(self, word: str) -> list[Node]:
        """The areas that ``word`` may mean: the one with the code, or all with the name."""
        coded = self.coded(word)
        return [coded] if coded else list(self.by_name.get(folded(word), []))

    def numbered(self, parent: Node) -> str:
        """A new code below ``parent``, counted on from its children; empty when it would be too long."""
        number = sum(bool(child.code) for child in parent.children)
        while True:
            number += 1
            code = f"{parent.code}-{number:02d}"
            if len(code) > 32:
                return ""
            if code not in self.by_code and code not in self.taken:
                return code


def _taken(session: Session, codes: set[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(codes)
    for start in range(0, len(ordered), 500):
        found |= set(session.exec(select(Area.code).where(col(Area.code).in_(ordered[start : start + 500]))))
    return found
