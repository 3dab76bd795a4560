import csv
from datetime import date, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.exporting import csvs
from services.exporting.lists.list_columns import Cell

PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    '  =HYPERLINK("http://x")',
    "＝1+1",
    "＋1+A1",
    "－A1",
    "＠A1",
    "'=1",
    '"=1',
    "\u200b=1",
    "+86 731-88880000",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_begins_like_a_formula_gets_an_apostrophe_and_loses_it_again(payload: str) -> None:
    assert csvs.safe(payload) == "'" + payload
    assert csvs.restored(csvs.safe(payload)) == payload


@pytest.mark.parametrize("plain", ["-5", "+86", "+8613800000000", "-3.25", "3栋-2单元", "路灯=坏", "", "'引号", "12-5"])
def test_plain_numbers_and_words_stay_as_they_are(plain: str) -> None:
    assert csvs.safe(plain) == plain


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet="'\"=+-@\t\r\n ＝5.", max_size=8))
def test_every_text_comes_back_and_none_begins_like_a_formula(text: str) -> None:
    made = csvs.safe(text)
    assert csvs.restored(made) == text
    assert made[:1] not in "=@\t\r＝＋－＠" or not made
    assert made[:1] not in "+-" or not made or float(made) is not None


def test_a_file_has_a_mark_one_heading_and_every_type() -> None:
    rows: list[list[Cell]] = [
        ["a,b", 5, 0.5, date(2026, 11, 3), datetime(2026, 11, 3, 9, 12), None],
        ["=x", -5, -0.5, None, None, "-5"],
    ]
    text = "".join(csvs.lines(["甲", "乙", "丙", "丁", "戊", "己"], rows))
    assert text.startswith(csvs.BOM)
    read = list(csv.reader(StringIO(text.removeprefix(csvs.BOM))))
    assert read[1] == ["a,b", "5", "0.5", "2026-11-03", "2026-11-03 09:12:00", ""]
    assert read[2] == ["'=x", "-5", "-0.5", "", "", "-5"]


def test_a_long_file_comes_in_pieces() -> None:
    pieces = list(csvs.lines(["n"], ([n] for n in range(2000))))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 5000
    assert len("".join(pieces).splitlines()) == 2001
