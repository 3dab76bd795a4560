"""The setup as somebody types into it: one more area, a stale form, a post, a change taken back."""

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.area import Area
from models.place import Office, Place, Venue
from services.rights.permissions import Actor
from services.setup import area_setup, changes
from services.system import db
from tests.ui.opening import english, open_page, press

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
__all__ = ["english"]


def pressed(app: AppTest, label: str, start: str) -> AppTest:
    key = next(str(button.key) for button in app.button if button.label == label and str(button.key).startswith(start))
    return press(app, label, key)


def test_an_area_is_typed_and_a_stale_form_keeps_what_was_typed(session: Session, place: Place) -> None:
    app = open_page(session, place, "admin", "setup", area="CL-G1")
    app.text_input(key="setup-add-CL-G1-estate-name").set_value("New Gardens").run()
    app = pressed(app, "Add", "setup-add-")
    with db.reading() as other:
        made = other.exec(select(Area).where(Area.name == "New Gardens")).one()
        assert made.level == "estate" and made.geometry is None
        with db.writing() as writing:
            grid = writing.exec(select(Area).where(Area.code == "CL-G1")).one()
            area_setup.change(writing, Actor(None, "Wang", "admin"), grid.code, changes.version(grid), {"name": "Mine"})
    app.text_input(key="setup-area-CL-G1-name").set_value("Yours").run()
    app = pressed(app, "Save", "setup-area-CL-G1")
    assert any("Wang changed Mine meanwhile" in box.value for box in app.error)
    assert any("Mine" in box.value for box in app.info)
    assert app.text_input(key="setup-area-CL-G1-name").value == "Yours"
    app = pressed(app, "Save", "setup-area-CL-G1")
    with db.reading() as other:
        assert other.exec(select(Area).where(Area.code == "CL-G1")).one().name == "Yours"
    app = open_page(session, place, "admin", "setup", area="CL-G1", what="changes")
    app = pressed(app, "Take back", "setup-undo")
    with db.reading() as other:
        assert other.exec(select(Area).where(Area.code == "CL-G1")).one().name == "Mine"


def test_a_venue_and_a_post_are_typed_changed_and_closed(session: Session, place: Place) -> None:
    app = open_page(session, place, "secretary", "setup", what="venues")
    app.text_input(key="setup-venues-new-name").set_value("Tea house")
    app.selectbox(key="setup-venues-new-kind").set_value("hall").run()
    app = pressed(app, "Add", "setup-venues-new")
    with db.reading() as other:
        venue = other.exec(select(Venue).where(Venue.name == "Tea house")).one()
    app.selectbox(key="setup-venues-chosen").set_value(venue.code).run()
    app = pressed(app, "Close it", f"setup-venues-{venue.code}")
    assert any("Say in at most 200" in box.value for box in app.error)
    app.text_input(key=f"setup-venues-{venue.code}-reason").set_value("Moved away").run()
    app = pressed(app, "Close it", f"setup-venues-{venue.code}")
    app = open_page(session, place, "secretary", "setup", what="offices")
    app.text_input(key="setup-offices-new-title").set_value("Head of grid 9")
    app.selectbox(key="setup-offices-new-kind").set_value("grid_head")
    app.toggle(key="setup-offices-new-filled").set_value(False).run()
    pressed(app, "Add", "setup-offices-new")
    with db.reading() as other:
        assert other.get_one(Venue, venue.id).closed_at is not None
        assert other.exec(select(Office).where(Office.title == "Head of grid 9")).one().filled is False
    assert [
        button.label for button in open_page(session, place, "staff", "setup").button if button.label == "Add"
    ] == []
