"""The pages of the registers say what is missing, for those who may read them, also where nothing is there yet."""

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.organisation import Organisation
from models.place import Office, Place
from services.places import areas
from tests.ui.opening import english, open_page, said

__all__ = ["english"]

pytestmark = [pytest.mark.parametrize("database", ["sqlite"], indirect=True), pytest.mark.usefixtures("english")]


def test_an_estate_that_lost_its_owners_committee_stands_first(session: Session, place: Place) -> None:
    root = session.get_one(Area, place.area_id)
    managed = session.exec(select(Area).where(areas.within(root.path), Area.kind == "managed")).first()
    assert managed is not None
    for owners in session.exec(
        select(Organisation).where(Organisation.area_id == managed.id, Organisation.kind == "owners")
    ):
        session.delete(owners)
    session.commit()
    app = open_page(session, place, "staff", "estates")
    table = app.dataframe[0].value
    first = table.iloc[0]
    assert (first["Estate"], first["How it stands"], first["Owners' committee"]) == (
        managed.name,
        "Missing: Owners' committee",
        "missing",
    )
    card = open_page(session, place, "staff", "map", area=managed.code)
    assert "Owners' committee · **missing**" in said(card)
    assert "Who governs here" not in said(open_page(session, place, "viewer", "map", area=managed.code))


def test_the_page_of_posts_shows_coverage_workload_and_what_is_needed(session: Session, place: Place) -> None:
    app = open_page(session, place, "secretary", "posts", post="representative", level="estate")
    estates = session.exec(select(Area.name).where(Area.level == "estate")).all()
    assert set(app.dataframe[0].value["Area"]) <= set(estates)
    app.selectbox(key="url-reckon").set_value("linking_unit")
    app.number_input(key="reckon-homes").set_value(17).run()
    assert "3" in {metric.value for metric in app.metric if metric.label == "Posts needed"}
    for office in session.exec(select(Office)):
        session.delete(office)
    session.commit()
    bare = open_page(session, place, "secretary", "posts")
    assert [info.value for info in bare.info] == [
        "No post that links households is registered here yet. Bring in posts under Import.",
        "No post is registered here yet. Bring in posts under Import.",
    ]
