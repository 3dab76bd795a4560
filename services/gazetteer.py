"""The areas and units a ledger names: found if they are known, otherwise made, and put on a schematic map."""

from dataclasses import dataclass, field

from sqlmodel import Session, or_, select

from models.area import Area
from models.organisation import Organisation
from models.place import Place
from services import areas
from services.errors import Refused
from services.mappings import Mapping, Root
from services.tilemap import tiles


@dataclass
class Gazetteer:
    """The tree of one place while a ledger is read; what is new is added to the session at once."""

    session: Session
    mapping: Mapping
    root: Area
    _areas: dict[tuple[int, str], Area] = field(default_factory=dict)
    _counts: dict[int, int] = field(default_factory=dict)
    _units: dict[str, Organisation] = field(default_factory=dict)

    def area(self, names: list[str]) -> Area:
        """The area at the end of ``names``, from the widest to the narrowest; empty names are passed over."""
        at = self.root
        for level, name in zip(self.mapping.areas, names, strict=True):
            if name:
                at = self._areas.get((at.id, name)) or self._new_area(at, name, level.level)
        return at

    def _new_area(self, parent: Area, name: str, level: str) -> Area:
        number = self._counts[parent.id] = self._counts.get(parent.id, 0) + 1
        code = f"{parent.code}-{number:02d}"
        made = Area(code=code, name=name, level=level, path=f"{parent.path}{code}/", parent_id=parent.id)
        self.session.add(made)
        self.session.flush()
        self._areas[parent.id, name] = made
        return made

    def unit(self, name: str) -> Organisation | None:
        """The responsible unit called ``name``; none without a name."""
        if not name:
            return None
        if name not in self._units:
            code = f"{self.mapping.place.prefix}-U{len(self._units) + 1:04d}"
            made = Organisation(code=code, name=name, kind="unit", path=f"{code}/", area_id=self.root.id)
            self.session.add(made)
            self.session.flush()
            self._units[name] = made
        return self._units[name]

    def draw(self) -> None:
        """Give every area a tile, unless somebody has drawn a boundary of this place."""
        tree = _tree(self.session, self.root)
        place = self.mapping.place
        if any(area.geometry and not area.schematic for area in tree):
            return
        for area_id, geometry in tiles(tree, place.lng, place.lat, place.width_km).items():
            area = self.session.get_one(Area, area_id)
            (west, south), _, (east, north), *_ = geometry["coordinates"][0]
            area.geometry, area.schematic = geometry, True
            area.lng, area.lat = round((west + east) / 2, 6), round((south + north) / 2, 6)


def open_gazetteer(session: Session, mapping: Mapping) -> Gazetteer:
    """The gazetteer of the mapping's place, which is made when it is not there yet."""
    root = _root(session, mapping.place)
    known = Gazetteer(session, mapping, root)
    for area in _tree(session, root):
        if area.parent_id is not None and area.id != root.id:
            known._areas[area.parent_id, area.name] = area
            known._counts[area.parent_id] = known._counts.get(area.parent_id, 0) + 1
    units = select(Organisation).where(Organisation.area_id == root.id, Organisation.kind == "unit")
    known._units.update({unit.name: unit for unit in session.exec(units)})
    return known


def _tree(session: Session, root: Area) -> list[Area]:
    return list(session.exec(select(Area).where(areas.within(root.path))))


def _root(session: Session, told: Root) -> Area:
    place = session.exec(select(Place).where(Place.slug == told.slug)).first()
    if place:
        return session.get_one(Area, place.area_id)
    taken = session.exec(
        select(Place.name)
        .join(Area, Area.id == Place.area_id)  # type: ignore[arg-type]
        .where(or_(Place.prefix == told.prefix, Area.code == told.code))
    ).first()
    if taken:
        raise Refused(
            "{name} already uses the prefix {prefix} or its code. Give the mapping others.",
            name=taken,
            prefix=told.prefix,
        )
    root = Area(code=told.code, name=told.name, level=told.level, path=f"{told.code}/")
    session.add(root)
    session.flush()
    session.add(Place(slug=told.slug, name=told.name, prefix=told.prefix, area_id=root.id))
    session.flush()
    return root
