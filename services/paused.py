"""The share of paused matters: shown beside every closing rate, which a hold would otherwise flatter."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from models.matter_count import Counted as Kinds
from services import counts, flows
from services.counts import Ask
from services.indicators import Counted, indicator, share


@indicator
def paused_share(session: Session, ask: Ask) -> Counted:
    """On hold among the open issues, now."""
    return share(session, ask.ever(), "issue", counts.n(_paused), counts.n(counts.is_open))


def _paused(table: type[Kinds]) -> ColumnElement[bool]:
    return col(table.state).in_(flows.states_of_kind("issue", "paused"))  # type: ignore[attr-defined]
