"""What the public interface tells: only public matters, only what a viewer reads."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.category import LocalCategory
from models.matter import Matter
from models.place import Place
from services.engine import versioned_cache, workflow
from services.flows.issue import issues
from services.public import open311
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import NotFound, Refused

Actors = Callable[[str], Actor]


@pytest.fixture
def three(session: Session, place: Place, actor: Actors) -> list[Matter]:
    """A public issue that was closed, a public one that is open, and one that is not public."""
    made = [
        issues.create(
            session,
            actor("staff"),
            issues.NewIssue(title=title, area_id=place.area_id, location="东门", description=f"{title}。请看看"),
        )
        for title in ("路灯不亮", "联系 13812345678 张", "内部事项")
    ]
    workflow.move(session, actor("staff"), made[0].number, "decline", made[0].version, {"note": "秘密"})
    made[0].category = "01037"
    for matter in made[:2]:
        matter.public = True
        session.add(matter)
    session.flush()
    return made


def found(session: Session, **params: str) -> list[str]:
    wanted = open311.asked(session, params)
    return [one["service_request_id"] for one in open311.requests(session, wanted, "zh_CN")]


def test_a_request_has_the_fields_of_the_specification_and_no_others(session: Session, three: list[Matter]) -> None:
    [told] = open311.request(session, {}, three[0].number, "zh_CN")
    assert list(told) == [
        *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
        *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
        *("address", "address_id", "zipcode", "lat", "long", "media_url"),
    ]
    assert told["service_request_id"] == three[0].number
    assert told["service_code"] == "01037"
    assert told["description"] == "路灯不亮\n路灯不亮。请看看"
    assert told["address"].startswith("东门, 赤岭路社区, ")
    assert "秘密" not in str(told)
    for name in ("requested_datetime", "updated_datetime"):
        assert datetime.fromisoformat(told[name]).tzinfo is not None


def test_numbers_of_persons_do_not_get_out(session: Session, three: list[Matter]) -> None:
    [told] = open311.request(session, {}, three[1].number, "zh_CN")
    assert (told["description"], told["service_code"], told["service_name"]) == (
        "",
        "unclassified",
        told["service_name"],
    )
    assert "13812345678" not in str(told)


def test_what_is_not_public_is_never_there(session: Session, three: list[Matter]) -> None:
    assert set(found(session)) == {three[0].number, three[1].number}
    assert found(session, service_request_id=",".join(matter.number for matter in three)) == found(session)
    said = set()
    for number in (three[2].number, "CL-2026-999999", "x'; DROP TABLE matter", "\x00", "路灯"):
        with pytest.raises(NotFound) as refused:
            open311.request(session, {}, number, "zh_CN")
        said.add(refused.value.message)
    assert len(said) == 1


def test_the_filters_of_the_specification(session: Session, three: list[Matter]) -> None:
    closed, still_open = three[0].number, three[1].number
    assert found(session, status="open") == [still_open]
    assert found(session, status="closed") == [closed]
    assert set(found(session, status="open,closed")) == {closed, still_open}
    assert found(session, service_code="01037") == [closed]
    assert set(found(session, service_code="01037,unclassified")) == {closed, still_open}
    assert found(session, service_code="99999") == []
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    assert found(session, end_date=yesterday) == []
    assert len(found(session, start_date=yesterday)) == 2
    assert len(found(session, start_date=yesterday.replace("+", " "))) == 2
    assert found(session, page_size="1", page="2") == [closed]
    # An id overrides everything else.
    assert found(session, service_request_id=closed, status="open") == [closed]


def test_old_requests_need_a_date_and_90_days_are_the_most(session: Session, three: list[Matter]) -> None:
    three[0].opened_at = clock.now() - timedelta(days=100)
    session.add(three[0])
    session.flush()
    assert found(session) == [three[1].number]
    start = (clock.now() - timedelta(days=120)).isoformat()
    assert found(session, start_date=start) == [three[0].number]
    with pytest.raises(Refused, match="90 days"):
        found(session, start_date=start, end_date=clock.now().isoformat())


@pytest.mark.usefixtures("three")
def test_a_hostile_question_is_refused(session: Session) -> None:
    for params in HOSTILE:
        with pytest.raises(Refused) as refused:
            found(session, **params)
        assert not isinstance(refused.value, NotFound), params


HOSTILE = [
    {"status": "pending"},
    {"start_date": "yesterday"},
    {"start_date": "2026-11-01"},
    {"start_date": "2026-11-01T00:00:00"},
    {"start_date": "0001-01-01T00:00:00Z"},
    {"end_date": "9999-12-31T23:59:59-23:59"},
    {"start_date": "2026-11-02T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"},
    {"page": "0"},
    {"page": "-1"},
    {"page": "1e3"},
    {"page": "٣"},
    {"page": "99999999"},
    {"page_size": "1001"},
    {"page_size": "x"},
    {"service_code": "' OR 1=1 --"},
    {"service_code": "\x00"},
    {"service_request_id": "<script>"},
    {"service_request_id": ",".join(["CL-1"] * 101)},
    {"service_request_id": "a" * 49},
]


def test_a_jurisdiction_is_asked_for_when_there_are_several(session: Session, three: list[Matter]) -> None:
    assert len(found(session, jurisdiction_id="chilinglu")) == 2
    with pytest.raises(NotFound, match="jurisdiction_id"):
        found(session, jurisdiction_id="nowhere")
    area = Area(code="X", name="x", level="community", path="X/")
    session.add(area)
    session.flush()
    session.add(Place(slug="elsewhere", name="x", prefix="XX", area_id=area.id))
    session.flush()
    with pytest.raises(Refused, match="was not provided") as refused:
        found(session)
    assert not isinstance(refused.value, NotFound)
    assert found(session, jurisdiction_id="elsewhere") == []
    with pytest.raises(NotFound):
        open311.request(session, {"jurisdiction_id": "elsewhere"}, three[0].number, "zh_CN")


def test_the_services_are_the_categories(session: Session, place: Place) -> None:
    session.add(LocalCategory(code="95000", zh="自设", en="Own"))
    session.flush()
    services = open311.services(session, "zh_CN")
    named = {one["service_code"]: one["service_name"] for one in services}
    assert named["95000"] == "自设"
    assert len(named) == len(services) > 50
    assert {tuple(one) for one in services} == {
        ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
    }
    assert open311.definition(session, "01037", "zh_CN") == {"service_code": "01037", "attributes": []}
    with pytest.raises(NotFound):
        open311.definition(session, "nothing", "zh_CN")
    assert session.exec(select(Place.slug)).one() == place.slug


def test_the_time_of_the_last_public_step(session: Session, three: list[Matter], actor: Actors) -> None:
    before = open311.request(session, {}, three[1].number, "zh_CN")[0]["updated_datetime"]
    later = clock.now() + timedelta(hours=5)
    with clock.pretending(later):
        workflow.move(session, actor("staff"), three[1].number, "accept", three[1].version, {"category": "01037"})
        after = open311.request(session, {}, three[1].number, "zh_CN")[0]["updated_datetime"]
    assert before < after == clock.local(later).isoformat(timespec="seconds")


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[open311.Asked]:
    """The questions that had to be worked out."""
    seen: list[open311.Asked] = []
    work = open311._requests

    def noted(session: Session, wanted: open311.Asked, language: str) -> list[open311.Record]:
        seen.append(wanted)
        return work(session, wanted, language)

    monkeypatch.setattr(open311, "_requests", noted)
    open311._ANSWERS.forget()
    return seen


@pytest.mark.usefixtures("one_moment")
def test_questions_that_differ_by_less_than_a_minute_are_one(
    session: Session, three: list[Matter], worked: list[open311.Asked]
) -> None:
    start = (clock.now() - timedelta(days=1)).replace(second=0, microsecond=0)
    for number in range(400):
        asked_from = (start + timedelta(microseconds=number * 100_000)).isoformat()
        assert set(found(session, start_date=asked_from)) == {matter.number for matter in three[:2]}
    assert len(worked) == 1
    for status in ("open,closed", "closed,open", "closed, open,closed", ""):
        found(session, start_date=start.isoformat(), status=status)
    codes = [found(session, start_date=start.isoformat(), service_code=code) for code in ("1,2", "2,1", "2, 1,1")]
    assert len(worked) == 2 and codes == [[], [], []]


def test_nothing_that_was_asked_for_is_left_out(session: Session, three: list[Matter]) -> None:
    at = three[0].opened_at
    for start, end in ((at, at), (at - timedelta(days=90), at), (at, at + timedelta(days=90))):
        assert three[0].number in found(session, start_date=start.isoformat(), end_date=end.isoformat())


@pytest.mark.usefixtures("three", "one_moment")
def test_whoever_asks_without_an_account_pushes_out_nobody_and_does_not_grow(session: Session) -> None:
    staff, worked = Actor(1, "staff", "staff"), []

    def layer(number: int) -> None:
        versioned_cache.kept(session, staff, ("layer", number), lambda: worked.append(number))

    for number in range(300):
        layer(number)
    for number in range(900):
        start = (clock.now() - timedelta(days=60, minutes=number)).isoformat()
        found(session, start_date=start, page_size=str(number % 900 + 1))
    for number in range(300):
        layer(number)
    assert len(worked) == 300
    assert len(open311._ANSWERS._held) <= 500 and open311._ANSWERS.bytes <= 8 * 1024 * 1024
