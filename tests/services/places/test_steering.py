"""The playbook steers: the pages of a place's menu, and the forum that takes a topic, in two places."""

from types import MappingProxyType

import pytest
from sqlmodel import Session, SQLModel, select

from models.area import Area
from models.place import Place
from services.places import areas, modules, place_packs, places, playbook, steering
from services.rights import audit
from services.system import data_files
from ui.frame import menu


@pytest.fixture
def other(session: Session, place: Place) -> Place:
    """A place without cards beside one that has some."""
    assert place
    return places.load_place(session, "shaokou")


def _idle(session: Session, place: Place) -> frozenset[str]:
    return playbook.of(session, session.get_one(Area, place.area_id).path).idle


def test_a_menu_shows_what_its_place_runs(session: Session, place: Place, other: Place) -> None:
    assert _idle(session, place) == frozenset()
    assert _idle(session, other) == {"cards", "casebook"}
    top = session.get_one(Area, place.area_id).path.split("/")[0] + "/"
    assert playbook.of(session, top).idle == frozenset(), "Above the places stands whatever any of them runs."


def test_a_register_begins_with_its_first_row(session: Session, place: Place) -> None:
    path = session.get_one(Area, place.area_id).path
    assert modules.run(session, "came-as-a-file", path, {}) == {"organisations"}
    assert modules.run(session, "came-as-a-file", "nowhere/", {}) == set()


def test_a_playbook_may_name_its_pages(session: Session, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _idle(session, place) == frozenset()
    told = place_packs.pack("chilinglu")
    book = MappingProxyType({**told.playbook, "pages": ["cards"]})
    monkeypatch.setattr(playbook, "_book", lambda _slug: dict(book))
    audit.write(session, "test", "places.load", "x")
    assert _idle(session, place) == {"casebook", "organisations"}


def test_every_module_is_a_page_and_its_tables_are_there() -> None:
    assert set(modules.pages()) <= {one.name for one in menu.ENTRIES if one.visible}
    for row in data_files.rows(modules.FILE):
        assert all(name in SQLModel.metadata.tables for name in row["tables"].split())
        assert row["tables"] or row["file"]


def test_a_topic_goes_to_the_forum_of_its_estate_and_of_its_grade(session: Session, place: Place, other: Place) -> None:
    proposed = {
        estate.kind: steering.forum_by_estate(session, estate.id)
        for estate in areas.descend(session, session.get_one(Area, place.area_id).path, "estate")
    }
    told = places.pack("chilinglu").playbook["forum_by_estate"]
    assert {kind: forum.code for kind, forum in proposed.items() if forum} == told
    estate = session.exec(select(Area).where(Area.code == "CL-E1")).one()
    building = areas.descend(session, estate.path, "building")[0]
    assert steering.forum_by_estate(session, building.id) == proposed[estate.kind]
    assert steering.forum_by_estate(session, place.area_id) is None
    grades = steering.forum_by_grade(session, estate.id)
    assert {grade: forum.code for grade, forum in grades.items()} == places.pack("chilinglu").playbook["forum_by_grade"]
    assert steering.forum_by_grade(session, other.area_id) == {}
    assert steering.forum_by_estate(session, other.area_id) is None
