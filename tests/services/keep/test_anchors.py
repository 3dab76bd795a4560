"""Anchors against somebody with the file and the key: what no chain can show, the sheet of paper does."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from models.place import Place
from services.engine import events, workflow
from services.flows.issue import issues
from services.keep import anchor_sources, anchors, backups, inspection, known_anchors, settling, sidecars
from services.keep.anchor_text import Anchor
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused

FREE = {
    "sqlite": [f"DROP TRIGGER {table}_no_{act}" for table in ("event", "audit_line") for act in ("update", "delete")],
    "postgresql": [
        *(f"DROP TRIGGER {table}_append_only ON {table}" for table in ("event", "audit_line")),
        "DROP TRIGGER event_no_deletion ON event",
    ],
}


@pytest.fixture
def lived(session: Session, place: Place, actor: Callable[[str], Actor]) -> Session:
    """A database with two issues of two events each, and two audit lines, settled."""
    for number in range(2):
        entered = issues.NewIssue(title=f"lamp {number}", area_id=place.area_id)
        issue = issues.create(session, actor("secretary"), entered)
        workflow.move(session, actor("secretary"), issue.number, "decline", issue.version, {"note": f"no {number}"})
        audit.write(session, "tester", "test", issue.number)
    session.commit()
    settling.settle()
    return session


@pytest.fixture
def anchor(lived: Session) -> Anchor:
    assert lived
    with anchors.at_rest() as session:
        return anchors.take(session)


def _kinds(session: Session, anchor: Anchor) -> list[tuple[str, str]]:
    return [(problem.kind, problem.number) for problem in anchors.compare(session, anchor)]


def _free(session: Session) -> None:
    for statement in FREE[session.get_bind().dialect.name]:
        session.execute(text(statement))


def test_what_only_grew_is_what_was_anchored(
    lived: Session, anchor: Anchor, place: Place, actor: Callable[[str], Actor]
) -> None:
    issues.create(lived, actor("secretary"), issues.NewIssue(title="later", area_id=place.area_id))
    audit.write(lived, "tester", "test")
    lived.commit()
    assert _kinds(lived, anchor) == []
    assert (anchor.events, anchor.lines) == (6, 2)


def test_a_cut_end_is_found_although_everything_else_was_set_back(lived: Session, anchor: Anchor) -> None:
    _free(lived)
    lived.execute(text("DELETE FROM audit_line WHERE seq = 2"))
    lived.execute(text("UPDATE serial SET last = 1 WHERE series = 'audit'"))
    assert _kinds(lived, anchor) == [("cut", "audit")]
    last = lived.exec(select(Event).order_by(col(Event.id).desc())).first()
    assert last
    before = lived.exec(select(Event).where(Event.matter_id == last.matter_id, Event.seq == last.seq - 1)).one()
    matter = lived.get_one(Matter, last.matter_id)
    lived.execute(text("DELETE FROM event WHERE id = :id"), {"id": last.id})
    matter.events, matter.head, matter.state, matter.is_open = before.seq, before.digest, str(before.to_state), True
    matter.closed_at = None
    lived.flush()
    assert _kinds(lived, anchor) == [("cut", "audit"), ("cut", "anchor")]


def test_a_history_that_was_written_anew_with_the_key_is_found(lived: Session, anchor: Anchor) -> None:
    """All chains are sound: with the published demo key anybody can do it."""
    _free(lived)
    first = lived.exec(select(Matter).order_by(col(Matter.id))).first()
    assert first
    previous = ""
    for event in lived.exec(select(Event).where(Event.matter_id == first.id).order_by(col(Event.seq))).all():
        event.note = "nobody said so" if event.seq == 3 else event.note
        event.digest = previous = events.digest_of(event, first.number, previous)
    first.head = previous
    lived.flush()
    report = inspection.inspect(lived)
    assert {problem.kind for problem in report.problems} == {"schema"}, "only the missing triggers"
    assert _kinds(lived, anchor) == [("rewritten", "anchor")]


def test_audit_lines_that_were_written_anew_with_the_key_are_found(lived: Session, anchor: Anchor) -> None:
    _free(lived)
    previous = ""
    for line in lived.exec(select(AuditLine).order_by(col(AuditLine.seq))).all():
        line.actor = "somebody"
        line.digest = previous = audit.digest_of(line, previous)
    lived.flush()
    assert _kinds(lived, anchor) == [("rewritten", "audit")]


@pytest.mark.parametrize("column", ["note", "actor", "action", "to_state"])
def test_any_word_of_any_event_is_in_the_head(lived: Session, anchor: Anchor, column: str) -> None:
    _free(lived)
    lived.execute(text(f"UPDATE event SET {column} = 'x' WHERE id = (SELECT min(id) + 1 FROM event)"))
    assert _kinds(lived, anchor) == [("rewritten", "anchor")]


def test_an_anchor_is_read_from_paper_from_a_file_and_from_a_backup(
    lived: Session, anchor: Anchor, tmp_path: Path
) -> None:
    lived.rollback()
    sheet = tmp_path / "anchor.txt"
    sheet.write_text(anchor_sources.sheet(anchor), encoding="utf-8")
    copy = backups.backup("tester")
    told = [anchor.text, str(sheet), str(sidecars.beside(copy)), str(copy)]
    found = [one.anchor for source in told for one in anchor_sources.read(source)]
    assert len(found) >= len(told)
    assert {(one.events, one.lines, one.event_head, one.line_head) for one in found} == {
        (anchor.events, anchor.lines, anchor.event_head, anchor.line_head)
    }


def test_the_same_record_has_the_same_anchor_in_either_database(lived: Session, anchor: Anchor, tmp_path: Path) -> None:
    """Taken along as an export and filled into SQLite, it is still what the paper says."""
    from services.exporting import dumping, restoring
    from services.system import schema
    from services.system.settings import settings

    lived.rollback()
    dumping.write(tmp_path / "all.zip", "tester")
    with pytest.MonkeyPatch.context() as patch:
        db.forget()
        patch.setenv("MULIN_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
        settings.cache_clear()
        schema.upgrade()
        restoring.restore(tmp_path / "all.zip")
        with db.reading() as session:
            assert _kinds(session, anchor) == []
        db.forget()
    settings.cache_clear()


@pytest.mark.parametrize("told", ["nothing.db", "/no/such/file", "nothing.sha256"])
@pytest.mark.usefixtures("database")
def test_a_file_that_is_not_there_is_a_sentence(told: str) -> None:
    with pytest.raises(Refused, match="no file"):
        anchor_sources.read(told)


@pytest.mark.usefixtures("database")
def test_a_file_without_an_anchor_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"\xff\x00 nothing here")
    with pytest.raises(Refused, match="no anchor in"):
        anchor_sources.read(str(tmp_path / "x.txt"))


# Only SQLite's database is a file that can be put back by hand.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_yesterdays_file_is_noticed_until_it_is_accepted(lived: Session, database: str, tmp_path: Path) -> None:
    lived.close()
    db.forget()
    file = Path(make_url(database).database or "")
    shutil.copy(file, tmp_path / "yesterday")
    with db.writing() as session:
        audit.write(session, "tester", "today")
    with db.reading() as session:
        known_anchors.note(session)
        assert known_anchors.behind(session) is None
    db.forget()
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.copy(tmp_path / "yesterday", file)
    with db.reading() as session:
        found = known_anchors.behind(session)
        assert found and found.kind == "cut"
        assert [problem.kind for problem in inspection.inspect(session).problems] == ["cut"]
        known_anchors.note(session)
        assert known_anchors.behind(session), "what is behind must not be noted as if it were well"
    with db.writing() as session:
        known_anchors.accept(session, "root")
    with db.reading() as session:
        known_anchors.note(session, force=True)
        assert known_anchors.behind(session) is None


def test_a_record_that_went_another_way_is_noticed(lived: Session) -> None:
    lived.rollback()
    with db.reading() as session:
        known_anchors.note(session)
    _free(lived)
    lived.execute(text("UPDATE audit_line SET digest = 'x' WHERE seq = 2"))
    lived.commit()
    found = known_anchors.behind(lived)
    assert found and found.kind == "rewritten"


def test_a_restore_by_the_program_is_no_break(lived: Session) -> None:
    lived.rollback()
    lived.close()
    copy = backups.backup("tester")
    with db.writing() as session:
        audit.write(session, "tester", "later")
    with db.reading() as session:
        known_anchors.note(session)
    backups.restore(copy, "tester")
    with db.reading() as session:
        assert known_anchors.behind(session) is None


def test_a_forged_line_accepts_nothing(lived: Session) -> None:
    lived.rollback()
    audit.write(lived, "tester", "more")
    lived.commit()
    with db.reading() as session:
        known_anchors.note(session)
    _free(lived)
    lived.execute(text("DELETE FROM audit_line WHERE seq = 3"))
    forged = (
        "INSERT INTO audit_line (seq, at, actor, act, subject, digest)"
        " VALUES (3, '2999-01-01 00:00:00', 'x', 'anchor.accept', '', 'forged')"
    )
    lived.execute(text(forged))
    lived.commit()
    assert known_anchors.behind(lived)


def test_every_backup_carries_its_anchor_and_the_fingerprint_of_its_key(lived: Session, anchor: Anchor) -> None:
    lived.rollback()
    said = sidecars.said(sidecars.beside(backups.backup("tester")))
    assert said["anchor"][:27] == anchor.text[:27] and len(said["key"]) == 16
