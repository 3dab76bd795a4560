"""Trees: the areas of ``areas.csv`` that are drawn, and how much room each needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.places.drawing.plan import Plan
from services.places.drawing.plan_reading import FILE
from services.places.place_packs import Pack, Row, area_rows
from services.system.errors import Refused

TILED = ("city", "district", "street", "community", "grid")
# How much of the town an area takes at least, beside its neighbours; what lies inside adds up.
_ROOM: Mapping[str, float] = {"grid": 1.0, "community": 1.0, "street": 1.0, "estate": 0.45, "building": 0.07}
_RURAL = 3.0


@dataclass(frozen=True)
class Node:
    """An area and what lies in it. ``room`` is its share beside its siblings."""

    code: str
    level: str
    rural: bool
    room: float
    children: tuple["Node", ...] = field(default=())

    @property
    def tiles(self) -> tuple["Node", ...]:
        """The areas that together fill this one."""
        return tuple(child for child in self.children if child.level in TILED)

    @property
    def estates(self) -> tuple["Node", ...]:
        """The estates that stand in this one."""
        return tuple(child for child in self.children if child.level == "estate")

    @property
    def buildings(self) -> tuple["Node", ...]:
        """The buildings that stand in this one."""
        return tuple(child for child in self.children if child.level == "building")

    def all(self) -> Iterator["Node"]:
        """This area and everything below, parents before children."""
        yield self
        for child in self.children:
            yield from child.all()


def read(told: Pack, plan: Plan) -> Node:
    """The tree from the root of the place down. Refused where it can't be drawn, or the plan names what isn't in it."""
    found = area_rows(told)
    below: dict[str, list[Row]] = {}
    for row in found:
        below.setdefault(row["parent"], []).append(row)
    root = next((row for row in found if row["code"] == told.root), None)
    if root is None:
        raise Refused("areas.csv has no area {code}, which the pack names elsewhere. Add its row.", code=told.root)
    tree = _node(root, below, plan, rural=False)
    _known(plan, {node.code for node in tree.all()})
    return tree


def _node(row: Row, below: Mapping[str, list[Row]], plan: Plan, *, rural: bool) -> Node:
    code, level = row["code"], row.one_of("level", (*TILED, "estate", "building"))
    is_rural = rural or plan.is_rural(code)
    children = tuple(_node(child, below, plan, rural=is_rural) for child in below.get(code, ()))
    _together(code, children)
    inside = sum(child.room for child in children)
    spread = _RURAL if is_rural and not rural else 1.0
    own = 0.45 + inside if level == "estate" else max(_ROOM.get(level, 1.0), inside)
    return Node(code, level, is_rural, own * spread, tuple(sorted(children, key=lambda child: child.rural)))


def _together(code: str, children: tuple[Node, ...]) -> None:
    stray = [child.code for child in children if child.level not in TILED]
    if stray and len(stray) < len(children):
        raise Refused(
            "areas.csv: {code} stands beside grids in {parent}. Put it into one of them.", code=stray[0], parent=code
        )


def _known(plan: Plan, codes: set[str]) -> None:
    for code in [*plan.at, *plan.estates]:
        if code not in codes:
            raise Refused(
                "{file} names the area {code}, which areas.csv doesn't have. Correct it.", file=FILE, code=code
            )
