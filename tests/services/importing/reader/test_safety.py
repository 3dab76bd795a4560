"""An import that is killed, meets another, or goes wrong in the middle leaves nothing half done."""

import io
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, SQLModel

from models.area import Area
from models.audit import AuditLine
from models.event import Event
from models.importing import ImportBatch
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.importing.batch import batches
from services.importing.batch.error_workbook import errors_workbook
from services.importing.mapping import mapping
from services.importing.matters import write
from services.importing.source.source import open_source
from services.keep.verify import verify
from services.system import db
from services.system.settings import ROOT
from tests.services.importing.ledgers import ADMIN, bring, everything, file, ledger, told
from tests.shared import LEDGER, needs_ledger


@pytest.fixture
def ground(session: Session, place: Place) -> Place:
    """A loaded place, and nobody who holds the database."""
    session.rollback()
    return place


def _counts() -> list[int]:
    tables: tuple[type[SQLModel], ...] = (Matter, Event, ImportBatch, Organisation, Area, AuditLine)
    return [len(everything(table)) for table in tables]


_CHILD = """
import sys
from pathlib import Path
import tests.moment  # the child lives in the same time
from services.importing.batch import batches
from services.importing.source.source import open_source
from tests.services.importing.ledgers import ADMIN, told

def tell(what, done, total):
    if what == "Writing the rows":
        print("writing", flush=True)
        sys.stdin.readline()

with open_source(Path(sys.argv[1])) as source:
    batches.run(ADMIN, source, 0, told(), progress=tell)
"""


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_killed_import_leaves_nothing(tmp_path: Path) -> None:
    before = _counts()
    path = file(tmp_path, ledger(*({"单位": f"单位{at}"} for at in range(5000))))
    arguments = [sys.executable, "-c", _CHILD, str(path)]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stdout.readline() == "writing\n"
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert _counts() == before
    assert bring(tmp_path, ledger({}), told()).new == 1
    with db.reading() as session:
        assert verify(session).problems == []


@pytest.mark.usefixtures("ground")
def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _counts()
    written = iter(range(2))

    def broken(*arguments: Any, **options: Any) -> Any:
        next(written)
        return insert(*arguments, **options)

    insert = write.MatterWriter._insert
    monkeypatch.setattr(write.MatterWriter, "_insert", broken)
    with pytest.raises(StopIteration):
        bring(tmp_path, ledger(*({} for _ in range(6000))), told())
    assert _counts() == before


@pytest.mark.usefixtures("ground")
def test_two_imports_at_once_bring_each_row_once(tmp_path: Path) -> None:
    path = file(tmp_path, ledger(*({"单位": f"单位{at % 7}"} for at in range(3000))))

    def run(_turn: int) -> int:
        with open_source(path) as source:
            return batches.run(ADMIN, source, 0, told()).new

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 3000
    assert len(everything(Matter)) == 3000
    assert sum(unit.name.startswith("单位") for unit in everything(Organisation)) == 7
    with db.reading() as session:
        assert verify(session).problems == []


@pytest.mark.usefixtures("ground")
def test_a_reader_sees_nothing_until_all_is_there(tmp_path: Path) -> None:
    seen: list[int] = []

    def look(what: str, _done: int, _total: int) -> None:
        if what == "Writing the rows":
            seen.append(len(everything(Matter)))

    bring(tmp_path, ledger(*({} for _ in range(4500))), told(), progress=look)
    assert seen == [0, 0, 0]
    assert len(everything(Matter)) == 4500


@pytest.mark.usefixtures("ground")
def test_undoing_ten_thousand_rows_takes_seconds(tmp_path: Path) -> None:
    report = bring(tmp_path, ledger(*({} for _ in range(10_000))), told())
    began = time.perf_counter()
    with db.writing() as session:
        batches.undo(session, ADMIN, report.batch_id or 0)
    assert everything(Matter) == []
    assert time.perf_counter() - began < 60


@pytest.fixture
def refused(tmp_path: Path, ground: Place) -> Iterator[bytes]:
    assert ground
    rows = ledger({}, {"标题": "", "受理时间": "x", "内容": "http://x"}, {"内容": "=1+1"})
    report = bring(tmp_path, rows, told())
    yield errors_workbook(report, "en")


def test_the_refused_rows_come_as_a_workbook(refused: bytes) -> None:
    sheet = load_workbook(io.BytesIO(refused)).worksheets[0]
    head, first, second = (list(row) for row in sheet.iter_rows(values_only=True))
    assert (head[0], head[-3], len(head)) == ("工单编号", "Row in the file", 16)
    assert (first[0], first[-3], "is empty" in str(first[-2]), "no such date" in str(first[-2])) == ("2", 3, True, True)
    assert "Fill it in." in str(first[-1])
    assert (second[2], sheet.cell(3, 3).data_type, sheet.cell(2, 3).hyperlink) == ("=1+1", "s", None)


@needs_ledger
def test_ten_thousand_real_rows(database: str) -> None:
    assert database
    with open_source(LEDGER) as source:
        report = batches.run(ADMIN, source, 0, mapping.ship("pingshan_2018"))
        assert (report.new, report.on_time, report.late, report.refused) == (10_000, 9_076, 924, 0)
        assert batches.run(ADMIN, source, 0, mapping.ship("pingshan_2018")).unchanged == 10_000
    areas = [area.level for area in everything(Area)]
    assert {level: areas.count(level) for level in set(areas)} == {"district": 1, "street": 6, "community": 23}
    with db.writing() as session:
        assert batches.undo(session, ADMIN, report.batch_id or 0).new == 10_000
        assert verify(session).problems == []
