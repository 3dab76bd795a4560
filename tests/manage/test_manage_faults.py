"""No traceback is ever an answer: every command on a full, a read-only, a locked and a broken database."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import make_url
from sqlmodel import Session
from typer.testing import CliRunner, Result

import manage
from models.place import Place
from services.system import db
from tests.databases import use
from tests.services.system.test_db import write_lock

PASSWORD = "a long sentence nobody guesses 7\n"
_NEW_KEY = "4f1c8e2a9b7d3065" * 4 + "\n"
_LEDGER = "工单编号,标题,受理时间,状态,街道\n1,路灯不亮,2026-03-01,已办结,朝阳街道\n"
# What each command needs to come as far as the database; a new command gets its line here.
ARGUMENTS = {
    "init": "",
    "demo": "",
    "backup": "",
    "restore": "{copy} --yes",
    "casebook": "",
    "serve": "",
    "verify": "",
    "reindex": "",
    "remind": "",
    "flows": "",
    "suggest-accuracy": "{ledger}",
    "suggest-learn": "",
    "user list": "",
    "user add": "li.wei --name Li --role admin --password-stdin",
    "user password": "root --password-stdin",
    "user code": "root",
    "user sign-out": "root",
    "user deactivate": "root",
    "anchor show": "",
    "anchor accept": "--yes",
    "clock accept": "--yes",
    "key new": "",
    "key rotate": "--new-key-stdin --yes",
    **{
        f"import {kind}": "{ledger} --yes"
        for kind in ("matters", "areas", "organisations", "venues", "offices", "forums")
    },
    "place draw": "nowhere",
    "import undo": "1 --yes",
    "import list": "",
    "import all": "{archive}",
    "export all": "{folder}/out.zip",
    "export place": "{folder}/place --place chilinglu",
}


def _commands() -> set[str]:
    found: set[str] = set()

    def walk(command: Any, name: str) -> None:
        if hasattr(command, "commands"):
            for own, below in command.commands.items():
                walk(below, f"{name} {own}".strip())
        else:
            found.add(name)

    walk(typer.main.get_command(manage.app), "")
    return found


def test_every_command_is_tried() -> None:
    assert _commands() == set(ARGUMENTS)


def _files(folder: Path, database: str) -> dict[str, str]:
    """A backup and an archive made while all was well, and a ledger."""
    (folder / "ledger.csv").write_text(_LEDGER, encoding="utf-8")
    for arguments in (
        ["init"],
        ["user", "add", "root", "--name", "R", "--role", "admin", "--password-stdin"],
        ["export", "all", str(folder / "archive.zip")],
        ["backup"],
    ):
        done = CliRunner().invoke(manage.app, arguments, input=PASSWORD)
        assert done.exit_code == 0, done.output
    db.forget()
    shutil.copy(make_url(database).database or "", folder / "sound.db")
    copy = max(folder.glob("*.sha256")).with_suffix("")
    named = {"copy": next(p for p in folder.iterdir() if p.name.startswith(copy.name) and p.suffix != ".sha256")}
    return {"ledger": f"{folder}/ledger.csv", "archive": f"{folder}/archive.zip", "folder": str(folder)} | {
        name: str(path) for name, path in named.items()
    }


def _read_only(_stack: ExitStack, patch: pytest.MonkeyPatch, path: Path) -> None:
    use(patch, f"sqlite:///file:{path}?mode=ro&uri=true", BACKUP_FOLDER=str(path.parent))


def _locked(stack: ExitStack, _patch: pytest.MonkeyPatch, path: Path) -> None:
    stack.enter_context(write_lock(f"sqlite:///{path}"))


def _full(_stack: ExitStack, patch: pytest.MonkeyPatch, _path: Path) -> None:
    patch.setattr(db, "_PRAGMAS", (*db._PRAGMAS, "max_page_count=1"))  # no page more than there are


def _broken(_stack: ExitStack, _patch: pytest.MonkeyPatch, path: Path) -> None:
    told = bytearray(path.read_bytes())
    told[4096:] = b"x" * (len(told) - 4096)
    path.write_bytes(told)


def _no_database(_stack: ExitStack, _patch: pytest.MonkeyPatch, path: Path) -> None:
    path.write_text("This is a letter." * 500)


def _missing_table(_stack: ExitStack, _patch: pytest.MonkeyPatch, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE account")


States = Callable[[ExitStack, pytest.MonkeyPatch, Path], None]


@pytest.fixture
def ready(database: str, place: Place, session: Session, tmp_path: Path) -> Iterator[dict[str, str]]:  # noqa: ARG001
    session.rollback()  # It looked for the place, and would be the one who writes.
    yield _files(tmp_path, database)
    db.forget()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", [_read_only, _locked, _full, _broken, _no_database, _missing_table])
def test_every_command_ends_in_a_sentence(
    ready: dict[str, str], state: States, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(db, "PATIENCE", 0.2)
    monkeypatch.setattr(os, "execv", lambda *_: None)
    wrong = []
    for command, arguments in ARGUMENTS.items():
        path = tmp_path / "now" / "mulin.db"
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir()
        shutil.copy(ready["folder"] + "/sound.db", path)
        with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
            use(patch, f"sqlite:///{path}", BACKUP_FOLDER=str(path.parent))
            state(stack, patch, path)
            sent = [*command.split(), *(part.format(**ready) for part in arguments.split())]
            done = CliRunner().invoke(manage.app, sent, input=_NEW_KEY if command == "key rotate" else PASSWORD)
            db.forget()
        if not _is_sentence(done):
            wrong.append((command, done.exit_code, repr(done.exception), done.output[-300:]))
    assert not wrong, "\n".join(map(str, wrong))


def _is_sentence(done: Result) -> bool:
    expected = done.exception is None or isinstance(done.exception, SystemExit)
    told = done.output
    return expected and done.exit_code in (0, 1) and "Traceback" not in told and "sqlalche.me" not in told
