"""Editions 期: what the public is told is counted once a week and kept; no change between two looks tells one case.

Who asks first in a week has it counted; whatever is raised, closed or made public after that shows in the next one.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.public_edition import PublicEdition
from services.figures import readings
from services.figures.kept_counts import Span
from services.places import areas
from services.public import cells
from services.public.cells import Cell
from services.public.rounding import Tree, rounded, threshold
from services.rules.rules import rule
from services.system import clock, db
from services.system.database_faults import FAULTS
from services.system.writers import later

_EDITION, _SALT = "public edition", "public salt"
# The figures the public is told.
CODES = (
    "open",
    "density",
    "raised",
    "overdue",
    "closed_rate",
    "on_time_rate",
    "promise_rate",
    "satisfied_rate",
)
Told = dict[str, dict[int, tuple[int, int]]]


@dataclass(frozen=True)
class Edition:
    """By kind of case and area: how many are public, and how many, rounded, are not; ``at`` is when it was counted."""

    at: datetime
    period: str
    told: Told

    @property
    def span(self) -> Span:
        """The months its figures count: whole ones, for what the month that runs adds would be gone when it ends."""
        return readings.whole(self.period, self.at)

    def sums(self, part: str, area_id: int) -> int:
        """How many cases of an area one part of a figure counts, as the public is told."""
        return sum(sum(found.get(area_id, (0, 0))) for kind, found in self.told.items() if part in kind.split())


def step() -> int:
    """To which numbers the public's counts are rounded: twice the smallest count that points at nobody."""
    return 2 * int(rule("public.cell").value)


def current(session: Session, root: Area, flow: str) -> Edition:
    """This week's edition of a flow for everything below ``root``, the uppermost area of a tree."""
    week = clock.today() - timedelta(days=clock.today().weekday())
    question = ("public edition", root.id, flow, week)
    return readings.kept(session, question, lambda: _edition(_kept(session, root, flow, week)))


def _edition(row: PublicEdition) -> Edition:
    told = {
        kind: {int(area): (public, hidden) for area, (public, hidden) in found.items()}
        for kind, found in row.cells.items()
    }
    return Edition(row.at, row.period, told)


def _kept(session: Session, root: Area, flow: str, week: date) -> PublicEdition:
    found = _find(session, root.id, flow, week)
    return found or _keep(session, _counted(session, root, flow, week))


def _find(session: Session, root: int, flow: str, week: date) -> PublicEdition | None:
    of = (PublicEdition.area_id == root, PublicEdition.flow == flow, PublicEdition.week == week)
    return session.exec(select(PublicEdition).where(*of)).first()


def _keep(session: Session, made: PublicEdition) -> PublicEdition:
    """What now stands for the week: ``made``, or what somebody else was quicker to write."""
    if not db.only_reads(session):
        session.add(made)
        session.flush()
        return made
    told = made.model_dump()
    session.commit()  # Its connection goes back before another is asked for: who holds one never waits for a second.
    try:
        with db.writing(db.HURRY) as own:
            own.add(made)
    except FAULTS:  # Somebody else was quicker, or nothing can be written now.
        with db.reading() as other:
            return _find(other, told["area_id"], told["flow"], told["week"]) or _later(told)
    return made


def _later(told: dict[str, Any]) -> PublicEdition:
    """The edition all readers are told until it can be written: one for the week, however often it is asked for."""
    key = (_EDITION, told["area_id"], told["flow"], told["week"])
    later.first((_SALT,), told["salt"], lambda _session, _salt: None)
    return PublicEdition(**later.first(key, told, lambda session, kept: session.add(PublicEdition(**kept))))


def _counted(session: Session, root: Area, flow: str, week: date) -> PublicEdition:
    period, at = readings.usual(session, ""), clock.now()
    found = list(cells.found(session, CODES, root.path, flow, readings.whole(period, at)))
    salt = _salt(session)
    told = _rounded(session, root, found, salt, flow)
    return PublicEdition(area_id=root.id, flow=flow, week=week, at=at, period=period, salt=salt, cells=told)


def _salt(session: Session) -> str:
    known = session.exec(select(PublicEdition.salt).order_by(col(PublicEdition.id)).limit(1)).first()
    return known or later.noted((_SALT,)) or secrets.token_hex(16)


def _rounded(session: Session, root: Area, found: Iterable[Cell], salt: str, flow: str) -> dict[str, Any]:
    ground = _Ground(session, root)
    by_kind: dict[str, list[Cell]] = defaultdict(list)
    for cell in found:
        by_kind[cell.kind].append(cell)
    return {kind: ground.told(own, salt, f"{flow} {kind}") for kind, own in sorted(by_kind.items())}


class _Ground:
    """The tree below an area."""

    def __init__(self, session: Session, root: Area) -> None:
        rows = session.exec(select(Area.id, Area.parent_id, Area.code).where(areas.within(root.path))).all()
        self._root, self._step = root.id, step()
        self._above = {area: parent for area, parent, _ in rows if area != root.id}
        self._codes = {area: code for area, _, code in rows}
        self._parts: dict[int, list[int]] = defaultdict(list)
        for area, parent in self._above.items():
            self._parts[parent or root.id].append(area)

    def told(self, found: list[Cell], salt: str, name: str) -> dict[str, tuple[int, int]]:
        """What is told of one kind of case, by area; areas without any are absent."""
        public, hidden = (self._summed(cell for cell in found if cell.public is one) for one in (True, False))
        own = {area: self._one(hidden.get(area, 0), salt, f"{name} {code}") for area, code in self._codes.items()}
        direct = {cell.area_id: cell.number for cell in found if not cell.public and cell.area_id in self._parts}
        beside = {
            area: self._one(number, salt, f"{name} {self._codes[area]} beside")
            for area, number in direct.items()
            if number
        }
        shown = Tree(self._parts, beside, self._step).told(self._root, own)
        pairs = {area: (public.get(area, 0), shown[area]) for area in self._codes}
        return {str(area): pair for area, pair in pairs.items() if any(pair)}

    def _one(self, number: int, salt: str, name: str) -> int:
        return rounded(number, self._step, threshold(salt, name, self._step))

    def _summed(self, found: Iterable[Cell]) -> dict[int, int]:
        sums: dict[int, int] = defaultdict(int)
        for cell in found:
            area: int | None = cell.area_id
            while area is not None:
                sums[area] += cell.number
                area = self._above.get(area)
        return sums
