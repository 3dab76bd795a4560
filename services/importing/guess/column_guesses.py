"""Guessing: a first mapping from the headers, Chinese or English, and from what the columns hold."""

from typing import TYPE_CHECKING

from sqlmodel import Session

from models.area import Area
from models.place import Place
from services.engine import flows
from services.importing.areas import drawn
from services.importing.areas.names import AreaNames
from services.importing.cells import date_orders
from services.importing.cells.column_profiles import Profile, profiles
from services.importing.guess import column_fit, guessers, known_ground
from services.importing.guess.known_ground import Ground
from services.importing.mapping import kinds, word_lists
from services.importing.mapping.mapping import Ground as NewGround
from services.importing.mapping.mapping import Mapping, Options

if TYPE_CHECKING:
    from services.importing.source.source import Source

# What does not change while a matter is worked on makes a row the same row where there is no number.
_LASTING = ("title", "description", "opened", "opened_time", "location", "category", "subcategory", "detail")
_TITLES = ("detail", "subcategory", "category", "description", "location", "result")
_ALIKE = {"status", "on_time"}
_LEDGER = 24
# Characters that still make a title.
_SHORT = 40


def guess(
    session: Session,
    source: "Source",
    layer: int,
    kind: str,
    place: Place | None = None,
    slug: str = "",
    ground: NewGround | None = None,
) -> Mapping:
    """A mapping for ``layer`` of ``source``, as good as can be told; what is not understood stays unmapped.

    ``slug`` and ``ground`` say what a place that is yet to be made will be called and be. Refused where it takes too
    long.
    """
    made = ground.model_dump() if ground else None
    more = {"kind": kind, "slug": place.slug if place else slug, "made": made}
    known = known_ground.of_place(session, place)
    return Mapping(**guessers.ask("columns", source, layer, known, **more))


def guessed(
    source: "Source", layer: int, known: Ground, kind: str, slug: str, ground: NewGround | None = None
) -> Mapping:
    """The same, worked out here: only in a child, which may be ended."""
    found = profiles(source, layer, word_lists.listing("nothing"))
    root = known.root
    columns = _columns(kind, found, AreaNames(known.tree), root)
    if source.layers[layer].geometry:
        columns = {field: held for field, held in columns.items() if field not in ("lng", "lat", "point", "outline")}
    mapping = Mapping(kind=kind, place=slug, columns=columns, ground=ground)
    if kind == "areas":
        drawn.complete(mapping, found, root.level if root else ground.level if ground else "")
    if kind == "matters":
        mapping.options = _options(mapping, source.layers[layer].columns, found)
    mapping.options.date_format = date_orders.order(source, layer, mapping) or "auto"
    return mapping


def _columns(kind: str, found: list[Profile], names: AreaNames, root: Area | None) -> dict[str, list[str]]:
    levels = kinds.LEVELS[kinds.LEVELS.index(root.level) + 1 :] if root else kinds.LEVELS
    named = {column.name: names.share(column.words) for column in found}
    scored = [
        (column_fit.score(field, column, levels, named[column.name]), -order, field.code, column.name)
        for order, field in enumerate(kinds.fields(kind).values())
        for column in found
    ]
    return _best(kind, sorted(scored, reverse=True))


def _best(kind: str, scored: list[tuple[float, int, str, str]]) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = {}
    taken: dict[str, str] = {}
    for score, _, code, name in scored:
        if score >= column_fit.ENOUGH and code not in chosen and (name not in taken or {code, taken[name]} == _ALIKE):
            chosen[code], taken[name] = [name], code
    if "lng" in chosen and "lat" in chosen:
        chosen.pop("point", None)
    return {code: chosen[code] for code in kinds.fields(kind) if code in chosen}


def _options(mapping: Mapping, names: list[str], found: list[Profile]) -> Options:
    options = Options(ledger=ledger(mapping))
    if not mapping.columns.get("title"):
        options.title = _title(mapping, {column.name: column.length for column in found})
    if not mapping.columns.get("description"):
        parts = [f"{{{mapping.column(field)}}}" for field in ("subcategory", "detail") if mapping.column(field)]
        options.description = " / ".join(parts)
    if not mapping.columns.get("source"):
        options.defaults["source"] = "import"
    if not any(mapping.columns.get(field) for field in ("status", "closed")):
        options.defaults["status"] = _standing(options.flow, ended=bool(mapping.columns.get("on_time")))
    if not mapping.columns.get("ref"):
        lasting = [mapping.column(field) for field in _LASTING if mapping.column(field)]
        counted = {column.name for column in found if column.serial}
        options.identity = lasting if len(lasting) > 1 else [name for name in names if name not in counted]
    return options


def _standing(flow: str, ended: bool) -> str:
    """Where a row of a ledger stands that doesn't say so."""
    if ended:
        return flows.states_of_kind(flow, "done")[0]
    return flows.waiting(flow)


def ledger(mapping: Mapping) -> str:
    """A name for the ledger from its place and its column of numbers: the same next month, another one beside it."""
    column = word_lists.folded(mapping.column("ref")) or "rows"
    return f"{mapping.place[: _LEDGER - 9] or 'import'}.{column}"[:_LEDGER]


def _title(mapping: Mapping, lengths: dict[str, float]) -> str:
    """The words of the category and the area; what was said itself where that is short enough to be a title."""
    said = mapping.column("description")
    told = [mapping.column(field) for field in _TITLES if mapping.column(field)]
    if said and lengths[said] <= _SHORT:
        return f"{{{'|'.join(dict.fromkeys([said, *told]))}}}"
    return f"{{{'|'.join(told)}}} · {{area}}" if told else ""
