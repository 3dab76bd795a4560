"""Area book: the areas of a place while a file is read: found by their names, made where that is allowed."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from models.area import Area
from services.importing.areas.names import AreaNames
from services.importing.job.import_jobs import Job
from services.importing.mapping import kinds
from services.importing.mapping.mapping import NONE, OWN
from services.places import areas, tilemap

Names = list[tuple[str, str]]
# Where nobody said where the place lies: the middle of the country, as wide as a district.
_MIDDLE, _WIDTH_KM = (104.0, 35.0), 18.0


@dataclass(frozen=True)
class Found:
    """The area that names lead to, as far as they lead; ``unknown`` is the level and word that nobody knows.

    ``missing`` is what is left of the names, to be made below ``area``.
    """

    area: Area | None
    missing: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, str] | None = None


class AreaBook:
    """The tree of the place of a job."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._tree = areas.under(job.session, job.root.path) if job.root else []
        self.names = AreaNames(self._tree)
        self.by_id = {area.id: area for area in self._tree}
        self._drawn = drawn_levels(self._tree)
        self._children: dict[int | None, int] = {}
        for area in self._tree:
            self._children[area.parent_id] = self._children.get(area.parent_id, 0) + 1
        self._found: dict[tuple[tuple[str, str], ...], Found] = {}

    def find(self, names: Names) -> Found:
        """What ``names``, from the widest to the narrowest, lead to; the root when there are none."""
        key = tuple(names)
        if key not in self._found:
            self._found[key] = self._walk(key)
        return self._found[key]

    def _walk(self, names: tuple[tuple[str, str], ...]) -> Found:
        at = self._job.root
        for turn, (level, word) in enumerate(names):
            told = self._job.mapping.values.get(level, {}).get(word)
            if told == NONE:
                continue
            found = self._known(at, level, word, told)
            if found is None:
                if told == OWN or (told is None and self.may_make(level)):
                    return Found(at, names[turn:])
                return Found(at, unknown=(level, word))
            at = found
        return Found(at)

    def _known(self, at: Area | None, level: str, word: str, told: str | None) -> Area | None:
        if told and told != OWN:
            return self.names.by_code.get(told)
        under = at.path if at else ""
        if at and (level in (at.level, "area")) and self.names.find(word, under, at.level) is at:
            return at
        return self.names.find(word, under, "" if level == "area" else level)

    def may_make(self, level: str) -> bool:
        """Whether an area of ``level`` that is named but not there may be made without asking."""
        return may_make(level, self._job.mapping.options.make_areas, self._drawn)

    def make(self, found: Found) -> Area:
        """The area at the end of ``found``; what is missing is made in the job's transaction."""
        assert found.area is not None
        at = found.area
        for level, word in found.missing:
            if self._job.mapping.values.get(level, {}).get(word) != NONE:
                at = self.names.find(word, at.path, level) or self._new(at, level, word)
        self._found.clear()
        return at

    def _new(self, parent: Area, level: str, name: str) -> Area:
        code = self._free_code(parent)
        made = Area(code=code, name=name, level=level, path=f"{parent.path}{code}/", parent_id=parent.id)
        self._job.session.add(made)
        self._job.session.flush()
        self._job.note("area", made.id)
        self.names.add(made)
        self.by_id[made.id] = made
        self._job.made_areas = True
        return made

    def _free_code(self, parent: Area) -> str:
        while True:
            number = self._children[parent.id] = self._children.get(parent.id, 0) + 1
            code = f"{parent.code}-{number:02d}"
            if code not in self.names.by_code:
                return code

    def draw(self) -> None:
        """Give every area a tile when some were made, unless somebody has drawn a boundary of this place."""
        root = self._job.root
        if root is None or self._drawn or not self._job.made_areas:
            return
        ground = self._job.mapping.ground
        lng, lat = (root.lng, root.lat) if root.lng is not None and root.lat is not None else _MIDDLE
        width = ground.width_km if ground else _WIDTH_KM
        tree = areas.under(self._job.session, root.path)
        for area_id, geometry in tilemap.tiles(tree, lng, lat, width).items():
            area = self.by_id.get(area_id) or self._job.session.get_one(Area, area_id)
            (west, south), _, (east, north), *_ = geometry["coordinates"][0]
            area.geometry, area.schematic = geometry, True
            area.lng, area.lat = round((west + east) / 2, 6), round((south + north) / 2, 6)


def drawn_levels(tree: list[Area]) -> set[str]:
    """The levels of which somebody has drawn boundaries; the outlines of a sample place count as drawn."""
    found = set[str]()
    for area in tree:
        # An outline is read from the database when it is asked for: one of each level is enough.
        if area.level not in found and (area.sample or not area.schematic) and area.geometry:
            found.add(area.level)
    return found


def may_make(level: str, told: bool | None, drawn: AbstractSet[str]) -> bool:
    """Whether areas of ``level`` may be made by name: as told, else where nobody has drawn any."""
    return level in kinds.LEVELS and (level not in drawn if told is None else told)
