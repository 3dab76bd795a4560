"""The trail shows the latest events of an area, newest first."""

import pytest
from sqlmodel import select

from models.area import Area
from models.event import Event
from services import areas, db, trail
from services.demo import load_demo


@pytest.mark.usefixtures("database")
def test_the_trail_of_an_area_is_every_event_below_it_newest_first() -> None:
    load_demo("chilinglu")
    with db.reading() as session:
        everything = list(session.exec(select(Event.id)))
        grid = session.exec(select(Area).where(Area.code == "CL-G2")).one()
        inside = set(areas.ids_within(session, grid.path))
        found = trail.events(session, grid.path, limit=40)
        assert len(found) == 40 and all(matter.area_id in inside for _, matter in found)
        ids = [event.id for event, _ in found]
        assert ids == sorted(ids, reverse=True)
        assert [event.id for event, _ in trail.events(session, grid.path, limit=41)][:40] == ids
        assert [event.id for event, _ in trail.events(session, "", limit=30)] == sorted(everything)[::-1][:30]


@pytest.mark.usefixtures("database")
def test_the_trail_of_one_person_and_before_a_moment() -> None:
    load_demo("chilinglu")
    with db.reading() as session:
        path = session.exec(select(Area.path).where(Area.level == "community")).one()
        name = trail.actors(session)[0]
        mine = trail.events(session, path, name, limit=20)
        assert mine and {event.actor for event, _ in mine} == {name}
        middle = mine[-1][0].at
        assert all(event.at < middle for event, _ in trail.events(session, path, name, limit=20, before=middle))
