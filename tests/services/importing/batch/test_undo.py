from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, func, select

import services.registry  # noqa: F401
from models.answer import Answer
from models.area import Area
from models.audit import AuditLine
from models.category import LocalCategory
from models.event import Event
from models.importing import ImportBatch, ImportChange
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import workflow
from services.flows.issue import issues
from services.importing.batch.batches import undo
from services.keep import anchors
from services.keep.verify import verify
from services.matters import search
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import NotFound, Refused
from services.system.settings import settings
from services.words import vocabulary
from tests.services.importing.ledgers import ADMIN, bring, everything, ledger, told


@pytest.fixture(autouse=True)
def ground(session: Session, place: Place) -> Place:
    """A loaded place, and nobody who holds the database."""
    session.rollback()
    return place


def _undo(batch_id: int | None, keep_touched: bool = False) -> int:
    with db.writing() as session:
        return undo(session, ADMIN, batch_id or 0, keep_touched=keep_touched).new


def _counts() -> dict[str, int]:
    with db.reading() as session:
        models = (Matter, Event, Answer, Area, Organisation, Place, LocalCategory)
        found = {model.__tablename__: session.exec(select(func.count()).select_from(model)).one() for model in models}
        found["matter_text"] = session.execute(text("SELECT count(*) FROM matter_text")).scalar_one()
    return {str(name): count for name, count in found.items()}


def _problems() -> list[tuple[str, str]]:
    with db.reading() as session:
        return [(problem.kind, problem.number) for problem in verify(session).problems]


NEW = {"类别": "违建举报", "单位": "新来的单位", "网格": "新网格"}
MADE = {"category": {"违建举报": "+"}, "grid": {"新网格": "+"}}


def test_everything_an_import_brought_goes_with_it(tmp_path: Path) -> None:
    before = _counts()
    report = bring(tmp_path, ledger({}, NEW, NEW), told(values=MADE))
    assert report.made == {"area": 1, "organisation": 2, "category": 1}
    assert vocabulary.term("category", "95001", "zh_CN") == "违建举报"
    assert _undo(report.batch_id) == 3
    assert _counts() == before
    assert _problems() == []
    assert vocabulary.term("category", "95001", "zh_CN") == "95001"
    line = everything(AuditLine)[-1]
    assert (line.act, line.data["matters"], len(line.data["numbers"])) == ("import_undone", 3, 1)


def test_the_numbers_are_not_given_again(tmp_path: Path) -> None:
    first = bring(tmp_path, ledger({}, {}), told())
    _undo(first.batch_id)
    bring(tmp_path, ledger({}), told())
    assert [matter.number[-6:] for matter in everything(Matter)] == ["000003"]
    assert _problems() == []


def test_a_head_of_the_seals_that_proves_nothing_stops_no_import(tmp_path: Path) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE seal_head SET mac = 'x' WHERE name = 'head'"))
    first = bring(tmp_path, ledger({}, {}), told())
    _undo(first.batch_id)
    assert bring(tmp_path, ledger({}, {}, {}), told()).new == 3
    assert ("seal", "seal") in _problems()


def test_what_was_changed_gets_its_words_back(tmp_path: Path) -> None:
    bring(tmp_path, ledger({}, {}), told())
    before = {matter.number: matter.model_dump(exclude={"version", "events", "head"}) for matter in everything(Matter)}
    report = bring(tmp_path, ledger({"标题": "路灯全灭", "状态": "办理中", "办结时间": ""}, {}), told())
    assert (report.changed, report.unchanged) == (1, 1)
    _undo(report.batch_id)
    after = {matter.number: matter.model_dump(exclude={"version", "events", "head"}) for matter in everything(Matter)}
    assert after == before
    assert [event.action for event in everything(Event)] == ["import", "import", "reimport", "import_undone"]
    assert _problems() == []
    with db.reading() as session:
        assert not session.exec(select(Matter.id).where(search.matching(session, "全灭"))).all()


