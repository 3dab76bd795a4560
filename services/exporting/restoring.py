"""Restoring: fill an empty database from a full export: all of it in one transaction, or nothing."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Table, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from models.matter import Matter
from services.engine import versions
from services.exporting import carried_seals, filling, manifests, older_exports, table_scopes
from services.exporting.filling import Row
from services.exporting.manifests import Manifest
from services.matters import search
from services.rights import vouching
from services.system import bulk, db, schema
from services.system.errors import Refused
from services.system.progress import Progress, silent
from services.words.i18n import listed

_CHECKING, _IMPORTING = listed("Checking the export"), listed("Importing")


def restore(path: Path, *, unsealed: bool = False, progress: Progress = silent) -> Manifest:
    """Fill the empty database from the archive at ``path``; one of an earlier schema is brought to this one before.

    Refused, with nothing written, when the database holds anything, when the archive is damaged, of a schema that can't
    be read any more, or not sealed with this MULIN_KEY (unless ``unsealed`` says that it may be taken as it is).
    """
    with manifests.archive(path) as opened:
        told = manifests.read(path, opened)
        _require_fit(told, unsealed)
        counted = _Counted(progress, told.rows())
        manifests.check(path, opened, told, lambda rows: counted(_CHECKING, rows))
        with db.reading() as session:
            _require_empty(session)
        try:
            with older_exports.at_head(opened, told) as (ready, told):
                _restore(ready, told, _Counted(progress, told.rows()))
        except (SQLAlchemyError, OverflowError, UnicodeError) as error:
            raise Refused("The rows of {name} do not fit together. Nothing was imported.", name=path.name) from error
    with db.writing() as session:
        db.learn(session)
    return told


def _restore(opened: ZipFile, told: Manifest, counted: Callable[[str, int], None]) -> None:
    filling.require_tables(told, table_scopes.tables())
    with db.writing() as session:
        _require_empty(session)

        def step(table: Table, rows: list[Row]) -> None:
            if table.name == "matter":
                search.index(session, [Matter(**row) for row in rows])
            counted(_IMPORTING, len(rows))

        db.unhurried(session)
        carried_seals.make_room(session)
        filling.fill(session, opened, told, table_scopes.tables(), step)
        carried_seals.settle(session, told)
        bulk.renumber(session)
        if told.place:
            versions.adopt(session, "import all")
            vouching.tell(session, "import all")


class _Counted:
    """Adds up what each part of the work has done, for the progress."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, dict[str, int]()

    def __call__(self, what: str, rows: int) -> None:
        self._done[what] = self._done.get(what, 0) + rows
        self._progress(what, self._done[what], self._total)


def _require_fit(told: Manifest, unsealed: bool) -> None:
    schema.require_known(told.schema_version)
    if told.schema_version < older_exports.OLDEST:
        raise Refused(
            "This export was written by an older version of the program (schema {found}, now {head}). Import it with"
            " that version into an empty database, then run init with this one.",
            found=told.schema_version,
            head=schema.head(),
        )
    if not (told.genuine or unsealed):
        raise Refused(
            "The seal of this export does not fit MULIN_KEY: it was written with another key, or changed since. Set the"
            " key it was written with; to take it all the same, add --unsealed."
        )


def _require_empty(session: Session) -> None:
    schema.require_head(session)
    for table in (*table_scopes.tables(), *(SQLModel.metadata.tables[name] for name in table_scopes.NEVER)):
        if table.name not in table_scopes.SEALS and session.execute(select(1).select_from(table).limit(1)).first():
            raise Refused(
                "The database is not empty: {name} has rows. Set MULIN_DATABASE_URL to a new one and run init.",
                name=table.name,
            )
