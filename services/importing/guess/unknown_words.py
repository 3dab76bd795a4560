"""Words of a file that nobody knows yet: each listed once with how often it comes and what it probably means."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from models.area import Area
from services.importing.areas.by_name import may_make
from services.importing.areas.names import AreaNames
from services.importing.cells import lookups, nearest_words
from services.importing.cells.cells import Emptiness
from services.importing.guess import guessers, known_ground
from services.importing.guess.known_ground import Ground
from services.importing.mapping import kinds, word_lists
from services.importing.mapping.kinds import Field
from services.importing.mapping.mapping import NONE, OWN, Mapping
from services.importing.mapping.word_lists import folded
from services.importing.matters.units import known_units
from services.importing.target import import_places
from services.places import areas

if TYPE_CHECKING:
    from services.importing.source.source import Source

_NEAR, _VERY_NEAR = 0.7, 0.8
_SHOWN = 500
Suggest = Callable[[str], str]


@dataclass(frozen=True)
class Word:
    """A word of a column, how many rows hold it, and the code suggested for it.

    ``+`` suggests to keep it as one of the place's own; empty, that nobody can tell and the word is passed over.
    """

    word: str
    count: int
    suggestion: str


@dataclass(frozen=True)
class Words:
    """What is to be asked of a file: by field, the words that neither the rules nor the mapping know.

    ``strange`` are the areas that matters name and the place doesn't have, which the import will make; ``astray``,
    whether it has none of those that the file names.
    """

    unknown: dict[str, list[Word]]
    strange: list[str]
    astray: bool

    def told(self) -> dict[str, Any]:
        """All of it as JSON."""
        return asdict(self)


def find(session: Session, source: "Source", layer: int, told: Mapping) -> Words:
    """The words of a file, the most frequent first. Refused where looking them up takes too long."""
    place = import_places.found_place(session, told) if told.place else None
    known = known_ground.of_place(session, place)
    found = guessers.ask("words", source, layer, known, mapping=told.model_dump())
    unknown = {code: [Word(**word) for word in words] for code, words in found["unknown"].items()}
    return Words(unknown, found["strange"], found["astray"])


def unknown_words(session: Session, source: "Source", layer: int, told: Mapping) -> dict[str, list[Word]]:
    """By field, the words that neither the rules nor the mapping know, the most frequent first."""
    return find(session, source, layer, told).unknown


def looked_up(source: "Source", layer: int, known: Ground, told: Mapping) -> Words:
    """What ``find`` finds, worked out here: only in a child, which may be ended."""
    seen, suggest = _counted(source, layer, told), _Suggestions(known, told)
    found = {
        code: [
            Word(word, count, suggest.of(code)(word))
            for word, count in words.most_common(_SHOWN)
            if not suggest.known(code, word)
        ]
        for code, words in seen.items()
    }
    return Words({code: words for code, words in found.items() if words}, *_strange(told, seen, suggest))


def _strange(told: Mapping, seen: dict[str, Counter[str]], suggest: "_Suggestions") -> tuple[list[str], bool]:
    fields = kinds.fields(told.kind)
    asked = {code: words for code, words in seen.items() if fields[code].type == "area" and told.kind == "matters"}
    strange = [word for code, words in asked.items() for word in words if not suggest.stands(code, word)]
    return list(dict.fromkeys(strange)), len(strange) == sum(map(len, asked.values())) > 0


def standing(session: Session, told: Mapping, field: Field) -> dict[str, str]:
    """The units or areas of the place that a word of ``field`` may mean, by code; none for other fields."""
    place = import_places.found_place(session, told) if told.place else None
    root = session.get(Area, place.area_id) if place else None
    if field.type == "unit":
        return {unit.code: unit.name for unit in known_units(session, root)}
    if field.type != "area" or root is None:
        return {}
    level = field.code if field.code in kinds.LEVELS else ""
    return {area.code: area.name for area in areas.under(session, root.path) if level in ("", area.level)}


def settled(told: Mapping, found: dict[str, list[Word]]) -> Mapping:
    """The mapping with every suggestion taken: where nobody is there to be asked."""
    values = {field: dict(words) for field, words in told.values.items()}
    for field, words in found.items():
        values.setdefault(field, {}).update({word.word: word.suggestion for word in words})
    return told.model_copy(update={"values": values})


def _counted(source: "Source", layer: int, told: Mapping) -> dict[str, Counter[str]]:
    """By field with words to be known, how many rows hold each word."""
    names, fields = source.layers[layer].columns, kinds.fields(told.kind)
    asked = {
        code: names.index(held[0])
        for code, held in told.columns.items()
        if held and held[0] in names and _named(fields[code])
    }
    raw: dict[str, Counter[str]] = {code: Counter() for code in asked}
    for row in source.rows(layer):
        for code, at in asked.items():
            raw[code][row.cells[at]] += 1
    empty = Emptiness(told.options.nothing)
    return {code: _tidied(counter, empty) for code, counter in raw.items()}


def _tidied(raw: Counter[str], empty: Emptiness) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell, count in raw.items():
        if word := empty.tidy(cell):
            found[word] += count
    return found


def _named(field: Field) -> bool:
    return bool(field.vocabulary) or field.type in ("unit", "area")


class _Suggestions:
    """What is known of each field's words, and what an unknown one is nearest to."""

    def __init__(self, known: Ground, told: Mapping) -> None:
        self._told = told
        self._lookup = lookups.Lookup(told)
        self._fields = kinds.fields(told.kind)
        self._units = {folded(name): code for code, name in known.units}
        tree = known.tree
        self._areas, self._drawn = AreaNames(tree), known.drawn
        self._named = {folded(area.name): area.code for area in tree}
        self._several = sum(area.level == "community" for area in tree) > 1

    def known(self, code: str, word: str) -> bool:
        """Whether nobody needs to be asked."""
        field = self._fields[code]
        if word in self._told.values.get(code, {}):
            return True
        if field.type == "unit":
            return folded(word) in self._units
        if field.type == "area":
            level = "" if code not in kinds.LEVELS else code
            made = self._told.kind == "matters" and may_make(level, self._told.options.make_areas, self._drawn)
            return made or self._areas.calls(word, level)
        return self._lookup.code(code, word) is not None

    def stands(self, code: str, word: str) -> bool:
        """Whether a word for an area names one of the place, or several."""
        return self._areas.knows(word, code if code in kinds.LEVELS else "")

    def of(self, code: str) -> Suggest:
        """The function that suggests codes for the words of a field."""
        field = self._fields[code]
        if field.type == "unit":
            return self._unit
        if field.type == "area":
            return lambda word: nearest_words.nearest(word, self._named, _VERY_NEAR) or NONE
        if field.vocabulary == "category":
            names = lookups.named_categories()
            return lambda word: nearest_words.nearest(word, names, _NEAR) or nearest_words.held(word, names, 0.5) or OWN
        known = word_lists.meanings(field.vocabulary)
        last = {"source": "import", "organisation": "unit"}.get(field.vocabulary, NONE)
        return lambda word: nearest_words.held(word, known) or nearest_words.nearest(word, known, _NEAR) or last

    def _unit(self, word: str) -> str:
        """The unit of nearly this name. Where there are several communities, a kind of unit is none of theirs."""
        near = nearest_words.nearest(word, self._units, _VERY_NEAR)
        name = next((name for name, code in self._units.items() if code == near), "")
        return OWN if not near or (self._several and folded(word) in name) else near
