"""Date orders: whether a file writes the month or the day first, told from all its dates together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from services.importing.cells import dates
from services.importing.cells.dates import Order
from services.importing.mapping import kinds
from services.importing.mapping.mapping import Mapping
from services.system.errors import Refused

if TYPE_CHECKING:
    from services.importing.source.source import Source

_ENOUGH = 20_000


def order(source: "Source", layer: int, mapping: Mapping) -> str:
    """``mdy`` or ``dmy``; ``auto`` where no date needs to know; nothing where the file can't tell.

    One export writes all its dates alike, so all date columns are asked; then whether things are closed after they
    were raised.
    """
    told = mapping.options.date_format
    if told != "auto":
        return told
    learned = Order()
    for at, cells in enumerate(_cells(source, layer, mapping)):
        for cell in cells:
            learned.see(cell)
        if (learned.month_first or learned.day_first or not learned.open) and at > _ENOUGH:
            break
    return learned.decided or _by_time(source, layer, mapping)


def require(source: "Source", layer: int, mapping: Mapping) -> str:
    """The order; Refused where the file can't tell."""
    found = order(source, layer, mapping)
    if not found:
        raise Refused(
            "The file does not show whether 03/04/2026 is 3 April or 4 March: no day in it is above 12. "
            "Choose the date format, month first or day first."
        )
    return found


def _columns(source: "Source", layer: int, mapping: Mapping) -> list[int]:
    names = source.layers[layer].columns
    fields = kinds.fields(mapping.kind)
    asked = [name for code, held in mapping.columns.items() if fields[code].type == "date" for name in held]
    return [names.index(name) for name in dict.fromkeys(asked) if name in names]


def _cells(source: "Source", layer: int, mapping: Mapping) -> Iterator[list[str]]:
    wanted = _columns(source, layer, mapping)
    return ([row.cells[at] for at in wanted] for row in source.rows(layer))


def _by_time(source: "Source", layer: int, mapping: Mapping) -> str:
    """The one order in which nothing is closed before it was raised, if there is exactly one."""
    names = source.layers[layer].columns
    held = [mapping.column(field) for field in ("opened", "closed")]
    if any(name not in names for name in held):
        return ""
    first, last = (names.index(name) for name in held)
    wrong = {"mdy": 0, "dmy": 0}
    for row in source.rows(layer):
        for way in wrong:
            wrong[way] += _backwards(row.cells[first], row.cells[last], way)
    right = [way for way, count in wrong.items() if not count]
    return right[0] if len(right) == 1 else ""


def _backwards(opened: str, closed: str, way: str) -> bool:
    try:
        return dates.parse(closed, way).at < dates.parse(opened, way).at if opened and closed else False
    except (ValueError, OverflowError):
        return False
