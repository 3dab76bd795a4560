"""Reader sort: lists in the order of a text, as this reader reads the text.

Where a row stands tells of its text: what is hidden from the public must not show in the order either.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models.matter import Matter
from services.matters import kept, sorting
from services.matters.filter import Filter
from services.rights import reader_texts
from services.rights.permissions import Actor, only_public

# So many rows, the newest, are put in order for the public; a page of a list is asked for again and again.
MOST = 5000
_TEXTS = ("title",)


def by_text(actor: Actor, wanted: Filter) -> bool:
    """Whether the order asked for goes by a text of which parts may be hidden from this reader."""
    name = wanted.sort.removeprefix("-")
    own = kept.of(wanted.flow).get(name) if wanted.flow else None
    return only_public(actor) and (name in _TEXTS or (own is not None and own.type == "text"))


def plain(actor: Actor, wanted: Filter) -> str:
    """The order itself where it hides nothing, else the newest first."""
    return "newest" if by_text(actor, wanted) else wanted.sort


def ids(session: Session, actor: Actor, wanted: Filter, asked: Sequence[ColumnElement[bool]]) -> list[int]:
    """The ids of what meets the conditions, by the text as it is read; without one last, the newest first of equals."""
    newest = select(Matter.id, sorting.column(wanted.flow, wanted.sort.removeprefix("-"))).where(*asked)
    rows = session.execute(newest.order_by(col(Matter.opened_at).desc(), col(Matter.id).desc()).limit(MOST)).all()
    read, turned = reader_texts.words(actor), wanted.sort.startswith("-")
    told = [(read(str(text)), one) for one, text in rows if text not in (None, "")]
    told.sort(key=lambda pair: pair[0], reverse=turned)
    return [one for _text, one in told] + [one for one, text in rows if text in (None, "")]
