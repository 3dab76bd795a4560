"""The full export and the way back: every row the same on either database, and nothing written for a bad archive."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Table, null, text, update
from sqlmodel import Session, SQLModel, col, select

from models import Account, Answer, Area, LocalCategory, Matter, Place, SavedMapping
from services.engine import workflow
from services.exporting import dumping, restoring, table_scopes
from services.flows.issue import issues
from services.keep.verify import verify
from services.matters import matters
from services.people import accounts
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import NotFound, Refused
from tests import databases
from tests.databases import DIALECTS, Templates, forget

Use = Callable[..., str]


@pytest.fixture
def use(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Let the program work on a fresh database of a dialect, empty unless another template is named."""
    made: list[str] = []

    def of(dialect: str, template: str = "base") -> str:
        made.append(templates.copy(dialect, template))
        databases.use(monkeypatch, made[-1])
        return made[-1]

    yield of
    forget()
    for url in made:
        templates.drop(url)


def rows(session: Session, table: Table, *, counted: bool = False) -> list[dict[str, Any]]:
    query = table.select().order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in session.execute(query.where(table.c.n > 0) if counted else query)]


def everything(session: Session) -> dict[str, list[dict[str, Any]]]:
    found = {
        name: rows(session, table, counted=name in table_scopes.NEVER - {"sign_in", "attempt", "attempt_count"})
        for name, table in SQLModel.metadata.tables.items()
    }
    terms = session.execute(text("SELECT rowid, terms FROM matter_text ORDER BY rowid")).all()
    index = [
        {"id": row.rowid, "terms": sorted(set(row.terms if isinstance(row.terms, list) else row.terms.split()))}
        for row in terms
    ]
    empty = [
        {
            f"{table.name}.{column.name}": session.execute(
                text(f'SELECT count(*) FROM "{table.name}" WHERE {column.name} IS NULL')
            ).scalar()
        }
        for table in SQLModel.metadata.tables.values()
        for column in table.c
        if isinstance(column.type, JSON)
    ]
    return {**found, "matter_text": index, "empty": empty}


def fill() -> None:
    """Beside the demo place what is hard to carry: links forward, strange letters, JSON, empty cells."""
    with db.writing() as session:
        place = session.exec(select(Place)).one()
        account = accounts.create(
            session,
            "test",
            login="li.na",
            name="李娜 🏠",
            role="staff",
            password="Kx7!pouring-Rain",
            area_id=place.area_id,
        )
        writer = Actor(account.id, account.name, "staff", session.get_one(Area, place.area_id).path, place.area_id)
        made = issues.create(session, writer, issues.NewIssue(title="=1+1 ﹣\u3000𠮷", area_id=place.area_id))
        workflow.move(session, writer, made.number, "accept", made.version, {"category": "01037"})
        first = session.exec(select(Matter).order_by(col(Matter.id))).first()
        assert first
        first.repeats_id, first.lng = made.id, 112.98765432109876
        session.add(first)
        session.exec(update(Area).where(col(Area.id) == 5).values(geometry=null()))
        session.add(Answer(matter_id=made.id, category="reporter", question="satisfaction", value="satisfied"))
        session.add(LocalCategory(code="95000", zh="自设", en="Own"))
        session.add(SavedMapping(name="m", kind="matters", content={"a": [1, 2.5, None, {"b": "路"}]}, actor="x"))


@pytest.fixture(scope="module")
def archive(
    templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], tuple[Path, Any]]]:
    """The archive of a full database of each dialect, with what stood in that database."""
    made: dict[str, tuple[Path, Any]] = {}

    def of(dialect: str) -> tuple[Path, Any]:
        if dialect not in made:
            made[dialect] = _made(templates, dialect, tmp_path_factory.mktemp("archive") / "all.zip")
        return made[dialect]

    yield of
    forget()


def _made(templates: Templates, dialect: str, path: Path) -> tuple[Path, Any]:
    url = templates.copy(dialect, "demo")
    with pytest.MonkeyPatch.context() as patch:
        databases.use(patch, url)
        fill()
        dumping.write(path, "root", passwords=True)
        with db.reading() as session:
            found = everything(session)
    forget()
    templates.drop(url)
    return path, found


