"""Matter rows: a row of somebody's ledger read by a mapping: an entry, or everything that is wrong with it."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from services.engine import flows
from services.importing.cells import cells
from services.importing.cells.cells import Fault, Point
from services.importing.cells.dates import Moment
from services.importing.cells.lookups import Lookup
from services.importing.cells.row_entries import MatterEntry
from services.importing.job.reports import RowError
from services.importing.mapping import kinds
from services.importing.mapping.mapping import OWN, Mapping
from services.importing.matters import texts
from services.system import clock

T = TypeVar("T")
Row = dict[str, str]
_LIMITS = {"unit": 96, "location": 200} | dict.fromkeys((*kinds.LEVELS, "area"), 64)
_ANSWERS = {"yes": True, "no": False}
_REF, _CELL = 64, 32_767
_LAST_SECOND = timedelta(days=1) - timedelta(seconds=1)


class MatterReader:
    """Reads the rows of one file by one mapping."""

    def __init__(self, told: Mapping, columns: list[str], order: str) -> None:
        self._told, self._order = told, order
        self._empty = cells.Emptiness(told.options.nothing)
        self._lookup = Lookup(told)
        self._texts = texts.Texts(told, columns)
        self._columns = {field: [name for name in held if name in columns] for field, held in told.columns.items()}
        self._one = {field: held[0] for field, held in self._columns.items() if len(held) == 1}
        self._levels = [level for level in (*kinds.LEVELS, "area") if self._columns.get(level)]
        wanted = [*(name for held in self._columns.values() for name in held), *self._texts.columns]
        limits = {self._column(field): limit for field, limit in _LIMITS.items() if self._columns.get(field)}
        self._kept = [(name, columns.index(name), limits.get(name, _CELL)) for name in dict.fromkeys(wanted)]
        self._identity = [columns.index(name) for name in told.options.identity if name in columns]
        flow = told.options.flow
        self._done = flows.states_of_kind(flow, "done")[0]
        self._begun = told.options.defaults.get("status") or flows.states_of_kind(flow, "active")[0]
        self._open = {code: state.is_open for code, state in flows.states(flow).items()}
        self._said = {field for field in kinds.fields("matters") if told.has(field)}
        self._now = clock.now()
        self._times: dict[int, int] = {}
        self._errors: list[RowError] = []
        self._line = 0
        self.masked = 0

    def read(self, line: int, found: list[str], point: Point | None) -> MatterEntry | list[RowError]:
        """The row as an entry, or everything that is wrong with it. ``point`` is that of a geographic file."""
        self._line, self._errors = line, []
        row, tidy = {}, self._empty.tidy
        for name, at, limit in self._kept:
            row[name] = cell = tidy(found[at])
            if cell and (len(cell) > limit or cell[0] in cells.SIGNS):
                self._check(name, cell, limit)
        entry = self._entry(row, found, point or self._point(row))
        return self._errors or entry

    def _check(self, name: str, cell: str, limit: int) -> None:
        try:
            cells.checked(cell, limit)
        except Fault as fault:
            self._blame(name, fault)

    def _blame(self, column: str, fault: Fault) -> None:
        self._errors.append(fault.error(self._line, column))

    def _try(self, field: str, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except Fault as fault:
            self._blame(self._column(field), fault)
            return None

    def _entry(self, row: Row, found: list[str], point: Point | None) -> MatterEntry:
        opened, due, closed = self._dates(row)
        state = self._state(row, closed)
        is_open = self._open[state]
        title = self._title(row)
        entry = MatterEntry(
            line=self._line,
            ref=self._ref(row, found),
            digest="",
            title=title,
            description=self._texts.description(row, title),
            category=self._category(row),
            source=self._code(row, "source") or "import",
            state=state,
            is_open=is_open,
            opened_at=opened,
            due_at=due,
            closed_at=None if is_open else closed,
            on_time=None if is_open else self._on_time(row, due, closed),
            names=[(level, name) for level in self._levels if (name := self._cell(row, level))],
            location=self._cell(row, "location"),
            lng=point.lng if point else None,
            lat=point.lat if point else None,
            unit=self._cell(row, "unit"),
            public=self._answer(row, "public") or (self._told.options.public and not self._cell(row, "public")),
            reworks=self._count(row, "reworks"),
            note=self._texts.note(row),
            follow_up=self._follow_up(row),
            cells=row,
        )
        self._hide(entry)
        entry.digest = _digest(entry, self._told.options.datum)
        return entry

    def _cell(self, row: Row, field: str) -> str:
        one = self._one.get(field)
        if one is not None:
            return row[one]
        return " ".join(filter(None, (row[name] for name in self._columns.get(field, ()))))

    def _column(self, field: str) -> str:
        return next(iter(self._columns.get(field, ())), kinds.fields("matters")[field].en)

    def _code(self, row: Row, field: str) -> str:
        """The code a cell stands for, or the default; an unknown word is an error."""
        word = self._cell(row, field)
        if not word:
            return self._told.options.defaults.get(field, "")
        code = self._lookup.code(field, word)
        if code is None:
            self._blame(self._column(field), Fault(cells.UNKNOWN, value=word[:40]))
        return code or ""

    def _answer(self, row: Row, field: str) -> bool | None:
        return _ANSWERS.get(self._code(row, field)) if field in self._said else None

    def _category(self, row: Row) -> str | None:
        code = self._code(row, "category")
        return f"{OWN}{self._cell(row, 'category')[:64]}" if code == OWN else code or None

    def _title(self, row: Row) -> str:
        found = self._texts.title(row)
        if not found:
            self._blame(self._texts.source or self._column("title"), Fault(cells.MISSING))
        return found

    def _dates(self, row: Row) -> tuple[datetime, datetime | None, datetime | None]:
        time = self._cell(row, "opened_time")
        raised = self._moment(row, "opened", self._now, time)
        opened = raised or Moment(self._now, False)
        due, closed = self._moment(row, "due"), self._moment(row, "closed", self._now)
        ends = due.at + _LAST_SECOND * due.day_only if due else None
        if raised and closed and closed.at < opened.at and not self._same_day(opened, closed):
            self._blame(self._column("closed"), Fault(cells.BACKWARDS))
        return opened.at, ends, max(closed.at, opened.at) if closed else None

    def _same_day(self, opened: Moment, closed: Moment) -> bool:
        """Whether a day without a time may be the day it was raised."""
        return closed.day_only and clock.local(closed.at).date() == clock.local(opened.at).date()

    def _moment(self, row: Row, field: str, latest: datetime | None = None, time: str = "") -> Moment | None:
        cell = self._cell(row, field)
        if not cell:
            if field == "opened":
                self._blame(self._column(field), Fault(cells.MISSING))
            return None
        whole = f"{cell.split(' ')[0]} {time}" if time else cell
        try:
            return cells.moment(whole, self._order, latest)
        except Fault as fault:
            self._blame(self._column(field), fault)
            return None

    def _state(self, row: Row, closed: datetime | None) -> str:
        told = self._code(row, "status") if self._cell(row, "status") else ""
        return told or (self._done if closed else self._begun)

    def _on_time(self, row: Row, due: datetime | None, closed: datetime | None) -> bool | None:
        told, late = self._answer(row, "on_time"), self._answer(row, "late")
        if told is None and late is not None:
            return not late
        return closed <= due if told is None and closed and due else told

    def _point(self, row: Row) -> Point | None:
        if self._columns.get("point"):
            return self._try("point", lambda: cells.pair_point(self._cell(row, "point")))
        if not self._columns.get("lng"):
            return None
        if not self._columns.get("lat"):
            return self._try("lng", lambda: cells.pair_point(self._cell(row, "lng")))
        return self._try("lng", lambda: cells.point(self._cell(row, "lng"), self._cell(row, "lat")))

    def _count(self, row: Row, field: str) -> int:
        cell = self._cell(row, field)
        return (self._try(field, lambda: cells.count(cell)) or 0) if cell else 0

    def _follow_up(self, row: Row) -> tuple[bool | None, bool | None, str | None] | None:
        answers = (self._answer(row, "contacted"), self._answer(row, "resolved"))
        satisfaction = self._code(row, "satisfaction") or None
        return None if answers == (None, None) and satisfaction is None else (*answers, satisfaction)

    def _ref(self, row: Row, found: list[str]) -> str:
        told, ledger = self._cell(row, "ref"), self._told.options.ledger
        if self._columns.get("ref"):
            if not told:
                self._blame(self._column("ref"), Fault(cells.MISSING))
        else:
            own = _short("\x1f".join(found[at] for at in self._identity), 10)
            self._times[hash(own)] = turn = self._times.get(hash(own), 0) + 1
            told = own if turn == 1 else f"{own}-{turn}"
        whole = f"{ledger}:{told}"
        return whole if len(whole) <= _REF else f"{ledger}:{_short(told, 12)}"

    def _hide(self, entry: MatterEntry) -> None:
        """Identity and telephone numbers have no place in a ledger of matters."""
        hide = self._texts.hide
        before = (entry.title, entry.description, entry.location, entry.note)
        after = tuple(map(hide, before))
        if after != before:
            entry.title, entry.description, entry.location, entry.note = after
            kept = self._columns.get("ref", [])
            entry.cells = {name: cell if name in kept else hide(cell) for name, cell in entry.cells.items()}
            self.masked += 1


def _short(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def _digest(entry: MatterEntry, datum: str) -> str:
    """Of all that the row says by this mapping: the same file read otherwise says something else."""
    said = (
        *(entry.title, entry.description, entry.category, entry.source, entry.state, entry.opened_at.isoformat()),
        *(str(entry.due_at), str(entry.closed_at), entry.on_time, entry.names, entry.location, entry.lng, entry.lat),
        *(entry.unit, entry.public, entry.reworks, entry.note, entry.follow_up, datum),
    )
    return _short(repr(said), 8)
