"""Reader search: what holds a text, in the words that this reader may read.

What is hidden from the public in a text, such as a telephone number, is not found by it either.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from services.matters import search
from services.rights import reader_texts
from services.rights.permissions import Actor, only_public


def newest(session: Session, actor: Actor, words: str, asked: Sequence[ColumnElement[bool]], limit: int) -> list[int]:
    """The ids of the newest matters that hold all of ``words`` and meet the conditions, ``limit`` at most."""
    found = list(session.execute(search.newest(session, words, limit).where(*asked)).scalars())
    return _readable(session, actor, words, found) if only_public(actor) else found


def _readable(session: Session, actor: Actor, words: str, ids: list[int]) -> list[int]:
    """Those whose texts hold the words as this reader sees them."""
    above, read, units = aliased(Area), reader_texts.words(actor), search.units(words)
    texts = (Matter.id, Matter.number, Matter.title, Matter.description, Matter.location, Area.name, above.name)
    query = select(*texts).join(Area, col(Area.id) == Matter.area_id)  # type: ignore[call-overload]
    rows = session.execute(query.outerjoin(above, col(above.id) == Area.parent_id).where(col(Matter.id).in_(ids)))
    told = {one: search.folded(number, *map(read, filter(None, others))) for one, number, *others in rows}
    return [one for one in ids if all(unit in told[one] for unit in units)]
