"""Sample records in bulk: matters walked along the arrows of their flow, inserted without a single table object.

A million matters must not take an hour, so the rows only have the attributes of the tables; deadlines, digests and
the opening and closing of a matter come from the same functions as for a record made by hand.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from typing import cast as as_type

from sqlmodel import Session, SQLModel, insert

from models.answer import REPORTER
from models.event import Event
from models.matter import Matter
from services.demo.cast import Cast
from services.demo.scenes import Scene
from services.engine import deadlines, events, fields, flows, workflow
from services.flows.issue import follow_ups
from services.matters import search
from services.rights.permissions import Actor
from services.system import clock
from services.system.seals import settling

# The id of a matter that is not in the database yet.
NEW = 0


class Record:
    """A matter and what happened to it, first to last. ``stays`` is the one it was merged into.

    ``hold_until`` is when a hold is to be asked for until, where the story depends on it.
    """

    def __init__(self, session: Session, scene: Scene, flow: str = "issue", **columns: Any) -> None:
        self._session = session
        self.scene = scene
        self.events: list[Any] = []
        self.stays: Record | None = None
        self.hold_until: datetime | None = None
        self.follow_up: dict[str, Any] = {}
        self.matter = as_type(Matter, SimpleNamespace(**columns))
        self.matter.id = NEW
        self.matter.flow, self.matter.state, self.matter.is_open = flow, flows.start_of(flow).code, True
        self.matter.opened_month = clock.month_of(self.matter.opened_at)
        self.matter.due_at = self.matter.closed_at = self.matter.on_time = None
        self.matter.time_left = self.matter.hold_until = self.matter.extended_to = None
        self.matter.unit_id, self.matter.public, self.matter.sample = None, False, True
        self.matter.dispatches = self.matter.returns = self.matter.reworks = 0
        self.matter.version, self.matter.events, self.matter.head = 1, 0, ""

    @property
    def last(self) -> datetime:
        """When the latest event happened."""
        return as_type(datetime, self.events[-1].at)

    def by(self, cast: Cast, action: str) -> Actor:
        """Who of the cast takes an arrow from where the matter stands."""
        return cast.turn(self.matter.flow, self.matter.state, action, self.scene.estate.grid)

    def add(self, actor: Actor, action: str, at: datetime, data: dict[str, Any] | None = None) -> None:
        """Write an event that moves nothing."""
        self._write(actor, action, at, self.matter.state, "", data)

    def take(self, actor: Actor, action: str, at: datetime, note: str = "", **values: Any) -> None:
        """Take an arrow; LookupError where the flow has none. ``values`` are what its fields would have read."""
        matter = self.matter
        arrow = flows.arrow(matter.flow, matter.state, action)
        if arrow is None or not {need.name for need in arrow.needs} <= {*values, *(["note"] if note else [])}:
            raise LookupError(f"{action} can't be taken from {matter.state} with {sorted(values)}")
        matter.category = values.get("category", matter.category)
        matter.unit_id = values["unit"].id if "unit" in values else matter.unit_id
        source, target = matter.state, arrow.arrives(matter.state)
        deadlines.set_due(self._session, matter, arrow, values, at, self.events)
        self._write(actor, action, at, target, note, fields.plain(values) or None)
        workflow.arrive(matter, source, target, at)
        if arrow.counts:
            setattr(matter, arrow.counts, getattr(matter, arrow.counts) + 1)
        if set(follow_ups.QUESTIONS) <= {need.name for need in arrow.needs}:
            self.follow_up = {name: values[name] for name in follow_ups.QUESTIONS} | {"at": at}

    def _write(
        self, actor: Actor, action: str, at: datetime, target: str, note: str, data: dict[str, Any] | None
    ) -> None:
        matter = self.matter
        row: Any = SimpleNamespace(
            seq=matter.events + 1,
            at=at,
            actor_id=actor.account_id,
            actor=actor.name,
            action=action,
            from_state=matter.state if matter.events else None,
            to_state=target,
            note=note,
            data=data,
        )
        row.digest = events.digest_of(as_type(Event, row), matter.number, matter.head)
        matter.events, matter.head, matter.version = row.seq, row.digest, matter.version + 1
        self.events.append(row)


class Writer:
    """Inserts records and lets their events into the log in the order of time, as if they had been lived."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: list[Any] = []
        self.events = 0

    def write(self, records: Sequence[Record]) -> None:
        """Insert the matters with their places in the index and their links; the events wait for ``flush``."""
        rows = [vars(record.matter) for record in records]
        for row in rows:
            del row["id"]
        table = SQLModel.metadata.tables["matter"]
        given = self._session.connection().execute(insert(table).returning(table.c.number, table.c.id), rows)
        ids: dict[str, int] = dict(iter(given))
        for record in records:
            record.matter.id = ids[record.matter.number]
            for event in record.events:
                event.matter_id = record.matter.id
            self._waiting += record.events
        search.index(self._session, [record.matter for record in records])
        answers = self._ask_back(records)
        ties = self._tie([(record, record.stays) for record in records if record.stays])
        sealed = settling.enter(self._session, "matter", rows, {"answer": answers, "link": ties})
        self._session.connection().execute(insert(SQLModel.metadata.tables["seal"]), sealed)

    def _ask_back(self, records: Sequence[Record]) -> list[dict[str, Any]]:
        rows = [row for record in records if record.follow_up for row in _answers(record)]
        if rows:
            self._session.connection().execute(insert(SQLModel.metadata.tables["answer"]), rows)
        return rows

    def _tie(self, pairs: list[tuple[Record, Record]]) -> list[dict[str, Any]]:
        ties = [
            {"source_id": merged.matter.id, "target_id": stays.matter.id, "kind": "duplicate_of"}
            for merged, stays in pairs
        ]
        if not ties:
            return []
        table = SQLModel.metadata.tables["link"]
        return [
            dict(row) for row in self._session.connection().execute(insert(table).returning(*table.c), ties).mappings()
        ]

    def flush(self, until: datetime) -> None:
        """Insert the waiting events that happened before ``until``, first to last."""
        self._waiting.sort(key=lambda event: event.at)
        cut = bisect_left(self._waiting, until, key=lambda event: event.at)
        rows = [vars(event) for event in self._waiting[:cut]]
        del self._waiting[:cut]
        if rows:
            self._session.connection().execute(insert(SQLModel.metadata.tables["event"]), rows)
        self.events += len(rows)


def _answers(record: Record) -> list[dict[str, Any]]:
    fixed = {"matter_id": record.matter.id, "category": REPORTER, "replaced": 0, "at": record.follow_up["at"]}
    return [fixed | {"question": name, "value": record.follow_up[name]} for name in follow_ups.QUESTIONS]
