"""Activity 活动: a row of occasions by a rule, those on holidays called off and kept, headcounts, problems solved."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.occasion import Occasion
from models.place import Place
from services.engine import begin, events, workflow
from services.keep.verify import verify
from services.matters import matters
from services.matters.filter import Filter
from services.parts import occasions, series
from services.parts.series import NewSeries
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused

Actors = Callable[[str], Actor]
CHINA = ZoneInfo("Asia/Shanghai")


class Held:
    """An activity, and the staff that holds it."""

    def __init__(self, session: Session, actor: Actor, area: Area, **told: Any) -> None:
        self.session, self.actor = session, actor
        given = {"title": "Friday dance", "activity_kind": "themed", "area": area.code} | told
        self.number = begin.begin(session, actor, "activity", given).number

    @property
    def matter(self) -> Matter:
        return self.session.exec(select(Matter).where(Matter.number == self.number)).one()

    def do(self, function: Callable[..., Matter], *told: Any) -> None:
        function(self.session, self.actor, self.number, self.matter.version, *told)

    def move(self, action: str, **told: Any) -> None:
        workflow.move(self.session, self.actor, self.number, action, self.matter.version, told)

    def row(self, first: datetime, until: date, every: str = "week", **more: Any) -> None:
        told = {"name": "Dance", "every": every, "starts_at": first, "until": until, "place": "Square"} | more
        self.do(series.plan, NewSeries(**told))

    @property
    def all(self) -> list[Occasion]:
        return occasions.occasions_of(self.session, self.matter)


@pytest.fixture
def root(session: Session, place: Place) -> Area:
    return session.get_one(Area, place.area_id)


@pytest.mark.parametrize(
    ("every", "first", "last", "days"),
    [
        ("week", date(2026, 9, 23), date(2026, 10, 14), ["09-23", "09-30", "10-07", "10-14"]),
        ("fortnight", date(2026, 9, 23), date(2026, 10, 14), ["09-23", "10-07"]),
        ("month", date(2026, 1, 31), date(2026, 4, 30), ["01-31", "02-28", "03-31", "04-30"]),
        ("month_weekday", date(2026, 9, 8), date(2026, 11, 30), ["09-08", "10-13", "11-10"]),
        ("quarter", date(2026, 1, 15), date(2026, 8, 1), ["01-15", "04-15", "07-15"]),
    ],
)
def test_a_rule_gives_its_days_at_the_same_hour(every: str, first: date, last: date, days: list[str]) -> None:
    start = datetime(first.year, first.month, first.day, 19, tzinfo=CHINA)
    found = series.moments(NewSeries(name="x", every=every, starts_at=start, until=last))
    assert [f"{one:%m-%d}" for one in found] == days and {one.hour for one in found} == {19}


def test_skipped_dates_stay_with_their_reason(session: Session, root: Area, actor: Actors) -> None:
    held = Held(session, actor("staff"), root)
    held.row(datetime(2026, 9, 24, 19, tzinfo=CHINA), date(2026, 10, 15), skip_holidays=True)
    off = [one for one in held.all if one.called_off_at]
    assert [f"{clock.local(one.starts_at):%m-%d}" for one in off] == ["10-01"] and len(held.all) == 4
    held.do(occasions.call_off, held.all[0].id, "Rain.")
    said = occasions.reasons(session, held.matter)
    assert said[held.all[0].id] == "Rain." and said[off[0].id]
    told = [one.data for one in events.history(session, held.matter.id) if one.action == "series_planned"]
    assert told[0] and (told[0]["count"], told[0]["every"]) == (4, "week")
    with pytest.raises(Refused, match="Say in a sentence"):
        held.do(occasions.call_off, held.all[3].id, " ")
    with pytest.raises(Refused, match="occasions"):
        held.row(datetime(2026, 9, 24, 19, tzinfo=CHINA), date(2027, 9, 24), "day")


def test_what_was_held_is_counted_and_what_it_solved_is_logged(session: Session, root: Area, actor: Actors) -> None:
    held, now = Held(session, actor("staff"), root, activity_kind="small_meeting"), clock.local(clock.now())
    with pytest.raises(Refused, match="Nothing is planned"):
        held.move("announce")
    held.row(now - timedelta(days=8), (now + timedelta(days=7)).date())
    held.move("start")
    held.do(occasions.count, held.all[0].id, {"resident": 20, "party_member": 4})
    held.do(occasions.count, held.all[1].id, {"resident": 11})
    held.move("log", solved=3)
    held.move("record")
    asked = Filter(path=root.path, flow="activity", kept=(("activity_kind", "small_meeting"),))
    row = matters.listing(session, held.actor, asked, 9, 0)[1][0]
    assert (row.beside["occasions"], row.beside["present"], row.beside["solved"]) == (3, 35, 3)
    with pytest.raises(Refused, match="not done where"):
        held.row(now, now.date())
    assert verify(session).found == 0
