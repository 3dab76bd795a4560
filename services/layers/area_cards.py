"""Area cards: what one area's card says: households, the figures of the headline, and what people raise most."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from services.engine import versioned_cache
from services.figures import indicators, kept_counts
from services.figures import readings as figures
from services.figures.kept_counts import Count, Narrowing, Span
from services.matters import matters
from services.matters.matters import Filter
from services.places import areas
from services.places.areas import Scope
from services.public import disclosure
from services.rights.permissions import Actor, only_public, reads_all

SHOWN = ("open", "overdue", "closed_rate", "on_time_rate")


@dataclass(frozen=True)
class AreaCard:
    """An area's card. A figure is None where the public may not see it; categories are (code, matters), most first.

    ``over`` are the months its figures count; ``filtered`` says that figures count only what matches the filter.
    """

    area: Area
    figures: dict[str, Count | None]
    categories: list[tuple[str, int]]
    over: Span
    filtered: bool


def card(session: Session, actor: Actor, code: str, wanted: Filter, period: str = "") -> AreaCard:
    """The card of the area called ``code`` over a period, the usual one where none is named; it follows the filter.

    The public's figures don't: what is withheld is decided for all matters. NotFound outside the actor's area.
    """
    here = areas.scope(session, actor, code)
    period = disclosure.period(session, actor, period or figures.usual(session, here.path))
    # The public is told of one flow alone.
    flow = "" if only_public(actor) else wanted.flow
    only = kept_counts.narrowing(actor, wanted) if reads_all(actor) else None
    shown = {name: _figure(session, actor, here, name, period, flow, only) for name in SHOWN}
    area = session.get_one(Area, here.area_id)
    asked = wanted.with_(path=here.path)
    most = versioned_cache.kept(session, actor, ("categories", asked), lambda: _categories(session, actor, asked))
    return AreaCard(area, shown, most, disclosure.span(session, actor, period), only is not None)


def _figure(
    session: Session, actor: Actor, here: Scope, code: str, period: str, flow: str, only: Narrowing | None
) -> Count | None:
    if only:
        question = ("only", code, here.path, period, flow, only)
        over = figures.span(period)
        return figures.kept(session, question, lambda: indicators.total(session, code, here.path, over, flow, only))
    told = disclosure.told(session, actor, here, figures.figure(session, code, here.path, period, flow))
    return told.count if told else None


def _categories(session: Session, actor: Actor, wanted: Filter, limit: int = 3) -> list[tuple[str, int]]:
    where = [*matters.conditions(session, actor, wanted), col(Matter.category).is_not(None)]
    query = select(Matter.category, func.count()).where(*where).group_by(col(Matter.category))
    most = query.order_by(func.count().desc(), col(Matter.category)).limit(limit)
    return [(code or "", number) for code, number in session.exec(most)]
