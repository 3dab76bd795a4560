"""Limits 办理时限: how long a matter of a category may take a unit, as data; the most specific row wins.

Category and unit > category > unit > neither. A unit is named by its code, or by the kind of organisation it is. On
the same level a place's own file comes before the place pack, and the pack before the program's rows.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from sqlmodel import Session, select

from models.area import Area
from models.category import LocalCategory
from models.organisation import Organisation
from services.places import areas, place_packs
from services.rules import worktime
from services.system.data_files import rows
from services.system.settings import DATA, settings
from services.words import local_files
from services.words.cleaning import clean
from services.words.i18n import listed
from services.words.local_files import Problem, Stamp, Wrong

FILE = "deadlines.csv"
COLUMNS = ("category", "unit", "amount", "clock", "source", "source_date", "scope", "mark")
# The program's rows with this scope hold everywhere; others only where a place pack names their scope.
EVERYWHERE = "local"
_AMOUNT = listed("The amount {value} is no number above 0 and up to 1000. Correct it.")
_CLOCK = listed("The clock {value} is unknown. Write hour, work_hour, work_day or day.")
_MARK = listed("The evidence mark {value} is unknown. Write V, S or M.")
_TWICE = listed("There is a line for {value} already. Remove one of the two.")


@dataclass(frozen=True)
class Limit:
    """A row of the table. ``origin`` is program, pack, place (its own file) or category (its own category)."""

    category: str
    unit: str
    amount: float
    clock: str
    source: str
    source_date: str
    scope: str
    mark: str
    origin: str = "program"

    def after(self, moment: datetime) -> datetime:
        """When the time is up for a clock that started at ``moment``."""
        return worktime.add(moment, self.amount, self.clock)


Book = dict[tuple[str, str], Limit]


def of(session: Session, area_id: int, category: str | None, unit: Organisation | None) -> Limit:
    """The limit that applies; there always is one, for the table ends with a row for everything."""
    return candidates(session, area_id, category, unit)[0]


def candidates(session: Session, area_id: int, category: str | None, unit: Organisation | None) -> list[Limit]:
    """Every limit that would apply, the one that does first: why this one, and what it displaces."""
    book = _book(local_files.stamp(), settings().local_folder, _slug(session, area_id))
    units = [unit.code, unit.kind, ""] if unit else [""]
    levels = [(code, name) for code in dict.fromkeys((category or "", "")) for name in units]
    found = {level: book[level] for level in levels if level in book}
    if category and (category, "") not in found and (own := session.get(LocalCategory, category)):
        found[category, ""] = _own(own)
    return [found[level] for level in levels if level in found]


def table(session: Session, area_id: int) -> list[Limit]:
    """Every row in force at an area, widest first; own categories are not among them."""
    book = _book(local_files.stamp(), settings().local_folder, _slug(session, area_id))
    return [book[level] for level in sorted(book)]


def by_unit(session: Session, area_id: int) -> bool:
    """Whether any limit at an area is for a unit: if not, who a matter is given to makes no difference."""
    return any(unit for _, unit in _book(local_files.stamp(), settings().local_folder, _slug(session, area_id)))


def presets() -> list[Limit]:
    """The program's rows of other cities: samples, in force only where a place pack names their scope."""
    return [limit for limit in _shipped() if limit.scope != EVERYWHERE]


def problems() -> tuple[Problem, ...]:
    """What is wrong with the place's own file, which then is not used."""
    return _local(local_files.stamp(), settings().local_folder)[1]


def _own(category: LocalCategory) -> Limit:
    return Limit(
        category.code, "", category.deadline_days, "work_day", category.origin, "", EVERYWHERE, "M", "category"
    )


def _slug(session: Session, area_id: int) -> str:
    known: dict[int, str] = session.info.setdefault("place_of_area", {})
    if area_id not in known:
        place = areas.place_at(session, session.exec(select(Area.path).where(Area.id == area_id)).one())
        known[area_id] = place.slug if place else ""
    return known[area_id]


@lru_cache(maxsize=64)
def _book(stamp: Stamp, folder: Path, slug: str) -> Book:
    scopes, own = _pack(slug)
    shipped = _shipped()
    chosen = [limit for limit in shipped if limit.scope in scopes]
    book: Book = {}
    for limits in ([one for one in shipped if one.scope == EVERYWHERE], chosen, own, _local(stamp, folder)[0]):
        book |= {(limit.category, limit.unit): limit for limit in limits}
    return book


@lru_cache
def _shipped() -> tuple[Limit, ...]:
    return tuple(map(partial(_limit, "program", set()), rows(FILE)))


def _pack(slug: str) -> tuple[list[str], list[Limit]]:
    """The scopes a place pack names under ``[playbook] deadlines``, and the rows of its own."""
    if slug not in place_packs.known_packs():
        return [], []
    told = place_packs.pack(slug)
    file = told.folder / FILE
    try:
        own = list(map(partial(_limit, "pack", set()), rows(FILE, told.folder))) if file.is_file() else []
    except (OSError, ValueError, KeyError, Wrong) as error:
        raise place_packs.unreadable(file, error) from error
    return list(told.playbook.get("deadlines", [])), own


@lru_cache(maxsize=2)
def _local(_stamp: Stamp, folder: Path) -> tuple[tuple[Limit, ...], tuple[Problem, ...]]:
    if not (folder / FILE).is_file():
        return (), ()
    found = local_files.read(FILE, COLUMNS, lambda: partial(_limit, "place", set()))
    return (found.rows if found.path != DATA / FILE else ()), found.problems


def _limit(origin: str, seen: set[tuple[str, ...]], cells: dict[str, str]) -> Limit:
    told = {column: clean(cells[column])[:120] for column in COLUMNS}
    key, amount = (told["category"], told["unit"], told["scope"]), _amount(told["amount"])
    for wrong, message, value in (
        (told["clock"] not in worktime.CLOCKS, _CLOCK, told["clock"]),
        (told["mark"] not in ("V", "S", "M"), _MARK, told["mark"]),
        (key in seen, _TWICE, " × ".join(filter(None, key[:2]))),
    ):
        if wrong:
            raise Wrong(message, value=value[:40])
    seen.add(key)
    return Limit(**{**told, "amount": amount}, origin=origin)  # type: ignore[arg-type]


def _amount(written: str) -> float:
    try:
        amount = float(written)
    except ValueError:
        amount = 0.0
    if not 0 < amount <= 1000:
        raise Wrong(_AMOUNT, value=written[:40])
    return amount
