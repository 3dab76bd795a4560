"""The figures of all five articles: none can be turned into one that nobody published."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.figures import cards, kept_counts
from services.figures.kept_counts import Count, Share
from services.places.place_packs import PLACES
from services.system.errors import Refused
from services.words import stated_numbers
from services.words.stated_numbers import Published
from tests.shared import MECHANISMS, SHARED, needs_articles

# Every published figure of the five articles with a word that says how exact it is, and what that word promises.
QUALIFIED = {
    "51万余元": (510_000, "at_least"),
    "40万余元": (400_000, "at_least"),
    "30余场": (30, "at_least"),
    "2500余人次": (2500, "at_least"),
    "500余个": (500, "at_least"),
    "40多个": (40, "at_least"),
    "70余家": (70, "at_least"),
    "三十余家": (30, "at_least"),
    "五十余次": (50, "at_least"),
    "六十余次": (60, "at_least"),
    "30余次": (30, "at_least"),
    "2700余名": (2700, "at_least"),
    "5000余次": (5000, "at_least"),
    "超3万人次": (30_000, "at_least"),
    "约24万": (240_000, "about"),
    "10余年": (10, "at_least"),
    "80岁以上": (80, "at_least"),
    "234个": (234, "equal"),
    "538家": (538, "equal"),
    "281场": (281, "equal"),
    "414起": (414, "equal"),
    "15035人": (15035, "equal"),
    "22345人次": (22345, "equal"),
    "1168名": (1168, "equal"),
    "71家": (71, "equal"),
    "1897条": (1897, "equal"),
    "1965个": (1965, "equal"),
    "11个": (11, "equal"),
    "近百家": (100, "about"),
    "不足10户": (10, "below"),
    "几十家": (10, "at_least"),
    "二百人左右": (200, "about"),
}
MEETINGS, SETTLED = Published(281, "=", "场"), Published(414, "=", "起")


@pytest.mark.parametrize(("text", "meant"), QUALIFIED.items())
def test_a_published_figure_keeps_its_word(text: str, meant: tuple[int, str]) -> None:
    found = stated_numbers.read(text)
    assert (found.value, stated_numbers.bound(found.value, found.qualifier)) == meant
    again = stated_numbers.read(found.shown("zh_CN"))
    assert again == found
    if meant[1] != "equal":
        bare = stated_numbers.written(found.value, "=", found.unit, "zh_CN")
        assert found.shown("zh_CN") != bare and found.shown("en") != stated_numbers.written(
            found.value, "=", found.unit, "en"
        )


@needs_articles
def test_every_figure_read_out_of_the_articles_can_be_read() -> None:
    bold = [part for row in _rows() for part in re.findall(r"\*\*([^*]+?)\*\*(\s*[\u4e00-\u9fff]{0,2})", row)]
    told = [f"{number}{unit.strip()}" for number, unit in bold if re.search(r"[\d一二三四五六七八九十百千]", number)]
    assert len(told) > 60
    odd = {"5×5", "5–15户", "5–15", "1/1/1→8户", "1/1/1→8"}
    for text in told:
        plain = text.replace(" ", "")
        if plain in odd or re.search(r"[年月/×–→]", plain):
            continue
        found = stated_numbers.read(plain)
        for word in ("余", "多", "超", "约"):
            assert (word in plain) == (word in found.shown("zh_CN")), plain


def _rows() -> list[str]:
    text = MECHANISMS.read_text(encoding="utf-8")
    return [line.split("|")[6] for line in text.splitlines() if re.match(r"\| \d+ \|", line)]


@needs_articles
def test_every_word_in_the_articles_is_known() -> None:
    for article in sorted((SHARED / "seeds").glob("*.txt")):
        for text in re.findall(r"超?约?\d+(?:万)?[余多][\u4e00-\u9fff]", article.read_text(encoding="utf-8")):
            found = stated_numbers.read(text)
            assert stated_numbers.bound(found.value, found.qualifier) == "at_least", text
            assert found.shown("zh_CN") == text


def test_two_counts_of_different_populations_make_no_rate() -> None:
    handled, asked = Published(1965, "=", "件"), Published(1897, "=", "件")
    with pytest.raises(Refused, match="make no share"):
        stated_numbers.per(handled, asked, "zh_CN")
    with pytest.raises(ValueError, match="no part"):
        Share(1965, 1897)
    with pytest.raises(ValueError, match="no share"):
        kept_counts.percent(1965 / 1897)


def test_problems_per_meeting_are_no_percentage() -> None:
    said = stated_numbers.per(SETTLED, MEETINGS, "en")
    assert said.startswith("1.47 ") and "%" not in said
    assert stated_numbers.per(SETTLED, MEETINGS, "zh_CN").count("1.47") == 1


def test_a_rate_is_no_more_exact_than_its_parts() -> None:
    sockets, sheds = stated_numbers.read("500余个"), Published(234, "=", "座")
    assert stated_numbers.per(sockets, sheds, "en").startswith("over 2.13")
    people, communities = stated_numbers.read("约24万人"), Published(22, "=", "个社区")
    assert "约" in stated_numbers.per(people, communities, "zh_CN") and "10909" in stated_numbers.per(
        people, communities, "zh_CN"
    )
    with pytest.raises(Refused, match="may be more"):
        stated_numbers.per(sheds, sockets, "en")


def test_money_with_goods_in_it_is_divided_by_nothing() -> None:
    figures = cards.figures("chilinglu")
    mixed = [one for one in figures if one.unit_en == "yuan"]
    assert len(mixed) == 2 and not any(one.per or one.evidence for one in mixed)
    with pytest.raises(Refused):
        raised, paid = (Published(one.value, one.qualifier, one.unit_zh) for one in mixed)
        stated_numbers.per(paid, raised, "zh_CN")
    assert "不是现金余额" in mixed[0].definition_zh


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_no_share_can_be_more_than_all(hits: int, n: int) -> None:
    if hits > n:
        with pytest.raises(ValueError, match="no part"):
            Share(hits, n)
    else:
        share = Share(hits, n)
        assert share.value is None if n == 0 else 0 <= (share.value or 0) <= 1
        assert share + share == Count(2 * hits, 2 * n)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_all_and_nothing_are_said_of_nothing_less(parts: tuple[int, int]) -> None:
    hits, n = parts
    said = kept_counts.percent(hits / n)
    assert (said == "100.0%") == (hits == n) and (said == "0.0%") == (hits == 0)


@given(st.sampled_from(sorted({*stated_numbers.qualifiers()} - {"几"})), st.integers(1, 10**10))
def test_what_is_written_can_be_read_again(qualifier: str, value: int) -> None:
    text = stated_numbers.written(value, qualifier, "户", "zh_CN")
    found = stated_numbers.read(text)
    same = stated_numbers.bound(found.value, found.qualifier) == stated_numbers.bound(value, qualifier)
    assert found.value == value and same and found.unit == "户"


@pytest.mark.parametrize("text", ["", "余", "元", "no figure", "一二三<b>", "5–15户", "1/1/1", "9" * 400 + "元"])
def test_what_is_no_figure_is_refused_or_read_whole(text: str) -> None:
    try:
        found = stated_numbers.read(text)
    except Refused:
        return
    assert found.shown("zh_CN")


def test_a_pack_may_hold_its_figures_as_they_were_published(tmp_path: Path) -> None:
    shutil.copytree(PLACES / "chilinglu", tmp_path / "ziyang")
    head = (PLACES / "chilinglu" / "figures.csv").read_text(encoding="utf-8").splitlines()[0]
    row = "52,{zh},{en},{value},,{unit},{unit_en},2022年,2022,d,d,s,,{per}"
    lines = [
        row.format(zh="会议", en="meetings", value="281场", unit="场", unit_en="meeting", per=""),
        row.format(zh="解决", en="settled", value="414起", unit="起", unit_en="problems", per="会议"),
        row.format(zh="充电位", en="sockets", value="500余个", unit="个", unit_en="sockets", per=""),
    ]
    told = "\n".join([f"{head},per", *lines])
    (tmp_path / "ziyang" / "figures.csv").write_text(told, encoding="utf-8")
    meetings, settled, sockets = cards.figures("ziyang", tmp_path)
    assert (sockets.value, sockets.qualifier, sockets.shown("zh_CN")) == (500, "余", "500余个")
    assert cards.ratio(settled, (meetings, settled), "en").startswith("1.47 problems")
    assert cards.ratio(sockets, (meetings, settled), "en") == ""
    assert "%" not in json.dumps(settled.shown("zh_CN"))
    assert cards.bears_out(replace(sockets, evidence="x"), 499) is False
