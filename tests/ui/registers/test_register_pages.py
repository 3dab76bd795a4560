"""The pages of the registers say what is missing, for those who may read them, also where nothing is there yet."""

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.organisation import Organisation
from models.place import Office, Place
from services.places import areas
from services.system import clock
from tests.ui.opening import english, open_page, press, said

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


def test_a_member_and_a_filing_are_entered_on_the_page(session: Session, place: Place) -> None:
    root = session.get_one(Area, place.area_id)
    for code, kind in (("T-A", "alliance"), ("T-F", "enterprise")):
        session.add(Organisation(code=code, name=code, kind=kind, path=f"{code}/", area_id=root.id))
    session.commit()
    app = open_page(session, place, "staff", "alliances")
    app.selectbox(key="join-body").set_value("T-A")
    app.selectbox(key="join-member").set_value("T-F")
    press(app, "Enter the member")
    assert list(app.dataframe[0].value["Member"]) == ["T-F"]
    assert list(app.dataframe[0].value["How it stands"]) == ["Joined, no joint action"]
    app.selectbox(key="file-body").set_value("T-F").run()
    press(app, "Put on file")
    assert "Choose the day on which it was put on file: today or earlier." in [one.value for one in app.error]
    app.date_input(key="file-day").set_value(clock.today()).run()
    press(app, "Put on file")
    filed = app.dataframe[1].value
    assert "T-F" in set(filed["Organisation"]) and "Reviewed" in set(filed["How it stands"])
    press(app, "Enter the review")
    assert not app.error
    assert not open_page(session, place, "grid_worker", "alliances").button