@pytest.mark.parametrize("source", DIALECTS)
@pytest.mark.parametrize("target", DIALECTS)
def test_a_database_comes_back_to_the_last_row(
    archive: Callable[[str], tuple[Path, Any]], use: Use, source: str, target: str
) -> None:
    path, kept = archive(source)
    before = dict(kept)
    use(target)
    told = restoring.restore(path)
    with db.reading() as session:
        after = everything(session)
        if source != target:
            # Each database keeps its own terms for the same texts.
            for side in (before, after):
                side["matter_text"] = [{"id": row["id"], "some": bool(row["terms"])} for row in side["matter_text"]]
        assert {name: len(found) for name, found in after.items()} == {
            name: len(found) for name, found in before.items()
        }
        for name, found in before.items():
            assert after[name] == found, name
        assert told.rows() == sum(len(before[entry.table]) for entry in told.files)
        report = verify(session)
        assert (report.problems, report.matters) == ([], len(before["matter"]))
    with db.writing() as session:
        place = session.exec(select(Place)).one()
        staff = Actor(None, "x", "staff", session.get_one(Area, place.area_id).path, place.area_id)
        new = issues.create(session, staff, issues.NewIssue(title="新的路灯", area_id=place.area_id))
        assert new.id == max(row["id"] for row in before["matter"]) + 1
        assert matters.count(session, staff, matters.Filter(text="新的路灯")) == 1
        session.add(LocalCategory(code="95001", zh="又一", en="Another"))


def test_passwords_and_sign_ins_stay_unless_asked_for(use: Use, tmp_path: Path) -> None:
    use("sqlite")
    with db.writing() as session:
        accounts.create(session, "t", login="li.na", name="n", role="admin", password="Kx7!pouring-Rain", area_id=None)
    dumping.write(tmp_path / "bare.zip", "root")
    assert (tmp_path / "bare.zip").stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(tmp_path / "bare.zip") as opened:
        assert b"argon2" not in b"".join(opened.read(name) for name in opened.namelist())
        assert "tables/sign_in.jsonl" not in opened.namelist()
    use("sqlite")
    restoring.restore(tmp_path / "bare.zip")
    with db.reading() as session:
        [account] = session.exec(select(Account)).all()
        assert (account.login, account.password) == ("li.na", None)


@pytest.mark.parametrize("target", DIALECTS)
def test_one_place_leaves_whole_and_alone(use: Use, tmp_path: Path, target: str) -> None:
    use("sqlite", "demo")
    fill()
    with db.writing() as session:
        city = Area(code="X", name="别处", level="community", path="X/")
        session.add(city)
        session.flush()
        session.add(Place(slug="elsewhere", name="别处", prefix="XX", area_id=city.id))
        secretary = accounts.create(
            session, "t", login="other", name="o", role="secretary", password="Kx7!pouring-Rain", area_id=city.id
        )
        writer = Actor(secretary.id, "o", "staff", "", None)
        issues.create(session, writer, issues.NewIssue(title="别处的灯", area_id=city.id))
        here = session.exec(select(Place.area_id).where(Place.slug == "chilinglu")).one()
        issues.create(session, writer, issues.NewIssue(title="此处的灯", area_id=here))
    told = dumping.write(tmp_path / "one.zip", "root", slug="chilinglu")
    assert told.place == "chilinglu"
    use(target)
    restoring.restore(tmp_path / "one.zip")
    with db.reading() as session:
        assert [place.slug for place in session.exec(select(Place))] == ["chilinglu"]
        titles = set(session.exec(select(Matter.title)))
        assert "此处的灯" in titles
        assert "别处的灯" not in titles
        report = verify(session)
        assert [problem.message for problem in report.problems] == []
        other = session.exec(select(Account).where(Account.login == "other")).one()
        assert (other.area_id, other.active, other.password) == (None, False, None)
    with pytest.raises(NotFound):
        dumping.write(tmp_path / "none.zip", "root", slug="nowhere")
    assert not list(tmp_path.glob("none*"))


def test_a_database_that_holds_anything_is_left_alone(archive: Callable[[str], tuple[Path, Any]], use: Use) -> None:
    use("sqlite")
    with db.writing() as session:
        session.add(Area(code="X", name="x", level="city", path="X/"))
    with pytest.raises(Refused, match="not empty: area"):
        restoring.restore(archive("sqlite")[0])


