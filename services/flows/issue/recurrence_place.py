"""The same place: what makes a closed issue and a new one of its category a recurrence 回潮."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import col

from models.matter import Matter
from services.engine import flows
from services.matters import search
from services.places.distances import metres
from services.rules.rules import rule


class Place(NamedTuple):
    """What is compared: where and when."""

    id: int
    area_id: int
    location: str
    lng: float | None
    lat: float | None
    at: datetime


def days() -> timedelta:
    """How long after closing the same thing still counts as come back."""
    return timedelta(days=rule("recurrence.days").value)


def near() -> float:
    """Metres between two points that are the same place."""
    return rule("recurrence.distance").value


def columns() -> tuple[Any, ...]:
    """The columns of a closed issue as a ``Place``."""
    return (Matter.id, Matter.area_id, Matter.location, Matter.lng, Matter.lat, Matter.closed_at)


def ended() -> list[ColumnElement[bool]]:
    """The condition that an issue was carried out and closed."""
    done = flows.states_of_kind("issue", "done")
    return [col(Matter.flow) == "issue", col(Matter.state).in_(done)]


def same(one: Place, other: Place) -> bool:
    """Two points within the metres of the rule; where either has none, the same area and the same words."""
    if one.lng is not None and one.lat is not None and other.lng is not None and other.lat is not None:
        return float(metres(one.lng, one.lat, other.lng, other.lat)) <= near()
    words = search.folded(one.location)
    return one.area_id == other.area_id and bool(words) and words == search.folded(other.location)
