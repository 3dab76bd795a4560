"""What the program writes is for nobody else on the machine, whatever the umask of whoever started it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import Session

from services.exporting import dumping
from services.keep import backups, known_anchors
from services.rights import audit
from services.system import db, schema
from services.system.files import private_files, work_folders
from services.system.files.work_folders import WorkFolder


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):03o}"


def test_a_new_database_and_what_sqlite_puts_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/mulin.db"
    schema.upgrade(url)
    with Session(db.engine(url)) as session:
        audit.write(session, "tester", "test")
        session.commit()
        files = list((tmp_path / "new/folder").iterdir())
        assert len(files) == 3 and {mode(file) for file in files} == {"600"}
    assert {mode(tmp_path / "new"), mode(tmp_path / "new/folder")} == {"700"}
    db.forget(url)


def test_a_database_that_others_could_read_is_theirs_no_more(tmp_path: Path) -> None:
    (tmp_path / "old.db").touch(0o644)
    url = f"sqlite:///{tmp_path}/old.db"
    db.engine(url)
    assert mode(tmp_path / "old.db") == "600"
    db.forget(url)


# On PostgreSQL there is no file to restore into.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_backups_exports_marks_and_what_is_restored(database: str, tmp_path: Path) -> None:
    copy = backups.backup("tester")
    copy.chmod(0o644)
    kept = backups.restore(copy, "tester")
    dumping.write(tmp_path / "all.zip", "tester")
    file = Path(make_url(database).database or "")
    with db.reading() as session:
        marks = known_anchors.file(session)
    written = [file, kept, tmp_path / "all.zip", marks, copy.with_name(f"{copy.name}.sha256")]
    assert {path.name: mode(path) for path in written} == {path.name: "600" for path in written}


@pytest.mark.usefixtures("database")
def test_folders_to_work_in() -> None:
    with WorkFolder() as folder:
        assert (mode(folder.path), mode(work_folders.root())) == ("700", "700")


def test_a_file_that_is_replaced_is_whole_or_as_before(tmp_path: Path) -> None:
    private_files.write(tmp_path / "a", "one")
    with pytest.raises(UnicodeEncodeError):
        private_files.write(tmp_path / "a", "\ud800")
    assert (tmp_path / "a").read_text() == "one"
