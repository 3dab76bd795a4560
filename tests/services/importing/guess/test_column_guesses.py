import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from services.importing.guess.column_guesses import guess
from services.importing.source.source import open_source

# Headers and first rows as other offices and cities write them, and the column each field must come from.
CASES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("headers.json").read_text(encoding="utf-8"))


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_header_is_understood_without_help(session: Session, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    with open_source(write(tmp_path / "ledger.csv", case["header"], case["rows"])) as source:
        assert source.layers[0].columns == case["header"]
        found = guess(session, source, 0, "matters")
    told = {field: held[0] for field, held in found.columns.items()}
    assert {field: told.get(field) for field in case["expected"]} == case["expected"]
    assert not set(case["unused"]) & set(told.values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("twice", "known"), [(0, True), (2, True), (9, False)])
def test_a_number_that_stands_there_twice_by_a_slip_is_still_the_number(
    session: Session, tmp_path: Path, twice: int, known: bool
) -> None:
    rows = [[f"HS2026-{max(0, at - twice if at < 2 * twice else at)}", "路灯不亮", "2026-06-01"] for at in range(42)]
    with open_source(write(tmp_path / "ledger.csv", ["诉求编号", "诉求标题", "受理时间"], rows)) as source:
        assert ("ref" in guess(session, source, 0, "matters").columns) is known
