"""Rights on matters: the scopes of the permission table, said of one matter and as conditions on all of them.

Both forms come from ``_HOLDS``, so that a list never shows what the page refuses, nor the other way round.
"""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import ColumnElement, exists, false, or_, true
from sqlmodel import Session, col, select

from models.area import Area
from models.event import Event
from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from services.rights import reader_texts
from services.rights.permissions import Actor, denied, scopes, words_of

READ = "matter.read"
Condition = ColumnElement[bool]


def belongs_to_unit(actor: Actor) -> Condition:
    """That the actor's organisation, or one below it, is responsible for the matter, or a party to it that stayed."""
    if actor.organisation_id is None or not actor.organisation_path:
        return false()
    below = col(Organisation.path).startswith(actor.organisation_path, autoescape=True)
    mine = select(Organisation.id).where(below)
    party = select(Party.matter_id).where(col(Party.organisation_id).in_(mine), col(Party.left_at).is_(None))
    return or_(col(Matter.unit_id).in_(mine), col(Matter.id).in_(party))


def raised_by(actor: Actor) -> Condition:
    """That the actor's account raised the matter."""
    if actor.account_id is None:
        return false()
    first = (col(Event.matter_id) == col(Matter.id), col(Event.seq) == 1, col(Event.action) == "create")
    return exists().where(*first, col(Event.actor_id) == actor.account_id)


_HOLDS: dict[str, Callable[[Actor], Condition]] = {
    "area": lambda _actor: true(),
    "public": lambda _actor: col(Matter.public).is_(True),
    "unit": belongs_to_unit,
    "own": raised_by,
}


def narrowed(actor: Actor, act: str = READ) -> list[Condition]:
    """Which matters of its area the actor may do ``act`` with; no condition where it is all of them."""
    words = scopes(actor, act)
    if "area" in words:
        return []
    return [or_(false(), *(_HOLDS[word](actor) for word in sorted(words)))]


def open_to(actor: Actor, act: str = READ) -> list[Condition]:
    """Which matters at all the actor may do ``act`` with."""
    found = narrowed(actor, act)
    if actor.area_path:
        here = select(Area.id).where(col(Area.path).startswith(actor.area_path, autoescape=True))
        found.append(col(Matter.area_id).in_(here))
    return found


def among(session: Session, actor: Actor, ids: Iterable[int], act: str = READ) -> set[int]:
    """Those of the matters with these ids that the actor may do ``act`` with."""
    asked = select(Matter.id).where(col(Matter.id).in_(list(ids)), *open_to(actor, act))
    return set(session.exec(asked))


def open_numbers(session: Session, actor: Actor, numbers: Iterable[str]) -> set[str]:
    """Those of these numbers that are of matters the actor may read."""
    return set(session.exec(select(Matter.number).where(col(Matter.number).in_(list(numbers)), *open_to(actor))))


def readable(session: Session, actor: Actor, found: Sequence[Matter]) -> list[Matter]:
    """Those of some matters that the actor may read, in their order."""
    seen = among(session, actor, (one.id for one in found))
    return reader_texts.all_shown(actor, (one for one in found if one.id in seen))


def lies_in(session: Session, actor: Actor, matter: Matter) -> frozenset[str]:
    """The words of scopes in which the matter lies for this actor; none outside its area."""
    if not _path(session, matter).startswith(actor.area_path):
        return frozenset()
    return frozenset(word for word in words_of(actor.role) if _holds(session, actor, word, matter))


def _path(session: Session, matter: Matter) -> str:
    return session.exec(select(Area.path).where(Area.id == matter.area_id)).one()


def _holds(session: Session, actor: Actor, word: str, matter: Matter) -> bool:
    if word in ("area", "public"):
        return word == "area" or matter.public
    held = select(Matter.id).where(col(Matter.id) == matter.id, _HOLDS[word](actor))
    return session.exec(held).first() is not None


def may_with(session: Session, actor: Actor, act: str, matter: Matter) -> bool:
    """Whether the actor may do ``act`` with this matter."""
    return bool(scopes(actor, act) & lies_in(session, actor, matter))


def require_with(session: Session, actor: Actor, act: str, matter: Matter) -> None:
    """Raise Refused unless the actor may do ``act`` with this matter."""
    if not may_with(session, actor, act, matter):
        raise denied()
