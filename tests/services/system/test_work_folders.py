"""What a killed process leaves behind is removed by the next one; what is worked in is left alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.importing.source.row_spool import Spool
from services.importing.source.source import open_source
from services.system.files import work_folders
from services.system.files.work_folders import WorkFolder
from services.system.settings import ROOT, settings

_WORKING = """
import sys, time
from pathlib import Path
from services.importing.source.source import open_source
source = open_source(Path(sys.argv[1]))
print(source._folder.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MULIN_WORK_FOLDER", str(tmp_path / "work"))
    settings.cache_clear()
    return tmp_path / "work"


def _ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text("编号,标题\n1,路灯不亮\n2,井盖破损\n", encoding="utf-8")
    return path


def test_the_rows_of_a_killed_import_are_gone_with_the_next(tmp_path: Path, folder: Path) -> None:
    ledger = _ledger(tmp_path)
    command = [sys.executable, "-c", _WORKING, str(ledger)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as child:
        assert child.stdout
        left = Path(child.stdout.readline().strip())
        assert list(left.glob("*.rows")) and left.parent == folder
        work_folders.sweep()
        assert left.exists(), "somebody works in it"
        child.send_signal(signal.SIGKILL)
    assert left.exists()
    with open_source(ledger) as source:
        assert not left.exists()
        assert len(list(source.rows())) == 2
    assert not list(folder.glob("work-*"))


def test_a_folder_goes_when_its_work_is_done_however_it_ends(folder: Path) -> None:
    with pytest.raises(RuntimeError), WorkFolder() as made:
        (made.path / "rows").write_text("x")
        raise RuntimeError
    assert not list(folder.glob("work-*"))


def test_the_spool_has_no_name_that_could_stay(folder: Path) -> None:
    with Spool() as spool:
        spool.put([1, 2])
        assert [path.name for path in folder.iterdir() if path.name != ".sweeping"] == []
        assert list(spool.batches()) == [[1, 2]]
