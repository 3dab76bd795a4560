"""The event log: append-only, hash-chained per matter. The only module that writes events."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.event import Event
from models.matter import Matter
from services.engine import versions
from services.places import ground_version
from services.rights.permissions import Actor
from services.system import agreement, clock, db, hash_chain

_BEGINS = '["",'
_NEWEST = text("SELECT max(id) FROM event")


def append(
    session: Session,
    matter: Matter,
    actor: Actor,
    action: str,
    *,
    to_state: str | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Add what happened to the matter's chain, in the caller's transaction, and raise its version.

    Refused where the rows of its flow were changed since this process read them, and where key, time zone or clock are
    not those of the database.
    """
    agreement.require(session)
    versions.require_present(session, matter.flow)
    event = Event(
        matter_id=matter.id,
        seq=matter.events + 1,
        at=at or clock.now(),
        actor_id=actor.account_id,
        actor=actor.name,
        action=action,
        from_state=matter.state if matter.events else None,
        to_state=to_state or matter.state,
        note=note,
        data=data or None,
        digest="",
    )
    event.digest = digest_of(event, matter.number, matter.head)
    matter.events, matter.head, matter.version = event.seq, event.digest, matter.version + 1
    session.add(event)
    session.add(matter)
    return event


def digest_of(event: Event, number: str, previous: str) -> str:
    """The digest ``event`` of the matter called ``number`` must carry after ``previous``."""
    fields = (event.seq, event.at.isoformat(), event.actor_id, event.actor, event.action, event.from_state)
    return hash_chain.digest(previous, number, *fields, event.to_state, event.note, event.data)


def history(session: Session, matter_id: int) -> list[Event]:
    """What happened to a matter, first to last."""
    return list(session.exec(select(Event).where(Event.matter_id == matter_id).order_by(col(Event.seq))))


def newest(session: Session) -> int:
    """The id of the last event. It falls when an undo takes events back. Asked often, so asked plainly."""
    return int(session.execute(_NEWEST).scalar() or 0)


def version(session: Session) -> str:
    """The version of everything shown: another one after every event, import, undo and newly loaded place."""
    return db.asked_once(session, "version", lambda one: f"{newest(one)}.{ground_version.ground(one)}")


def written(to_state: str, note: str, data: dict[str, Any]) -> tuple[str, str]:
    """What an event says, as its digest covers it: state and note, and its data."""
    return hash_chain.text(to_state, note)[1:-1], hash_chain.text(data)[1:-1]


class FirstEvents:
    """The first events of very many new matters, written before the turn: one act of one person at one moment.

    ``more`` goes into the data of each; its names come before theirs, as they do in the alphabet.
    """

    def __init__(self, actor: Actor, action: str, at: datetime, more: dict[str, Any]) -> None:
        self.columns: dict[str, Any] = {
            "seq": 1,
            "at": at,
            "actor_id": actor.account_id,
            "actor": actor.name[:64],
            "action": action,
            "from_state": None,
        }
        self._after = hash_chain.text(1, at.isoformat(), actor.account_id, actor.name[:64], action, None)[1:-1]
        self._more = hash_chain.text(more)[1:-2]

    def finished(self, number: str, told: str, data: str) -> tuple[str, str]:
        """The digest of the first event of the matter called ``number``, and its data as JSON."""
        whole = f"{self._more},{data[1:]}"
        return hash_chain.mac(f"{_BEGINS}{hash_chain.text(number)[1:-1]},{self._after},{told},{whole}]"), whole
