"""Cards tell the truth: qualifiers stay, figures are recounted, and what isn't built says so."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.deliberation import Deliberation
from models.matter import Link, Matter
from models.place import Forum, Place
from services.figures import card_evidence, cards
from services.system import data_files
from services.system.errors import Refused
from services.words import stated_numbers

FIGURES = cards.figures("chilinglu")
CARDS = cards.cards("chilinglu")
_QUALIFIERS = {row["en"]: row["code"] for row in data_files.rows("numerals.csv") if row["kind"] == "qualifier"}
EXACT, OVER, AT_LEAST, ABOUT = (
    _QUALIFIERS[f"{word}{{number}} {{unit}}"] for word in ("", "over ", "at least ", "about ")
)


def figure(value: int) -> cards.Figure:
    return next(one for one in FIGURES if one.value == value)


def topic(session: Session, root: Area, number: str, flow: str, category: str) -> Matter:
    made = Matter(number=number, flow=flow, state="s", title="t", category=category, area_id=root.id, opened_month=0)
    session.add(made)
    session.flush()
    return made


def test_every_published_figure_of_the_article_is_there() -> None:
    money = {(510000, "yuan"), (30, "visits"), (2500, "attendances"), (400000, "yuan")}
    counts = {(6, "estates"), (3, "platforms"), (3, "kinds of estate"), (5, "kinds of actor"), (1, "fund")}
    assert money | counts <= {(one.value, one.unit_en) for one in FIGURES}
    assert {one.card for one in FIGURES} <= {one.no for one in CARDS}
    assert [one.no for one in CARDS] == list(range(1, 18))


@pytest.mark.parametrize(
    ("value", "english"),
    [
        (510000, "over 510,000 yuan"),
        (400000, "over 400,000 yuan"),
        (2500, "over 2,500 attendances"),
        (30, "over 30 visits"),
    ],
)
def test_a_figure_is_shown_as_it_was_published(value: int, english: str) -> None:
    shown = figure(value)
    assert shown.shown("en") == english
    assert shown.shown("zh_CN") in shown.source and shown.qualifier in shown.shown("zh_CN")


def test_large_numbers_lose_no_digit() -> None:
    assert stated_numbers.written(15035, EXACT, "", "zh_CN") == "15035"
    assert stated_numbers.written(22345, EXACT, "", "zh_CN") == "22345"
    assert stated_numbers.written(240000, ABOUT, "", "zh_CN")[1:3] == "24"
    assert stated_numbers.written(240000, ABOUT, "people", "en") == "about 240,000 people"
    assert stated_numbers.written(15000, EXACT, "", "zh_CN").startswith("1.5")


def test_an_open_list_is_a_lower_bound() -> None:
    named = [one for one in FIGURES if one.qualifier == AT_LEAST]
    assert {one.unit_en for one in named} >= {"platforms", "kinds of estate"}
    assert all(one.shown("en").startswith("at least ") and "lower bound" in one.definition_en for one in named)


@pytest.mark.parametrize(
    ("qualifier", "count", "holds"),
    [
        (EXACT, 100, True),
        (EXACT, 101, False),
        (OVER, 100, True),
        (OVER, 101, True),
        (OVER, 99, False),
        (AT_LEAST, 250, True),
        (AT_LEAST, 99, False),
        (ABOUT, 95, True),
        (ABOUT, 105, True),
        (ABOUT, 94, False),
        (ABOUT, 106, False),
    ],
)
def test_a_recount_honours_the_qualifier(qualifier: str, count: int, holds: bool) -> None:
    assert cards.bears_out(replace(FIGURES[0], value=100, qualifier=qualifier), count) is holds


def test_recounting_a_loaded_place(session: Session, place: Place) -> None:
    found = {(one.figure.card, one.figure.unit_en): one for one in cards.recount(session, place)}
    estates = found[(6, "estates")]
    assert estates.verdict == cards.HOLDS and estates.evidence is not None and estates.evidence.count == 6
    assert estates.evidence.page == "records" and estates.evidence.query["of"] == "areas?level=estate"
    assert found[(6, "kinds of estate")].verdict == found[(3, "platforms")].verdict == cards.HOLDS
    assert found[(1, "kinds of actor")].verdict == cards.HOLDS
    assert found[(7, "kinds of problem")].verdict == cards.FAILS
    assert found[(14, "yuan")].verdict == cards.NOT_RECOUNTED


def test_a_recount_that_fails_says_so(session: Session, place: Place) -> None:
    root = session.get_one(Area, place.area_id)
    estate = session.exec(select(Area).where(Area.code == "CL-E6")).one()
    estate.level = "grid"
    session.flush()
    found = next(one for one in cards.recount(session, place) if one.figure.unit_en == "estates")
    assert found.verdict == cards.FAILS and card_evidence.gather(session, root, "areas?level=estate").count == 5


def test_the_sum_raised_is_never_a_balance_nor_a_base() -> None:
    raised, paid = figure(510000), figure(400000)
    assert "not a cash balance" in raised.definition_en and "goods" in raised.definition_en
    assert "never divided" in paid.definition_en
    assert not raised.evidence and not paid.evidence


def test_a_card_whose_flow_is_not_built_says_so(session: Session, place: Place) -> None:
    unbuilt = {card.no for card in CARDS if not card.flow_built}
    assert unbuilt >= {2, 14, 15, 16}
    for card in CARDS:
        assert bool(card.note) == (card.no in unbuilt), card.code
        counted = cards.proof(session, place, card)
        assert (counted is None) == (card.note == cards.NOT_BUILT), card.code


def test_topics_are_counted_by_forum_category_and_area(session: Session, place: Place) -> None:
    root = session.get_one(Area, place.area_id)
    estate = session.exec(select(Area).where(Area.code == "CL-E1")).one()
    forum = session.exec(select(Forum).where(Forum.code == "CL-F-HSL")).one()
    talk = topic(session, estate, "T1", "deliberation", "90010")
    session.add(Deliberation(matter_id=talk.id, forum_id=forum.id))
    raised = topic(session, estate, "T2", "issue", "90010")
    topic(session, root, "T3", "action", "90010")
    session.add(Link(source_id=raised.id, target_id=talk.id, kind="discussed_in"))
    session.flush()
    counts = {
        "deliberations?forum=CL-F-HSL": 1,
        "deliberations?forum=CL-F-MQ": 0,
        "deliberations?category=90010": 1,
        "issues_discussed": 1,
        "issues?category=90001": 0,
        "actions": 1,
        "actions?area=CL-E1": 0,
        "subjects_deliberated?categories=90010 90004": 1,
        "matters?flow=deliberation&forum=CL-F-HSL": 1,
        "matters?flow=issue&link=discussed_in": 1,
        "matters?flow=issue&category=90001": 0,
        "matters?flow=action&kinds=area": 1,
        "deliberations?area=CL-E2": 0,
    }
    assert {one: card_evidence.gather(session, root, one).count for one in counts} == counts
    assert card_evidence.gather(session, root, "deliberations?forum=CL-F-HSL").query == {
        "area": root.code,
        "forum": "CL-F-HSL",
        "open": "all",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        "nothing",
        "matters",
        "matters?flow=none",
        "matters?flow=issue&kinds=unit",
        "areas",
        "areas?level=estate&area=430100",
        "offices?kin=deputy",
    ],
)
def test_evidence_that_cannot_be_counted_is_refused(session: Session, place: Place, wrong: str) -> None:
    with pytest.raises(Refused):
        card_evidence.gather(session, session.get_one(Area, place.area_id), wrong)
