"""Whoever is responsible for one grid gets that grid and nothing else, the administrator too."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.account import Account
from models.area import Area
from models.event import Event
from models.importing import ImportBatch, SavedMapping
from models.matter import Matter
from models.place import Place
from services.engine import events, workflow
from services.exporting import dumping, file_jobs, import_templates, restoring, table_scopes
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Words
from services.figures import card_evidence, cards
from services.flows.issue import issues, merges
from services.importing.batch import batches
from services.keep.verify import Problem, verify
from services.lines import reminders
from services.matters import audit_trail, organisations
from services.people import accounts
from services.public import disclosure
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused
from tests.databases import Templates, forget
from tests.services.rights import units
from ui.desk import chain_check

Actors = Callable[[str], Actor]


@pytest.fixture
def grids(session: Session, place: Place) -> tuple[Area, Area]:
    """Two grids, with a member of staff and three open matters of one unit each."""
    assert place
    one, two = (session.exec(select(Area).where(Area.code == code)).one() for code in ("CL-G1", "CL-G2"))
    for at, grid in enumerate((one, two)):
        login = f"staff.{grid.code[-1]}"
        account = accounts.create(
            session, "t", login=login, name=login, role="staff", password=None, area_id=grid.id, subject=login
        )
        who = Actor(account.id, login, "staff", grid.path, grid.id)
        for number in range(3):
            title = f"Lamp {number} of {grid.code}"
            issues.create(session, who, issues.NewIssue(title=title, area_id=grid.id))
            units.add(session, grid, 500 + at * 10 + number, "CL-O-XF")
        session.add(ImportBatch(kind="matters", file=f"{grid.code}.xlsx", digest="d", actor=login, place_id=place.id))
    session.add(SavedMapping(name="m", kind="matters", content={"place": place.slug}, actor="x"))
    session.commit()
    return one, two


def of(grid: Area, role: str) -> Actor:
    return Actor(None, role, role, grid.path, grid.id)


def exported(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as opened:
        return {name[7:-6]: opened.read(name).decode() for name in opened.namelist() if name.startswith("tables/")}


def test_the_full_export_of_a_grid_holds_its_rows(
    session: Session, grids: tuple[Area, Area], tmp_path: Path, actor: Actors
) -> None:
    one, two = grids
    readers = of(one, "staff"), replace(actor("viewer"), area_path="")
    session.commit()
    told = dumping.write(tmp_path / "grid.zip", "admin", within=one.path)
    tables = exported(tmp_path / "grid.zip")
    assert "Lamp 1 of CL-G1" in tables["matter"] and "CL-G2" not in str(tables)
    assert "staff.1" in tables["account"] and "staff.2" not in str(tables)
    assert tables["import_batch"] == tables["import_change"] == tables["saved_mapping"] == ""
    assert "audit_line" not in tables and told.place == ""
    wrote = set(session.exec(select(Event.matter_id).join(Matter).where(Matter.area_id == two.id)))
    assert wrote and not wrote & {json.loads(line)[1] for line in tables["event"].splitlines()}
    ancestors = {"430100", "430103", "430103004", "430103004008"}
    assert {json.loads(line)[1] for line in tables["area"].splitlines()} >= {*ancestors, one.code}
    for refused in readers:
        with pytest.raises(Refused):
            file_jobs.everything(refused, tmp_path / "none.zip")


def test_an_administrator_of_a_grid_takes_the_grid_from_the_page(
    session: Session, grids: tuple[Area, Area], tmp_path: Path
) -> None:
    assert session
    file_jobs.everything(of(grids[0], "admin"), tmp_path / "grid.zip")
    assert "CL-G2" not in str(exported(tmp_path / "grid.zip"))
    file_jobs.everything(Actor(None, "root", "admin"), tmp_path / "all.zip")
    assert "Lamp 1 of CL-G2" in exported(tmp_path / "all.zip")["matter"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_left_of_a_grid_fills_a_database(
    grids: tuple[Area, Area], tmp_path: Path, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumping.write(tmp_path / "grid.zip", "admin", within=grids[0].path)
    url = templates.copy("sqlite", "base")
    monkeypatch.setenv("MULIN_DATABASE_URL", url)
    forget()
    restoring.restore(tmp_path / "grid.zip")
    with db.reading() as session:
        kept = session.exec(select(Matter)).all()
        assert len(kept) == 6 and {one.area_id for one in kept} == {grids[0].id}
        assert {problem.kind for problem in verify(session).problems} <= {"missing", "inserted"}
        assert session.exec(select(Account.login).where(col(Account.login).startswith("staff"))).all() == ["staff.1"]
    forget()
    templates.drop(url)


def test_above_the_places_all_of_them_leave(session: Session, grids: tuple[Area, Area], place: Place) -> None:
    assert grids
    for path, found in (("430100/430103/", 1), (session.get_one(Area, place.area_id).path, 1), ("X/", 0)):
        for table in table_scopes.tables(path):
            rows = session.execute(table_scopes.query(session, table, path)).all()
            if table.name in ("place", "serial"):
                assert len(rows) == found, (path, table.name)


def test_the_trail_the_lines_and_the_check_are_of_the_grid(session: Session, grids: tuple[Area, Area]) -> None:
    one, two = grids
    mine = of(one, "admin")
    for path in ("", one.path, two.path):
        assert {matter.area_id for _, matter in audit_trail.events(session, mine, path)} == {one.id}
    for grid in grids:
        audit.write(session, grid.code, "remind", "CL-O-XF", area=grid.path)
    audit.write(session, "street", "remind", "CL-O-ZB1", area="430100/")
    audit.write(session, "street", "remind", "CL-O-ZB2", area="430100/")
    found = [(line.actor, line.subject) for line in audit_trail.lines(session, mine) if line.act == "remind"]
    assert found == [("street", "CL-O-ZB1"), ("CL-G1", "CL-O-XF")]
    rows = lists.extract(session, mine, "audit_lines", {})
    assert "CL-G2" not in str([*rows.cells(Words("en"))])
    broken = [Problem("changed", f"CL-2026-000{number}", 1, "x") for number in (501, 511)]
    assert [one.number for one in chain_check._told(session, mine, broken)] == ["CL-2026-000501"]
    assert chain_check._told(session, Actor(None, "root", "admin"), broken) == broken


def test_cards_count_the_records_of_the_grid_and_recount_nothing_by_them(
    session: Session, grids: tuple[Area, Area], place: Place, actor: Actors
) -> None:
    whole, part = (cards.readings(session, who, place) for who in (actor("admin"), of(grids[0], "admin")))
    assert [one.card for one in whole] == [one.card for one in part]
    proofs = [one.proof for one in part if one.proof and one.proof.page == "issues"]
    assert all(found.query["area"] == grids[0].code and found.count <= 6 for found in proofs)
    of_matters = {one.card.evidence for one in whole if one.proof and one.proof.page in ("issues", "deliberations")}
    assert of_matters
    for reading in part:
        for recount in reading.recounts:
            asked = recount.figure.evidence.partition("?")[0]
            assert recount.evidence is None or asked not in card_evidence._OF_MATTERS


def test_how_much_a_unit_has_open_is_counted_of_the_grid(
    session: Session, grids: tuple[Area, Area], actor: Actors
) -> None:
    unit = units.organisation(session, "CL-O-XF").id
    assert organisations.open_matters(session, of(grids[0], "grid_worker")) == {unit: 3}
    assert organisations.open_matters(session, actor("staff")) == {unit: 6}


def test_without_a_path_nobody_of_a_grid_reminds_anybody(session: Session, grids: tuple[Area, Area]) -> None:
    who = of(grids[0], "staff")
    for ask in (reminders.owing, reminders.issue_all):
        with pytest.raises(Refused):
            ask(session, who, "")
    assert reminders.owing(session, who, grids[0].path)


def test_imports_are_those_of_places_one_may_import_into(session: Session, grids: tuple[Area, Area]) -> None:
    assert batches.history(session, of(grids[0], "staff")) == []
    assert len(batches.history(session, Actor(None, "root", "admin"))) == 2
    with pytest.raises(Refused):
        import_templates.write(session, of(grids[0], "staff"), "areas", "chilinglu", Path("/nonexistent"))


def test_a_matter_names_no_other_that_may_not_be_read(session: Session, grids: tuple[Area, Area]) -> None:
    one, two = grids
    root = Actor(None, "s", "secretary", "430100/")
    goes, stays = (units.add(session, grid, 600 + at, state="submitted") for at, grid in enumerate(grids))
    workflow.move(session, root, goes.number, "merge", goes.version, {"duplicate_of": stays.number})
    for grid, matter, other in ((one, goes, stays), (two, stays, goes)):
        log = events.history(session, matter.id)
        assert other.number in json.dumps([event.data for event in log])
        told = disclosure.history(session, of(grid, "staff"), matter.flow, log)
        assert len(told) == len(log) and other.number not in json.dumps([event.data for event in told])
        assert disclosure.history(session, root, matter.flow, log) == log
    again = units.add(session, one, 602, state="submitted")
    with pytest.raises(Refused):
        inputs = {"duplicate_of": stays.number}
        workflow.move(session, of(one, "staff"), again.number, "merge", again.version, inputs)
    assert merges.candidates(session, of(one, "staff"), again).keys().isdisjoint({stays.number})
