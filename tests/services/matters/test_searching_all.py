"""Searching thousands of generated complaints gives exactly what plain text comparison gives, on both databases."""

import re
import unicodedata
from datetime import datetime
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from services.matters import search
from services.system import clock, db
from tests.complaints import complaints
from tests.databases import template

ODD = ["ＡＢＣ１２３", "㎡", "Ⅳ", "ß", "ﬁ", "İ", "Ⅷ号", "𫠠𬌗", "é", "ǰ", "ÅÅ", "١٢٣", "한국", "ｶﾞ", "½", "A_B", "don't"]
HOSTILE = [
    '"',
    '"*',
    "NEAR(a b)",
    "-x",
    "a OR b",
    "*",
    "terms:灯",
    "%",
    "_",
    "\\",
    "'; DROP",
    "(",
    "^",
    "“”",
    "「",
    "\x00",
    "😀",
]


def words(*texts: str) -> list[str]:
    return [run for one in texts for run in re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", one).casefold())]


@template("complaints_heard", on="place")
def _report() -> None:
    chance, now = Random(7), clock.now()
    with db.writing() as session:
        areas = list(session.exec(select(Area.id).where(col(Area.level).in_(["estate", "building"]))))
        rows = []
        for at, (title, description) in enumerate(complaints(chance, 1500)):
            area = chance.choice(areas)
            odd = chance.choice(ODD) if chance.random() < 0.3 else ""
            rows.append(_row(at, title + odd, description, area, f"{chance.randint(1, 30)}栋{odd}", now))
        session.add_all(rows)
        session.flush()
        search.index(session, rows)
        session.execute(text("ANALYZE"))


def _row(at: int, title: str, description: str, area: int, location: str, now: datetime) -> Matter:
    return Matter(
        number=f"CL-2026-{at:06d}",
        flow="issue",
        state="filed",
        title=title[:120],
        description=description,
        area_id=area,
        location=location,
        opened_at=now,
        opened_month=1,
    )


class Ledger:
    """The complaints in the database, and what each of them says in plain text."""

    def __init__(self, session: Session) -> None:
        self.session, self.said = session, dict[int, str]()
        self.rows = list(session.exec(select(Matter).order_by(col(Matter.id))))
        areas = {area.id: area for area in session.exec(select(Area))}
        for row in self.rows:
            area = areas[row.area_id]
            above = areas[area.parent_id or 0].name
            self.said[row.id] = " ".join(words(row.number, row.title, row.description, row.location, area.name, above))

    def expected(self, units: list[str]) -> list[int]:
        if not units:
            return []
        return sorted((at for at, said in self.said.items() if all(unit in said for unit in units)), reverse=True)

    def found(self, asked: str) -> tuple[list[int], list[int]]:
        held = select(Matter.id).where(search.matching(self.session, asked)).order_by(col(Matter.id).desc())
        return list(self.session.exec(held)), list(
            self.session.execute(search.newest(self.session, asked, 9999)).scalars()
        )


@pytest.fixture
def complaints_heard(session: Session) -> Ledger:
    return Ledger(session)


def test_any_words_find_exactly_what_holds_them_all(complaints_heard: Ledger) -> None:
    texts = list(complaints_heard.said.values())

    def part(draw: st.DrawFn) -> str:
        said = draw(st.sampled_from(texts))
        start = draw(st.integers(0, max(0, len(said) - 1)))
        return said[start : start + draw(st.integers(1, 7))]

    asked = st.one_of(
        st.composite(part)(),
        st.lists(st.composite(part)(), min_size=1, max_size=3).map("，".join),
        st.sampled_from([*HOSTILE, *ODD, "没有这样的词", "ＣＬ－２０２６", "cl-2026-000017"]),
        st.text(max_size=8),
    )

    @settings(max_examples=250, suppress_health_check=list(HealthCheck), database=None)
    @given(asked=asked)
    def check(asked: str) -> None:
        quoted = re.search(r'["“”「」]', asked)
        wanted = complaints_heard.expected(list(dict.fromkeys(words(asked)))[:8]) if not quoted else None
        held, newest = complaints_heard.found(asked)
        assert held == newest
        assert wanted is None or held == wanted

    check()


def test_a_phrase_in_quotation_marks_stands_in_that_order(complaints_heard: Ledger) -> None:
    chance, texts = Random(3), list(complaints_heard.said.values())
    for _ in range(150):
        said = chance.choice(texts)
        start = chance.randrange(len(said))
        phrase = said[start : start + chance.randint(2, 12)].strip()
        opening, closing = chance.choice([('"', '"'), ("“", "”"), ("「", "」")])
        held, newest = complaints_heard.found(f"{opening}{phrase.replace(' ', '，')}{closing}")
        assert held == newest == complaints_heard.expected([" ".join(words(phrase))]), phrase


def test_a_matter_that_changes_is_found_by_its_new_words_only(complaints_heard: Ledger) -> None:
    row = complaints_heard.rows[0]
    row.title = "屋顶花园漏斗"
    search.index(complaints_heard.session, [row])
    assert complaints_heard.found("花园漏斗")[0] == [row.id]
    search.drop(complaints_heard.session, [row.id])
    assert complaints_heard.found("花园漏斗")[0] == []


def test_any_of_some_terms_gives_the_newest_that_hold_one(complaints_heard: Ledger) -> None:
    terms = ["路灯", "电梯", "无此"]
    wanted = sorted(
        (at for at, said in complaints_heard.said.items() if any(term in said for term in terms)), reverse=True
    )
    assert search.holding_any(complaints_heard.session, terms, 9999) == wanted
    assert search.holding_any(complaints_heard.session, terms, 5) == wanted[:5]
    assert search.holding_any(complaints_heard.session, [], 5) == []
