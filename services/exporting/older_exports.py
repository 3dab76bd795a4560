"""Older exports: an archive of an earlier schema becomes one of this schema, by way of a database that is upgraded.

That database is a file of its own beside the real one, whatever the real one is: it is made at the archive's schema,
filled, upgraded by the migrations, and exported again. So the rows go the same way as those of a database that stayed.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, MetaData
from sqlmodel import Session

from services.exporting import dumping, filling
from services.exporting.manifests import Manifest
from services.system import db, schema
from services.system.files.work_folders import WorkFolder

OLDEST = "0002"


@contextmanager
def at_head(opened: zipfile.ZipFile, told: Manifest) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The archive as this schema would have written it: itself, when it is of this schema."""
    if told.schema_version == schema.head():
        yield opened, told
        return
    with WorkFolder() as folder:
        engine = _filled(f"sqlite:///{folder.path}/older.db", opened, told)
        path = folder.path / "newer.zip"
        try:
            with Session(engine.execution_options(readonly=True)) as session:
                made = dumping.pack(session, path)
        finally:
            engine.dispose()
        with zipfile.ZipFile(path) as newer:
            yield newer, made.model_copy(update=told.model_dump(include={"made_at", "place", "passwords"}))


def _filled(url: str, opened: zipfile.ZipFile, told: Manifest) -> Engine:
    schema.upgrade(url, told.schema_version)
    engine = db.engine(url)
    fill(engine, opened, told)
    schema.upgrade(url)
    return engine


def fill(engine: Engine, opened: zipfile.ZipFile, told: Manifest) -> None:
    """Put the rows into an empty database that is at the archive's schema; its tables are read from itself."""
    known = MetaData()
    known.reflect(engine)
    filling.require_tables(told, known.sorted_tables)
    with Session(engine) as session, session.begin():
        filling.fill(session, opened, told, known.sorted_tables, lambda _table, _rows: None)
