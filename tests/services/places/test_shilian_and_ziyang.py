"""The packs of Shilian and Ziyang hold together, as files."""

import csv
import re
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from services.figures import cards
from services.places.places import PLACES, pack
from services.rules.categories import categories
from services.words import stated_numbers
from services.words.privacy import found_in

SLUGS = ("shilian", "ziyang")
MECHANISMS = {"shilian": range(29, 47), "ziyang": range(47, 64)}
both = pytest.mark.parametrize("slug", SLUGS)


@lru_cache
def read(slug: str, name: str) -> list[dict[str, str]]:
    with (PLACES / slug / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(slug: str, name: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in read(slug, name)}


def at(slug: str, level: str) -> list[dict[str, str]]:
    return [row for row in read(slug, "areas.csv") if row["level"] == level]


def topics(slug: str) -> list[dict[str, Any]]:
    told = tomllib.loads((PLACES / slug / "demo" / "deliberations.toml").read_text(encoding="utf-8"))
    return list(told["topic"])


EVERY = [(slug, topic) for slug in SLUGS for topic in topics(slug)]
every_topic = pytest.mark.parametrize(("slug", "topic"), EVERY, ids=[topic["code"] for _, topic in EVERY])


@both
def test_every_row_has_as_many_cells_as_its_header(slug: str) -> None:
    for path in (PLACES / slug).rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file)}
        assert len(widths) == 1 and b"\r" not in path.read_bytes(), path.name


@both
def test_households_are_sums(slug: str) -> None:
    areas = read(slug, "areas.csv")
    told = {row["code"]: int(row["households"]) for row in areas if row["households"]}
    for row in areas:
        below = [told[one["code"]] for one in areas if one["parent"] == row["code"] and one["code"] in told]
        assert row["code"] not in told or not below or told[row["code"]] == sum(below), row["code"]
    assert told[pack(slug).root] > 4000


def test_counts_are_those_of_the_articles() -> None:
    assert len(at("shilian", "estate")) == 11 and len(at("ziyang", "estate")) == 83
    kinds = {slug: Counter(row["kind"] for row in at(slug, "estate")) for slug in SLUGS}
    assert set(kinds["shilian"]) == {"managed", "unmanaged"}
    assert set(kinds["ziyang"]) == {"managed", "self_managed", "work_unit"} and kinds["ziyang"]["self_managed"] >= 29
    assert 250 <= len(at("ziyang", "building")) <= 400
    parents = {row["code"]: row["parent"] for row in read("shilian", "areas.csv")}
    managed = {parents[row["code"]] for row in at("shilian", "estate") if row["kind"] == "managed"}
    without = {parents[row["code"]] for row in at("shilian", "estate") if row["kind"] == "unmanaged"}
    assert without <= managed, "an estate without property management has a managed one in its grid to borrow from"


def test_representatives_are_in_the_band_but_for_a_few_that_the_map_should_show() -> None:
    posts = [row for row in read("ziyang", "offices.csv") if row["kind"] == "representative"]
    linked = [int(row["households"]) for row in posts if row["filled"] == "1"]
    under, over = sum(one < 5 for one in linked), sum(one > 15 for one in linked)
    assert len(linked) == 1168 and under and over and under + over < len(linked) / 4
    assert any(row["filled"] == "0" for row in posts)
    live = Counter[str]()
    for row in posts:
        live[row["area"]] += int(row["households"] or 0)
    assert all(count <= int(codes("ziyang", "areas.csv")[area]["households"]) for area, count in live.items())


@both
def test_playbook_names_what_the_pack_holds(slug: str) -> None:
    book = pack(slug).playbook
    forums = codes(slug, "forums.csv")
    assert set(book["forum_by_estate"].values()) | set(book["forum_by_grade"].values()) <= set(forums)
    assert {row["kind"] for row in at(slug, "estate")} == set(book["forum_by_estate"])
    assert set(book["names"]) == set(book["flows"])


@both
def test_calibration_and_templates_name_what_the_pack_holds(slug: str) -> None:
    told = tomllib.loads((PLACES / slug / "demo" / "calibration.toml").read_text(encoding="utf-8"))
    units = set(codes(slug, "organisations.csv"))
    managed = {name: unit for name, unit in told["property"].items() if name != "categories"}
    assert set(told["grid"]) == {row["code"] for row in at(slug, "grid")}
    assert {*told["units"].values(), *managed.values(), pack(slug).demo["unit_clerk"]} <= units
    assert set(managed) == {row["code"] for row in at(slug, "estate") if row["kind"] == "managed"}
    assert 300 <= told["issues"] <= 600
    for row in read(slug, "demo/issues.csv"):
        assert row["category"] in categories() and int(row["weight"]) > 0, row
        assert set(row["kinds"].split()) <= {one["kind"] for one in at(slug, "estate")}, row


