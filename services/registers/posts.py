"""Posts 岗位: how many of each kind are filled in an area, and how much work each filled one has; never who."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from models.place import Office
from services.engine import versioned_cache
from services.matters import matters
from services.places import areas
from services.places.areas import Scope, within
from services.registers import rollup
from services.rights.matter_rights import open_to
from services.rights.permissions import Actor
from services.words import vocabulary


@dataclass(frozen=True)
class Staffing:
    """The posts of one kind at or below an area. ``households`` and ``open_matters`` are those of the area."""

    area: Area
    kind: str
    filled: int
    vacant: int
    households: int | None
    open_matters: int

    def each(self, work: int | None) -> float | None:
        """So much work for each filled post; None without a filled post, or where the work isn't counted."""
        return work / self.filled if work is not None and self.filled else None


def staffing(session: Session, actor: Actor, here: Scope) -> list[Staffing]:
    """The posts of each kind in the area in view and in each area one level down; vacancies first."""
    inside = areas.children(session, here.area_id)
    own = session.get_one(Area, here.area_id, options=[areas.WITHOUT_OUTLINES])
    query = select(Area.path, Office).join(Area, col(Area.id) == Office.area_id)
    posts = session.exec(query.where(within(here.path), col(Office.closed_at).is_(None)))
    placed, still = posts.all(), _open_matters(session, actor, here.path)
    # What stands at the area in view itself belongs to none of those below it.
    directly = [(path, post) for path, post in placed if path == here.path]
    rows = _rows(session, here.path, inside, placed, still) + _rows(session, here.path, [own], directly, still)
    order = vocabulary.codes("office")
    return sorted(rows, key=lambda row: (-row.vacant, order.index(row.kind), row.area.path))


def _rows(
    session: Session, path: str, found: list[Area], placed: Iterable[tuple[str, Office]], still: dict[str, int]
) -> list[Staffing]:
    homes, there = rollup.households(session, path, found), rollup.gathered(found, placed)
    open_here = {area.id: sum(n for at, n in still.items() if at.startswith(area.path)) for area in found}
    return [
        Staffing(area, kind, *_counted(there[area.id], kind), homes.get(area.id), open_here[area.id])
        for area in found
        for kind in sorted({post.kind for post in there[area.id]})
    ]


def _counted(posts: list[Office], kind: str) -> tuple[int, int]:
    filled = [post.filled for post in posts if post.kind == kind]
    return sum(filled), len(filled) - sum(filled)


def _open_matters(session: Session, actor: Actor, path: str) -> dict[str, int]:
    """The open matters that the actor may read, by the path of their area."""
    query: Any = select(Area.path, func.count()).join(Matter, col(Matter.area_id) == Area.id)
    query = query.where(within(path), matters.is_open(), *open_to(actor)).group_by(col(Area.path))
    question = ("open matters by area", path)
    return versioned_cache.kept(session, actor, question, lambda: dict(session.execute(query).all()))
