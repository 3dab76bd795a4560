"""Key rotation: every chain is sealed anew with another key, in one transaction, and verified before and after.

Anchors stay what they are: they are made without the key. Backups and exports of before need the key of before.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlmodel import Session, SQLModel, col, func, select

from migrations import append_only
from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from services.engine import events
from services.keep import anchors, backup_postgresql, backup_sqlite, heads, known_anchors
from services.keep.verify import verify
from services.rights import audit
from services.system import agreement, db, facts, hash_chain, schema, setting_checks
from services.system.errors import Refused
from services.system.progress import Progress, silent
from services.system.seals import adopting
from services.system.settings import settings

ACT = "key.rotate"
_MATTERS, _LINES = 500, 5000


def rotate(new_key: str, operator: str, progress: Progress = silent) -> None:
    """Change the key of the database from MULIN_KEY to ``new_key``: all of it, or nothing.

    Refused where the record does not verify, where the new key can be guessed or is the present one, and while anybody
    else is connected.
    """
    _require_fit(new_key)
    manner: ModuleType = backup_sqlite if db.engine().dialect.name == "sqlite" else backup_postgresql
    _require_sound(progress)
    db.forget()
    manner.require_alone(db.engine().url)
    with db.writing() as session:
        before = hash_chain.fingerprint()
        anchor = anchors.take(session, progress)
        with hash_chain.using(new_key):
            _seal(session, progress)
            facts.put(session, facts.KEY, hash_chain.fingerprint())
            facts.seal(session)
            told = {"from": before, "to": hash_chain.fingerprint(), "anchor": anchor.text}
            audit.write(session, operator, ACT, "", told)
            session.flush()
            adopting.again(session.connection())
            _require_same(session, anchor.event_head, anchor.events, progress)
    with hash_chain.using(new_key), db.reading() as session:
        known_anchors.note(session, force=True)


def _require_fit(new_key: str) -> None:
    if new_key == settings().key:
        raise Refused("The new key is the present one. Make another: python manage.py key new")
    if not setting_checks.strong(new_key):
        raise Refused("The new key can be guessed, or has less than 32 characters. Make one: python manage.py key new")


def _require_sound(progress: Progress) -> None:
    with db.reading() as session:
        schema.require_head(session)
        agreement.require(session)
        if verify(session, progress).found:
            raise Refused(
                "The record does not verify with the present key. Run verify, and restore what is damaged first."
            )


def _require_same(session: Session, head: int, count: int, progress: Progress) -> None:
    if verify(session, progress).found or heads.of_events(session, count, progress)[0] != head:
        raise Refused("The record would not verify with the new key. Nothing was changed.")


def _seal(session: Session, progress: Progress) -> None:
    connection = session.connection()
    _release(connection)
    total, done = session.exec(select(func.count()).select_from(Event)).one(), 0
    for ends, digests in _chains(session):
        connection.execute(_EVENT, digests)
        connection.execute(_MATTER, ends)
        done += len(digests)
        progress("Sealing the events", done, total)
    _lines(session)
    _hold(connection)
    session.expire_all()


_TABLES = SQLModel.metadata.tables
_EVENT = _TABLES["event"].update().where(_TABLES["event"].c.id == bindparam("of")).values(digest=bindparam("to"))
_MATTER = _TABLES["matter"].update().where(_TABLES["matter"].c.id == bindparam("of")).values(head=bindparam("to"))
_LINE = (
    _TABLES["audit_line"].update().where(_TABLES["audit_line"].c.seq == bindparam("of")).values(digest=bindparam("to"))
)
_Changes = list[dict[str, Any]]


def _chains(session: Session) -> Iterator[tuple[_Changes, _Changes]]:
    """For some matters at a time: their new heads, and the new digests of their events."""
    columns = (Matter.number, *(getattr(Event, name) for name in _EVENT_COLUMNS))
    first = 0
    while ids := session.exec(
        select(Matter.id).where(Matter.id > first).order_by(col(Matter.id)).limit(_MATTERS)
    ).all():
        query = select(*columns).join(Event, col(Event.matter_id) == Matter.id)
        query = query.where(col(Matter.id) > first, col(Matter.id) <= ids[-1])
        rows = session.connection().execute(query.order_by(Event.matter_id, Event.seq)).all()
        first, found = ids[-1], [_chain(list(chain)) for _, chain in groupby(rows, key=attrgetter("matter_id"))]
        if found:
            yield [head for head, _ in found], [row for _, some in found for row in some]


_EVENT_COLUMNS = (
    "id",
    "matter_id",
    "seq",
    "at",
    "actor_id",
    "actor",
    "action",
    "from_state",
    "to_state",
    "note",
    "data",
)


def _chain(rows: list[Any]) -> tuple[dict[str, Any], _Changes]:
    previous, changed = "", []
    for row in rows:
        previous = events.digest_of(row, row.number, previous)
        changed.append({"of": row.id, "to": previous})
    return {"of": rows[0].matter_id, "to": previous}, changed


def _lines(session: Session) -> None:
    previous, last = "", 0
    query = select(AuditLine).order_by(col(AuditLine.seq)).limit(_LINES)
    while lines := session.exec(query.where(AuditLine.seq > last)).all():
        changed = []
        for line in lines:
            previous, last = audit.digest_of(line, previous), line.seq
            changed.append({"of": line.seq, "to": previous})
        session.connection().execute(_LINE, changed)
        session.expunge_all()


def _release(connection: Connection) -> None:
    """Take the triggers away that refuse changes; the same transaction puts them back."""
    for table in append_only.TABLES:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only"))
        else:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_update"))


def _hold(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        append_only.protect(connection)
        return
    for table in append_only.TABLES:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only"))
