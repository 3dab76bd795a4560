"""Unit book: the responsible units a ledger names: those the place knows, and new ones."""

from sqlmodel import Session, col, or_, select

from models.area import Area
from models.organisation import Organisation
from services.importing.job.import_jobs import Job
from services.importing.mapping.mapping import NONE, OWN
from services.importing.mapping.word_lists import folded
from services.places import areas


def known_units(session: Session, root: Area | None) -> list[Organisation]:
    """The organisations seated in the place or above it."""
    if root is None:
        return []
    parts = root.path.rstrip("/").split("/")
    above = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]
    seated = select(Organisation).join(Area, col(Area.id) == Organisation.area_id)
    near = or_(areas.within(root.path), col(Area.path).in_(above))
    return list(session.exec(seated.where(near).order_by(col(Organisation.id))))


class UnitBook:
    """Finds or makes the unit a word stands for."""

    def __init__(self, job: Job) -> None:
        self._job = job
        units = known_units(job.session, job.root)
        self._ids = {unit.code: unit.id for unit in units}
        self._named = {folded(unit.name): unit.id for unit in reversed(units)}
        self._made = 0

    def id_of(self, word: str) -> int | None:
        """The id of the unit called ``word``; none where there is no word or it is to be passed over."""
        told = self._job.mapping.values.get("unit", {}).get(word)
        if not word or told == NONE:
            return None
        if told and told != OWN and told in self._ids:
            return self._ids[told]
        key = folded(word)
        if key not in self._named:
            self._named[key] = self._make(word)
        return self._named[key]

    def _make(self, name: str) -> int:
        assert self._job.root is not None
        code = self._code()
        unit = Organisation(code=code, name=name, kind="unit", path=f"{code}/", area_id=self._job.root.id)
        self._job.session.add(unit)
        self._job.session.flush()
        self._job.note("organisation", unit.id)
        return unit.id

    def _code(self) -> str:
        assert self._job.place is not None
        start = f"{self._job.place.prefix}-U"
        if not self._made:
            given = self._job.session.exec(select(Organisation.code).where(col(Organisation.code).startswith(start)))
            self._made = max((int(code[len(start) :]) for code in given if code[len(start) :].isdecimal()), default=0)
        self._made += 1
        return f"{start}{self._made:04d}"
