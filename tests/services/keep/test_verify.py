"""Tampering behind the program's back, as somebody with the database password would do it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import workflow
from services.flows.issue import issues
from services.keep.verify import VerifyReport, verify
from services.people import accounts
from services.rights import audit
from services.rights.permissions import Actor
from services.system import clock
from tests.walk import Walk

_FREE = {
    "sqlite": [f"DROP TRIGGER {table}_no_{act}" for table in ("event", "audit_line") for act in ("update", "delete")],
    "postgresql": [
        *(f"DROP TRIGGER {table}_append_only ON {table}" for table in ("event", "audit_line")),
        "DROP TRIGGER event_no_deletion ON event",
    ],
}


@pytest.fixture
def matters(session: Session, place: Place, actor: Callable[[str], Actor]) -> list[Matter]:
    """Three issues with three events each, and three audit lines; the triggers are gone."""
    made = []
    for number in range(3):
        entered = issues.NewIssue(title=f"lamp {number}", area_id=place.area_id)
        issue = issues.create(session, actor("secretary"), entered)
        made.append(workflow.move(session, actor("secretary"), issue.number, "decline", issue.version, {"note": "no"}))
        audit.write(session, "tester", "test", issue.number)
    session.flush()
    for statement in _FREE[session.get_bind().dialect.name]:
        session.execute(text(statement))
    return made


def _kinds(report: VerifyReport) -> list[tuple[str, int]]:
    return [(problem.kind, problem.seq) for problem in report.problems]


def test_untouched_records_have_no_problems(session: Session, matters: list[Matter]) -> None:
    report = verify(session)
    assert (report.matters, report.events, report.lines, report.found) == (len(matters), 9, 3, 0)
    assert len(report.anchor) == 64


SECOND = "(SELECT min(id) + 1 FROM matter)"
NUMBERS = "series <> 'audit'"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (f"UPDATE event SET note = 'yes' WHERE matter_id = {SECOND} AND seq = 3", [("changed", 3)]),
        (f"UPDATE event SET actor = 'x' WHERE matter_id = {SECOND} AND seq = 1", [("changed", 1)]),
        (f"UPDATE event SET data = '{{\"a\": 1}}' WHERE matter_id = {SECOND} AND seq = 2", [("changed", 2)]),
        (f"DELETE FROM event WHERE matter_id = {SECOND} AND seq = 2", [("removed", 3)]),
        (f"DELETE FROM event WHERE matter_id = {SECOND} AND seq = 1", [("removed", 2)]),
        (f"DELETE FROM event WHERE matter_id = {SECOND} AND seq = 3", [("cut", 2), ("state", 2)]),
        (f"DELETE FROM event WHERE matter_id = {SECOND}", [("removed", 0)]),
        (f"UPDATE matter SET state = 'filed' WHERE id = {SECOND}", [("state", 3)]),
        (f"UPDATE matter SET events = 2 WHERE id = {SECOND}", [("inserted", 3)]),
        (f"UPDATE matter SET head = 'x' WHERE id = {SECOND}", [("cut", 3)]),
        (f"UPDATE serial SET last = last - 1 WHERE {NUMBERS}", [("inserted", 0)]),
        (f"UPDATE serial SET last = last + 2 WHERE {NUMBERS}", [("missing", 0), ("missing", 0)]),
        ("UPDATE audit_line SET actor = 'x' WHERE seq = 2", [("changed", 2)]),
        ("DELETE FROM audit_line WHERE seq = 2", [("removed", 3)]),
        ("DELETE FROM audit_line WHERE seq = 1", [("removed", 2)]),
        ("DELETE FROM audit_line WHERE seq > 1", [("cut", 1)]),
        ("DELETE FROM audit_line", [("cut", 0)]),
        (f"UPDATE matter SET is_open = NOT is_open WHERE id = {SECOND}", [("clock", 3)]),
        (f"UPDATE matter SET closed_at = opened_at WHERE id = {SECOND}", [("clock", 3)]),
        (f"UPDATE matter SET closed_at = NULL WHERE id = {SECOND}", [("clock", 3)]),
        (f"UPDATE matter SET on_time = TRUE WHERE id = {SECOND}", [("clock", 3)]),
        (f"UPDATE matter SET flow = 'action' WHERE id = {SECOND}", [("clock", 3)]),
        ("UPDATE matter_count SET n = n + 50 WHERE n > 0", [("count", 0)]),
        ("DELETE FROM matter_count WHERE n > 0", [("count", 0)]),
    ],
)
def test_what_was_done_is_found(
    session: Session, matters: list[Matter], statement: str, found: list[tuple[str, int]]
) -> None:
    assert len(matters) == 3
    session.execute(text(statement))
    assert _kinds(verify(session)) == found


def test_a_matter_removed_with_its_events_leaves_a_gap(session: Session, matters: list[Matter]) -> None:
    session.execute(text("DELETE FROM event WHERE matter_id = :id"), {"id": matters[1].id})
    session.execute(text("DELETE FROM matter WHERE id = :id"), {"id": matters[1].id})
    report = verify(session)
    assert [(problem.kind, problem.number) for problem in report.problems] == [("missing", matters[1].number)]


def test_events_in_another_order_are_found(session: Session, matters: list[Matter]) -> None:
    swap = text("UPDATE event SET seq = :to WHERE matter_id = :id AND seq = :seq")
    for seq, to in ((2, 99), (3, 2), (99, 3)):
        session.execute(swap, {"id": matters[0].id, "seq": seq, "to": to})
    kinds = {kind for kind, _ in _kinds(verify(session))}
    assert {"changed", "reordered"} <= kinds


def test_an_event_added_without_the_key_is_found(session: Session, matters: list[Matter]) -> None:
    forged = (
        "INSERT INTO event (matter_id, seq, at, actor, action, to_state, note, digest)"
        " VALUES (:id, 4, :at, 'x', 'note', 'declined', '', 'forged')"
    )
    at = f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"
    session.execute(text(forged), {"id": matters[0].id, "at": at})
    assert _kinds(verify(session)) == [("changed", 4), ("inserted", 4)]


def test_one_change_is_one_problem_and_does_not_hide_the_next(session: Session, matters: list[Matter]) -> None:
    for matter in matters:
        session.execute(text("UPDATE event SET note = 'x' WHERE matter_id = :id AND seq = 2"), {"id": matter.id})
    assert _kinds(verify(session)) == [("changed", 2)] * 3


def test_another_account_behind_the_same_name_is_found(session: Session, matters: list[Matter]) -> None:
    login = "second.secretary"
    other = accounts.create(
        session, "test", login=login, name="S", role="secretary", password=None, area_id=None, subject=login
    )
    changed = text("UPDATE event SET actor_id = :other WHERE matter_id = :id AND seq = 1")
    session.execute(changed, {"other": other.id, "id": matters[0].id})
    assert _kinds(verify(session)) == [("changed", 1)]


def test_a_matter_closed_reopened_and_closed_again_is_as_its_events_say(
    session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    walk = Walk(session, actor("secretary"), place)
    unit = session.exec(select(Organisation.code)).first()
    walk.move(walk.issue, "accept", category="90005")
    for _again in range(2):
        for action, inputs in (("dispatch", {"unit": unit}), ("start", {}), ("finish", {"note": "x"}), ("verify", {})):
            walk.move(walk.issue, action, **inputs)
        session.flush()
        assert walk.issue.on_time is True
        assert verify(session).problems == []
        walk.move(walk.issue, "reopen", note="again")
        assert verify(session).problems == []


def test_the_cut_tail_of_the_audit_lines_shows_in_the_seal_of_its_series_and_in_the_anchor(
    session: Session, matters: list[Matter]
) -> None:
    assert matters
    before = verify(session).anchor
    session.execute(text("DELETE FROM audit_line WHERE seq = 3"))
    session.execute(text("UPDATE serial SET last = 2 WHERE series = 'audit'"))
    after = verify(session)
    assert [(one.kind, one.number) for one in after.problems] == [("changed", "serial audit")]
    assert after.anchor != before


def test_a_line_written_after_the_tail_was_cut_does_not_fill_the_gap(session: Session, matters: list[Matter]) -> None:
    assert matters
    session.execute(text("DELETE FROM audit_line WHERE seq = 3"))
    session.expire_all()
    audit.write(session, "tester", "test")
    assert _kinds(verify(session)) == [("removed", 4)]


# PostgreSQL has no INSERT OR REPLACE.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["event", "audit_line"])
def test_a_record_cannot_be_replaced(session: Session, place: Place, actor: Callable[[str], Actor], table: str) -> None:
    Walk(session, actor("secretary"), place)
    audit.write(session, "tester", "test")
    session.commit()
    columns = {
        "event": "matter_id, seq, at, actor, action, to_state, note, digest",
        "audit_line": "seq, at, actor, act, subject, digest",
    }[table]
    for wanted in ("*", columns):
        into = table if wanted == "*" else f"{table} ({columns})"
        with pytest.raises(IntegrityError, match="append-only"):
            session.execute(text(f"INSERT OR REPLACE INTO {into} SELECT {wanted} FROM {table}"))
        session.rollback()
