"""Opening hours: what people write is read or is not recorded; never guessed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.rules import opening_hours

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In the week of Monday 2026-11-23, without a public holiday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("written", "opened", "shut"),
    [
        ("周一至周五 9:00-17:30", at(23, 9), at(23, 17, 30)),
        ("周一至周日 08:30–20:30", at(29, 20, 29), at(29, 8, 29)),
        ("每日 07:00–21:00，专人值班", at(28, 7), at(28, 21)),
        ("周二、周四 09:00–11:30", at(26, 10), at(25, 10)),
        ("周一至周五 9:00-12:00，14:00-17:30；周六 9:00-12:00", at(28, 11), at(27, 13)),
        ("周五至周一 20:00-02:00", at(24, 1, 59), at(24, 20)),
        ("工作日 08:30–17:30", at(27, 9), at(28, 9)),
        ("全天", at(25, 0), None),
        ("9：00-10：00", at(29, 9, 30), at(29, 10)),
        ("Mon-Fri 9:00-17:00", at(27, 16), at(28, 16)),
    ],
)
def test_weekly_hours_are_read(written: str, opened: datetime, shut: datetime | None) -> None:
    hours = opening_hours.read(written)
    assert hours
    assert opening_hours.open_at(hours, opened)
    assert shut is None or not opening_hours.open_at(hours, shut)


@pytest.mark.parametrize(
    "written",
    ["", "按会议通知开放", "预约", "周一", "周一至 9:00-10:00", "9:00", "9:75-10:00", "25:00-26:00", "每周三"],
)
def test_what_cannot_be_read_is_not_recorded(written: str) -> None:
    assert not opening_hours.read(written)


def test_open_throughout_means_without_a_break() -> None:
    hours = opening_hours.read("每日 9:00-12:00、14:00-18:00")
    assert hours
    assert opening_hours.holds(hours, at(25, 9), at(25, 12))
    assert not opening_hours.holds(hours, at(25, 11), at(25, 15))
    daily = opening_hours.read("全天")
    assert daily and opening_hours.holds(daily, at(25, 23), at(26, 2))
