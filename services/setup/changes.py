"""Changes: each act of the setup, told beside the row and in the audit chain, with what stood there before."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models.area import Area
from models.audit import SetupChange
from services.rights import audit
from services.rights.permissions import Actor, denied, may, scopes
from services.setup.subjects import SUBJECTS, Subject
from services.system import clock
from services.system.errors import NotFound, Refused
from services.words.cleaning import clean
from services.words.vocabulary import Word

Values = dict[str, Any]
SHOWN = 50
# The map follows by itself: a tile that moved is no change that somebody typed.
_MAP = ("geometry", "lng", "lat", "schematic")


def version(row: SQLModel) -> str:
    """What a form carries of the row it was drawn from; another one as soon as anything that is typed differs."""
    apart = _MAP if isinstance(row, Area) else ()
    told = {name: plain(getattr(row, name)) for name in type(row).model_fields if name not in apart}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A cell as JSON takes it."""
    return value.isoformat() if isinstance(value, datetime) else value


def path_of(session: Session, row: Any) -> str:
    """The path of the area that a row is, or stands in."""
    return str(row.path if isinstance(row, Area) else session.get_one(Area, row.area_id).path)


def claim(session: Session, actor: Actor, subject: Subject, code: str, seen: str) -> Any:
    """The row called ``code``, to be changed by this actor; ``seen`` is its version when the form was drawn.

    NotFound where there is none in the actor's area, Refused where it was closed or is another one by now.
    """
    row = session.exec(select(subject.model).where(subject.model.code == clean(code))).first()
    if row is None or not may(actor, subject.right, path_of(session, row)):
        if "area" not in scopes(actor, subject.right):
            raise denied()
        raise NotFound("There is no {code} that you may change. Choose one from the list.", code=clean(code)[:48])
    if version(row) != seen:
        raise _stale(session, subject, row)
    if row.closed_at is not None:
        raise Refused("{name} is closed. Take the closing back under Changes first.", name=getattr(row, subject.name))
    return row


def _stale(session: Session, subject: Subject, row: Any) -> Refused:
    last = session.exec(_of(subject.kind, row.id)).first()
    if last is None:
        return Refused("{name} was changed meanwhile. Look at it, then save again.", name=getattr(row, subject.name))
    who, name = last.undone_by or last.actor, getattr(row, subject.name)
    return Refused(
        "{who} changed {name} meanwhile. Compare with what is there now, then save again.", who=who, name=name
    )


def _of(kind: str, row_id: int) -> Any:
    mine = col(SetupChange.kind) == kind, col(SetupChange.row_id) == row_id
    return select(SetupChange).where(*mine).order_by(col(SetupChange.id).desc())


def later(session: Session, change: SetupChange) -> SetupChange | None:
    """The last change of the same row after this one that still holds."""
    query = _of(change.kind, change.row_id).where(col(SetupChange.id) > change.id, col(SetupChange.undone_at).is_(None))
    found: SetupChange | None = session.exec(query).first()
    return found


def apply(
    session: Session, actor: Actor, subject: Subject, row: Any, values: Values, act: str = "change"
) -> SetupChange | None:
    """Change the columns of a row that differ, and tell of it; nothing where none does."""
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return None
    after = {name: values[name] for name in before}
    path = path_of(session, row)
    for name, value in after.items():
        setattr(row, name, value)
    session.add(row)
    return tell(session, actor, act, subject, row, path, before, after)


def close(session: Session, actor: Actor, subject: Subject, row: Any, reason: str) -> SetupChange:
    """Close a row: it stays for what names it, and is offered for nothing new."""
    said = " ".join(clean(reason).split())
    if not said or len(said) > 200:
        raise Refused("Say in at most {limit} characters why it is closed.", limit=200)
    row.closed_at = clock.now()
    session.add(row)
    told = {"closed_at": None}, {"closed_at": row.closed_at}
    return tell(session, actor, "close", subject, row, path_of(session, row), *told, reason=said)


def tell(
    session: Session,
    actor: Actor,
    act: str,
    subject: Subject,
    row: Any,
    path: str,
    before: Values | None,
    after: Values | None,
    reason: str = "",
) -> SetupChange:
    """Keep what was done to a row, here and in the audit chain."""
    old, new = ({name: plain(value) for name, value in side.items()} if side else None for side in (before, after))
    change = SetupChange(
        at=clock.now(),
        actor=actor.name[:64],
        act=act,
        kind=subject.kind,
        row_id=row.id,
        code=row.code,
        name=getattr(row, subject.name),
        path=path,
        reason=reason,
        before=old,
        after=new,
    )
    session.add(change)
    session.flush()
    _audit(session, actor, f"setup.{act}", change)
    return change


def _audit(session: Session, actor: Actor, act: str, change: SetupChange) -> None:
    told = {"change": change.id, "kind": change.kind, "before": _short(change.before), "after": _short(change.after)}
    told |= {"reason": change.reason} if change.reason else {}
    audit.write(session, actor.name, act, f"{change.code} {change.name}", told, area=change.path)


def take_back(session: Session, actor: Actor, change: SetupChange) -> None:
    """Mark a change as taken back, here and in the audit chain."""
    change.undone_at, change.undone_by = clock.now(), actor.name[:64]
    session.add(change)
    session.flush()
    _audit(session, actor, "setup.undo", change)


def _short(side: Values | None) -> Values | None:
    """A boundary is told by its digest: the row beside the chain holds it whole."""
    digest = hashlib.sha256(json.dumps((side or {}).get("geometry"), sort_keys=True).encode()).hexdigest()
    return side | {"geometry": digest} if side and side.get("geometry") else side


def listed(session: Session, actor: Actor, path: str) -> list[SetupChange]:
    """The latest changes at or below ``path`` of what this actor may change, newest first."""
    here = path if path.startswith(actor.area_path) else actor.area_path
    kinds = [kind for kind, subject in SUBJECTS.items() if may(actor, subject.right, here)]
    query = select(SetupChange).where(col(SetupChange.path).startswith(here, autoescape=True))
    query = query.where(col(SetupChange.kind).in_(kinds)).order_by(col(SetupChange.id).desc())
    return list(session.exec(query.limit(SHOWN)))


def word(change: SetupChange) -> Word:
    """What was done, as a word."""
    return Word("act", f"setup.{change.act}")
