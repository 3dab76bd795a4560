"""All places of the articles with their sample records: what was published holds, and moves with the records."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import TypeVar

import pytest
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.area import Area
from models.event import Event
from models.item import Item
from models.matter import Matter
from models.meeting import Meeting
from models.occasion import Occasion
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.demo.loading import load_demo
from services.demo.pack import offered
from services.engine import flows
from services.figures import card_evidence, cards
from services.keep.verify import verify
from services.places.areas import within
from services.system import clock
from tests import databases

HELD = {"chilinglu": 8, "donghu": 8, "shilian": 6, "ziyang": 18, "zhouxin": 8}
T = TypeVar("T", bound=SQLModel)
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@databases.template("articles", on="demo")
def _articles() -> None:
    for slug in offered():
        load_demo(slug)


@pytest.fixture
def articles(session: Session) -> dict[str, Place]:
    """The five places by their slug."""
    return {place.slug: place for place in session.exec(select(Place))}


def failing(session: Session, place: Place) -> set[int]:
    """The published values that the records don't bear out now."""
    session.flush()
    return {one.figure.value for one in cards.recount(session, place) if one.verdict == cards.FAILS}


def here(session: Session, place: Place, table: type[T], **like: object) -> list[T]:
    """The rows of a table that lie in the place and are like this."""
    root = session.get_one(Area, place.area_id)
    areas = {area.id for area in session.exec(select(Area).where(within(root.path)))}
    found = session.exec(select(table).filter_by(**like)).all()
    return [row for row in found if row.model_dump()["area_id"] in areas]


def test_all_places_are_loaded_and_the_program_finds_nothing_to_object_to(
    session: Session, articles: dict[str, Place]
) -> None:
    assert set(articles) == set(offered()) == set(HELD)
    assert verify(session).problems == []


@pytest.mark.parametrize("slug", HELD)
def test_what_was_published_holds(session: Session, articles: dict[str, Place], slug: str) -> None:
    recounts = cards.recount(session, articles[slug])
    assert not failing(session, articles[slug])
    assert sum(one.verdict == cards.HOLDS for one in recounts) == HELD[slug]


def test_the_figures_of_donghu_and_zhouxin_move_with_the_records(session: Session, articles: dict[str, Place]) -> None:
    donghu, zhouxin = articles["donghu"], articles["zhouxin"]
    for name, instance in (("通透式充电棚", ""), ("", "固定模块"), ("", "连江营造子品牌"), ("", "暖心驿站")):
        asked = {"name": name} if name else {"instance": instance}
        offer = session.exec(select(Item).filter_by(**asked)).first()
        assert offer is not None, asked
        offer.withdrawn_at = clock.now()
    here(session, donghu, Organisation, kind="filed_mutual")[0].kind = "social"
    here(session, donghu, Office, kind="linking_unit")[0].households = 9
    urban = next(area for area in _communities(session, zhouxin) if area.kind == "urban")
    urban.kind = "rural"
    assert failing(session, donghu) == {234, 4, 538, 8} and failing(session, zhouxin) == {11, 3, 7}


def _communities(session: Session, place: Place) -> list[Area]:
    root = session.get_one(Area, place.area_id)
    return list(session.exec(select(Area).where(within(root.path), Area.level == "community")))


def test_the_figures_of_shilian_move_with_the_records(session: Session, articles: dict[str, Place]) -> None:
    shilian = articles["shilian"]
    session.exec(select(Organisation).where(Organisation.code == "SL-O-LM-GG")).one().kind = "social"
    session.exec(select(Area).where(Area.code == "SL-E11")).one().level = "grid"
    session.delete(here(session, shilian, Venue, kind="culture")[0])
    here(session, shilian, Matter, flow="deliberation", state="archived")[0].state = "judging"
    assert failing(session, shilian) == {5, 11, 3, 7}
    for firm in here(session, shilian, Organisation, kind="enterprise")[:4]:
        firm.kind = "social"
    assert failing(session, shilian) == {5, 11, 3, 7, 30}


def test_the_figures_of_ziyang_move_with_the_records(session: Session, articles: dict[str, Place]) -> None:
    ziyang = articles["ziyang"]
    for kind in ("cabin", "rest_station", "pavilion", "kitchen", "reading_room"):
        session.add(Venue(code=f"X-{kind}", name="x", kind=kind, area_id=ziyang.area_id))
    for kind in ("stall", "station"):
        session.delete(here(session, ziyang, Venue, kind=kind)[0])
    session.exec(select(Venue).where(Venue.code == "ZY-V-HD01")).one().kind = "hall"
    assert failing(session, ziyang) == {35, 8, 19, 10, 6, 83, 3, 29}


def test_people_in_office_and_units_are_counted_from_the_registers(
    session: Session, articles: dict[str, Place]
) -> None:
    ziyang = articles["ziyang"]
    post = here(session, ziyang, Office, kind="representative", filled=True)[0]
    branch = session.exec(select(Organisation).where(Organisation.code == "ZY-O-ZB01")).one()
    unit = session.exec(select(Organisation).where(Organisation.code == "ZY-O-S01")).one()
    forum = session.exec(select(Forum).where(Forum.code == "ZY-F-ZZ")).one()
    post.filled, branch.kind, unit.path, forum.organisation_id = False, "social", "ZY-O-S01/", None
    assert failing(session, ziyang) == {1168, 83, 71, 5}


def test_meetings_and_what_they_settled_are_counted_one_by_one(session: Session, articles: dict[str, Place]) -> None:
    ziyang, meeting = articles["ziyang"], session.exec(_of_2022()).first()
    assert meeting is not None
    meeting.occasion.starts_at = datetime(2023, 1, 20, 11, tzinfo=UTC)
    assert failing(session, ziyang) == {281, 414}
    item = next(one for one in here(session, ziyang, Matter, flow="action") if one.parent_id != meeting.matter_id)
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


@pytest.mark.usefixtures("articles")
def test_small_meetings_walk_along_the_arrows_of_their_flows(session: Session) -> None:
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


def test_the_secretary_of_the_samples_is_the_one_of_the_whole_place(
    session: Session, articles: dict[str, Place]
) -> None:
    here_whistled = [one.id for one in here(session, articles["ziyang"], Matter, flow="whistle")]
    steps = select(Event).where(Event.action == "whistle", col(Event.matter_id).in_(here_whistled))
    office = session.exec(select(Office).where(Office.code == "ZY-P-SJ")).one()
    assert {one.actor for one in session.exec(steps)} == {office.title}
