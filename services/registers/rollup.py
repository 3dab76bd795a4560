"""Rolling up: what stands somewhere in the tree, brought to the areas of one level, and the households there."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from sqlmodel import Session, col, select

from models.area import Area
from services.places.areas import standing, within

T = TypeVar("T")


def gathered(areas: Iterable[Area], placed: Iterable[tuple[str, T]]) -> dict[int, list[T]]:
    """What lies at or below each of the areas, by area id; ``placed`` are (path, thing). Areas may not be nested."""
    by_path = {area.path: area.id for area in areas}
    found: dict[int, list[T]] = {area_id: [] for area_id in by_path.values()}
    for path, thing in placed:
        above = _above(path, by_path)
        if above is not None:
            found[above].append(thing)
    return found


def _above(path: str, by_path: Mapping[str, int]) -> int | None:
    parts = path.rstrip("/").split("/")
    candidates = ("/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1))
    return next((by_path[one] for one in candidates if one in by_path), None)


def households(session: Session, path: str, areas: Iterable[Area]) -> dict[int, int]:
    """The households of each area: its own count, else those of its buildings; areas without either are left out."""
    listed = list(areas)
    below = session.exec(
        select(Area.path, Area.households).where(
            within(path), standing(), Area.level == "building", col(Area.households).is_not(None)
        )
    ).all()
    sums = gathered(listed, [(at, count or 0) for at, count in below])
    told = {area.id: area.households if area.households is not None else sum(sums[area.id]) for area in listed}
    return {area_id: count for area_id, count in told.items() if count}
