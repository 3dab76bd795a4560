from collections.abc import Callable

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.answer import REPORTER
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import events
from services.figures import indicators
from services.figures.kept_counts import Span
from services.flows.issue import follow_ups
from services.lines import lines
from services.parts import answers
from services.places import areas
from services.rights.permissions import Actor
from services.rules.rules import rule
from services.system import clock
from services.system.errors import Refused
from tests.walk import Walk

Actors = Callable[[str], Actor]
CODES = ("contact_rate", "solved_rate", "satisfaction", "three_rates")


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    made = Walk(session, actor("secretary"), place)
    close(made)
    return made


def close(walk: Walk) -> None:
    unit = walk.session.exec(select(Organisation.code)).first()
    if walk.issue.state == "submitted":
        walk.move(walk.issue, "accept", category="90005")
    for action, inputs in (("dispatch", {"unit": unit}), ("start", {}), ("finish", {"note": "x"}), ("verify", {})):
        walk.move(walk.issue, action, **inputs)


def rates(walk: Walk) -> dict[str, tuple[float, int | None]]:
    month = clock.month_of(clock.now())
    found = {code: indicators.total(walk.session, code, walk.area.path, Span(month, month)) for code in CODES}
    return {code: (count.numerator, count.denominator) for code, count in found.items()}


def test_the_answers_are_kept_and_counted(walk: Walk) -> None:
    walk.move(walk.issue, "visit", contacted="yes", resolved="no", satisfaction="basically")
    kept = follow_ups.newest(walk.session, walk.issue.id)
    assert kept == {"contacted": "yes", "resolved": "no", "satisfaction": "basically"}
    assert rates(walk) == {
        "contact_rate": (1, 1),
        "solved_rate": (0, 1),
        "satisfaction": (0.9, 1),
        "three_rates": (0.46, 1),
    }


def test_without_all_three_answers_it_is_no_valid_follow_up(walk: Walk) -> None:
    walk.move(walk.issue, "visit", contacted="yes", resolved="yes", satisfaction="unknown")
    assert follow_ups.newest(walk.session, walk.issue.id)["satisfaction"] == "unknown"
    assert {n for _, n in rates(walk).values()} == {0}


def test_the_newest_answer_counts_after_a_reopening(walk: Walk) -> None:
    walk.move(walk.issue, "visit", **follow_ups.DISAPPOINTED)
    assert follow_ups.suggests_reopening(walk.session, walk.issue)
    event = events.history(walk.session, walk.issue.id)[-1]
    assert (event.data or {})["hint"] == "reopen"
    walk.move(walk.issue, "reopen", note="It is not solved.")
    assert not follow_ups.suggests_reopening(walk.session, walk.issue)
    close(walk)
    walk.move(walk.issue, "visit", **follow_ups.CONTENT)
    assert not follow_ups.suggests_reopening(walk.session, walk.issue)
    assert set(rates(walk).values()) == {(1, 1)}
    assert lines.of(walk.session, walk.actor, walk.issue).stages[-1].told.entered == follow_ups.CONTENT


@pytest.mark.parametrize("name", follow_ups.QUESTIONS)
@pytest.mark.parametrize("wrong", [None, "", "maybe", True, 1, "满意"])
def test_an_answer_that_was_not_offered_is_refused(walk: Walk, name: str, wrong: object) -> None:
    with pytest.raises(Refused, match="one of the answers offered"):
        walk.move(walk.issue, "visit", **{**follow_ups.CONTENT, name: wrong})
    assert not follow_ups.newest(walk.session, walk.issue.id) and walk.issue.state == "closed"


def test_the_weights_are_rules_that_sum_to_one_and_are_no_norm() -> None:
    weights = [rule(f"three_rates.{name}") for name in ("contact", "satisfaction", "solved")]
    assert sum(one.value for one in weights) == pytest.approx(1)
    assert all(
        one.mark == "S" and not one.scope.startswith("全国") for one in (*weights, rule("satisfaction.basically"))
    )


def test_the_score_is_the_weighted_sum_of_the_three_rates(session: Session, place: Place, actor: Actors) -> None:
    told = [follow_ups.CONTENT, follow_ups.DISAPPOINTED, {**follow_ups.CONTENT, "satisfaction": "basically"}]
    for said in told:
        walk = Walk(session, actor("secretary"), place)
        close(walk)
        walk.move(walk.issue, "visit", **said)
    found = {code: hits / (n or 1) for code, (hits, n) in rates(walk).items()}
    score = 0.1 * found["contact_rate"] + 0.4 * found["satisfaction"] + 0.5 * found["solved_rate"]
    assert found["three_rates"] == pytest.approx(score)


def test_a_matter_that_moves_takes_its_answers_along(walk: Walk) -> None:
    walk.move(walk.issue, "visit", **follow_ups.CONTENT)
    grid = areas.descend(walk.session, walk.area.path, "grid")[0]
    matter = walk.session.get_one(Matter, walk.issue.id)
    matter.area_id = grid.id
    walk.session.flush()
    month = clock.month_of(clock.now())
    assert indicators.total(walk.session, "contact_rate", grid.path, Span(month, month)).numerator == 1
    answers.correct(walk.session, matter.id, REPORTER, None)
    assert indicators.total(walk.session, "contact_rate", walk.area.path, Span(month, month)).denominator == 0
