"""Leaf differences: what differs between a seal and what lies there, as one sentence with the first of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column

from services.system import clock
from services.system.seals import cells
from services.system.seals.book import OWN, Held, Seal
from services.system.seals.tables import Cells, Sealed, sealed
from services.words.i18n import listed
from services.words.vocabulary import Word

# What a row is called by, the first there is.
_NAMES = ("number", "login", "code", "name", "title", "series", "slug", "file", "flow", "kind")
_LONGEST = 40

_FIELD = listed("{table}: {field} was changed without the program: {was} was written, {now} is there.")
_TEXT = listed("{table}: {field} was changed without the program.")
_GONE = listed("A row of {table} was removed without the program: {row}.")
_ADDED = listed("A row of {table} was added without the program: {row}.")
_UNSEALED = listed("This row of {table} has no seal: it was added without the program.")
_REMOVED = listed("This row of {table} was removed without the program.")
_BROKEN = listed("The seal of this row of {table} was changed without the program.")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed: its kind, what it is of, a catalogue key and what goes into it."""

    kind: str
    number: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


def first(kind: Sealed, of: int, seal: Seal | None, now: Held) -> Finding | None:
    """The first difference on a leaf; none where only what no seal covers differs."""
    told: dict[str, object] = {"table": Word("table", kind.name)}
    if seal is not None and not seal.sound:
        return Finding("seal", _called(kind, of, now.get(OWN, {})), _BROKEN, told)
    if seal is None:
        return Finding("inserted", _called(kind, of, now.get(OWN, {})), _UNSEALED, told)
    before = seal.held
    number = _called(kind, of, before.get(OWN, {}))
    if OWN not in now:
        return Finding("removed", number, _REMOVED, told)
    return next((found for key in _order(before, now) if (found := _of_row(kind, number, key, before, now))), None)


def _order(before: Held, now: Held) -> list[str]:
    return sorted(before.keys() | now.keys())


def _of_row(kind: Sealed, number: str, key: str, before: Held, now: Held) -> Finding | None:
    name = key.partition(":")[0] or kind.name
    one = sealed(name)
    if one is None:
        return None  # A table of an earlier schema.
    told: dict[str, object] = {"table": Word("table", name), "row": key.partition(":")[2]}
    if key not in now:
        return Finding("removed", number, _GONE, told)
    if key not in before:
        return Finding("inserted", number, _ADDED, told)
    return _of_cells(one, number, key, before[key], now[key])


def _of_cells(one: Sealed, number: str, key: str, before: Cells, now: Cells) -> Finding | None:
    changed = [name for name in one.writers if before.get(name) != now.get(name)]
    if not changed:
        return None
    row = key.partition(":")[2]
    told: dict[str, object] = {"table": Word("table", one.name), "field": changed[0] + (f" ({row})" if row else "")}
    column = one.table.c[changed[0]]
    was, is_ = (_told(column, cell.get(changed[0])) for cell in (before, now))
    if was is None or is_ is None:
        return Finding("changed", number, _TEXT, told)
    return Finding("changed", number, _FIELD, told | {"was": was, "now": is_})


def _told(column: Column[Any], cell: cells.Cell) -> str | None:
    """A cell as people read it; none where only its digest was kept."""
    if cell is None:
        return "–"
    found = cells.read(column, cell)
    if hasattr(found, "tzinfo"):
        return clock.local(found).strftime("%Y-%m-%d %H:%M:%S")
    return None if found is None else str(found) or "–"


def _called(kind: Sealed, of: int, row: Mapping[str, Any]) -> str:
    """What a leaf is called: the number of a matter, the name of something else."""
    words = (cells.read(kind.table.c[name], row[name]) for name in _NAMES if name in kind.table.c and name in row)
    word = next((str(found) for found in words if found), str(of))[:_LONGEST]
    return {"matter": word, "import_batch": f"{word} ({of})"}.get(kind.name, f"{kind.name} {word}")
