"""Fitting: how well a column of a file fits a field, by its header and by what it holds."""

from collections.abc import Callable
from functools import lru_cache

from services.importing.cells.column_profiles import Profile
from services.importing.mapping import kinds, word_lists
from services.importing.mapping.kinds import Field

ENOUGH = 45.0
_EXACT, _PART, _NAMED = 100.0, 40.0, 50.0
# The first words of a title are headers of nothing else; the later ones may head a list of categories.
_SURELY = 6


def score(field: Field, column: Profile, levels: tuple[str, ...], named: float) -> float:
    """0 to 150; below ``ENOUGH`` it is no fit. The header says most; what the column holds may forbid it.

    ``levels`` are the levels of area below the place, ``named`` the share of the column's words that name an area.
    """
    exact = column.key in _words(field.kind, field.code)
    if (_personal(column) and not exact) or not _FITS.get(field.type, _any)(field, column):
        return 0.0
    if field.type == "area":
        return _area(field, column, levels, named)
    return _header(field, column)


def _area(field: Field, column: Profile, levels: tuple[str, ...], named: float) -> float:
    if field.code in kinds.LEVELS and field.code not in levels:
        return 0.0
    told = _header(field, column)
    if field.code in kinds.LEVELS and not named and not told:
        return _ending(field, column)
    if field.code == "area" and field.kind == "matters":
        # Any level will do, so its words must be known; what merely sounds like an area is somebody else's division.
        return told + _NAMED * named if told and named > 0.3 else 0.0
    return told + _NAMED * named if told else 0.0


def _ending(field: Field, column: Profile) -> float:
    """A column of areas whose header does not say of which level, though nearly every word in it ends so."""
    if not _header(kinds.fields(field.kind)["area"], column):
        return 0.0
    levels = [_level(word) for word in column.words]
    return _NAMED if levels.count(field.code) >= 0.8 * len(levels) > 0 else 0.0


def _level(word: str) -> str:
    """The level whose usual ending the word has, the longest ending first; nothing where it has none."""
    endings = sorted(word_lists.endings().items(), key=lambda pair: -len(pair[0]))
    return next((level for ending, level in endings if word.endswith(ending)), "")


def _personal(column: Profile) -> bool:
    return any(word in column.key for word in _folded("personal"))


@lru_cache
def _folded(name: str) -> tuple[str, ...]:
    return tuple(map(word_lists.folded, word_lists.listing(name)))


@lru_cache
def _words(kind: str, code: str) -> tuple[str, ...]:
    return tuple(map(word_lists.folded, kinds.fields(kind)[code].words))


def _header(field: Field, column: Profile) -> float:
    best = 0.0
    for rank, word in enumerate(_words(field.kind, field.code)):
        if word == column.key:
            return _EXACT - rank / 4
        if word in column.key and _telling(field, word):
            best = max(best, _PART + 40 * len(word) / len(column.key) - rank / 8)
    return best


def _telling(field: Field, word: str) -> bool:
    # "id" or "type" inside a longer English header says little; two Chinese characters say a lot.
    return len(word) >= 5 and field.type != "area" if word.isascii() else len(word) >= 2


def _any(_field: Field, _column: Profile) -> bool:
    return True


def _date(_field: Field, column: Profile) -> bool:
    return column.filled == 0 or column.dates >= 0.5


def _word(field: Field, column: Profile) -> bool:
    known = word_lists.meanings(field.vocabulary)
    hits = sum(word_lists.folded(word) in known for word in column.words)
    # Where nobody filled it in, one word for all rows is asked instead.
    return column.filled > 0 and column.dates < 0.5 and (column.few or hits >= 0.5 * len(column.words))


def _yes(field: Field, column: Profile) -> bool:
    known = word_lists.meanings(field.vocabulary)
    return all(word_lists.folded(word) in known for word in column.words)


def _category(_field: Field, column: Profile) -> bool:
    return 0 < len(column.words) <= max(30, 0.5 * column.filled) and column.dates < 0.5 and column.length <= 64


def _ref(_field: Field, column: Profile) -> bool:
    counts = column.serial and column.key in _folded("weak_ref")
    written = column.dates < 0.9 or column.numbers == 1
    return column.unique and written and column.key not in _folded("serial") and not counts


def _title(field: Field, column: Profile) -> bool:
    if column.key in _words(field.kind, field.code)[:_SURELY]:
        return column.dates < 0.5 and column.numbers < 0.5
    return column.dates < 0.5 and column.numbers < 0.5 and (len(column.words) > 0.2 * column.filled or not column.few)


def _words_only(_field: Field, column: Profile) -> bool:
    return column.dates < 0.5 and column.points < 0.5


def _long(field: Field, column: Profile) -> bool:
    known = word_lists.meanings(kinds.fields("matters")["status"].vocabulary)
    standing = column.few and all(word_lists.folded(word) in known for word in column.words)
    return _words_only(field, column) and not standing


def _name(_field: Field, column: Profile) -> bool:
    return column.dates < 0.5 and column.points < 0.5 and column.length <= 64


_FITS: dict[str, Callable[[Field, Profile], bool]] = {
    "date": _date,
    "time": lambda _field, column: column.times >= 0.8,
    "lng": lambda _field, column: column.filled > 0 and column.lng >= 0.9,
    "lat": lambda _field, column: column.filled > 0 and column.lat >= 0.9,
    "point": lambda _field, column: column.points >= 0.8,
    "count": lambda _field, column: column.counts >= 0.5,
    "outline": lambda _field, column: column.length > 30,
    "word": _word,
    "yes": _yes,
    "category": _category,
    "ref": _ref,
    "title": _title,
    "long": _long,
    "text": _words_only,
    "unit": _name,
    "area": _name,
}
