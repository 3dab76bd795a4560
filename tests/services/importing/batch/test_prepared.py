"""What an import works out before its turn still holds when the turn comes, or is worked out once more."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from benchmarks import imports
from benchmarks import ledger as generated
from models.area import Area
from models.event import Event
from models.importing import ImportBatch
from models.matter import Matter
from models.place import Place
from services.flows.issue import issues, recurrences
from services.importing.batch import batches
from services.importing.source.source import open_source
from services.keep.inspection import inspect
from services.rights.permissions import Actor
from services.system import db
from tests.services.importing.ledgers import ADMIN, COLUMNS, bring, everything, ledger, told

_CLOSED = {"办结时间": "2026-03-02 10:00"}
_AGAIN = {"受理时间": "2026-03-10 09:00", "办结时间": "2026-03-11 10:00", "期限": ""}
_HERE = {"地址": "长沙路1号"}
_PLACED: dict[str, Any] = {"columns": COLUMNS | {"location": ["地址"]}}


@pytest.fixture(autouse=True)
def ground(session: Session, place: Place) -> Place:
    """A loaded place, and nobody who holds the database."""
    session.rollback()
    return place


def _meanwhile(act: Callable[[], object]) -> Callable[[str, int, int], None]:
    """Does something in another thread when all is prepared and the turn has not come."""

    def look(what: str, done: int, total: int) -> None:
        if what == "Preparing the rows" and done == total:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(act).result()

    return look


def _sound() -> None:
    with db.reading() as session:
        assert [(one.kind, one.number, one.message) for one in inspect(session).problems] == []
    with db.writing() as session:
        before = dict(session.exec(select(Matter.id, Matter.repeats_id)).all())
        recurrences.mark(session, list(before))
        session.expire_all()
        assert dict(session.exec(select(Matter.id, Matter.repeats_id)).all()) == before
        session.rollback()


def test_what_comes_back_is_known_before_it_is_written_wherever_it_stands(tmp_path: Path) -> None:
    bring(tmp_path, [row | _HERE for row in ledger({"工单编号": "old"})], told(**_PLACED))
    rows = ledger(_AGAIN | {"受理时间": "2026-03-20 09:00", "办结时间": "2026-03-21 10:00"}, _AGAIN, {"地址": "别处"})
    bring(tmp_path, [_HERE | row for row in rows], told(**_PLACED))
    old, last, first, other = everything(Matter)
    assert [one.repeats_id for one in (old, last, first, other)] == [None, first.id, old.id, None]
    _sound()


def test_what_was_done_to_others_meanwhile_is_seen(tmp_path: Path) -> None:
    bring(tmp_path, [row | _HERE for row in ledger({}, {"工单编号": "two"})], told(**_PLACED))
    one, two = everything(Matter)

    def reopen() -> None:
        with db.writing() as session:
            found = session.get_one(Matter, two.id)
            issues.note(session, Actor(None, "s", "secretary"), found.number, found.version, "seen")
            found.state, found.is_open, found.closed_at = "in_progress", True, None

    look = _meanwhile(reopen)
    bring(tmp_path, [row | _HERE for row in ledger(_AGAIN | {"工单编号": "new"})], told(**_PLACED), progress=look)
    assert everything(Matter)[-1].repeats_id == one.id


def test_the_same_rows_brought_by_somebody_else_meanwhile_come_once(tmp_path: Path) -> None:
    rows = ledger({"单位": "新单位"}, {"状态": "办理中", "办结时间": ""}, {})

    def first() -> None:
        (tmp_path / "other").mkdir()
        bring(tmp_path / "other", rows[:2], told())

    changed = [rows[0], rows[1] | {"标题": "另一个题目"}, rows[2]]
    report = bring(tmp_path, changed, told(), progress=_meanwhile(first))
    assert (report.new, report.changed, report.unchanged) == (1, 1, 1)
    assert [one.title for one in everything(Matter)] == ["路灯不亮", "另一个题目", "路灯不亮"]
    assert [(one.new, one.changed) for one in everything(ImportBatch)] == [(2, 0), (1, 1)]
    _sound()


def test_an_area_that_is_called_otherwise_meanwhile_is_called_so(tmp_path: Path) -> None:
    def rename() -> None:
        with db.writing() as session:
            session.exec(select(Area).where(Area.code == "CL-G1")).one().name = "新名网格"

    mapping = told(title="{内容} {area}", columns={**COLUMNS, "title": []})
    bring(tmp_path, ledger({"网格": "CL-G1"}), mapping, progress=_meanwhile(rename))
    assert everything(Matter)[0].title == "3栋前的路灯坏了 新名网格"
    _sound()


def test_areas_that_are_made_are_called_as_they_are_and_one_word_may_mean_another(tmp_path: Path) -> None:
    rows = ledger({"网格": "第91网格"}, {"网格": "91"}, {"网格": "第92网格", "类别": "怪"})
    report = bring(tmp_path, rows, told(make_areas=True, values={"category": {"怪": "+"}}))
    assert report.made["area"] == 2 and report.made["category"] == 1
    first, second, third = everything(Matter)
    assert first.area_id == second.area_id != third.area_id
    _sound()


@pytest.mark.parametrize(
    "text", ["a\\b\tc\nd\r\ne", '"quoted", {braces} \\"', "ＡＢ１２ ① e\u0301 \u0301x", "\\N", "1 2 CL 2026"]
)
def test_whatever_a_cell_holds_is_written_sealed_and_found_as_it_is(tmp_path: Path, text: str) -> None:
    bring(tmp_path, ledger({"内容": text}, {"标题": text or "x"}), told())
    first, _ = everything(Matter)
    assert first.description == text.strip().replace("\r", "")
    assert everything(Event)[0].data["row"]["内容"] == first.description
    _sound()


@contextmanager
def _told() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_one: object, _cursor: object, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _imported(folder: Path, rows: int, watch: Callable[[str, int, int], None]) -> None:
    with open_source(generated.write(folder / f"{rows}.csv", rows)) as source:
        mapping = imports.guessed(source)
        options = mapping.options.model_copy(update={"ledger": f"of {rows}"})
        batches.run(ADMIN, source, 0, mapping.model_copy(update={"options": options}), progress=watch)


def test_a_longer_ledger_takes_no_more_statements_in_its_turn(tmp_path: Path) -> None:
    """Within a batch nothing is done row by row: neither an insert, nor a look-up, nor a seal."""
    counts = []
    for rows in (300, 1900):
        with _told() as said:
            start: list[int] = []

            def watch(what: str, _done: int, _total: int, begun: list[int] = start, so_far: list[str] = said) -> None:
                if what == "Preparing the rows":
                    begun[:] = [len(so_far)]

            _imported(tmp_path, rows, watch)
            inside = said[start[0] :]
        counts.append(len([one for one in inside if "category_word" not in one]))
    assert counts[1] <= counts[0] + 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_most_of_an_import_is_done_before_its_turn(tmp_path: Path) -> None:
    """The turn was three times as dear as all that came before; now it is little more than half of it."""
    shares = []
    for rows in (1801, 1802, 1803):
        moments: dict[str, float] = {"began": thread_time()}

        def watch(what: str, _done: int, _total: int, seen: dict[str, float] = moments) -> None:
            seen[what] = thread_time()

        _imported(tmp_path, rows, watch)
        before = moments["Preparing the rows"] - moments["began"]
        shares.append((thread_time() - moments["Preparing the rows"]) / before)
    assert min(shares) < 1.2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_much_was_written_is_put_in_order_after_the_turn() -> None:
    with db.writing(much=True) as session:
        driver: Any = session.connection().connection.driver_connection
        assert driver.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    with db.writing() as session:
        driver = session.connection().connection.driver_connection
        assert driver.execute("PRAGMA wal_autocheckpoint").fetchone() == (1000,)


def test_events_of_an_import_are_those_of_one_moment(tmp_path: Path) -> None:
    bring(tmp_path, ledger({}, {}), told())
    with db.reading() as session:
        assert len(set(session.exec(select(col(Event.at))))) == 1