@every_topic
def test_a_topic_refers_to_what_exists_and_carries_under_its_forums_rules(slug: str, topic: dict[str, Any]) -> None:
    forum, present = codes(slug, "forums.csv")[topic["forum"]], sum(topic.get("attendance", {}).values())
    assert topic["area"] in codes(slug, "areas.csv") and topic["category"] in categories()
    assert all(action["unit"] in codes(slug, "organisations.csv") for action in topic.get("actions", []))
    assert present <= int(codes(slug, "venues.csv")[topic["venue"]]["capacity"] if "venue" in topic else 0)
    if "resolution" in topic and forum["ruleset"] != "round_table":
        votes = [option["hands"] + option["paper"] + option["online"] for option in topic["options"]]
        assert sum(votes) <= present <= topic["expected"] and votes[0] * 2 > present
        least = topic["expected"] * (2 / 3 if forum["ruleset"] == "heads" else 1 / 2)
        assert present >= least if forum["ruleset"] == "heads" else present > least


@both
def test_every_mechanism_has_its_card_and_every_figure_its_card_and_words(slug: str) -> None:
    assert [card.no for card in cards.cards(slug)] == list(MECHANISMS[slug])
    for one in cards.figures(slug):
        assert one.card in MECHANISMS[slug] and one.source and one.definition_zh and one.definition_en
        assert one.period_zh and one.unit_zh and one.unit_en
        words = {"余": "余", "多": "等"}
        assert words.get(one.qualifier, "") in one.source, one.zh
    for card in cards.cards(slug):
        assert all((card.gloss_zh, card.gloss_en, card.formula_zh, card.formula_en))


def test_a_published_figure_stands_as_it_was_published() -> None:
    told = {(one.card, one.value, one.qualifier) for slug in SLUGS for one in cards.figures(slug)}
    counted = {
        (29, 11, "="),
        (32, 50, "余"),
        (34, 60, "余"),
        (42, 30, "余"),
        (42, 7, "="),
        (29, 30, "余"),
        (29, 4, "多"),
    }
    places = {(47, 83, "="), (49, 83, "="), (49, 35, "="), (49, 8, "="), (49, 19, "="), (49, 10, "="), (49, 6, "=")}
    people = {(53, 2700, "余"), (53, 5000, "余"), (55, 15035, "="), (55, 22345, "="), (56, 1168, "="), (57, 71, "=")}
    assert (
        counted | places | people | {(50, 29, "="), (52, 281, "="), (52, 414, "="), (63, 1897, "="), (63, 1965, "=")}
        <= told
    )


def test_no_two_populations_are_divided() -> None:
    figures = cards.figures("ziyang")
    assert [one.value for one in figures if one.per] == [414]
    said = {
        language: cards.ratio(next(one for one in figures if one.per), figures, language)
        for language in ("zh_CN", "en")
    }
    assert all("1.47" in words and "%" not in words and "147" not in words for words in said.values())
    apart = [one for one in figures if one.value in (1965, 1897, 22345, 15035, 2700, 5000)]
    assert len(apart) == 6 and not any(one.per or one.evidence for one in apart)
    assert stated_numbers.written(15035, "=", "", "zh_CN") == "15035"


@both
def test_no_person_is_in_any_file(slug: str) -> None:
    for path in sorted((PLACES / slug).rglob("*")):
        if path.suffix in (".csv", ".toml", ".md"):
            assert found_in(_without_codes(path)) == [], path.name
    assert set(read(slug, "offices.csv")[0]) == {
        "code",
        "title",
        "kind",
        "area",
        "organisation",
        "filled",
        "households",
    }
    posts = "书记|负责人|委员|网格长|网格员|帮帮团|楼栋长|居民代表"
    assert all(re.search(posts, row["title"]) for row in read(slug, "offices.csv"))


def _without_codes(path: Path) -> str:
    return re.sub(r"\b\d{6,12}\b", "", path.read_text(encoding="utf-8"))


def test_the_spam_at_the_end_of_an_article_is_no_place() -> None:
    told = " ".join(path.read_text(encoding="utf-8") for path in (PLACES / "ziyang").rglob("*.csv"))
    assert not any(name in told for name in ("理塘县", "嵊泗县", "元朗区", "津南区", "克什克腾旗"))
