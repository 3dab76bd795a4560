"""The key is changed under a whole record: all of it, or nothing, and the old paper still holds."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.place import Place
from services.engine import workflow
from services.flows.issue import issues
from services.keep import anchors, backups, inspection, key_rotation, settling
from services.keep import verify as records
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db, hash_chain
from services.system.errors import Refused
from services.system.settings import settings
from tests.databases import KEY

NEW = "5ec97c24bd6d0635f0d1aad4f9148f1b9583a398048b9043"


@pytest.fixture
def lived(session: Session, place: Place, actor: Callable[[str], Actor]) -> Session:
    for number in range(3):
        entered = issues.NewIssue(title=f"lamp {number}", area_id=place.area_id)
        issue = issues.create(session, actor("secretary"), entered)
        workflow.move(session, actor("secretary"), issue.number, "decline", issue.version, {"note": "no"})
        audit.write(session, "tester", "test", issue.number)
    session.commit()
    settling.settle()
    session.close()
    db.forget()
    return session


def _use(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("MULIN_KEY", key)
    settings.cache_clear()


def test_the_record_verifies_with_the_new_key_alone_and_old_anchors_hold(
    lived: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lived
    with anchors.at_rest() as session:
        anchor = anchors.take(session)
    key_rotation.rotate(NEW, "root")
    with db.reading() as session, pytest.raises(Refused, match="MULIN_KEY is not the key"):
        inspection.inspect(session)
    with pytest.raises(Refused, match="MULIN_KEY is not the key"):
        settling.settle()
    _use(monkeypatch, NEW)
    settling.settle()
    with db.reading() as session:
        report = inspection.inspect(session, against=[anchor])
        assert report.problems == [] and report.events == 9
        line = session.exec(select(AuditLine).order_by(col(AuditLine.seq).desc())).first()
        assert line and line.data
        assert (line.act, line.actor, line.data["anchor"]) == (key_rotation.ACT, "root", anchor.text)
        assert line.data["from"] != line.data["to"] == hash_chain.fingerprint()


def test_what_refuses_changes_refuses_them_again(lived: Session) -> None:
    assert lived
    key_rotation.rotate(NEW, "root")
    for statement in ("UPDATE event SET note = 'x'", "UPDATE audit_line SET actor = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
            session.execute(text(statement))


def test_a_process_with_the_old_key_can_write_no_more(lived: Session) -> None:
    assert lived
    key_rotation.rotate(NEW, "root")
    with pytest.raises(Refused, match="MULIN_KEY is not the key"), db.writing() as session:
        audit.write(session, "tester", "test")


@pytest.mark.parametrize(("key", "said"), [(KEY, "the present one"), ("short", "guessed"), ("a" * 40, "guessed")])
@pytest.mark.usefixtures("lived")
def test_a_key_that_will_not_do_changes_nothing(key: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        key_rotation.rotate(key, "root")


def test_a_record_that_does_not_verify_is_not_sealed_anew(lived: Session) -> None:
    """It would make a forged note genuine."""
    dialect = lived.get_bind().dialect.name
    table = "event_no_update" if dialect == "sqlite" else "event_append_only ON event"
    with db.writing() as session:
        session.execute(text(f"DROP TRIGGER {table}"))
        session.execute(text("UPDATE event SET note = 'forged' WHERE id = (SELECT max(id) FROM event)"))
    with pytest.raises(Refused, match="does not verify"):
        key_rotation.rotate(NEW, "root")


def test_what_fails_halfway_leaves_the_old_key_in_force(lived: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lived

    def broken(_session: Session) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(key_rotation, "_lines", broken)
        with pytest.raises(RuntimeError, match="power cut"):
            key_rotation.rotate(NEW, "root")
    with db.reading() as session:
        assert inspection.inspect(session).problems == []


def test_a_backup_of_the_old_key_is_refused_with_what_to_do(lived: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lived
    copy = backups.backup("root")
    db.forget()
    key_rotation.rotate(NEW, "root")
    _use(monkeypatch, NEW)
    with pytest.raises(Refused, match=r"sealed with another key.*key rotate"):
        backups.restore(copy, "root")
    with db.reading() as session:
        assert records.verify(session).problems == []
