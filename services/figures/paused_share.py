"""The share of paused matters: shown beside every closing rate, which a hold would otherwise flatter."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from models.matter_count import Counted as Kinds
from services.engine import flows
from services.figures import kept_counts
from services.figures.indicators import Counted, indicator, share
from services.figures.kept_counts import Ask


@indicator
def paused_share(session: Session, ask: Ask) -> Counted:
    """On hold among the open issues, now."""
    return share(session, ask.ever(), "issue", kept_counts.n(_paused), kept_counts.n(kept_counts.is_open))


def _paused(table: type[Kinds]) -> ColumnElement[bool]:
    return col(table.state).in_(flows.states_of_kind("issue", "paused"))  # type: ignore[attr-defined]
