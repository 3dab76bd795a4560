import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

import manage
from models.account import Account
from models.area import Area
from models.organisation import Organisation
from models.place import Place
from services.system import db
from services.system.settings import ROOT, settings

PASSWORD = "a long sentence nobody guesses 7\n"


def run(*arguments: str, stdin: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(manage.app, arguments, input=stdin)
    return done.exit_code, done.output


def test_help_needs_neither_database_nor_streamlit() -> None:
    code = "import sys, manage; print(sorted({'sqlalchemy', 'streamlit', 'pandas', 'babel'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", "Import these inside the command that needs them."


@pytest.mark.usefixtures("database")
def test_a_new_place_is_written_checked_and_loaded() -> None:
    assert run("init")[0] == 0
    code, said = run("place", "new", "lakeside", "--name", "Lakeside", "--root", "110105999001")
    assert code == 0 and str(settings().local_folder) in said.replace("\n", "")
    assert "Lakeside can be loaded: 1 areas" in run("place", "check", "lakeside")[1]
    assert [run("place", "load", "lakeside") for _ in range(2)] == [
        (0, "Lakeside is loaded.\n"),
        (0, "Lakeside was loaded before.\n"),
    ]
    with Session(db.engine()) as session:
        assert not session.exec(select(Place)).one().sample


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
        ("import", "undo", "7", "--yes"),
        ("user", "password", "nobody", "--password-stdin"),
        ("user", "add", "x", "--name", "X", "--role", "staff", "--password-stdin"),
        ("user", "add", "li.wei", "--name", "X", "--role", "staff", "--area", "none", "--password-stdin"),
        ("user", "add", "li.wei", "--name", "X", "--role", "unit_clerk", "--password-stdin"),
        ("user", "add", "li.wei", "--name", "X", "--role", "unit_clerk", "--unit", "none", "--password-stdin"),
        ("casebook", "--place", "nowhere"),
        ("place", "new", "chilinglu"),
        ("place", "check", "nowhere"),
        ("place", "load", "nowhere"),
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


@pytest.mark.usefixtures("place")
def test_an_account_of_a_unit_is_made_by_the_units_code(session: Session) -> None:
    session.rollback()
    add = ("user", "add", "li.wei", "--name", "Li", "--role", "unit_clerk", "--unit", "CL-O-CG", "--password-stdin")
    assert run(*add, stdin=PASSWORD)[0] == 0
    with db.reading() as session:
        unit = session.exec(select(Organisation.id).where(Organisation.code == "CL-O-CG")).one()
        assert session.exec(select(Account.organisation_id)).one() == unit


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


LEDGER = (
    "工单编号,标题,受理时间,状态,街道\n1,路灯不亮,2026-03-01,已办结,朝阳街道\n2,井盖破损,2026-03-02,办理中,光明街道\n"
)


@pytest.mark.usefixtures("database")
def test_a_ledger_is_tried_imported_listed_and_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.write_text(LEDGER, encoding="utf-8")
    new = ("--place", "hongqi", "--new-place", "红旗区", "--level", "district", "--prefix", "HQ")
    code, said = run("import", "matters", str(file), *new, "--dry-run")
    assert (code, "2 rows: 2 new" in said, "opened: 受理时间" in said) == (0, True, True)
    assert run("import", "list")[1] == ""
    code, said = run("import", "matters", str(file), *new, "--yes")
    assert (code, "import undo 1" in said) == (0, True)
    assert "2 unchanged" in run("import", "matters", str(file), "--yes")[1]
    assert "ledger.csv\t+2 ~0" in run("import", "list")[1]
    assert "2 rows removed" in run("import", "undo", "1", "--yes")[1]
    assert "undone by" in run("import", "list")[1]
    assert run("verify")[0] == 0


@pytest.mark.usefixtures("database")
def test_refused_rows_are_said_and_written_to_a_workbook(tmp_path: Path) -> None:
    file, errors = tmp_path / "ledger.csv", tmp_path / "errors.xlsx"
    file.write_text(LEDGER.replace("2026-03-02", "2026-02-30"), encoding="utf-8")
    new = ("--place", "hongqi", "--new-place", "红旗区", "--level", "district", "--prefix", "HQ")
    code, said = run("import", "matters", str(file), *new, "--yes", "--errors", str(errors))
    assert (code, "Row 3" in said, errors.exists()) == (1, True, True)
    code, said = run("import", "matters", str(file), *new, "--yes", "--good-rows-only")
    assert (code, "import undo 1" in said) == (0, True)


@pytest.mark.usefixtures("place")
def test_a_new_place_takes_the_rows_and_the_one_that_is_loaded_takes_none(session: Session, tmp_path: Path) -> None:
    session.rollback()
    file = tmp_path / "areas.csv"
    file.write_text("名称,级别\n东网格,grid\n西网格,grid\n", encoding="utf-8")
    new = ("import", "areas", str(file), "--new-place", "新来街道", "--level", "street", "--prefix", "XL", "--yes")
    code, said = run(*new)
    assert code == 0, said
    with db.reading() as session:
        made = session.exec(select(Place).where(Place.name == "新来街道")).one()
        brought = session.exec(select(Area.path).where(Area.name == "东网格")).one()
        assert brought.startswith(session.get_one(Area, made.area_id).path)
    assert "0 new" in run(*new)[1], "The same command again finds the place it made."
