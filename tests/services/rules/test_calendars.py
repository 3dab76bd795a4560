from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from services.rules import calendars
from services.system.settings import settings
from services.words import local_files

Write = Callable[[str, str], None]
HEAD = "date,kind,zh,en,source,mark\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Put a file into the folder of local files, which is found at once."""
    monkeypatch.setenv("MULIN_LOCAL_FOLDER", str(tmp_path))
    settings.cache_clear()

    def put(name: str, text: str) -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
        local_files.forget()

    return put


@pytest.fixture(autouse=True)
def clean() -> None:
    settings.cache_clear()
    local_files.forget()


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_is_what_the_state_council_arranged(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=at) for at in range(365))
    different = [day.isoformat() for day in days if calendars.is_workday(day) != chinese_calendar.is_workday(day)]
    assert different == []
    known = calendars.year(year)
    assert known and known.complete and not calendars.gaps({year})
    for day in known.days:
        holiday, name = chinese_calendar.get_holiday_detail(day.date)
        assert holiday == (day.kind == "holiday") and name, day


def test_2027_holds_the_thirteen_statutory_days_and_says_that_this_is_not_all() -> None:
    known = calendars.year(2027)
    assert known and not known.complete and len(known.days) == 13
    assert {day.kind for day in known.days} == {"holiday"} and {day.mark for day in known.days} == {"M"}
    assert calendars.gaps({2026, 2027, 2031}) == [(calendars.INCOMPLETE, 2027), (calendars.MISSING, 2031)]


def test_working_days_between_are_counted_one_by_one() -> None:
    for first, last in [("2025-12-20", "2027-03-09"), ("2026-09-24", "2026-09-28"), ("2026-02-14", "2026-02-14")]:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        each = [begin + timedelta(days=at) for at in range((end - begin).days + 1)]
        assert calendars.workdays(begin, end) == sum(map(calendars.is_workday, each))
    assert calendars.workdays(date(2026, 3, 5), date(2026, 3, 4)) == 0
    assert calendars.nth_workday(date(2026, 9, 25), 1) == date(2026, 9, 28)
    assert calendars.nth_workday(date(2026, 9, 30), 2) == date(2026, 10, 8)


def test_a_place_adds_and_corrects_a_year_without_code(write: Write) -> None:
    write("calendars/2028.csv", "\ufeff" + HEAD + "2028-01-03,holiday,元旦,New Year,国办,V\n")
    assert not calendars.is_workday(date(2028, 1, 3)) and calendars.gaps({2028}) == []
    write("calendars/2026.csv", HEAD + "2026-11-23,holiday,本地放假,,本地通知,S\n")
    known = calendars.year(2026)
    assert known and known.local and not calendars.is_workday(date(2026, 11, 23))
    assert known.days[0].name("en") == "本地放假" and calendars.is_workday(date(2026, 10, 1))
    assert calendars.problems() == ()


def test_what_the_program_hands_out_as_a_file_it_takes_back(write: Write) -> None:
    before = calendars.year(2026)
    write("calendars/2026.csv", calendars.as_file(2026).decode("utf-8"))
    after = calendars.year(2026)
    assert before and after and after.local and after.days == before.days
    assert calendars.as_file(2031).decode("utf-8-sig").strip() == HEAD.strip()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "2026-02-30,holiday,x,x,x,V\n", 2, "no such date"),
        (HEAD + "2027-01-01,holiday,x,x,x,V\n", 2, "not of the year"),
        (HEAD + "2026-01-01,holiday,x,x,x,V\n2026-01-01,holiday,x,x,x,V\n", 3, "twice"),
        (HEAD + "2026-01-01,frei,x,x,x,V\n", 2, "holiday or workday"),
        (HEAD + "2026-01-01,holiday,,x,x,V\n", 2, "no name"),
        (HEAD + "2026-01-01,holiday,<b>x</b>,x,x,Q\n", 2, "V, S or M"),
        (HEAD + "2026-01-01,holiday,x,x,x,Q,more,and more\n", 2, "V, S or M"),
        (HEAD + "2026-01-01\n", 2, "holiday or workday"),
        ("day,kind\n2026-01-01,holiday\n", 1, "missing"),
        ("", 1, "missing"),
        ("\x00\xff" * 9, 1, "missing"),
        ("x" * 1_100_000, 1, "can't be read"),
    ],
)
def test_a_wrong_line_keeps_the_whole_file_out(write: Write, text: str, line: int, said: str) -> None:
    write("calendars/2026.csv", text)
    (problem,) = calendars.problems()
    assert (problem.file, problem.line) == ("calendars/2026.csv", line) and said in problem.message
    known = calendars.year(2026)
    assert known and not known.local and not calendars.is_workday(date(2026, 10, 1))


def test_a_file_with_another_name_is_not_passed_over_in_silence(write: Write) -> None:
    write("calendars/next.csv", HEAD)
    assert [problem.message for problem in calendars.problems()] == [calendars._NO_YEAR]
