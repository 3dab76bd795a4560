"""The share of paused matters: shown beside every closing rate, which a hold would otherwise flatter."""

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter import Matter
from services import areas, matters
from services.indicators import Count, Counted, Span, indicator, open


@indicator
def paused_share(session: Session, path: str, span: Span) -> Counted:
    """On hold among the open issues, now."""
    for area, month, count in open(session, path, span):
        yield area, month, Count(0, count.numerator)
    here = col(Matter.area_id).in_(select(Area.id).where(areas.within(path)))
    held = select(Matter.area_id, Matter.opened_month, func.count()).where(here, Matter.flow == "issue")
    kinds = (col(Matter.area_id), col(Matter.opened_month))
    for area, month, stopped in session.exec(held.where(matters.paused()).group_by(*kinds)):
        yield area, month, Count(stopped, 0)
