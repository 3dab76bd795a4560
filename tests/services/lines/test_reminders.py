import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from manage import app
from models.area import Area
from models.audit import AuditLine
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.figures import indicators
from services.flows.issue import issues
from services.lines import reminder_text, reminders
from services.matters import audit_trail
from services.rights.permissions import Actor
from services.rules import worktime
from services.system import clock
from services.system.errors import NotFound, Refused

Actors = Callable[[str], Actor]
SECRET = "Mr Wang 13800138000 <b>"


@pytest.fixture
def ledger(session: Session, place: Place, actor: Actors) -> dict[str, Any]:
    """A unit that owes one of each kind, and one matter at the desk."""
    unit = session.exec(select(Organisation).where(Organisation.kind == "property")).first()
    building = session.exec(select(Area).where(Area.level == "building")).first()
    assert unit and building
    now = clock.now()
    rows: list[tuple[str, float | None, dict[str, Any]]] = [
        ("in_progress", -9, {}),
        ("in_progress", -1, {}),
        ("in_progress", -2, {"area_id": building.id}),
        ("to_verify", 1, {}),
        ("dispatched", 9, {}),
        ("in_progress", 20, {}),
        ("suspended", None, {"hold_until": now - timedelta(days=1)}),
        ("suspended", None, {"hold_until": now + timedelta(days=1)}),
        ("closed", -3, {"is_open": False}),
        ("submitted", -1, {"unit_id": None}),
    ]
    for state, days, more in rows:
        matter = issues.create(session, actor("staff"), issues.NewIssue(title=SECRET, area_id=place.area_id))
        due = None if days is None else worktime.add(now, days, "work_day")
        told = {"state": state, "unit_id": unit.id, "due_at": due, "category": "06036", "location": SECRET, **more}
        for name, value in told.items():
            setattr(matter, name, value)
        session.add(matter)
    session.flush()
    return {"unit": unit, "building": building, "path": session.get_one(Area, place.area_id).path}


def test_each_unit_owes_what_it_owes(session: Session, actor: Actors, ledger: dict[str, Any]) -> None:
    mine, desk = reminders.owing(session, actor("secretary"), ledger["path"])
    assert mine.code == ledger["unit"].code and mine.reminded_at is None
    assert mine.counts == {"serious": 1, "overdue": 2, "due_soon": 1, "hold_over": 1, "to_sign": 1}
    assert (desk.code, desk.counts["overdue"], sum(desk.counts.values())) == (reminders.DESK, 1, 1)
    sheet = reminders.sheet(session, actor("secretary"), ledger["path"], mine.code)
    assert [entry.row.standing for entry in sheet.entries] == [
        "serious",
        "overdue",
        "overdue",
        "due_soon",
        "on_track",
        "hold_over",
    ]
    assert [round(entry.late, 3) for entry in sheet.entries if entry.late] == [9, 2, 1]
    assert [entry.to_sign for entry in sheet.entries].count(True) == 1


def test_the_text_for_a_chat_holds_nothing_that_was_typed(
    session: Session, actor: Actors, ledger: dict[str, Any]
) -> None:
    sheet = reminders.sheet(session, actor("secretary"), ledger["path"], ledger["unit"].code)
    for said in (
        *(reminder_text.text(sheet, language) for language in ("zh_CN", "en")),
        json.dumps(reminder_text.facts(sheet), ensure_ascii=False),
    ):
        assert not any(part in said for part in SECRET.split()[1:])
        assert ledger["building"].name not in said, "a building points at somebody"
        assert all(entry.row.matter.number in said for entry in sheet.entries)
    assert "Seriously overdue 9 working days" in reminder_text.text(sheet, "en")
    assert reminder_text.standing(reminders.Entry(sheet.entries[1].row, "", 0.1, False), "en") == "Overdue"
    assert "严重超期 9 个工作日" in reminder_text.text(sheet, "zh_CN")


def test_that_a_sheet_was_handed_out_is_kept(session: Session, actor: Actors, ledger: dict[str, Any]) -> None:
    code = ledger["unit"].code
    reminders.issue(session, actor("staff"), ledger["path"], code)
    line = session.exec(select(AuditLine).where(AuditLine.act == "remind")).one()
    assert (line.actor, line.subject, (line.data or {})["serious"]) == ("staff", code, 1)
    mine, desk = reminders.owing(session, actor("secretary"), ledger["path"])
    assert mine.reminded_at == line.at and desk.reminded_at is None
    assert code in [one.subject for one in audit_trail.lines(session, actor("secretary"))]


@pytest.mark.parametrize("role", ["grid_worker", "viewer", "admin"])
def test_others_see_and_hand_out_nothing(session: Session, actor: Actors, ledger: dict[str, Any], role: str) -> None:
    for ask in (reminders.owing, reminders.issue_all):
        with pytest.raises(Refused):
            ask(session, actor(role), ledger["path"])
    grid = session.exec(select(Area).where(Area.level == "grid")).first()
    assert grid
    with pytest.raises(Refused):
        reminders.owing(session, Actor(None, "x", "staff", grid.path, grid.id), ledger["path"])


def test_a_unit_that_owes_nothing_has_no_sheet(session: Session, actor: Actors, ledger: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        reminders.sheet(session, actor("staff"), ledger["path"], "CL-O-NOBODY")


def test_the_command_prints_and_notes_unless_it_only_looks(session: Session, ledger: dict[str, Any]) -> None:
    session.commit()
    run = CliRunner()
    looked = run.invoke(app, ["remind", "--dry-run", "--json"])
    assert looked.exit_code == 0, looked.output
    assert [one["unit"] for one in json.loads(looked.stdout)] == [ledger["unit"].code, "desk"]
    assert session.exec(select(AuditLine).where(AuditLine.act == "remind")).first() is None
    session.commit()
    one = run.invoke(app, ["remind", "--unit", "desk"])
    assert one.exit_code == 0 and "Community desk" in one.stdout
    session.expire_all()
    assert session.exec(select(AuditLine).where(AuditLine.act == "remind")).one().subject == "desk"
    session.commit()
    assert run.invoke(app, ["remind", "--unit", "nobody"]).exit_code == 1


def test_the_share_of_paused_matters_is_counted_inside_the_open_ones(
    session: Session, place: Place, ledger: dict[str, Any]
) -> None:
    month = clock.month_of(clock.now())
    found = indicators.total(session, "paused_share", ledger["path"], indicators.Span(month, month))
    still = [one for one in session.exec(select(Matter)) if one.is_open]
    assert (found.numerator, found.denominator) == (2, len(still)) and place
