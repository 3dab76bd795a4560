"""An import keeps nobody waiting while it checks, and is seen when all of it is there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, func, select

from benchmarks import imports, ledger
from models.matter import Matter
from models.place import Place
from services.importing.batch import batches
from services.importing.source.source import open_source
from services.keep.verify import verify
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db

_ROWS = 2500


def _there() -> int:
    with db.reading() as session:
        imported = select(func.count()).select_from(Matter).where(col(Matter.import_id).is_not(None))
        return session.exec(imported).one()


def _write() -> str:
    try:
        with db.writing(db.HURRY) as session:
            audit.write(session, "clerk", "note")
    except OperationalError:
        return "waits"
    return "writes"


@pytest.mark.usefixtures("place")
def test_others_write_while_it_checks_and_see_nothing_of_it_until_it_is_whole(
    session: Session, actor: Callable[[str], Actor], tmp_path: Path
) -> None:
    session.rollback()
    seen: dict[str, set[tuple[str, int]]] = {}

    def look(what: str, _done: int, _total: int) -> None:
        with ThreadPoolExecutor(1) as pool:
            seen.setdefault(what, set()).add((pool.submit(_write).result(), pool.submit(_there).result()))

    with open_source(ledger.write(tmp_path / "ledger.csv", _ROWS)) as source:
        batches.run(actor("admin"), source, 0, imports.guessed(source), progress=look)
    free, held = {("writes", 0)}, {("waits", 0)}
    assert seen == {"Checking the rows": free, "Preparing the rows": free, "Writing the rows": held}
    assert (_write(), _there()) == ("writes", _ROWS)
    with db.reading() as reading:
        assert not verify(reading).problems


@pytest.mark.usefixtures("place")
def test_what_it_counts_at_once_is_counted_one_by_one_afterwards(
    session: Session, place: Place, actor: Callable[[str], Actor], tmp_path: Path
) -> None:
    session.rollback()
    with open_source(ledger.write(tmp_path / "ledger.csv", 40)) as source:
        batches.run(actor("admin"), source, 0, imports.guessed(source))
    with db.writing() as writing:
        one = writing.exec(select(Matter).where(col(Matter.import_id).is_not(None)).limit(1)).one()
        writing.add(
            Matter(**one.model_dump(exclude={"id"}) | {"number": "X-2026-000001", "source_ref": "x", "events": 0})
        )
    with db.reading() as reading:
        assert not [problem for problem in verify(reading).problems if problem.kind == "count"]
    assert place
