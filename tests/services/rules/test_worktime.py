import timeit
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import work_hours, worktime
from services.rules.calendars import is_workday
from services.rules.worktime import CLOCKS, add, between, elapsed, later
from services.system.settings import settings
from services.words import local_files

HERE = settings().zone
MOMENTS = st.datetimes(datetime(2024, 11, 1), datetime(2028, 3, 1)).map(lambda at: at.replace(tzinfo=UTC))
SECONDS = st.integers(1, 200 * 86_400)
MOVING = st.sampled_from(["work_hour", "work_day"])


@pytest.fixture(autouse=True)
def fresh() -> None:
    settings.cache_clear()
    local_files.forget()


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("start", "amount", "clock", "end"),
    [
        ("2026-09-24 17:30", 1, "work_day", "2026-09-28 17:30"),  # Mid-Autumn and a weekend between
        ("2026-09-19 20:00", 1, "work_day", "2026-09-20 18:00"),  # a Sunday that is worked
        ("2026-09-30 11:00", 4, "work_hour", "2026-09-30 17:00"),  # over lunch
        ("2026-09-30 17:00", 2, "work_hour", "2026-10-08 10:00"),  # over the National Day
        ("2026-02-13 18:00", 1, "work_day", "2026-02-14 18:00"),  # a make-up Saturday
        ("2026-02-14 09:00", 1.5, "work_day", "2026-02-24 14:30"),  # and the Spring Festival behind it
        ("2025-12-31 17:00", 8, "work_hour", "2026-01-04 18:00"),  # New Year, and a Sunday worked
        ("2026-10-01 00:00", 24, "hour", "2026-10-02 00:00"),
        ("2026-10-01 09:00", 3, "day", "2026-10-04 09:00"),
        ("2026-10-09 10:00", -1, "work_day", "2026-10-08 10:00"),
        ("2026-10-08 09:30", -1, "work_hour", "2026-09-30 17:30"),
        ("2026-10-03 12:00", 0, "work_day", "2026-10-03 12:00"),
    ],
)
def test_time_passes_only_when_people_work(start: str, amount: float, clock: str, end: str) -> None:
    assert add(at(start), amount, clock) == at(end)
    assert between(at(start), at(end), clock) == pytest.approx(amount)


@given(MOMENTS, SECONDS, st.sampled_from(CLOCKS))
def test_what_is_added_is_what_has_passed(start: datetime, count: int, clock: str) -> None:
    end = later(start, count, clock)
    assert elapsed(start, end, clock) == count and end > start
    assert elapsed(end, start, clock) == -count
    assert elapsed(start, later(start, -count, clock), clock) == -count


@given(MOMENTS, MOMENTS, SECONDS, st.sampled_from(CLOCKS))
def test_whoever_starts_later_is_never_done_earlier(one: datetime, two: datetime, count: int, clock: str) -> None:
    first, second = sorted((one, two))
    assert later(first, count, clock) <= later(second, count, clock)
    assert later(first, count, clock) <= later(first, count + 60, clock)
    assert elapsed(first, second, clock) >= 0


@given(MOMENTS, SECONDS, SECONDS, st.sampled_from(CLOCKS))
def test_two_stretches_are_one(start: datetime, one: int, two: int, clock: str) -> None:
    through = later(later(start, one, clock), two, clock)
    assert abs(through - later(start, one + two, clock)) <= timedelta(microseconds=5)


@given(MOMENTS, SECONDS, MOVING)
def test_a_working_deadline_lies_in_working_time(start: datetime, count: int, clock: str) -> None:
    here = later(start, count, clock).astimezone(HERE)
    of_day = (here.hour * 60 + here.minute) * 60_000_000 + here.second * 1_000_000 + here.microsecond
    spans = [(span.start, span.end) for span in work_hours.spans().rows if span.weekday == "1"]
    assert is_workday(here.date()) and any(begin < of_day <= end for begin, end in spans)


@given(MOMENTS, MOMENTS)
def test_working_days_agree_with_a_count_day_by_day(one: datetime, two: datetime) -> None:
    first, second = sorted((one.astimezone(HERE).date(), two.astimezone(HERE).date()))
    begin, end = (datetime.combine(day, datetime.min.time(), HERE) for day in (first, second))
    counted = sum(is_workday(date.fromordinal(day)) for day in range(first.toordinal(), second.toordinal()))
    assert between(begin, end, "work_day") == counted
    assert between(begin, end, "work_hour") == counted * 7


def test_short_days_count_as_whole_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_LOCAL_FOLDER", str(tmp_path))
    settings.cache_clear()
    days = {"1": "09:00,17:00", "2": "09:00,17:00", "3": "09:00,17:00", "4": "09:00,17:00", "5": "08:00,12:00"}
    lines = [f"{day},{hours},local,M" for day, hours in {**days, "workday": "10:00,14:00"}.items()]
    (tmp_path / "work_hours.csv").write_text("\n".join(["weekday,from,to,source,mark", *lines]))
    local_files.forget()
    assert work_hours.spans().local and work_hours.spans().problems == ()
    assert add(at("2026-11-26 13:00"), 1, "work_day") == at("2026-11-27 10:00")
    assert add(at("2026-11-26 13:00"), 7, "work_hour") == at("2026-11-27 11:00")
    assert add(at("2026-10-09 12:00"), 1, "work_day") == at("2026-10-10 14:00")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("6,09:00,12:00,x,M", "weekday"),
        ("1,12:00,09:00,x,M", "end before"),
        ("1,25:00,26:00,x,M", "time of day"),
        ("1,09:00,12:00,x,M\n1,11:00,13:00,x,M", "overlap"),
        ("1,09:00,12:00,x,M", "no hours"),
    ],
)
def test_wrong_hours_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str) -> None:
    monkeypatch.setenv("MULIN_LOCAL_FOLDER", str(tmp_path))
    settings.cache_clear()
    (tmp_path / "work_hours.csv").write_text(f"weekday,from,to,source,mark\n{line}\n")
    local_files.forget()
    found = work_hours.spans()
    assert not found.local and said in found.problems[0].message
    assert add(at("2026-11-26 13:00"), 1, "work_hour") == at("2026-11-26 15:00")


def test_a_moment_outside_the_calendar_ends_in_an_error_and_not_in_a_wrong_date() -> None:
    for start, amount in ((datetime(2299, 12, 1, tzinfo=UTC), 90), (datetime(1850, 1, 20, tzinfo=UTC), -90)):
        with pytest.raises(OverflowError):
            add(start, amount, "work_day")


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_look_into_the_tables_takes_microseconds(clock: str) -> None:
    start = at("2026-02-13 16:00")
    add(start, 1, clock)
    best = min(timeit.repeat(lambda: between(start, add(start, 700, clock), clock), number=500, repeat=5)) / 500
    assert best < 200e-6, f"{best * 1e6:.0f} µs for a deadline and back: {worktime.__name__} loops over days again"