def _work_on(number: str, actor: Actor) -> None:
    with db.writing() as session:
        matter = session.exec(select(Matter).where(Matter.number == number)).one()
        issues.note(session, actor, number, matter.version, "seen")


def test_what_was_worked_on_since_is_not_taken_away(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}, {}, {}), told())
    numbers = [matter.number for matter in everything(Matter)]
    _work_on(numbers[1], Actor(None, "s", "secretary"))
    with pytest.raises(Refused, match=numbers[1]):
        _undo(report.batch_id)
    assert len(everything(Matter)) == 3
    assert _undo(report.batch_id, keep_touched=True) == 2
    (left,) = everything(Matter)
    assert (left.number, left.import_id) == (numbers[1], None)
    assert _problems() == []
    assert len(everything(AuditLine)[-1].data["numbers"]) == 2


def test_a_later_import_is_undone_first(tmp_path: Path) -> None:
    first = bring(tmp_path, ledger({}, {}), told())
    second = bring(tmp_path, ledger({"标题": "路灯全灭"}, {}), told())
    with pytest.raises(Refused, match="later import"):
        _undo(first.batch_id)
    _undo(second.batch_id)
    assert _undo(first.batch_id) == 2
    assert everything(Event) == []
    assert _problems() == []


def test_it_is_undone_once_and_by_those_who_may(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}), told())
    with pytest.raises(Refused, match="may not do this"), db.writing() as session:
        undo(session, Actor(None, "s", "secretary"), report.batch_id or 0)
    with pytest.raises(NotFound), db.writing() as session:
        undo(session, Actor(None, "x", "staff", "elsewhere/"), report.batch_id or 0)
    with pytest.raises(NotFound):
        _undo(99)
    _undo(report.batch_id)
    with pytest.raises(Refused, match="already"):
        _undo(report.batch_id)


def test_what_others_use_meanwhile_stays(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger(NEW), told(values=MADE))
    with db.writing() as session:
        grid = session.exec(select(Area).where(Area.name == "新网格")).one()
        entered = issues.NewIssue(title="lamp", area_id=grid.id, category="95001")
        issues.create(session, Actor(None, "s", "secretary"), entered)
    _undo(report.batch_id)
    assert [area.name for area in everything(Area) if area.name == "新网格"] == ["新网格"]
    assert [category.code for category in everything(LocalCategory)] == ["95001"]
    assert [unit.name for unit in everything(Organisation) if unit.name == "新来的单位"] == []
    assert _problems() == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event",
        "DELETE FROM event WHERE matter_id IN (SELECT id FROM matter WHERE import_id IS NOT NULL)",
        "UPDATE event SET note = 'x'",
    ],
)
def test_events_of_an_import_that_stands_are_not_deleted(session: Session, tmp_path: Path, statement: str) -> None:
    bring(tmp_path, ledger({}), told())
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))


def test_only_the_events_of_imports_are_let_go(session: Session, tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}), told())
    _work_on(everything(Matter)[0].number, Actor(None, "s", "secretary"))
    session.execute(text("UPDATE import_batch SET undone_at = at WHERE id = :id"), {"id": report.batch_id})
    session.execute(text("DELETE FROM event WHERE action = 'import'"))
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("DELETE FROM event WHERE action = 'note'"))


def test_a_pretended_undo_is_found(session: Session, tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}, {}), told())
    number = everything(Matter)[0].number
    session.execute(text("UPDATE import_batch SET undone_at = at WHERE id = :id"), {"id": report.batch_id})
    for table, column in (("event", "matter_id"), ("matter", "id")):
        session.execute(text(f"DELETE FROM {table} WHERE {column} = (SELECT min(id) FROM matter)"))
    session.commit()
    assert _problems() == [("missing", number), ("undone", f"ledger.csv ({report.batch_id})")]


