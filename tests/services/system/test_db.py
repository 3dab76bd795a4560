"""The database's manners: what was acknowledged outlives a power cut, and nobody who reads waits for a writer."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from models.audit import AuditLine
from services.system import database_faults, db
from services.system.settings import ROOT
from tests.databases import PRAGMAS

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@contextmanager
def write_lock(url: str) -> Iterator[None]:
    """Somebody else writes, and does not end."""
    with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@ONLY_SQLITE
def test_every_connection_is_told_to_sync_what_it_commits(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_PRAGMAS", PRAGMAS)
    db.forget()
    held = [db.engine(database).connect() for _ in range(15)]  # more than the pool keeps
    try:
        assert {one.exec_driver_sql("PRAGMA synchronous").scalar() for one in held[:1]} == {2}
        held[0].rollback()
        for one in held[1:]:
            assert one.connection.driver_connection.execute("PRAGMA synchronous").fetchone() == (2,)  # type: ignore[union-attr]
    finally:
        for one in held:
            one.close()
    with db.reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2


# Notes at each sync which file it was, and how long.
_LIBRARY = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>
static int noted(const char *name, int fd) {
    char link[64], path[4096];
    struct stat found;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    FILE *kept = fopen(getenv("SYNCED"), "a");
    if (kept && length > 0 && !fstat(fd, &found)) {
        path[length] = 0;
        fprintf(kept, "%lld %s\\n", (long long)found.st_size, path);
    }
    if (kept) fclose(kept);
    return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}
int fsync(int fd) { return noted("fsync", fd); }
int fdatasync(int fd) { return noted("fdatasync", fd); }
"""
_SAVING = """
import os
from services.rights import audit
from services.system import db
for number in range(20):
    with db.writing() as session:
        audit.write(session, "trial", "power", str(number))
    print("saved", flush=True)
os.kill(os.getpid(), 9)
"""


@ONLY_SQLITE
def test_what_was_acknowledged_outlives_a_power_cut(database: str, tmp_path: Path) -> None:
    """A disk that loses its cache keeps of the log what was synced: whatever was written after that is cut off."""
    compiler = shutil.which("cc") or pytest.skip("No C compiler: apt-get install gcc brings one.")
    (tmp_path / "synced.c").write_text(_LIBRARY)
    library = str(tmp_path / "synced.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, tmp_path / "synced.c", "-ldl"], check=True)
    environment = {**os.environ, "LD_PRELOAD": library, "SYNCED": str(tmp_path / "synced"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", _SAVING], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.count("saved") == 20, done.stderr
    path = Path(make_url(database).database or "")
    log = path.with_name(f"{path.name}-wal")
    synced = [line.split(" ", 1) for line in (tmp_path / "synced").read_text().splitlines()]
    length = max((int(size) for size, name in synced if name == str(log)), default=0)
    folder = tmp_path / "after"
    folder.mkdir()
    shutil.copy(path, folder / path.name)
    (folder / log.name).write_bytes(log.read_bytes()[:length])
    with closing(sqlite3.connect(folder / path.name)) as after:
        (found,) = after.execute("SELECT count(*) FROM audit_line WHERE act = 'power'").fetchone()
    assert found == 20


@ONLY_SQLITE
def test_who_reads_never_waits_and_who_is_in_a_hurry_not_for_long(database: str) -> None:
    with write_lock(database):
        began = time.monotonic()
        with db.reading() as session:
            session.exec(select(AuditLine)).all()
        assert time.monotonic() - began < 0.1
        with pytest.raises(OperationalError) as caught, db.writing(db.HURRY) as session:
            session.connection()
        assert time.monotonic() - began < 1
        assert database_faults.kind(caught.value) == "busy"


@ONLY_SQLITE
def test_who_waits_to_write_leaves_connections_to_who_reads(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "PATIENCE", 3.0)
    refused = []

    def click() -> None:
        try:
            with db.writing() as session:
                session.connection()
        except OperationalError as error:
            refused.append(database_faults.kind(error))

    with write_lock(database):
        clicks = [threading.Thread(target=click) for _ in range(60)]
        for one in clicks:
            one.start()
        time.sleep(0.3)
        began = time.monotonic()
        with db.reading() as session:
            session.execute(text("SELECT 1"))
        assert time.monotonic() - began < 0.5
        for one in clicks:
            one.join(8)
    assert refused == ["busy"] * 60


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("database is locked", "busy"),
        ("database or disk is full", "full"),
        ("attempt to write a readonly database", "readonly"),
        ("database disk image is malformed", "damaged"),
        ("file is not a database", "damaged"),
        ("no such column: x", "schema"),
        ("unable to open database file", "gone"),
        ("connection refused", "gone"),
    ],
)
def test_each_fault_has_words_of_its_own(told: str, kind: str) -> None:
    fault = OperationalError("SELECT 1", None, sqlite3.OperationalError(told))
    assert database_faults.kind(fault) == kind
    assert told in str(database_faults.for_operator(fault)) or kind == "busy"
    assert told not in str(database_faults.for_person(fault))
