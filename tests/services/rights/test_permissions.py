import pytest

from services.rights.permissions import Actor, acts, may, only_public, require
from services.system.errors import Refused


def who(role: str, path: str = "A/B/") -> Actor:
    return Actor(None, role, role, path)


def test_an_unknown_act_or_role_is_refused() -> None:
    assert not may(who("secretary"), "no.such.act")
    assert not may(who("king"), "matter.read")


def test_a_right_ends_at_the_boundary() -> None:
    assert may(who("staff"), "issue.accept", "A/B/C/")
    assert not may(who("staff"), "issue.accept", "A/")
    assert not may(who("staff"), "issue.accept", "A/BB/")


def test_a_viewer_reads_only_what_is_public() -> None:
    assert may(who("viewer"), "matter.read", "A/B/", public=True)
    assert not may(who("viewer"), "matter.read", "A/B/", public=False)
    assert only_public(who("viewer")) and not only_public(who("staff"))


READING = ("matter.read", "export.lists")


def test_nobody_who_only_looks_may_change_anything() -> None:
    changing = [act for act in acts() if not act.startswith("page.") and act not in READING]
    assert not [act for act in changing if may(who("viewer"), act)]


def test_the_administrator_keeps_accounts_and_moves_no_matter() -> None:
    moving = [act for act in acts() if act.split(".")[0] in ("issue", "deliberation", "action")]
    assert not [act for act in moving if may(who("admin", ""), act)]


def test_require_says_what_to_do() -> None:
    with pytest.raises(Refused, match="Ask the administrator"):
        require(who("viewer"), "issue.accept", "A/B/")