def repacked(source: Path, target: Path, **changed: bytes | None) -> Path:
    """A copy with files replaced (by name, / as __), removed or added; the manifest tells of it unless replaced."""
    with zipfile.ZipFile(source) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    told = json.loads(parts["manifest.json"])
    for name, data in changed.items():
        path = name.replace("__", "/", 1) + ".jsonl" if name.startswith("tables__") else name
        if data is None:
            parts.pop(path)
        else:
            parts[path] = data
    for entry in told["files"]:
        data = parts.get(f"tables/{entry['table']}.jsonl", b"")
        entry |= {"rows": data.count(b"\n"), "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    parts["manifest.json"] = changed.get("manifest.json") or json.dumps(told).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(name, data)
    return target


def edited(source: Path, **changes: Any) -> bytes:
    with zipfile.ZipFile(source) as opened:
        return json.dumps(json.loads(opened.read("manifest.json")) | changes).encode()


def link(area: list[Any], **_: Any) -> bytes:
    return (json.dumps(area) + "\n").encode()


AREA = [1, "A", "a", "city", None, "A/", None, None, None, None, None, True, False]
BAD_ROWS = {
    "not json": b"nonsense\n",
    "an object": b'{"id": 1}\n',
    "too few cells": b"[1]\n",
    "a number for a name": link([1, 5, *AREA[2:]]),
    "a text for an id": link(["1", *AREA[1:]]),
    "true for an id": link([True, *AREA[1:]]),
    "not a number": link([*AREA[:8], float("nan"), *AREA[9:]]),
    "deep": b"[" * 100_000 + b"\n",
    "twice the same id": link(AREA) * 2,
    "a parent that is not there": link([*AREA[:6], 99, *AREA[7:]]),
    "too great a number": link([2**70, *AREA[1:]]),
    "half a letter": link([1, "A", "\ud800", *AREA[3:]]),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_broken_row_is_a_sentence_and_nothing_is_written(
    archive: Callable[[str], tuple[Path, Any]], use: Use, tmp_path: Path, row: str, dialect: str
) -> None:
    bad = repacked(archive("sqlite")[0], tmp_path / "bad.zip", tables__area=BAD_ROWS[row])
    use(dialect)
    with db.reading() as session:
        before = everything(session)
    with pytest.raises(Refused, match="Nothing was imported"):
        restoring.restore(bad, unsealed=True)
    with db.reading() as session:
        assert everything(session) == before
        assert {name for name, rows in before.items() if rows} <= {"empty", "seal_head"}


@pytest.mark.parametrize(
    "changed",
    [
        {"tables__area": None},
        {"../../etc/passwd": b"x\n"},
        {"tables/extra.jsonl": b""},
        {"manifest.json": b"{}"},
        {"manifest.json": b"["},
        {"manifest.json": b"\xff\xfe"},
        {"tables__area": b" " * 30_000_000 + b"\n"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_archive_that_is_not_what_it_says_is_damaged(
    archive: Callable[[str], tuple[Path, Any]], use: Use, tmp_path: Path, changed: dict[str, bytes | None]
) -> None:
    bad = repacked(archive("sqlite")[0], tmp_path / "bad.zip", **changed)
    use("sqlite")
    with pytest.raises(Refused, match="damaged, or no full export"):
        restoring.restore(bad, unsealed=True)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_damaged(use: Use, tmp_path: Path, content: bytes) -> None:
    use("sqlite")
    (tmp_path / "bad.zip").write_bytes(content)
    with pytest.raises(Refused, match="damaged, or no full export"):
        restoring.restore(tmp_path / "bad.zip")
    with pytest.raises(Refused, match="There is no file"):
        restoring.restore(tmp_path / "none.zip")


def test_a_flipped_bit_is_found(archive: Callable[[str], tuple[Path, Any]], use: Use, tmp_path: Path) -> None:
    use("sqlite")
    data = bytearray(archive("sqlite")[0].read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "bad.zip").write_bytes(data)
    with pytest.raises(Refused, match="damaged, or no full export"):
        restoring.restore(tmp_path / "bad.zip")


def test_other_schemas_and_other_keys_are_named(
    archive: Callable[[str], tuple[Path, Any]], use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = archive("sqlite")[0]
    use("sqlite")
    for version, said in (("9999", "newer version"), ("0001", "older version")):
        bad = repacked(source, tmp_path / "bad.zip", **{"manifest.json": edited(source, schema_version=version)})
        with pytest.raises(Refused, match=said):
            restoring.restore(bad)
    changed = repacked(source, tmp_path / "changed.zip", **{"manifest.json": edited(source, made_at="2020-01-01")})
    with pytest.raises(Refused, match="does not fit MULIN_KEY"):
        restoring.restore(changed)
    monkeypatch.setenv("MULIN_KEY", "x" * 40)
    forget()
    with pytest.raises(Refused, match="does not fit MULIN_KEY"):
        restoring.restore(source)
    restoring.restore(source, unsealed=True)
    with db.reading() as session:
        assert verify(session).found > 0
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_every_table_knows_what_of_it_belongs_to_a_place() -> None:
    named = {table.name for table in table_scopes.tables("one")}
    assert named == set(table_scopes._BELONGS), (
        "Say in services/exporting/table_scopes.py which rows of the table are a place's."
    )
