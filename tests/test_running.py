"""How the suite runs: what it leaves out is said and judged, and its order can be dealt anew."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.system.settings import ROOT
from tests.shared import ABSENT

LEFT_OUT = f"""
import pytest

def test_done() -> None: ...

@pytest.mark.skip(reason="{ABSENT}: no ledger")
def test_ledger() -> None: ...

@pytest.mark.skip(reason="No Chromium")
def test_browser() -> None: ...
"""
NUMBERED = "\n".join(f"def test_{number}() -> None: ..." for number in range(8))


def run(folder: Path, said: str, *options: str, **environment: str) -> tuple[int, str]:
    """The exit code and the output of a run of its own on one file."""
    (folder / "test_it.py").write_text(said, encoding="utf-8")
    surroundings = {name: value for name, value in os.environ.items() if name not in ("CI", "MULIN_TEST_ORDER")}
    own = ["-c", os.devnull, "--rootdir", str(folder), "--basetemp", str(folder / "temp"), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.skipped", "-p", "tests.ordering", *own, *options, str(folder)],
        cwd=ROOT,
        env=surroundings | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_was_left_out_is_said_and_fails_where_it_had_no_reason(tmp_path: Path, workers: str) -> None:
    code, said = run(tmp_path, LEFT_OUT, "-n", workers)
    assert (code, "2 tests were left out" in said, "1 × No Chromium" in said) == (0, True, True)
    code, said = run(tmp_path, LEFT_OUT, "-n", workers, CI="true")
    assert (code, "the run fails" in said) == (1, True)


def test_the_shared_data_may_be_absent_anywhere(tmp_path: Path) -> None:
    code, said = run(tmp_path, LEFT_OUT.replace("No Chromium", f"{ABSENT}: no articles"), CI="true")
    assert (code, "2 tests were left out" in said, "the run fails" in said) == (0, True, False)


def test_the_same_number_gives_the_same_order(tmp_path: Path) -> None:
    def order(**environment: str) -> list[str]:
        said = run(tmp_path, NUMBERED, "-v", **environment)[1]
        return [line.split()[0] for line in said.splitlines() if " PASSED" in line]

    written, once = order(), order(MULIN_TEST_ORDER="1")
    assert written == sorted(written) and sorted(once) == written
    assert once == order(MULIN_TEST_ORDER="1") != written
