"""Shilian and Ziyang with their sample records: what was published holds, and moves with the records."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.area import Area
from models.event import Event
from models.matter import Matter
from models.meeting import Meeting
from models.occasion import Occasion
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.demo.loading import load_demo
from services.engine import flows
from services.figures import card_evidence, cards
from services.keep.verify import verify
from tests import databases


@databases.template("shilian", on="base")
def _shilian() -> None:
    load_demo("shilian")


@databases.template("ziyang", on="base")
def _ziyang() -> None:
    load_demo("ziyang")


@pytest.fixture
def shilian(session: Session) -> Place:
    return session.exec(select(Place).where(Place.slug == "shilian")).one()


@pytest.fixture
def ziyang(session: Session) -> Place:
    return session.exec(select(Place).where(Place.slug == "ziyang")).one()


def failing(session: Session, place: Place) -> set[int]:
    """The published values that the records don't bear out now."""
    session.flush()
    return {one.figure.value for one in cards.recount(session, place) if one.verdict == cards.FAILS}


def recounted(session: Session, place: Place) -> int:
    return sum(one.verdict == cards.HOLDS for one in cards.recount(session, place))


def test_the_figures_of_shilian_hold_and_move_with_the_records(session: Session, shilian: Place) -> None:
    assert not failing(session, shilian) and recounted(session, shilian) == 6
    alliance = session.exec(select(Organisation).where(Organisation.code == "SL-O-LM-GG")).one()
    alliance.kind = "social"
    estate = session.exec(select(Area).where(Area.code == "SL-E11")).one()
    estate.level = "grid"
    session.delete(session.exec(select(Venue).where(Venue.kind == "culture")).first())
    archived = session.exec(select(Matter).where(Matter.flow == "deliberation", Matter.state == "archived")).first()
    assert archived is not None
    archived.state = "judging"
    assert failing(session, shilian) == {5, 11, 3, 7}
    for firm in session.exec(select(Organisation).where(Organisation.kind == "enterprise")).all()[:4]:
        firm.kind = "social"
    assert failing(session, shilian) == {5, 11, 3, 7, 30}


def test_the_figures_of_ziyang_hold_and_move_with_the_records(session: Session, ziyang: Place) -> None:
    assert not failing(session, ziyang) and recounted(session, ziyang) == 17
    root = session.get_one(Area, ziyang.area_id)
    for kind in ("cabin", "rest_station", "pavilion", "kitchen", "reading_room"):
        session.add(Venue(code=f"X-{kind}", name="x", kind=kind, area_id=root.id))
    for kind in ("stall", "station"):
        session.delete(session.exec(select(Venue).where(Venue.kind == kind)).first())
    session.exec(select(Venue).where(Venue.code == "ZY-V-HD01")).one().kind = "hall"
    assert failing(session, ziyang) == {35, 8, 19, 10, 6, 83, 3, 29}


def test_people_in_office_and_units_are_counted_from_the_registers(session: Session, ziyang: Place) -> None:
    post = session.exec(select(Office).where(Office.kind == "representative", Office.filled)).first()
    branch = session.exec(select(Organisation).where(Organisation.code == "ZY-O-ZB01")).one()
    unit = session.exec(select(Organisation).where(Organisation.code == "ZY-O-S01")).one()
    forum = session.exec(select(Forum).where(Forum.code == "ZY-F-ZZ")).one()
    assert post is not None
    post.filled, branch.kind, unit.path, forum.organisation_id = False, "social", "ZY-O-S01/", None
    assert failing(session, ziyang) == {1168, 83, 71, 5}


def test_meetings_and_what_they_settled_are_counted_one_by_one(session: Session, ziyang: Place) -> None:
    meeting = session.exec(_of_2022()).first()
    assert meeting is not None
    meeting.occasion.starts_at = datetime(2023, 1, 20, 11, tzinfo=UTC)
    assert failing(session, ziyang) == {281, 414}
    item = session.exec(select(Matter).where(Matter.flow == "action", Matter.parent_id != meeting.matter_id)).first()
    assert item is not None
    before = _settled(session, ziyang)
    item.state = flows.start_of("action").code
    session.flush()
    assert _settled(session, ziyang) == before - 1


def _of_2022() -> SelectOfScalar[Meeting]:
    held = select(Meeting).join(Occasion, col(Occasion.id) == Meeting.occasion_id)
    return held.where(col(Occasion.starts_at) < datetime(2023, 1, 1, tzinfo=UTC))


def _settled(session: Session, place: Place) -> int:
    root = session.get_one(Area, place.area_id)
    asked = "settled?flow=action&forums=ZY-F-CH ZY-F-HLJ&year=2022"
    return card_evidence.gather(session, root, asked).count


@pytest.mark.usefixtures("ziyang")
def test_small_meetings_walk_along_the_arrows_of_their_flows(session: Session) -> None:
    assert verify(session).problems == []
    held = session.exec(_of_2022()).all()
    topics = session.exec(select(Matter).where(col(Matter.id).in_([one.matter_id for one in held]))).all()
    items = session.exec(select(Matter).where(col(Matter.parent_id).in_([one.id for one in topics]))).all()
    assert len(held) == len(topics) == 281 and len(items) == 414
    assert all(one.sample and one.public and not one.is_open and one.on_time for one in (*topics, *items))
    for matter in (*topics[:10], *items[:10]):
        steps = session.exec(select(Event).where(Event.matter_id == matter.id).order_by(col(Event.seq))).all()
        assert all(early.at <= late.at for early, late in pairwise(steps)) and steps[-1].to_state == matter.state
        moved = [one for one in steps if one.from_state not in (None, one.to_state)]
        assert all(flows.arrow(matter.flow, one.from_state or "", one.action) for one in moved)


@pytest.mark.usefixtures("ziyang")
def test_the_secretary_of_the_samples_is_the_one_of_the_whole_place(session: Session) -> None:
    whistled = session.exec(select(Event).where(Event.action == "whistle")).all()
    office = session.exec(select(Office).where(Office.code == "ZY-P-SJ")).one()
    assert whistled and {one.actor for one in whistled} == {office.title}
