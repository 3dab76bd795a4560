import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

import manage
from models.account import Account
from services import db
from services.settings import ROOT, settings

PASSWORD = "a long sentence nobody guesses 7\n"


def run(*arguments: str, stdin: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(manage.app, arguments, input=stdin)
    return done.exit_code, done.output


def test_help_needs_neither_database_nor_streamlit() -> None:
    code = "import sys, manage; print(sorted({'sqlalchemy', 'streamlit', 'pandas', 'babel'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", "Import these inside the command that needs them."


@pytest.mark.usefixtures("database")
def test_init_can_be_repeated_and_an_empty_ledger_verifies() -> None:
    assert run("init")[0] == 0
    code, said = run("verify")
    assert code == 0
    assert "0 matters, 0 events and 0 audit lines: 0 problems" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("restore", "nothing.db", "--yes"),
        ("restore", "nothing.db"),
        ("import", "matters", "nothing.csv", "--dry-run"),
        ("user", "password", "nobody", "--password-stdin"),
        ("user", "add", "x", "--name", "X", "--role", "staff", "--password-stdin"),
        ("user", "add", "li.wei", "--name", "X", "--role", "staff", "--area", "none", "--password-stdin"),
        ("casebook", "--place", "nowhere"),
        ("demo", "--place", "nowhere"),
    ],
)
@pytest.mark.usefixtures("database")
def test_a_refusal_is_a_sentence_and_ends_with_one(arguments: tuple[str, ...]) -> None:
    code, said = run(*arguments, stdin=PASSWORD)
    assert code == 1
    assert said.strip().endswith((".", "?", "help", "list"))
    assert "Traceback" not in said


@pytest.mark.usefixtures("database")
def test_an_account_is_made_listed_and_closed() -> None:
    add = ("user", "add", "li.wei", "--name", "Li", "--role", "admin", "--password-stdin")
    assert run(*add, stdin=PASSWORD)[0] == 0
    assert run(*add, stdin=PASSWORD)[0] == 1
    assert "li.wei\tadmin\tactive" in run("user", "list")[1]
    assert run("user", "deactivate", "li.wei")[0] == 0
    with db.reading() as session:
        account = session.exec(select(Account)).one()
        assert (account.active, "guesses" in (account.password or "")) == (False, False)


@pytest.mark.usefixtures("database")
def test_sample_records_are_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_MODE", "production")
    settings.cache_clear()
    code, said = run("demo")
    assert (code, "not allowed in production" in said) == (1, True)


def test_production_with_a_known_key_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MULIN_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    monkeypatch.setenv("MULIN_MODE", "production")
    monkeypatch.setenv("MULIN_KEY", "short")
    settings.cache_clear()
    code, said = run("init")
    settings.cache_clear()
    assert (code, "MULIN_KEY" in said) == (1, True)


def test_a_database_that_does_not_answer_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_DATABASE_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    settings.cache_clear()
    db.forget()
    code, said = run("verify")
    db.forget()
    settings.cache_clear()
    assert (code, "Check MULIN_DATABASE_URL" in said, "secret" in said) == (1, True, False)
