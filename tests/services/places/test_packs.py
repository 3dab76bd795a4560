"""Every pack that is loaded by itself holds together, and says what its article says."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services.figures import cards
from services.places.places import PLACES, pack
from services.rules.categories import categories
from services.words import stated_numbers
from services.words.privacy import found_in
from tests.services.places.pack_files import SLUGS, at, codes, read, told
from tests.shared import SHARED, needs_articles

# What the articles say of the areas, and the numbers of the mechanisms each of them brings.
COUNTED: dict[str, dict[tuple[str, str], range]] = {
    "chilinglu": {
        ("community", ""): range(1, 2),
        ("estate", ""): range(6, 7),
        ("estate", "social_housing"): range(1, 2),
    },
    "donghu": {("street", ""): range(1, 2), ("community", ""): range(41, 50)},
    "shilian": {("community", ""): range(1, 2), ("estate", ""): range(11, 12), ("grid", ""): range(2, 12)},
    "ziyang": {("street", ""): range(2, 9), ("estate", ""): range(83, 84), ("estate", "self_managed"): range(29, 84)},
    "zhouxin": {("community", "urban"): range(11, 12), ("community", "rural"): range(11, 12)},
}
KINDS = {
    "chilinglu": {"open", "managed", "social_housing", "work_unit"},
    "shilian": {"managed", "unmanaged"},
    "ziyang": {"managed", "self_managed", "work_unit"},
}
ARTICLES = {slug: number for number, slug in enumerate(("chilinglu", "donghu", "shilian", "ziyang", "zhouxin"))}
MECHANISMS = {
    slug: list(range(first, last + 1))
    for slug, first, last in (
        ("chilinglu", 1, 17),
        ("donghu", 18, 28),
        ("shilian", 29, 46),
        ("ziyang", 47, 63),
        ("zhouxin", 64, 80),
    )
}
# How a definition says that its figure is no count, or what is missing before it can be recounted.
UNCOUNTED = re.compile("不是计数|不是记录的计数|不重算|不能(由|从|重算)|还不能|尚未开通|尚无记录|才能重算|永不重算")
each = pytest.mark.parametrize("slug", SLUGS)


def topics() -> list[tuple[str, dict[str, Any]]]:
    return [(slug, topic) for slug in SLUGS for topic in told(slug, "deliberations")["topic"]]


every_topic = pytest.mark.parametrize(("slug", "topic"), topics(), ids=[topic["code"] for _, topic in topics()])


def test_all_five_places_are_there() -> None:
    assert set(SLUGS) == set(COUNTED) == set(MECHANISMS)


@each
def test_every_row_has_as_many_cells_as_its_header(slug: str) -> None:
    for path in (PLACES / slug).rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file)}
        assert len(widths) == 1, f"{path.name}: a row is longer or shorter than the header"
        assert b"\r" not in path.read_bytes(), f"{path.name}: use LF line ends"


@each
def test_areas_are_as_many_as_the_article_says(slug: str) -> None:
    for (level, kind), expected in COUNTED[slug].items():
        found = [row for row in at(slug, level) if kind in ("", row["kind"])]
        assert len(found) in expected, f"{len(found)} {kind} {level}"
    kinds = {row["kind"] for row in at(slug, "estate")}
    assert kinds == KINDS.get(slug, kinds) and len(kinds) > 1


def test_an_estate_without_property_management_has_a_managed_one_in_its_grid_to_borrow_from() -> None:
    parents = {
        kind: {row["parent"] for row in at("shilian", "estate") if row["kind"] == kind} for kind in KINDS["shilian"]
    }
    assert parents["unmanaged"] <= parents["managed"]


def test_every_estate_of_ziyang_hangs_on_five_levels_and_has_its_branch() -> None:
    areas = codes("ziyang", "areas.csv")
    for building in at("ziyang", "building"):
        above, levels = building, []
        while above["code"] != pack("ziyang").root:
            levels.append(above["level"])
            above = areas[above["parent"]]
        assert levels == ["building", "estate", "grid", "community", "street"], building["code"]
    branches = Counter(
        row["area"] for row in read("ziyang", "organisations.csv") if row["kind"] == "party" and row["area"] in areas
    )
    assert all(branches[row["code"]] == 1 for row in at("ziyang", "estate"))


def test_households_of_zhouxin_fit_the_residents_it_is_said_to_have() -> None:
    """About 240,000 people; an urban household in China has between two and three and a half members."""
    assert 240_000 / 3.5 < int(codes("zhouxin", "areas.csv")[pack("zhouxin").root]["households"]) < 240_000 / 2


@each
def test_households_are_sums(slug: str) -> None:
    areas = codes(slug, "areas.csv")
    sums: Counter[str] = Counter()
    for row in areas.values():
        sums[row["parent"]] += int(row["households"] or 0)
    for code, row in areas.items():
        whole = int(row["households"] or 0)
        assert not whole or not sums[code] or sums[code] <= whole, code
        assert not whole or row["level"] not in ("street", "community") or sums[code] == whole, code
    root = areas[pack(slug).root]
    assert int(root["households"]) == sums[root["code"]] > 2000


@each
def test_whoever_is_in_office_is_there_for_no_more_households_than_live_there(slug: str) -> None:
    areas, linked = codes(slug, "areas.csv"), Counter[str]()
    for row in read(slug, "offices.csv"):
        linked[row["area"]] += int(row["households"] or 0) if row["kind"] == "representative" else 0
    assert all(count <= int(areas[code]["households"]) for code, count in linked.items() if count)


def test_representatives_are_in_the_band_but_for_a_few_that_the_map_should_show() -> None:
    posts = [row for row in read("ziyang", "offices.csv") if row["kind"] == "representative"]
    linked = [int(row["households"]) for row in posts if row["filled"] == "1"]
    under, over = sum(one < 5 for one in linked), sum(one > 15 for one in linked)
    assert len(linked) == 1168 and under and over and under + over < len(linked) / 4
    assert any(row["filled"] == "0" for row in posts)
    assert all(
        5 <= int(row["households"]) <= 15 for row in read("chilinglu", "offices.csv") if row["kind"] == "representative"
    )


@each
def test_playbook_names_what_the_pack_holds(slug: str) -> None:
    book, forums = pack(slug).playbook, codes(slug, "forums.csv")
    assert set(book["forum_by_estate"].values()) | set(book["forum_by_grade"].values()) <= set(forums)
    assert {row["kind"] for row in at(slug, "estate")} <= set(book["forum_by_estate"])
    assert set(book["names"]) == set(book["flows"])


@each
def test_calibration_and_templates_name_what_the_pack_holds(slug: str) -> None:
    said, units, areas = told(slug, "calibration"), set(codes(slug, "organisations.csv")), codes(slug, "areas.csv")
    managed = {name: unit for name, unit in said["property"].items() if name != "categories"}
    inhabited = {areas[building["parent"]]["parent"] for building in at(slug, "building")}
    assert inhabited <= set(said["grid"]) <= {row["code"] for row in at(slug, "grid")}
    assert {*said["units"].values(), *managed.values(), pack(slug).demo["unit_clerk"]} <= units
    assert {*said["units"]} - {"default"} <= set(categories()) and set(said["property"]["categories"]) <= set(
        categories()
    )
    assert set(managed) <= {row["code"] for row in at(slug, "estate")}
    assert sum(said["sources"].values()) == pytest.approx(1) and 300 <= said["issues"] <= 600
    longest = max((row["name"] for row in at(slug, "estate")), key=len)
    for row in read(slug, "demo/issues.csv"):
        assert row["category"] in categories() and int(row["weight"]) > 0, row
        assert set(row["kinds"].split()) <= {one["kind"] for one in at(slug, "estate")}, row
        assert len(row["title"].format(estate=longest, building="10X")) <= 40, row


@every_topic
def test_a_topic_refers_to_what_exists_and_carries_under_its_forums_rules(slug: str, topic: dict[str, Any]) -> None:
    ruleset, present = codes(slug, "forums.csv")[topic["forum"]]["ruleset"], sum(topic.get("attendance", {}).values())
    assert topic["area"] in codes(slug, "areas.csv") and topic["category"] in categories()
    assert all(action["unit"] in codes(slug, "organisations.csv") for action in topic.get("actions", []))
    assert present <= int(codes(slug, "venues.csv")[topic["venue"]]["capacity"] if "venue" in topic else 0)
    assert len(topic["title"]) <= 40 and len(topic["issue"]["title"]) <= 40
    if "resolution" in topic:
        votes = [option["hands"] + option["paper"] + option["online"] for option in topic["options"]]
        assert sum(votes) <= present <= topic["expected"] and bool(votes) == (ruleset != "round_table")
    if "resolution" in topic and votes:
        assert not topic["options"][0].get("abstain") and votes[0] * 2 > present
        assert present >= topic["expected"] * 2 / 3 if ruleset == "heads" else present * 2 > topic["expected"]


@each
def test_every_mechanism_has_its_card_and_every_figure_its_card_and_words(slug: str) -> None:
    assert [card.no for card in cards.cards(slug)] == MECHANISMS[slug]
    for card in cards.cards(slug):
        assert all((card.gloss_zh, card.gloss_en, card.formula_zh, card.formula_en))
    for one in cards.figures(slug):
        assert one.card in MECHANISMS[slug] and one.source and one.definition_zh and one.definition_en
        assert one.period_zh and one.unit_zh and one.unit_en


@each
def test_a_figure_that_is_not_recounted_says_why(slug: str) -> None:
    silent = [one.zh for one in cards.figures(slug) if not one.evidence and not UNCOUNTED.search(one.definition_zh)]
    assert silent == []


@needs_articles
@each
def test_a_figure_stands_in_the_article_in_the_words_it_gives(slug: str) -> None:
    """An ellipsis leaves words out; the stored copies of two articles are in other characters, so those keep digits."""
    (file,) = (SHARED / "seeds").glob(f"00{ARTICLES[slug]}_*.txt")
    article, simple = _bare(file.read_text(encoding="utf-8")), slug not in ("donghu", "ziyang")
    for one in cards.figures(slug):
        for part in one.source.split("……") if simple else re.findall(r"\d+", one.source):
            assert _bare(part) in article, (one.zh, part)


def _bare(text: str) -> str:
    return re.sub(r"\W|_", "", text)


def test_a_published_figure_stands_as_it_was_published() -> None:
    told_so = {(slug, one.card, one.value, one.qualifier) for slug in SLUGS for one in cards.figures(slug)}
    published = {
        "chilinglu": "6 6 =, 14 510000 余, 14 30 余, 14 2500 余, 14 400000 余",
        "donghu": "20 234 =, 20 500 余, 25 8 =, 26 538 =, 26 40 多, 26 70 余",
        "shilian": "29 30 余, 29 11 =, 29 4 多, 32 50 余, 34 60 余, 35 5 =, 42 30 余, 42 7 =",
        "ziyang": "47 83 =, 49 83 =, 49 35 =, 49 8 =, 49 19 =, 49 10 =, 49 6 =, 50 29 =, 51 5 =, 52 281 =, 52 414 =, "
        "53 2700 余, 53 5000 余, 55 15035 =, 55 22345 =, 56 1168 =, 57 71 =, 60 83 =, 63 1897 =, 63 1965 =",
        "zhouxin": "64 11 =, 64 240000 约, 71 7 =, 73 7 多, 73 30000 超",
    }
    for slug, figures in published.items():
        for card, value, qualifier in (one.split() for one in figures.split(", ")):
            assert (slug, int(card), int(value), qualifier) in told_so, (slug, card, value)


def test_no_two_populations_are_divided() -> None:
    figures = [one for slug in SLUGS for one in cards.figures(slug)]
    (divided,) = [one for one in figures if one.per]
    said = [cards.ratio(divided, figures, language) for language in ("zh_CN", "en")]
    assert divided.value == 414 and all("1.47" in words and "%" not in words and "147" not in words for words in said)
    assert stated_numbers.written(15035, "=", "", "zh_CN") == "15035"


@each
def test_no_person_is_in_any_file(slug: str) -> None:
    for path in sorted((PLACES / slug).rglob("*")):
        if path.suffix in (".csv", ".toml", ".md"):
            assert found_in(_without_codes(path)) == [], path.name
    columns = {"code", "title", "kind", "area", "organisation", "filled", "households"}
    assert set(read(slug, "offices.csv")[0]) == columns
    names = "春富|诗华|林先生|邓大姐|邓小姐|阿正|黄玉熹|贾丽娜|李刚|池璇"
    assert not any(re.search(names, path.read_text(encoding="utf-8")) for path in (PLACES / slug).rglob("*.[ct][so]*"))


def _without_codes(path: Path) -> str:
    return re.sub(r"\b\d{6,12}\b", "", path.read_text(encoding="utf-8"))


def test_the_spam_at_the_end_of_an_article_is_no_place() -> None:
    text = " ".join(path.read_text(encoding="utf-8") for path in (PLACES / "ziyang").rglob("*.csv"))
    assert not any(name in text for name in ("理塘", "嵊泗", "元朗", "霍山", "高尔夫"))
