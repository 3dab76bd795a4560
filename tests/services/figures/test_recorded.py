"""What a ledger doesn't record is "not recorded" everywhere, and a mixed population says how many it leaves out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.audit import AuditLine
from models.matter import THINGS, Matter, bit
from models.place import Place
from services.exporting.lists import figure_lists
from services.exporting.lists.list_requests import Question as Asked
from services.figures import breakdowns, indicators, readings
from services.figures.breakdowns import Question
from services.figures.kept_counts import Count
from services.importing.batch import undo
from services.keep.verify import verify
from services.layers import shading
from services.layers.map_views import View
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock, db
from tests.services.importing.ledgers import COLUMNS, bring, ledger, told

ADMIN = Actor(None, "admin", "admin")
# Of 71 complaints 43 are open, none with a deadline: 28 of 71 are closed, 39.4 %.
OPEN, CLOSED = 43, 28
PLAIN = {name: COLUMNS[name] for name in ("ref", "title", "opened", "status", "grid")}
SILENT = (
    *("closed_due_rate", "on_time_rate", "rework_rate", "dispatch_accuracy", "contact_rate", "solved_rate"),
    *("satisfaction", "three_rates", "recurrence_rate"),
)


@pytest.fixture(autouse=True)
def anew(session: Session, place: Place) -> Place:
    session.rollback()
    breakdowns.forget()
    return place


def complaints(n_open: int = OPEN, n_closed: int = CLOSED, **changes: str) -> list[dict[str, str]]:
    waiting = {"状态": "办理中", "办结时间": "", "期限": ""} | changes
    closed = {"期限": "", "受理时间": "2026-03-01 09:00", "办结时间": "2026-03-03 09:00"} | changes
    return ledger(*[waiting] * n_open, *[closed] * n_closed)


def root(session: Session) -> Area:
    return session.get_one(Area, session.exec(select(Place.area_id)).one())


def total(session: Session, code: str) -> Count:
    return indicators.total(session, code, root(session).path, readings.span("all"))


def add(n: int, **columns: Any) -> None:
    """Matters that began here."""
    with db.writing() as session:
        at, grid = clock.now() - timedelta(days=9), session.exec(select(Area.id).where(Area.code == "CL-G2")).one()
        usual: dict[str, Any] = {"flow": "issue", "state": "closed", "is_open": False, "on_time": True}
        usual |= {"due_at": at, "area_id": grid}
        usual |= {"title": "t", "opened_at": at, "opened_month": clock.month_of(at), "closed_at": clock.now()} | columns
        session.add_all(Matter(**usual, number=f"N-{usual['on_time']}-{code}") for code in range(n))


def test_the_closing_rate_counts_those_without_a_deadline(tmp_path: Path) -> None:
    bring(tmp_path, complaints(), told(columns=PLAIN))
    with db.reading() as session:
        assert total(session, "closed_rate") == Count(CLOSED, CLOSED + OPEN)
        assert total(session, "closed_due_rate") == Count(0, 0, CLOSED + OPEN)
        assert total(session, "undated") == Count(OPEN)
        beside = readings.beside(session, "closed_rate", root(session).path, readings.span("all"))
        assert beside == {"closed_due_rate": Count(0, 0, CLOSED + OPEN), "undated": Count(OPEN)}


def test_with_a_deadline_both_readings_stand(tmp_path: Path) -> None:
    """The official reading passes over what is not due: pandas from the very rows of the file."""
    later = (clock.today() + timedelta(days=30)).isoformat()
    rows = complaints(5, 7) + ledger(*[{"状态": "办理中", "办结时间": "", "期限": "2026-03-05"}] * 3)
    rows += ledger(*[{"状态": "办理中", "办结时间": "", "期限": later}] * 4, *[{}] * 6)
    rows = [row | {"工单编号": str(at)} for at, row in enumerate(rows)]
    bring(tmp_path, rows, told())
    table = pd.DataFrame(rows)
    closed, dated = table["状态"] == "已办结", table["期限"] != ""
    late = ~closed & dated & (table["期限"] < clock.today().isoformat())
    with db.reading() as session:
        assert total(session, "closed_rate") == Count(closed.sum(), len(table))
        assert total(session, "closed_due_rate") == Count((closed & dated).sum(), (closed & dated).sum() + late.sum())
        assert total(session, "undated") == Count((~closed & ~dated).sum())


@pytest.mark.parametrize("code", SILENT)
def test_silence_is_neither_nothing_nor_all_of_it(tmp_path: Path, code: str) -> None:
    bring(tmp_path, complaints(), told(columns=PLAIN))
    with db.reading() as session:
        here = areas.scope(session, ADMIN, root(session).code)
        found = total(session, code)
        assert (found.numerator, found.denominator, found.recorded) == (0, 0, False) and found.left
        for by in indicators.definitions()[code].by:
            span = readings.span("all")
            told_ = breakdowns.breakdown(session, ADMIN, Question(code, here, by, span))
            assert not told_.whole.count.recorded and told_.whole.count.left == found.left
            assert {line.place.verdict for line in told_.lines if line.place} <= {"not_recorded", "no_cases"}
        rows = readings.ranking(session, code, here, "all")
        assert {row.verdict for row in rows} == {"not_recorded", "no_cases"}
        shades = shading.shading(session, ADMIN, View(here, Filter(path=here.path), code, "all")).shades
        assert {(shade.step, shading.shown(shade.count, "share")) for shade in shades} == {(None, "")}
        assert sum(shade.count.left for shade in shades) == found.left


def test_times_to_close_are_not_recorded_where_nobody_wrote_them_down(tmp_path: Path) -> None:
    bring(tmp_path, complaints(), told(columns=PLAIN))
    with db.reading() as session:
        half = readings.lasted(session, root(session).path, "all")["duration_median"]
        assert (half.n, half.hours, half.left) == (0, None, CLOSED + OPEN)


@pytest.mark.parametrize("dropped", ["closed", "on_time"])
def test_a_deadline_without_a_closing_time_is_no_nought_per_cent(tmp_path: Path, dropped: str) -> None:
    rows = ledger(*[{"状态": "办理中", "办结时间": ""}] * 4, *[{}] * 9)
    bring(tmp_path, rows, told(columns={name: column for name, column in COLUMNS.items() if name != dropped}))
    with db.reading() as session:
        found = total(session, "on_time_rate")
        assert found == (Count(0, 0, 13) if dropped == "closed" else Count(9, 13))
        assert total(session, "closed_due_rate") == Count(9, 13) == total(session, "closed_rate")


def test_a_mixed_population_counts_those_that_record_it(tmp_path: Path) -> None:
    bring(tmp_path, complaints(), told(columns=PLAIN))
    add(6, reworks=1)
    add(4, on_time=False)
    with db.reading() as session:
        assert total(session, "rework_rate") == Count(6, 10, CLOSED)
        assert total(session, "on_time_rate") == Count(6, 10, CLOSED + OPEN)
        assert total(session, "closed_rate") == Count(CLOSED + 10, CLOSED + OPEN + 10)
        assert total(session, "closed_due_rate") == Count(10, 10, CLOSED + OPEN)
        rows = {row.area.code: row for row in readings.ranking(session, "rework_rate", _here(session), "all")}
        assert {code: row.verdict for code, row in rows.items() if row.verdict != "no_cases"} == {
            "CL-G1": "not_recorded",
            "CL-G2": "same",
        }


def _here(session: Session) -> areas.Scope:
    return areas.scope(session, ADMIN, root(session).code)


def test_a_ledger_with_a_column_for_it_records_it(tmp_path: Path) -> None:
    rows = [row | {"返工": str(at % 2)} for at, row in enumerate(complaints(3, 8))]
    bring(tmp_path, rows, told(columns=COLUMNS | {"reworks": ["返工"]}))
    with db.reading() as session:
        found = total(session, "rework_rate")
        assert (found.denominator, found.left) == (8, 0) and found.numerator == 4


def test_a_later_import_of_the_same_ledger_says_more_and_an_undo_says_less_again(tmp_path: Path) -> None:
    bring(tmp_path, complaints(0, 8), told(columns=PLAIN))
    rows = [row | {"返工": "1"} for row in complaints(0, 8)]
    more = bring(tmp_path, rows, told(columns=PLAIN | {"reworks": ["返工"]}))
    with db.reading() as session:
        assert total(session, "rework_rate") == Count(8, 8)
    with db.writing() as session:
        undo.undo(session, ADMIN, more.batch_id or 0)
    with db.reading() as session:
        assert total(session, "rework_rate") == Count(0, 0, 8)
        assert [problem for problem in verify(session).problems if problem.kind == "count"] == []


def test_the_audit_says_what_an_import_did_not_record(tmp_path: Path) -> None:
    bring(tmp_path, complaints(1, 1), told(columns=PLAIN))
    with db.reading() as session:
        line = session.exec(select(AuditLine).where(AuditLine.act == "import")).one()
        silent = [thing for thing in THINGS if thing not in ("ending", "hold")]
        assert (line.data or {})["unrecorded"] == silent
        assert set(session.exec(select(Matter.unrecorded))) == {sum(map(bit, silent))}


def test_the_export_says_not_recorded_and_how_many(tmp_path: Path) -> None:
    bring(tmp_path, complaints(), told(columns=PLAIN))
    with db.reading() as session:
        asked = Asked(session, ADMIN, _here(session), {"period": "all"})
        found = figure_lists.table(asked)
        shown = {column.code: column for column in found.columns}
        rows = {(row.definition.code, row.area): row for row in found.rows()}
        name = root(session).name
        for code in SILENT:
            row = rows[code, name]
            assert shown["shown"].value(row, asked.words) in ("Not recorded", "未记载"), code
            assert shown["left_out"].value(row, asked.words) == total(session, code).left
        assert shown["shown"].value(rows["closed_rate", name], asked.words) == "39.4%"