def test_a_matter_slipped_into_an_undone_import_is_found(session: Session, tmp_path: Path) -> None:
    first, second = bring(tmp_path, ledger({}), told()), bring(tmp_path, ledger({}, {}), told())
    other = everything(Matter)[1].number
    _undo(first.batch_id)
    moved = text("UPDATE matter SET import_id = :to WHERE import_id = :from")
    session.execute(moved, {"to": first.batch_id, "from": second.batch_id})
    session.commit()
    assert _problems() == [("inserted", other)]
    session.execute(text("DELETE FROM event"))
    session.execute(text("DELETE FROM matter"))
    session.commit()
    assert _problems() == [("missing", other)]


def test_an_undone_import_that_claims_to_stand_is_found(session: Session, tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}), told())
    _undo(report.batch_id)
    session.execute(text("UPDATE import_batch SET undone_at = NULL"))
    session.commit()
    assert _problems() == [("undone", f"ledger.csv ({report.batch_id})")]


def test_what_a_place_was_made_for_goes_and_the_place_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_MODE", "production")
    ground = {"name": "新地方", "prefix": "XD", "code": "990001", "level": "community"}
    mapping = told("xindifang").model_copy(deep=True)
    mapping = type(mapping).model_validate(
        mapping.model_dump() | {"ground": ground | {"lng": 112.9, "lat": 28.1, "width_km": 5}}
    )
    settings.cache_clear()
    before = _counts()
    report = bring(tmp_path, ledger({}, {}), mapping)
    assert len(everything(Place)) == 2
    _undo(report.batch_id)
    assert _counts() == before
    batch = session_batch(report.batch_id)
    assert (batch.place_id, batch.undone_by) == (None, "tester")


def session_batch(batch_id: int | None) -> ImportBatch:
    found: ImportBatch = next(batch for batch in everything(ImportBatch) if batch.id == batch_id)
    return found


def test_the_record_of_what_was_made_stays(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger(NEW), told(values=MADE))
    _undo(report.batch_id)
    assert {change.kind for change in everything(ImportChange)} == {"area", "organisation", "category"}


def test_an_imported_matter_goes_on_by_the_flow(tmp_path: Path) -> None:
    bring(tmp_path, ledger({}), told())
    (matter,) = everything(Matter)
    with db.writing() as session:
        workflow.move(session, Actor(None, "s", "secretary"), matter.number, "reopen", matter.version, {"note": "x"})
    (matter,) = everything(Matter)
    assert (matter.is_open, matter.closed_at, matter.on_time) == (True, None, None)
    assert _problems() == []
    with db.reading() as session:
        assert session.exec(select(func.count()).where(col(Matter.is_open).is_(True))).one() == 1


def test_an_anchor_from_before_an_undo_says_what_it_can_still_hold(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger({}), told())
    with anchors.at_rest() as session:
        anchor = anchors.take(session)
    _undo(report.batch_id)
    with db.reading() as session:
        assert list(anchors.compare(session, anchor)) == []
        assert [params for _, params in anchors.notes(session, anchor)] == [{"count": 1}]


def test_a_forged_undo_does_not_excuse_events_that_are_gone(session: Session, tmp_path: Path) -> None:
    bring(tmp_path, ledger({}), told())
    with anchors.at_rest() as reading:
        anchor = anchors.take(reading)
    dialect = session.get_bind().dialect.name
    gone = "event_no_delete" if dialect == "sqlite" else "event_no_deletion ON event"
    session.execute(text(f"DROP TRIGGER {gone}"))
    session.execute(text("DELETE FROM event"))
    forged = (
        "INSERT INTO audit_line (seq, at, actor, act, subject, digest)"
        " SELECT max(seq) + 1, max(at), 'x', 'import_undone', '', 'forged' FROM audit_line"
    )
    session.execute(text(forged))
    assert [problem.kind for problem in anchors.compare(session, anchor)] == ["cut"]
