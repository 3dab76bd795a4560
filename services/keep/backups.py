"""Backups: a checked copy with its sidecar beside it, and the way back, which keeps what was there before."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from models.audit import AuditLine
from services.keep import anchors, backup_postgresql, backup_sqlite, known_anchors, sidecars
from services.people import carried_over
from services.people.carried_over import Standing
from services.rights import audit
from services.system import agreement, clock, db, hash_chain, schema
from services.system.errors import Refused, listed
from services.system.files import private_files
from services.system.progress import Progress, silent
from services.system.settings import settings


def backup(operator: str, progress: Progress = silent) -> Path:
    """Write a copy of the database to the backup folder while people go on working. Returns its path.

    The sidecar carries a checksum, the fingerprint of the key, and the anchor of a moment just before. Refused when the
    schema is not this version's, when the copy does not pass its checks, or a tool is missing.
    """
    engine = db.engine()
    with anchors.at_rest() as session:
        schema.require_head(session)
        agreement.require(session)
        anchor, mark = anchors.take(session, progress), known_anchors.mark(session)
    path = _new_path()
    _manner().dump(engine.url, path)
    digest = _digest(path)
    sidecars.write(path, digest, anchor, mark)
    with db.writing() as session:
        audit.write(session, operator, "backup", path.name, {"sha256": digest, "bytes": path.stat().st_size})
    with db.reading() as session:
        known_anchors.note(session, anchor)
    return path


def restore(path: Path, operator: str) -> Path:
    """Put the backup at ``path`` in the place of the database and bring it to this schema; nobody may be connected.

    Returns where the database that was there before is kept. Everybody is signed out; who was closed since stays out,
    and a password that was changed since stays changed: the audit line names them. Refused, with nothing changed, when
    the checksum or the copy itself is not right, when it was sealed with another key, when it comes from a newer
    version, or when the program is still running.
    """
    digest = _checked(path)
    url, manner = db.engine().url, _manner()
    _require_key(path, manner.check(path) or sidecars.said(sidecars.beside(path)).get("key", ""))
    before = _standing()
    db.forget()
    kept: Path = manner.load(url, path, _new_path)
    schema.upgrade()
    with db.writing() as session:
        _note(session, operator, path, {"sha256": digest, "kept": kept.name}, before)
    with db.reading() as session:
        known_anchors.note(session, force=True)
    return kept


_TOLD = {
    "closed": listed("Closed since the backup, and closed again: {logins}"),
    "passwords": listed("With the password they had before the restore: {logins}"),
    "gone": listed("Made since the backup, and gone with it: {logins}"),
}


def carried() -> dict[str, list[str]]:
    """What the last restore did with accounts: sentences, each with the sign-in names it is about."""
    query = select(AuditLine).where(AuditLine.act == anchors.RESTORED).order_by(col(AuditLine.seq).desc())
    with db.reading() as session:
        line = session.exec(query.limit(1)).first()
    told = (line.data if line else None) or {}
    return {sentence: told[name] for name, sentence in _TOLD.items() if told.get(name)}


def _require_key(path: Path, kept: str) -> None:
    found = hash_chain.fingerprint()
    if kept and kept != found:
        raise Refused(
            "{name} was sealed with another key: the fingerprint of MULIN_KEY is {found}, that of the backup {kept}."
            " Set the key it was written with, restore it, and change the key then: python manage.py key rotate",
            name=path.name,
            found=found,
            kept=kept,
        )


def _standing() -> dict[str, Standing]:
    """The accounts as they stand now, as far as the database can still be read; Refused where the clock is wrong."""
    agreement.require_plausible()
    try:
        with db.reading() as session:
            if schema.at_head(session):
                agreement.require_clock(session)
                return carried_over.standing(session)
    except DatabaseError:
        pass  # It is damaged, which may be why somebody restores.
    return {}


def _note(session: Session, operator: str, path: Path, told: dict[str, object], before: dict[str, Standing]) -> None:
    # However old the backup is: from here on the clock is held against this moment.
    agreement.accept(session)
    carried = carried_over.carry(session, operator, before)
    named = {name: logins for name, logins in asdict(carried).items() if logins}
    audit.write(session, operator, anchors.RESTORED, path.name, told | named)


def _manner() -> ModuleType:
    return backup_sqlite if db.engine().dialect.name == "sqlite" else backup_postgresql


def _new_path() -> Path:
    folder = private_files.folder(settings().backup_folder)
    ending = "db" if db.engine().dialect.name == "sqlite" else "dump"
    return folder / f"mulin-{clock.local(clock.now()):%Y%m%d-%H%M%S-%f}.{ending}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(path: Path) -> str:
    if not path.is_file():
        raise Refused("There is no file {path}. Check the path.", path=str(path))
    told, found = sidecars.digest(path), _digest(path)
    if told != found:
        raise Refused("{name} is damaged: its checksum does not match. Use another backup.", name=path.name)
    return found
