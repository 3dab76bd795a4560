"""Scopes: which tables leave with a full export, in which order, and which rows of them belong to one area."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Select, Table, Text, and_, case, cast, false, or_, select
from sqlmodel import Session, SQLModel, col

import models  # noqa: F401 - makes every table known
from migrations import append_only
from models.area import Area
from models.place import Place
from services.places import areas, places

# What processes agree on is each database's own: there may be some before anything is imported.
OWN = frozenset({"fact"})
# Sign-ins and attempts end with the machine they were made on; the database keeps the counts, and so they come back.
NEVER = frozenset({"sign_in", "attempt", "attempt_count", "matter_count", "matter_split", "matter_lasting"})
SEALS = ("seal", "seal_head")
# One chain over everything that was done anywhere, words learned from all places, the sums of all seals, and what the
# public is told of a whole place, can't be cut to one area.
_SHARED = frozenset({"audit_line", "category_word", "public_edition", *SEALS})


def root_of(session: Session, slug: str) -> str:
    """The path of the root area of the place called ``slug``."""
    return session.get_one(Area, places.loaded(session, slug).area_id).path


def tables(within: str = "") -> list[Table]:
    """The tables of a full export, those first that others point to; for one area without what belongs to all."""
    left_out = NEVER | OWN | (_SHARED if within else frozenset())
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in left_out]


def own_links(table: Table) -> list[str]:
    """The columns that point to another row of the same table, which may stand further down."""
    if table.name in append_only.LEDGER:
        return []  # An entry only points to an earlier one, and is never changed.
    return [column.name for column in table.c for key in column.foreign_keys if key.column.table is table]


def jsons(table: Table) -> list[str]:
    """The columns that hold JSON; ``query`` reads them as text, which tells an empty cell from JSON's own null."""
    return [column.name for column in table.c if isinstance(column.type, JSON)]


def query(session: Session, table: Table, within: str = "") -> Select[Any]:
    """Every row of a table that leaves, in a fixed order."""
    here = _Conditions(session, within) if within else None
    columns = [cast(column, Text).label(column.name) if column.name in jsons(table) else column for column in table.c]
    if here is None:
        return select(*columns).order_by(*table.primary_key.columns)
    cut = [_cut(here, column) if isinstance(column, Column) else column for column in columns]
    return select(*cut).where(here.of(table)).order_by(*table.primary_key.columns)


def _cut(here: "_Conditions", column: Column[Any]) -> ColumnElement[Any]:
    """A link to something outside the area is cut; without its area, an account would be there for everywhere."""
    if column.name == "active" and column.table.name == "account":
        area = column.table.c.area_id
        return case((or_(area.is_(None), area.in_(here.ids("area"))), column), else_=false()).label(column.name)
    target = next((key.column.table.name for key in column.foreign_keys), "")
    if not (target and column.nullable):
        return column
    return case((column.in_(here.ids(target)), column), else_=None).label(column.name)


