"""A database with a row in every table, and somebody who writes to its file beside the program."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, Table, TypeDecorator
from sqlmodel import Session, SQLModel, col, select

from models.account import Account, Attempt, AttemptCount, SignIn
from models.answer import Answer
from models.area import Area
from models.audit import SetupChange
from models.category import CategoryWord, LocalCategory
from models.clause import Clause
from models.deliberation import Deliberation, Objection, Publicity
from models.importing import ImportBatch, ImportChange, SavedMapping
from models.item import Item, ItemUse
from models.ledger import LedgerAccount, LedgerEntry, Posting
from models.matter import Link, Matter
from models.meeting import Meeting, Opinion, Option, Tally
from models.occasion import Headcount, Occasion
from models.organisation import Organisation
from models.party import Party
from models.place import Forum, Office, Place, Venue
from models.public_edition import PublicEdition
from services.engine import versions, workflow
from services.flows.issue import issues
from services.keep.verify import VerifyReport, verify
from services.rights import audit
from services.rights.permissions import Actor
from services.rules import in_force
from services.system import db, facts, hash_chain
from tests.databases import template

_AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
_PROTECTED = ("event", "audit_line", "ledger_entry", "posting")


@template("one_of_each", "place")
def fill() -> None:
    """At least one row in every table that people read."""
    with db.writing() as session:
        _fill(session)


def _fill(session: Session) -> None:
    place = session.exec(select(Place)).one()
    area = session.get_one(Area, place.area_id)
    actor = Actor(None, "tester", "secretary", area.path, area.id)
    versions.record(session, "tester")
    first, second = (_issue(session, actor, place, number) for number in (1, 2))
    audit.write(session, "tester", "test", "x", {"a": 1})
    _beside(session, first, second, place)
    _alone(session, place)
    _books(session, first)


def _issue(session: Session, actor: Actor, place: Place, number: int) -> Matter:
    entered = issues.NewIssue(title=f"lamp {number}", area_id=place.area_id, description="It is dark. " * 9)
    made = issues.create(session, actor, entered)
    action, told = ("accept", {"category": "01037"}) if number == 2 else ("decline", {"note": "no"})
    made = workflow.move(session, actor, made.number, action, made.version, told)
    made.lng, made.lat, made.location = 112.98, 28.17, "Gate 3"
    made.detail = {"acceptance": "bright"}
    return made


def _beside(session: Session, first: Matter, second: Matter, place: Place) -> None:
    venue, forum = session.exec(select(Venue)).first(), session.exec(select(Forum)).first()
    assert venue and forum
    held = Occasion(
        matter_id=first.id, venue_id=venue.id, starts_at=_AT, ends_at=_AT + timedelta(hours=2), place="Hall"
    )
    alone = Occasion(venue_id=venue.id, starts_at=_AT, plan="Open house")
    notice = Publicity(matter_id=first.id, starts_on=date(2026, 11, 3), ends_on=date(2026, 11, 9), location="Board")
    session.add_all([held, alone, notice, Deliberation(matter_id=first.id, forum_id=forum.id, grade="major")])
    session.add(Link(source_id=second.id, target_id=first.id, kind="duplicate_of"))
    session.add(Party(matter_id=first.id, category="residents", part="asked", invited_at=_AT, answer="yes"))
    session.add(Clause(matter_id=first.id, seq=1, text="The lamp is lit.", due=date(2026, 12, 1)))
    session.flush()
    for occasion in (held, alone):
        session.add(Headcount(occasion_id=occasion.id, category="residents", present=12))
    meeting = Meeting(matter_id=first.id, occasion_id=held.id, forum_id=forum.id, expected=20, resolution="Lit.")
    session.add_all([meeting, Objection(publicity_id=notice.id, category="residents", text="Too bright", reply="Dim.")])
    session.flush()
    choice = Option(meeting_id=meeting.id, seq=1, title="A lamp")
    session.add_all([choice, Opinion(meeting_id=meeting.id, category="residents", text="Light!")])
    session.flush()
    meeting.adopted_id = choice.id
    for counter in (1, 2):
        session.add(Tally(option_id=choice.id, channel="hall", counter=counter, votes=11))
    session.add(Answer(matter_id=first.id, category="residents", question="asked", number=12, at=_AT))
    assert place


def _alone(session: Session, place: Place) -> None:
    account = Account(login="li.na", name="Li Na", role="staff", area_id=place.area_id, password="x" * 60)
    batch = ImportBatch(kind="areas", file="a.csv", digest="d", actor="tester", place_id=place.id)
    session.add_all(
        [account, batch, LocalCategory(code="95000", zh="自设", en="Own"), CategoryWord(gram="路灯", category="1")]
    )
    session.add(SavedMapping(name="m", kind="matters", content={"a": [1, 2.5]}, actor="tester"))
    session.flush()
    for name, value in {facts.KEY: hash_chain.fingerprint(), facts.ZONE: "Asia/Shanghai", facts.DATABASE: "d"}.items():
        facts.put(session, name, value)
    audit.write(session, "tester", in_force.ALL, "", {"files": in_force.on_disk()})
    session.add(Attempt(name="d" * 32, failures=2, failed_at=1.5, locked_until=2.5))
    session.add(AttemptCount(hour=500_000, address="192.0.2.1", login="li.na", tries=3))
    cells = {"open.n": {str(place.area_id): [3, 10]}}
    told: dict[str, Any] = {"flow": "issue", "week": date(2026, 11, 2), "at": _AT, "period": "year", "salt": "s" * 32}
    session.add(PublicEdition(area_id=place.area_id, cells=cells, **told))
    session.add(SignIn(digest="d" * 64, account_id=account.id, expires_at=_AT + timedelta(days=900)))
    session.add(ImportChange(batch_id=batch.id, kind="area", row_id=place.area_id, before={"name": "old"}))
    told = {"act": "close", "code": "c", "name": "n", "path": "430100/", "reason": "gone", "undone_by": "Li"}
    sides: dict[str, Any] = {"before": {"closed_at": None}, "after": {"closed_at": "2026-11-02"}, "undone_at": _AT}
    session.add(SetupChange(actor="tester", kind="areas", row_id=place.area_id, at=_AT, **told, **sides))
    for model in (Area, Organisation, Forum, Venue, Office):
        session.exec(select(model).order_by(col(model.id).desc())).first().closed_at = _AT  # type: ignore[union-attr]


def _books(session: Session, matter: Matter) -> None:
    unit = session.exec(select(Organisation)).first()
    assert unit
    item = Item(organisation_id=unit.id, kind="thing", name="Ladder")
    accounts = [LedgerAccount(code=f"T-{kind}", name=kind, kind=kind, unit="cny") for kind in ("outside", "fund")]
    accounts.append(LedgerAccount(code="T-own", name="own", kind="fund", unit="cny", matter_id=matter.id))
    entry = LedgerEntry(matter_id=matter.id, act="booked", text="A gift", at=_AT)
    session.add_all([item, entry, *accounts])
    session.flush()
    session.add(ItemUse(item_id=item.id, matter_id=matter.id, starts_at=_AT, ends_at=_AT + timedelta(hours=1)))
    for account, amount in zip(accounts, (-500, 500), strict=False):
        session.add(Posting(entry_id=entry.id, account_id=account.id, stage="booked", amount=amount))


class Tamperer:
    """Writes to a SQLite database beside the program; the counts are kept on by their triggers, as if it were right."""

    def __init__(self) -> None:
        self._connection = db.engine().connect()
        file: Any = self._connection.connection.driver_connection
        self._file = file
        self._file.execute("PRAGMA foreign_keys = OFF")
        self._file.execute("PRAGMA ignore_check_constraints = ON")
        self.session = Session(self._connection)

    def close(self) -> None:
        """Leave, with everything as it was."""
        self.session.close()
        self._connection.invalidate()
        self._connection.close()

    def run(self, *statements: str) -> int:
        """Run statements; how many rows they changed."""
        before = self._file.total_changes
        for statement in statements:
            self._file.execute(statement)
        return int(self._file.total_changes - before)

    def found_after(self, *statements: str) -> VerifyReport:
        """What verify says after statements that are taken back again."""
        self.session.rollback()
        self.session.connection()
        for table in _PROTECTED:
            for act in ("update", "delete", "replace"):
                self._file.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
        try:
            assert self.run(*statements), statements
            self.session.expunge_all()
            return verify(self.session)
        finally:
            self.session.rollback()

    def cells(self, column: Column[Any]) -> Iterator[tuple[str, Any, Any]]:
        """For a cell of the column: where it is, what it holds, and what else it may hold."""
        keys = [key.name for key in column.table.primary_key.columns]
        where = "WHERE n > 0" if "n" in column.table.c else ""
        order = f"{column.name} IS NULL, {', '.join(f'{key} DESC' for key in keys)}"
        table = f'"{column.table.name}"'
        row = self._file.execute(
            f"SELECT {', '.join(keys)}, {column.name} FROM {table} {where} ORDER BY {order}"
        ).fetchone()
        at = " AND ".join(f"{key} = {_quoted(value)}" for key, value in zip(keys, row, strict=False))
        yield at, row[-1], other(column, row[-1])
        # JSON's own null and an empty cell are read alike.
        if column.nullable and row[-1] not in (None, "null"):
            yield at, row[-1], None

    def copied(self, table: Table) -> str:
        """The statement that puts a row there twice, under another key and other unique names."""
        keys = [key.name for key in table.primary_key.columns]
        unique = {c.name for held in table.constraints for c in getattr(held, "columns", ()) if _is_unique(held)}
        unique |= {column.name for column in table.c if column.unique}
        unique |= {c.name for index in table.indexes if index.unique for c in index.columns if c.name != "of_id"}
        values = [_another(column) if column.name in {*keys[-1:], *unique} else column.name for column in table.c]
        names = ", ".join(column.name for column in table.c)
        where = "WHERE n > 0" if "n" in table.c else ""
        source = f'"{table.name}" {where} ORDER BY {", ".join(keys)} LIMIT 1'
        return f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(values)} FROM {source}'


def _is_unique(held: object) -> bool:
    return type(held).__name__ == "UniqueConstraint"


def _another(column: Column[Any]) -> str:
    return f"{column.name} + 100000" if isinstance(column.type, (Integer, Boolean)) else f"{column.name} || 'x'"


def _quoted(value: Any) -> str:
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"


def quoted(value: Any) -> str:
    """A value as SQL."""
    return "NULL" if value is None else _quoted(value)


def other(column: Column[Any], value: Any) -> Any:
    """Another value for a cell, as SQLite keeps it."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return next(change for types, change in _OTHERS if isinstance(kind, types))(value)


_OTHERS: tuple[tuple[type, Any], ...] = (
    (DateTime, lambda value: "2025-01-02 03:04:05.000006" if value is None else f"2025{value[4:]}"),
    (Date, lambda value: "2025-01-02" if value is None else f"2025{value[4:]}"),
    (Boolean, lambda value: 0 if value else 1),
    (Integer, lambda value: (value or 0) + 100_007),
    (Float, lambda value: (value or 0.0) + 0.0001),
    (JSON, lambda _value: '{"other":1}'),
    (object, lambda value: "x" if value is None else f"{value}x"),
)


def tables() -> list[Table]:
    """All tables."""
    return list(SQLModel.metadata.sorted_tables)
