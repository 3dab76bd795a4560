import pytest

from services.rights import permissions
from services.rights.permissions import SCOPES, Actor, acts, granted, is_global, may, only_public, require, words_of
from services.system.data_files import rows
from services.system.errors import Refused
from services.words import vocabulary


def who(role: str, path: str = "A/B/") -> Actor:
    return Actor(None, role, role, path)


def test_an_unknown_act_or_role_is_refused() -> None:
    assert not may(who("secretary"), "no.such.act")
    assert not may(who("secretary"), "no.such.act", "A/B/")
    assert not may(who("king"), "matter.read", "A/B/")


def test_a_right_ends_at_the_boundary() -> None:
    assert may(who("staff"), "issue.accept", "A/B/C/")
    assert not may(who("staff"), "issue.accept", "A/")
    assert not may(who("staff"), "issue.accept", "A/BB/")
    assert not may(who("staff"), "issue.accept", "")


def test_a_right_is_not_asked_without_its_scope() -> None:
    with pytest.raises(LookupError, match=r"issue\.accept"):
        may(who("staff"), "issue.accept")
    with pytest.raises(LookupError, match=r"export\.full"):
        require(who("viewer"), "export.full")
    for act in acts():
        assert not is_global(act) or may(who("king"), act) is False


def test_the_global_acts_are_acts() -> None:
    assert permissions.global_acts() <= acts(), "Correct data/global_acts.csv: it names what is no act."


@pytest.mark.parametrize("role", vocabulary.codes("role"))
def test_what_is_narrower_than_an_area_is_not_granted_for_an_area(role: str) -> None:
    for act in acts():
        assert may(who(role, ""), act, "A/") is ("area" in granted(role, act)), act
        assert granted(role, act) <= set(SCOPES)


def test_a_viewer_reads_as_the_public_does() -> None:
    assert only_public(who("viewer")) and not only_public(who("staff")) and not only_public(who("unit_clerk"))
    assert not may(who("viewer"), "matter.read", "A/B/")


READING = ("matter.read", "export.lists")


def test_nobody_who_only_looks_may_change_anything() -> None:
    changing = [act for act in acts() if not act.startswith("page.") and act not in READING]
    assert not [act for act in changing if granted("viewer", act)]


def test_the_administrator_keeps_accounts_and_moves_no_matter() -> None:
    moving = [act for act in acts() if act.split(".")[0] in ("issue", "deliberation", "action")]
    assert not [act for act in moving if granted("admin", act)]


def test_a_unit_clerk_answers_for_the_unit_and_does_nothing_else() -> None:
    assert words_of("unit_clerk") == {"unit"}
    pages = {act for act in acts() if act.startswith("page.") and granted("unit_clerk", act)}
    assert pages == {"page.unit", "page.ledger", "page.board", "page.days", "page.matter", "page.account"}
    answers = {"start", "send_back", "finish", "ask_hold", "ask_extension", "retract"}
    assert {act for act in acts() if act.startswith("issue.") and granted("unit_clerk", act)} == {
        f"issue.{action}" for action in answers
    }


def test_the_table_holds_no_word_that_nobody_knows() -> None:
    roles = vocabulary.codes("role")
    words = {word for row in rows("permissions.csv") for role in roles for word in row[role].split()}
    assert words <= set(SCOPES), f"Use one of {SCOPES} in data/permissions.csv."


def test_a_word_nobody_knows_grants_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "rows", lambda _name: [{"act": "matter.read", "staff": "area own everything"}])
    assert permissions._grants.__wrapped__()["matter.read", "staff"] == {"area", "own"}  # type: ignore[attr-defined]


def test_require_says_what_to_do() -> None:
    with pytest.raises(Refused, match="Ask the administrator"):
        require(who("viewer"), "issue.accept", "A/B/")
