"""Coverage 联户: whether posts that link households are there for as many as the rule says, and where nobody is.

Which kinds of post link households, and between which numbers, stands in ``data/office_loads.csv`` and the rules.
Households are counts; who lives where is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.area import Area
from models.place import Office
from services.places import areas
from services.places.areas import LEVELS, Scope, within
from services.registers import rollup
from services.rules import rules
from services.rules.rules import Rule
from services.system.data_files import rows
from services.words import vocabulary


@dataclass(frozen=True)
class Band:
    """Between how many households a post of a kind is there for; ``least`` may be missing."""

    office: str
    least: Rule | None
    most: Rule

    def standing(self, households: int) -> str:
        """Whether so many are under, within or over the band."""
        if self.least is not None and households < self.least.value:
            return "under"
        return "over" if households > self.most.value else "within"

    def range(self, standing: str) -> tuple[int | None, int | None]:
        """The fewest and the most households of those that stand so; None where there is no end."""
        least, most = (int(self.least.value) if self.least else 0), int(self.most.value)
        return {"under": (None, least - 1), "over": (most + 1, None)}.get(standing, (least, most))

    def needed(self, households: int) -> int:
        """How many posts so many households need: rounded up, and none for none."""
        return ceil(households / self.most.value)


@dataclass(frozen=True)
class Covered:
    """An area and its posts of one kind: those filled and vacant, and the households that filled ones link.

    ``households`` is how many live there, None where nobody has counted; ``loads`` is that of each filled post,
    rising. ``standing`` is none without a filled post, over or under where one is, else within.
    """

    area: Area
    households: int | None
    vacant: int
    loads: tuple[int, ...]
    unsaid: int
    standing: str

    @property
    def filled(self) -> int:
        """The posts that are filled."""
        return len(self.loads) + self.unsaid

    @property
    def linked(self) -> int:
        """The households that filled posts link."""
        return sum(self.loads)

    @property
    def unlinked(self) -> int | None:
        """The households that nobody links; None where the households are not counted."""
        return None if self.households is None else max(0, self.households - self.linked)


@lru_cache
def bands() -> dict[str, Band]:
    """The band of each kind of post that links households."""
    return {row["office"]: _band(row) for row in rows("office_loads.csv")}


def _band(row: dict[str, str]) -> Band:
    return Band(row["office"], rules.rule(row["least"]) if row["least"] else None, rules.rule(row["most"]))


def _standing() -> ColumnElement[bool]:
    return col(Office.closed_at).is_(None)


def kinds(session: Session, path: str) -> list[str]:
    """The kinds of post with a band that stand at or below ``path``."""
    query = select(Office.kind).join(Area, col(Area.id) == Office.area_id).where(within(path), _standing()).distinct()
    there = set(session.exec(query))
    return [kind for kind in bands() if kind in there]


def levels(session: Session, here: Scope, kind: str) -> list[str]:
    """The levels at which posts of a kind can be looked at, the finest first: that of the posts, and those above it."""
    query = select(Area.level).join(Office, col(Office.area_id) == Area.id).where(within(here.path))
    deepest = max(
        (LEVELS.index(level) for level in session.exec(query.where(Office.kind == kind).distinct())), default=0
    )
    known = set(session.exec(select(Area.level).where(within(here.path)).distinct()))
    upper = LEVELS.index(here.level)
    return [LEVELS[at] for at in range(deepest, upper - 1, -1) if LEVELS[at] in known]


def covered(session: Session, path: str, kind: str, level: str) -> list[Covered]:
    """The areas of a level at or below ``path`` with their posts of a kind, gaps first.

    Areas where nobody is counted to live are left out unless posts stand there.
    """
    found = areas.descend(session, path, level)
    homes = rollup.households(session, path, found)
    query = select(Area.path, Office).join(Area, col(Area.id) == Office.area_id)
    posts = rollup.gathered(found, session.exec(query.where(within(path), _standing(), Office.kind == kind)).all())
    told = [_covered(area, homes.get(area.id), posts[area.id], bands()[kind]) for area in found]
    listed = [one for one in told if one.households or one.filled or one.vacant]
    return sorted(listed, key=lambda one: (vocabulary.codes("load").index(one.standing), -(one.unlinked or 0)))


def _covered(area: Area, households: int | None, posts: Sequence[Office], band: Band) -> Covered:
    filled = [post for post in posts if post.filled]
    loads = tuple(sorted(post.households for post in filled if post.households is not None))
    standing = _worst({band.standing(load) for load in loads}) if filled else "none"
    return Covered(area, households, len(posts) - len(filled), loads, len(filled) - len(loads), standing)


def _worst(standings: set[str]) -> str:
    return next((one for one in ("over", "under") if one in standings), "within")
