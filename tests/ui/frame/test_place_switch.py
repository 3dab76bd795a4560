"""One control switches the place: on every page that is about one, for whoever may look at several, and nobody else."""

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from models.area import Area
from models.place import Place
from services.places import places
from tests.ui.opening import english, open_page
from ui.frame import menu

__all__ = ["english"]
pytestmark = [pytest.mark.parametrize("database", ["sqlite"], indirect=True), pytest.mark.usefixtures("english")]
ABOUT_A_PLACE = ("overview", "map", "figures", "cards", "biography", "issues", "board", "days", "calls")
ABOUT_ITS_DESK = ("organisations", "rules", "audit", "accounts")


@pytest.fixture
def other(session: Session, place: Place) -> Place:
    """A second place, loaded after the first."""
    assert place.slug != "shaokou"
    return places.load_place(session, "shaokou")


def switches(app: AppTest) -> list[Selectbox[str]]:
    return [box for box in app.selectbox if box.label == "Place"]


@pytest.mark.parametrize("name", [*ABOUT_A_PLACE, *ABOUT_ITS_DESK])
def test_who_sees_every_place_finds_one_control_and_the_page_follows(session: Session, other: Place, name: str) -> None:
    session.commit()
    app = open_page(session, None, "admin", name)
    [switch] = switches(app)
    there = session.get_one(Area, other.area_id).code
    switch.set_value(there).run()
    assert not app.exception and app.query_params["area"] == there
    assert app.session_state["area"] == there
    assert [box.value for box in switches(app)] == [there]


@pytest.mark.parametrize("name", [*ABOUT_A_PLACE, "organisations", "rules", "audit"])
def test_who_belongs_to_one_place_sees_no_control_and_not_the_other(
    session: Session, place: Place, other: Place, name: str
) -> None:
    session.commit()
    there = session.get_one(Area, other.area_id).code
    app = open_page(session, place, "secretary", name, area=there)
    assert not switches(app) and app.session_state["area"] != there


def test_a_filter_that_only_the_place_before_knows_is_left_behind(session: Session, other: Place) -> None:
    session.commit()
    app = open_page(session, None, "admin", "issues", unit="CL-O-CG", clock="overdue")
    switches(app)[0].set_value(session.get_one(Area, other.area_id).code).run()
    assert "unit" not in app.query_params and app.query_params["clock"] == "overdue"


def test_the_menu_holds_what_the_place_runs(session: Session, other: Place) -> None:
    session.commit()
    app = open_page(session, None, "admin", "overview")
    assert _offered(app) >= {"deliberations"} and "whistles" not in _offered(app)
    switches(app)[0].set_value(session.get_one(Area, other.area_id).code).run()
    assert _offered(app) >= {"whistles"} and "deliberations" not in _offered(app)


def _offered(app: AppTest) -> set[str]:
    made = app.session_state[menu._MADE]
    return {name for name, page in made.items() if page.visibility == "visible"}
