import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlmodel import Session, select

from models.account import Account, SignIn
from models.audit import AuditLine
from services.keep import backup_sqlite, backups
from services.keep.verify import verify
from services.people import accounts, signins
from services.rights import audit
from services.system import clock, db, schema
from services.system.errors import Refused


def _write(act: str) -> None:
    with db.writing() as session:
        audit.write(session, "tester", act)


def _acts() -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(AuditLine.act).order_by(AuditLine.seq)))  # type: ignore[arg-type]


@pytest.mark.usefixtures("database")
def test_a_backup_brings_back_what_was_there_and_keeps_what_came_after() -> None:
    _write("before")
    copy = backups.backup("tester")
    _write("after")
    kept = backups.restore(copy, "tester")
    assert _acts() == ["before", "restore"]
    assert kept.exists()
    with db.reading() as session:
        assert schema.at_head(session)
        assert verify(session).problems == []


# PostgreSQL keeps it as a dump.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
def test_the_database_that_was_replaced_can_be_read() -> None:
    copy = backups.backup("tester")
    _write("after")
    kept = backups.restore(copy, "tester")
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT count(*) FROM audit_line WHERE act = 'after'").fetchone() == (1,)


@pytest.mark.usefixtures("database")
def test_both_ways_leave_an_audit_line() -> None:
    copy = backups.backup("tester")
    assert _acts() == ["backup"]
    backups.restore(copy, "tester")
    assert _acts() == ["restore"]


@pytest.mark.usefixtures("database")
def test_a_damaged_backup_is_refused_and_nothing_changes() -> None:
    copy = backups.backup("tester")
    with copy.open("r+b") as file:
        file.seek(4096)
        file.write(b"xx")
    with pytest.raises(Refused, match="checksum does not match"):
        backups.restore(copy, "tester")
    assert _acts() == ["backup"]


@pytest.mark.usefixtures("database")
def test_a_file_with_a_right_checksum_that_is_no_database_is_refused(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.db"
    stranger.write_bytes(b"hello" * 3000)
    (tmp_path / "stranger.db.sha256").write_text(f"{backups._digest(stranger)}  stranger.db\n")
    with pytest.raises(Refused, match=r"no sound copy|could not finish"):
        backups.restore(stranger, "tester")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("ending", ["", ".sha256"])
def test_a_missing_file_is_refused(ending: str) -> None:
    copy = backups.backup("tester")
    copy.with_name(copy.name + ending).unlink()
    with pytest.raises(Refused, match=r"no file|is missing"):
        backups.restore(copy, "tester")


# The version is written into the copy itself here.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
def test_a_backup_of_a_newer_version_is_refused() -> None:
    copy = backups.backup("tester")
    with closing(sqlite3.connect(copy)) as changed:
        changed.execute("UPDATE alembic_version SET version_num = '9999'")
        changed.commit()
    copy.with_name(f"{copy.name}.sha256").write_text(backups._digest(copy))
    with pytest.raises(Refused, match="newer version"):
        backups.restore(copy, "tester")


def test_nothing_is_restored_under_a_running_program(database: str) -> None:
    copy = backups.backup("tester")
    other = create_engine(database)
    with other.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM audit_line").all()
        with pytest.raises(Refused, match=r"still running|could not finish"):
            backups.restore(copy, "tester")
    other.dispose()
    assert _acts() == ["backup"]


# Of PostgreSQL pg_dump reads one snapshot.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_while_somebody_writes_is_whole(database: str) -> None:
    _write("before")
    with Session(db.engine(database)) as session:
        audit.write(session, "tester", "unfinished")
        target = Path(make_url(database).database or "").with_name("during.db")
        backup_sqlite.dump(make_url(database), target)
        session.rollback()
    with closing(sqlite3.connect(target)) as whole:
        assert whole.execute("SELECT act FROM audit_line").fetchall() == [("before",)]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("database")
def test_without_the_tools_a_sentence_says_which_package_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match="apt-get install postgresql-client"):
        backups.backup("tester")


@pytest.mark.usefixtures("database")
def test_an_old_schema_is_not_backed_up_as_if_it_were_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "head", lambda: "9999")
    with pytest.raises(Refused, match=r"manage\.py init"):
        backups.backup("tester")


def _account(login: str) -> None:
    with db.writing() as session:
        accounts.create(
            session, "root", login=login, name=login, role="secretary", password="a long sentence nobody guesses 7",
            area_id=None, subject=None,
        )  # fmt: skip


def _of(session: Session, login: str) -> Account:
    return session.exec(select(Account).where(Account.login == login)).one()


@pytest.mark.usefixtures("database")
def test_a_restore_revives_neither_sign_ins_nor_closed_accounts_nor_former_passwords() -> None:
    for login in ("li.wei", "li.na", "he.ping"):
        _account(login)
    with db.writing() as session:
        token = signins.start(session, _of(session, "he.ping"), "password")
        former = _of(session, "li.na").password
    copy = backups.backup("tester")
    _account("new.one")
    with db.writing() as session:
        accounts.deactivate(session, "root", _of(session, "li.wei"))
        accounts.set_password(session, "root", _of(session, "li.na"), "another long sentence 8 of nobody")
        signins.revoke(session, signins.digest_of(token))
    backups.restore(copy, "tester")
    with db.reading() as session:
        assert not _of(session, "li.wei").active
        assert _of(session, "he.ping").active
        assert _of(session, "li.na").password != former
        assert signins.actor(session, signins.digest_of(token)) is None
        assert not session.exec(select(SignIn).where(SignIn.revoked == False)).all()  # noqa: E712 - SQL
        assert verify(session).problems == []
    assert sorted(backups.carried().values()) == [["li.na"], ["li.wei"], ["new.one"]]


@pytest.mark.usefixtures("database")
def test_a_clock_that_is_behind_the_present_database_restores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _write("before")
    copy = backups.backup("tester")
    behind = clock.now() - timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: behind)
    with pytest.raises(Refused, match="Set the clock right"):
        backups.restore(copy, "tester")


@pytest.mark.usefixtures("database")
def test_a_backup_of_years_ago_can_be_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    _write("before")
    copy = backups.backup("tester")
    later = clock.now() + timedelta(days=364)
    monkeypatch.setattr(clock, "now", lambda: later)
    _write("later")
    years = clock.now() + timedelta(days=300)
    monkeypatch.setattr(clock, "now", lambda: years)
    backups.restore(copy, "tester")
    _write("after")
    assert _acts() == ["before", "restore", "after"]
