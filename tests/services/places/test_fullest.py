"""Where somebody begins who may look at every place: at the one that shows most, counted from its records."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.area import Area
from models.matter import Matter
from models.place import Place
from services.places import areas, fullest, places
from services.rights.permissions import Actor


@pytest.fixture
def other(session: Session, place: Place) -> Place:
    """A second place, loaded after the first."""
    assert place.slug != "shaokou"
    return places.load_place(session, "shaokou")


def raised(session: Session, area: int, count: int, prefix: str) -> None:
    for number in range(count):
        called = f"{prefix}-{number}"
        session.add(Matter(number=called, flow="issue", state="filed", title="t", area_id=area, opened_month=0))
    session.flush()
    fullest._KEPT.forget()


def test_without_records_the_place_loaded_first_comes_first(session: Session, place: Place, other: Place) -> None:
    assert fullest.first(session) == [place.area_id, other.area_id]


def test_the_place_with_most_matters_comes_first(session: Session, place: Place, other: Place) -> None:
    below = areas.children(session, other.area_id)[0].id
    raised(session, place.area_id, 2, "CL")
    raised(session, below, 3, "SK")
    assert fullest.first(session) == [other.area_id, place.area_id]
    everywhere = Actor(None, "admin", "admin")
    assert areas.scope(session, everywhere, None).area_id == other.area_id
    raised(session, place.area_id, 2, "CX")
    assert areas.scope(session, everywhere, None).area_id == place.area_id


def test_who_works_in_one_place_begins_there(
    session: Session, place: Place, other: Place, actor: Callable[[str], Actor]
) -> None:
    raised(session, other.area_id, 1, "SK")
    assert areas.scope(session, actor("secretary"), None).area_id == place.area_id


def test_an_office_without_a_place_has_no_first(session: Session, place: Place) -> None:
    session.delete(place)
    session.flush()
    fullest._KEPT.forget()
    assert fullest.first(session) == [] and session.get(Area, place.area_id) is not None