class _Conditions:
    """What belongs to an area: it, those below and those above it with their bodies, and whatever hangs on these.

    Of a part of a place, what the whole place did does not leave: its imports and its saved mappings.
    """

    def __init__(self, session: Session, within: str) -> None:
        self._root = within
        self._above = [area.id for area in areas.ancestors(session, within)]
        self._tables = SQLModel.metadata.tables
        columns = (col(Place.id), col(Place.prefix), col(Area.path))
        known = session.execute(select(*columns).join(Area, col(Area.id) == col(Place.area_id))).all()
        self._places = {place: prefix for place, prefix, root in known if _nested(root, within)}
        self._part = any(root != within and within.startswith(root) for _, _, root in known)

    def of(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row belongs to the area."""
        return _BELONGS[table.name](self)

    def ids(self, name: str) -> Select[Any]:
        """The keys of the rows of a table that belong to the area."""
        table = self._tables[name]
        return select(next(iter(table.primary_key.columns))).where(self.of(table))

    def by(self, name: str, column: str, other: str) -> ColumnElement[bool]:
        """The rows of ``name`` whose ``column`` points to what belongs to the area in ``other``."""
        return self.column(name, column).in_(self.ids(other))

    def column(self, name: str, column: str) -> Column[Any]:
        """A column of a table."""
        return self._tables[name].c[column]

    def areas(self) -> ColumnElement[bool]:
        """The area with all below it, and the way down to it."""
        return or_(areas.within(self._root), self.column("area", "id").in_(self._above))

    def _below(self) -> Select[Any]:
        return select(self.column("area", "id")).where(areas.within(self._root))

    def inside(self) -> ColumnElement[bool]:
        """The matters of the area."""
        return self.column("matter", "area_id").in_(self._below())

    def accounts(self) -> ColumnElement[bool]:
        """Everybody who works in the area or wrote an event of it."""
        wrote = select(self.column("event", "actor_id")).where(self.of(self._tables["event"]))
        return or_(self.column("account", "area_id").in_(self._below()), self.column("account", "id").in_(wrote))

    def places(self) -> ColumnElement[bool]:
        """The places in the area, or the one it is a part of."""
        return self.column("place", "id").in_(self._places)

    def batches(self) -> ColumnElement[bool]:
        """The imports into the places of the area."""
        if self._part:
            return false()
        brought = select(self.column("matter", "import_id")).where(self.inside())
        into = self.column("import_batch", "place_id").in_(self._places)
        return or_(into, self.column("import_batch", "id").in_(brought))

    def changes(self) -> ColumnElement[bool]:
        """What was typed about the area and what lies in it."""
        return self.column("setup_change", "path").startswith(self._root, autoescape=True)

    def mappings(self) -> ColumnElement[bool]:
        """The saved mappings; they are a whole place's."""
        return false() if self._part else self.column("saved_mapping", "id").is_not(None)

    def parties(self) -> ColumnElement[bool]:
        """The parties to the matters of the place, as links: those whose both ends are here."""
        return and_(*(self._there("party", name) for name in ("matter_id", "organisation_id", "office_id")))

    def occasions(self) -> ColumnElement[bool]:
        """What is held on matters of the place, and what its venues hold by themselves."""
        alone = and_(self.column("occasion", "matter_id").is_(None), self.by("occasion", "venue_id", "venue"))
        return or_(self.by("occasion", "matter_id", "matter"), alone)

    def ledger_accounts(self) -> ColumnElement[bool]:
        """The accounts of the place, and those that its entries touch."""
        touched = select(self.column("posting", "account_id")).where(self.of(self._tables["posting"]))
        return or_(self.by("ledger_account", "area_id", "area"), self.column("ledger_account", "id").in_(touched))

    def _there(self, name: str, column: str) -> ColumnElement[bool]:
        """The rows whose ``column`` points to nothing, or to what belongs to the place."""
        [key] = self.column(name, column).foreign_keys
        return or_(self.column(name, column).is_(None), self.by(name, column, key.column.table.name))

    def serials(self) -> ColumnElement[bool]:
        """The series of the numbers of its places."""
        series = self.column("serial", "series")
        return or_(false(), *(series.startswith(f"{prefix}-", autoescape=True) for prefix in self._places.values()))


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


_Belongs = Callable[[_Conditions], ColumnElement[bool]]


def _by(name: str, column: str, other: str) -> _Belongs:
    return lambda here: here.by(name, column, other)


def _all(name: str, column: str) -> _Belongs:
    return lambda here: here.column(name, column).is_not(None)


_BELONGS: dict[str, _Belongs] = {
    "area": _Conditions.areas,
    "organisation": _by("organisation", "area_id", "area"),
    "place": _Conditions.places,
    "forum": _by("forum", "area_id", "area"),
    "venue": _by("venue", "area_id", "area"),
    "office": _by("office", "area_id", "area"),
    "account": _Conditions.accounts,
    "import_batch": _Conditions.batches,
    "setup_change": _Conditions.changes,
    "import_change": _by("import_change", "batch_id", "import_batch"),
    "matter": _Conditions.inside,
    "serial": _Conditions.serials,
    "link": lambda here: here.by("link", "source_id", "matter") & here.by("link", "target_id", "matter"),
    "local_category": _all("local_category", "code"),
    "saved_mapping": _Conditions.mappings,
    **{name: _by(name, "matter_id", "matter") for name in ("event", "deliberation", "meeting", "publicity")},
    **{name: _by(name, "matter_id", "matter") for name in ("answer", "clause", "ledger_entry")},
    "flow_version": _all("flow_version", "id"),
    "party": _Conditions.parties,
    "occasion": _Conditions.occasions,
    "headcount": _by("headcount", "occasion_id", "occasion"),
    "ledger_account": _Conditions.ledger_accounts,
    "posting": _by("posting", "entry_id", "ledger_entry"),
    "item": _by("item", "organisation_id", "organisation"),
    "item_use": lambda place: place.by("item_use", "item_id", "item") & place.by("item_use", "matter_id", "matter"),
    **{name: _by(name, "meeting_id", "meeting") for name in ("opinion", "option")},
    "tally": _by("tally", "option_id", "option"),
    "objection": _by("objection", "publicity_id", "publicity"),
}
