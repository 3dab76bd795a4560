"""The calendar: what falls on which day, for whom, and the file that leaves with exactly that."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

import services.registry  # noqa: F401
from models.area import Area
from models.occasion import Occasion
from services.engine import flows
from services.exporting import day_files
from services.looks import day_addresses, days
from services.looks.days import Asked, Day, Span
from services.matters.matters import Filter
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import NotFound, Refused
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(met: Walk) -> Walk:
    made = met.vote()
    made.promise()
    return made.publish(0, 4)


def page(walk: Walk, reader: Actor, span: Span, most: int = 20, **asked: str) -> dict[date, Day]:
    path = walk.session.get_one(Area, walk.place.area_id).path
    wanted = Asked(Filter(path=path, flow=""), flows.flows(), **asked)
    return {day.date: day for day in days.page(walk.session, reader, wanted, span, most)}


def ahead(days_ahead: int = 20) -> Span:
    return Span(clock.today(), clock.today() + timedelta(days=days_ahead))


def test_a_month_is_whole_weeks_and_a_week_is_seven_days() -> None:
    for day in (date(2026, 2, 1), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)):
        span = days.month(day)
        assert span.first.weekday() == 0 and span.last.weekday() == 6
        assert span.first <= day.replace(day=1) and day <= span.last
        assert days.week(day).first <= day <= days.week(day).last and len(days.week(day).days()) == 7


def test_meetings_notices_and_deadlines_stand_on_their_days(walk: Walk, actor: Actors) -> None:
    found = page(walk, actor("staff"), ahead())
    by_source: dict[str, list[date]] = {}
    for day in found.values():
        assert day.count == len(day.entries)
        for entry in day.entries:
            by_source.setdefault(entry.source, []).append(day.date)
    today = clock.today()
    assert by_source["publicity"] == [today + timedelta(days=at) for at in range(5)]
    [meeting] = by_source["meeting"]
    assert meeting in (today, today + timedelta(days=1))
    assert today + timedelta(days=9) in by_source["due"], "The action item is due in nine days."


def test_the_rest_of_a_full_day_is_counted(walk: Walk, actor: Actors) -> None:
    day = page(walk, actor("staff"), ahead(0), most=1)[clock.today()]
    assert len(day.entries) == 1 and day.count >= 1


def test_an_occasion_stands_on_each_of_its_days_unless_it_is_called_off(
    walk: Walk, actor: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "sources", lambda _flow: ["occasion"])
    starts = clock.start_of(clock.today() + timedelta(days=1)) + timedelta(hours=10)
    one = Occasion(matter_id=walk.topic.id, starts_at=starts, ends_at=starts + timedelta(days=1))
    walk.session.add_all([one, Occasion(matter_id=walk.topic.id, starts_at=starts, called_off_at=clock.now())])
    walk.session.flush()
    found = page(walk, actor("staff"), ahead(3))
    assert [day.count for day in found.values()] == [0, 1, 1, 0]


def test_only_what_waits_for_a_role(walk: Walk, actor: Actors) -> None:
    turns = {
        entry.matter.flow
        for day in page(walk, actor("staff"), ahead(), turn="grid_worker").values()
        for entry in day.entries
    }
    assert turns == {"action"}


def test_the_public_sees_the_days_of_what_is_public(walk: Walk, actor: Actors) -> None:
    shown = {entry.matter.id for day in page(walk, actor("viewer"), ahead()).values() for entry in day.entries}
    assert walk.topic.id in shown
    walk.topic.public = walk.issue.public = False
    walk.session.add_all([walk.topic, walk.issue])
    walk.session.flush()
    hidden = page(walk, actor("viewer"), ahead(19))
    assert not {walk.topic.id, walk.issue.id} & {e.matter.id for day in hidden.values() for e in day.entries}


@pytest.mark.parametrize(
    "params", [{}, {"view": "x", "at": "2026-02-31", "flow": "x"}, {"at": "2200-12-31"}, {"at": "1900-01-01"}]
)
def test_a_strange_address_is_this_month(actor: Actors, params: dict[str, str]) -> None:
    wanted = day_addresses.read(params, actor("staff"), "", flows.flows())
    assert (wanted.view, wanted.at, wanted.asked.flows) == ("month", clock.today(), flows.flows())


def test_the_file_holds_exactly_what_is_shown(walk: Walk, actor: Actors) -> None:
    reader = actor("staff")
    walk.issue.title = "A; b, c\\ " + "\u5145" * 60
    walk.session.add(walk.issue)
    walk.session.flush()
    first = day_files.extract(walk.session, reader, {"view": "month"})
    wanted = day_addresses.read({}, reader, walk.session.get_one(Area, walk.place.area_id).path, flows.flows())
    shown = {
        (entry.matter.number, entry.source, entry.ref)
        for day in days.page(walk.session, reader, wanted.asked, wanted.span, 100)
        for entry in day.entries
    }
    assert all(len(line) <= 75 for line in first.content.split(b"\r\n")), "RFC 5545 folds lines at 75 octets."
    calendar = Calendar.from_ical(first.content)
    told: dict[str, Any] = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert set(told) == {f"{number}.{source}.{ref}@mulin" for number, source, ref in shown} and len(told) == first.count
    for uid, event in told.items():
        assert event["dtstamp"].dt.tzinfo and event["summary"]
        if ".publicity." in uid:
            assert (event["dtend"].dt - event["dtstart"].dt).days == 5
        if ".meeting." in uid:
            assert isinstance(event["dtstart"].dt, datetime) and event["dtstart"].params["tzid"] == "Asia/Shanghai"
    assert list(calendar.walk("VTIMEZONE"))
    again = Calendar.from_ical(day_files.extract(walk.session, reader, {}).content)
    assert {str(event["uid"]) for event in again.walk("VEVENT")} == set(told)


def test_a_file_is_refused_where_nobody_may_look_and_where_it_would_be_endless(
    walk: Walk, actor: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        day_files.extract(walk.session, actor("staff"), {"area": "430100"})
    for _another in range(2):
        Walk(walk.session, walk.actor, walk.place)
    monkeypatch.setattr(day_files, "MOST_A_DAY", 1)
    with pytest.raises(Refused, match="smaller area"):
        day_files.extract(walk.session, actor("staff"), {})
