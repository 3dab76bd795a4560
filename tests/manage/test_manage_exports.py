"""The export commands and the way back, as an operator types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import manage
from services.system import db
from services.system.settings import settings


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(manage.app, arguments)
    return done.exit_code, done.output


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    _use(tmp_path / "one.db", monkeypatch)
    assert run("init")[0] == 0
    assert run("demo")[0] == 0
    return tmp_path


def _use(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("MULIN_LANGUAGE", "en")
    db.forget()
    settings.cache_clear()


def test_there_and_back(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = str(loaded / "all.zip")
    code, said = run("export", "all", archive)
    assert (code, "The export is complete" in said) == (0, True)
    assert run("import", "all", archive)[0] == 1, "The database is not empty."
    assert run("export", "all", archive, "--place", "nowhere")[0] == 1
    _use(loaded / "two.db", monkeypatch)
    code, said = run("import", "all", archive)
    assert (code, "python manage.py init" in said) == (1, True)
    assert run("init")[0] == 0
    code, said = run("import", "all", archive)
    assert (code, "rows were imported" in said) == (0, True)
    code, said = run("verify")
    assert (code, ": 0 problems" in said) == (0, True)
    db.forget()
    settings.cache_clear()


def test_a_place_leaves_as_files(loaded: Path) -> None:
    code, said = run("export", "place", str(loaded / "files"), "--place", "chilinglu")
    assert code == 0
    assert sorted(path.name for path in (loaded / "files").iterdir()) == sorted(
        Path(line).name for line in said.split() if line
    )
    assert run("export", "place", str(loaded / "files"), "--place", "nowhere")[0] == 1
    db.forget()
    settings.cache_clear()
