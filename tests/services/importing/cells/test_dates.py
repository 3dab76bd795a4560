from datetime import UTC, datetime

import pytest

from services.importing.cells import dates
from services.importing.cells.dates import Ambiguous, order_of, parse


@pytest.mark.parametrize(
    ("text", "expected", "day_only"),
    [
        ("2026-11-03", "2026-11-02T16:00", True),
        ("2026-11-03 09:12:00", "2026-11-03T01:12", False),
        ("2026/11/3", "2026-11-02T16:00", True),
        ("2026/11/3 9:12", "2026-11-03T01:12", False),
        ("2026.11.3", "2026-11-02T16:00", True),
        ("2026年11月3日", "2026-11-02T16:00", True),
        ("2026年11月3日 9时12分", "2026-11-03T01:12", False),
        ("2026年11月3日下午3点05分", "2026-11-03T07:05", False),
        ("20261103", "2026-11-02T16:00", True),
        ("20261103091200", "2026-11-03T01:12", False),
        ("46329", "2026-11-02T16:00", True),
        ("46329.5", "2026-11-03T04:00", False),
        ("1793667600000", "2026-11-03T01:00", False),
        ("13/01/2026 14:00", "2026-01-13T06:00", False),
        ("Nov 3, 2026 9:12 PM", "2026-11-03T13:12", False),
        ("03-Nov-2026", "2026-11-02T16:00", True),
        ("2026 Nov 03 12:05:00 AM", "2026-11-02T16:05", False),
        ("2026-11-03T09:12:00Z", "2026-11-03T09:12", False),
        ("2026-11-03 09:12:00+00", "2026-11-03T09:12", False),
        ("2026-11-03T09:12:00.0000000", "2026-11-03T01:12", False),
        ("2026-11-03T09:12:00-05:00", "2026-11-03T14:12", False),
    ],
)
def test_a_date_is_read_however_it_is_written(text: str, expected: str, day_only: bool) -> None:
    assert parse(text) == (datetime.fromisoformat(expected).replace(tzinfo=UTC), day_only)


@pytest.mark.parametrize(
    "text",
    ["", "x", "2018-02-30", "0001-01-01", "9999-12-31", "1899-12-31", "12345", "99:99", "2026年11月", "31/31/2026"],
)
def test_what_is_no_date_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)
    assert not dates.is_date(text)


def test_month_and_day_are_told_apart_by_the_whole_column() -> None:
    assert order_of(["03/04/2026", "11/30/2026"]) == "mdy"
    assert order_of(["03/04/2026", "30/11/2026"]) == "dmy"
    assert order_of(["03/04/2026", "05/06/2026"]) == ""
    assert order_of(["03/04/2026 09:00:00 AM"]) == "mdy"
    assert order_of(["2026-03-04", "2026年3月4日", "04/04/2026"]) == "auto"
    assert parse("03/04/2026", "dmy").at.date().isoformat() == "2026-04-02"
    assert parse("03/04/2026", "mdy").at.date().isoformat() == "2026-03-03"
    with pytest.raises(Ambiguous):
        parse("03/04/2026")
