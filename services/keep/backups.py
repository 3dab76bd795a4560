"""Backups: a checked copy with its SHA-256 beside it, and the way back, which keeps what was there before."""

import hashlib
from pathlib import Path
from types import ModuleType

from sqlmodel import Session

from services.keep import backup_postgresql, backup_sqlite
from services.rights import audit
from services.system import clock, db, schema
from services.system.errors import Refused
from services.system.settings import settings


def backup(operator: str) -> Path:
    """Write a copy of the database to the backup folder while people go on working. Returns its path.

    Refused when the schema is not this version's, when the copy does not pass its checks, or a tool is missing.
    """
    engine = db.engine()
    with db.reading() as session:
        schema.require_head(session)
    path = _new_path()
    _manner().dump(engine.url, path)
    digest = _digest(path)
    _sidecar(path).write_text(f"{digest}  {path.name}\n", encoding="utf-8")
    with db.writing() as session:
        audit.write(session, operator, "backup", path.name, {"sha256": digest, "bytes": path.stat().st_size})
    return path


def restore(path: Path, operator: str) -> Path:
    """Put the backup at ``path`` in the place of the database and bring it to this schema; nobody may be connected.

    Returns where the database that was there before is kept. Refused, with nothing changed, when the checksum or the
    copy itself is not right, when it comes from a newer version, or when the program is still running.
    """
    digest = _checked(path)
    url = db.engine().url
    manner = _manner()
    manner.check(path)
    db.forget()
    kept: Path = manner.load(url, path, _new_path)
    schema.upgrade()
    with db.writing() as session:
        _note(session, operator, path, digest, kept)
    return kept


def _note(session: Session, operator: str, path: Path, digest: str, kept: Path) -> None:
    audit.write(session, operator, "restore", path.name, {"sha256": digest, "kept": kept.name})


def _manner() -> ModuleType:
    return backup_sqlite if db.engine().dialect.name == "sqlite" else backup_postgresql


def _new_path() -> Path:
    folder = settings().backup_folder
    folder.mkdir(parents=True, exist_ok=True)
    ending = "db" if db.engine().dialect.name == "sqlite" else "dump"
    return folder / f"mulin-{clock.local(clock.now()):%Y%m%d-%H%M%S-%f}.{ending}"


def _sidecar(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(path: Path) -> str:
    if not path.is_file():
        raise Refused("There is no file {path}. Check the path.", path=str(path))
    if not _sidecar(path).is_file():
        raise Refused("The checksum {name} is missing. Put it beside the backup.", name=_sidecar(path).name)
    told = _sidecar(path).read_text(encoding="utf-8").split()
    found = _digest(path)
    if told[:1] != [found]:
        raise Refused("{name} is damaged: its checksum does not match. Use another backup.", name=path.name)
    return found
