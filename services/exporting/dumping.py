"""Dumping: the whole database, or all of one place or area, as one archive that another database can be filled from.

Ids are kept, so every chain of events verifies on the other side with the same MULIN_KEY. Passwords leave only when
asked for by name, sign-ins never. Of a part of a place `verify` then names the numbers that stayed behind.
"""

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Table, func, select
from sqlmodel import Session

from services.exporting import table_scopes
from services.exporting.manifests import NAME, Entry, Manifest, Writer
from services.rights import audit
from services.system import clock, db, schema
from services.system.files import private_files
from services.system.progress import Progress, silent

PROGRAM = "mulin"
_BATCH = 2000
_EMPTIED = ("password", "code", "code_until")


def write(
    path: Path,
    operator: str,
    *,
    slug: str = "",
    within: str = "",
    passwords: bool = False,
    progress: Progress = silent,
) -> Manifest:
    """Write the export to ``path``, which appears only when it is complete, and a line into the audit before that.

    Only the place called ``slug``, or what lies at or below the area path ``within``; without either, everything.
    Refused for a place that is not loaded, and for a database without this version's schema.
    """
    with db.writing() as session:
        schema.require_head(session)
        within = table_scopes.root_of(session, slug) if slug else within
        audit.write(session, operator, "export.full", path.name, {"place": slug, "passwords": passwords}, area=within)
    part = private_files.touch(path.with_name(f"{path.name}.part"))
    try:
        with db.reading() as session:
            db.hold_still(session)
            made = pack(session, part, slug, within, passwords, progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return made


def pack(
    session: Session,
    path: Path,
    slug: str = "",
    within: str = "",
    passwords: bool = True,
    progress: Progress = silent,
) -> Manifest:
    """Write what a database holds as an archive, sealed, without a line in any audit."""
    tables = table_scopes.tables(within)
    queries = [(table, table_scopes.query(session, table, within)) for table in tables]
    total = sum(
        session.execute(select(func.count()).select_from(query.subquery())).scalar_one() for _, query in queries
    )
    done = 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        progress("Writing the export", done, total)

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as opened:
        files = [_table(session, opened, table, query, passwords, step) for table, query in queries]
        told = Manifest(
            program=PROGRAM,
            schema_version=schema.head(),
            made_at=clock.now().isoformat(timespec="seconds"),
            place=slug,
            passwords=passwords,
            files=files,
        ).sealed()
        opened.writestr(NAME, json.dumps(told.model_dump(mode="json"), ensure_ascii=False, indent=1))
    return told


def _table(
    session: Session, opened: zipfile.ZipFile, table: Table, query: Any, passwords: bool, step: Callable[[int], None]
) -> Entry:
    columns = [column.name for column in table.c]
    writer = Writer(opened, table.name, columns)
    empty = [] if passwords or table.name != "account" else [columns.index(name) for name in _EMPTIED]
    jsons = [columns.index(name) for name in table_scopes.jsons(table)]
    found = session.connection().execute(query.execution_options(yield_per=_BATCH))
    for rows in found.partitions():
        writer.write([_plain(row, empty, jsons) for row in rows])
        step(len(rows))
    return writer.close()


def _plain(row: Row[Any], empty: list[int], jsons: list[int]) -> list[object]:
    cells = [value.isoformat() if isinstance(value, date) else value for value in row]
    for at in empty:
        cells[at] = None
    for at in jsons:
        # JSON's own null is a value; an empty cell is none.
        cells[at] = None if cells[at] is None else [json.loads(cells[at])]
    return cells
