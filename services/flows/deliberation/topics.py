"""Topics 议题 as a list: what a forum has on its table, by stage."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from models.area import Area
from models.deliberation import Deliberation
from models.matter import Matter
from models.place import Forum
from services.engine import deadlines, versioned_cache
from services.matters import matters
from services.matters.matters import SORTS, Filter
from services.rights.permissions import Actor
from services.system import clock


@dataclass(frozen=True)
class Topic:
    """A topic as a list shows it; ``standing`` is its clock."""

    matter: Matter
    area: str
    forum: str
    standing: str


def conditions(session: Session, actor: Actor, wanted: Filter, forum: str) -> list[ColumnElement[bool]]:
    """The filter as SQL, narrowed to one forum (by code) when one is named."""
    found = matters.conditions(session, actor, wanted)
    if forum:
        here = select(Forum.id).where(Forum.code == forum)
        found.append(col(Matter.id).in_(select(Deliberation.matter_id).where(col(Deliberation.forum_id).in_(here))))
    return found


def by_state(session: Session, actor: Actor, wanted: Filter, forum: str = "") -> dict[str, int]:
    """How many of the topics asked for are in each state; at most a minute old."""
    question = ("topics by state", wanted, forum)
    return versioned_cache.kept(session, actor, question, lambda: _by_state(session, actor, wanted, forum), 60)


def _by_state(session: Session, actor: Actor, wanted: Filter, forum: str) -> dict[str, int]:
    query = select(Matter.state, func.count()).where(*conditions(session, actor, wanted, forum))
    return dict(session.exec(query.group_by(col(Matter.state))).all())


def page(
    session: Session, actor: Actor, wanted: Filter, forum: str = "", limit: int = 50, offset: int = 0
) -> list[Topic]:
    """One page of the topics asked for, of one forum (by code) or of all; at most a minute old."""
    question = ("topics", wanted, forum, limit, offset)
    return versioned_cache.kept(
        session, actor, question, lambda: _page(session, actor, wanted, forum, limit, offset), 60
    )


def _page(session: Session, actor: Actor, wanted: Filter, forum: str, limit: int, offset: int) -> list[Topic]:
    query = (
        select(Matter, Area.name, Forum.name)
        .join(Area, col(Area.id) == Matter.area_id)
        .join(Deliberation, col(Deliberation.matter_id) == Matter.id)
        .join(Forum, col(Forum.id) == Deliberation.forum_id)
        .where(*conditions(session, actor, wanted, forum))
        .order_by(*SORTS.get(wanted.sort, SORTS["due"])())
    )
    at = clock.now()
    found = session.exec(query.limit(limit).offset(offset))
    return [Topic(matter, area, name, deadlines.standing(matter, at)) for matter, area, name in found]
