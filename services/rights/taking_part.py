"""Taking part: which matters are an organisation's business, as a condition on their rows."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col, select

from models.matter import Matter
from models.organisation import Organisation
from models.party import Party


def is_party_condition(paths: Sequence[str]) -> ColumnElement[bool]:
    """The matters in which an organisation at or below one of the paths takes part, or for which it is responsible.

    Whoever declined or left takes no part any more. No path, no matter.
    """
    below = [col(Organisation.path).startswith(path, autoescape=True) for path in paths if path]
    mine = select(Organisation.id).where(or_(false(), *below))
    called = select(Party.matter_id).where(col(Party.organisation_id).in_(mine), col(Party.left_at).is_(None))
    return or_(col(Matter.id).in_(called), col(Matter.unit_id).in_(mine))
