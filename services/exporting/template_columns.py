"""Blanks: what an import template offers in each column, and how a choice in one narrows the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.area import Area
from models.organisation import Organisation
from models.place import Place
from services.exporting.lists.list_columns import Words
from services.importing.mapping import kinds
from services.importing.mapping.kinds import Field
from services.places import areas
from services.system import data_files

_MOST = 3000


@dataclass(frozen=True)
class Blank:
    """A column to be filled in: the field, an example, and the words it offers.

    ``below`` names the column whose choice narrows this one; ``narrowed`` are its words by the words of that column.
    """

    field: Field
    example: str
    choices: tuple[str, ...] = ()
    below: str = ""
    narrowed: dict[str, tuple[str, ...]] | None = None


class Ground:
    """The areas and organisations of a place, as the columns of a template offer them."""

    def __init__(self, session: Session, place: Place | None) -> None:
        root = session.get_one(Area, place.area_id) if place else None
        self.areas = areas.in_use(session, root.path) if root else []
        self.organisations = _organisations(session, root.path) if root else []
        # The root goes without saying.
        self.levels = [level for level in areas.LEVELS if any(area.level == level for area in self.areas[1:])]

    def named(self, level: str = "") -> tuple[str, ...]:
        """The names of the areas, of one level or of all."""
        found = dict.fromkeys(area.name for area in self.areas if level in ("", area.level))
        return tuple(found)[:_MOST]

    def above(self, level: str) -> str:
        """The level above ``level`` that this place has; nothing above the widest."""
        at = self.levels.index(level)
        return self.levels[at - 1] if at else ""

    def narrowed(self, level: str) -> dict[str, tuple[str, ...]]:
        """The names of a level by the name of the area they lie in, one level up."""
        wider = [area for area in self.areas if area.level == self.above(level)]
        inner = [area for area in self.areas if area.level == level]
        found = {one.name: tuple(area.name for area in inner if area.path.startswith(one.path)) for one in wider}
        return {name: names for name, names in found.items() if names}


def _organisations(session: Session, path: str) -> list[str]:
    query = select(Organisation.name).join(Area, col(Area.id) == Organisation.area_id)
    query = query.where(areas.within(path), col(Organisation.closed_at).is_(None))
    return list(dict.fromkeys(session.exec(query.order_by(col(Organisation.path)))))[:_MOST]


def blanks(kind: str, ground: Ground, words: Words) -> list[Blank]:
    """The columns of the template of a kind, in the order of the fields. Refused for an unknown kind."""
    known = kinds.fields(kind)
    examples = {row["field"]: row for row in data_files.rows("imports/examples.csv") if row["kind"] == kind}
    shown = (known[name] for name in known if name in examples and _here(name, ground))
    tongue = "zh" if words.language.startswith("zh") else "en"
    return [_blank(field, examples[field.code][tongue], ground, words) for field in shown]


def _here(name: str, ground: Ground) -> bool:
    """A column for a level of areas that the place does not have only confuses."""
    return name not in areas.LEVELS or name in ground.levels


def _blank(field: Field, example: str, ground: Ground, words: Words) -> Blank:
    if field.code in ground.levels:
        names, wider = ground.named(field.code), ground.above(field.code)
        return Blank(field, next(iter(names), ""), names, wider, ground.narrowed(field.code) if wider else None)
    choices = _choices(field, ground, words)
    fitting = example if not choices or example in choices or field.type == "unit" else ""
    return Blank(field, fitting or next(iter(choices), ""), choices)


def _choices(field: Field, ground: Ground, words: Words) -> tuple[str, ...]:
    offered: dict[str, Sequence[str]] = {
        "area": ground.named(),
        "parent": ground.named() if field.kind == "areas" else ground.organisations,
        "organisation": ground.organisations,
        "unit": ground.organisations,
    }
    if field.type in offered:
        return tuple(offered[field.type])
    return tuple(words.term(field.vocabulary, code) for code in kinds.codes(field.vocabulary))
