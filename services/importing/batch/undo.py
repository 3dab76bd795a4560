"""Undoing an import: what it made goes, what it changed gets its values back, and the audit chain says so.

An event may be deleted only when the import that wrote it is marked as undone (migrations/append_only.py), and only a
line of the audit chain lets `verify` accept the numbers that are missing then. See docs/adr/0010.
"""

from itertools import groupby

from sqlmodel import Session

import services.registry  # noqa: F401  (a flow unlearns what is taken back)
from models.area import Area
from models.importing import ImportBatch
from models.place import Place
from services.importing.batch import body_restore, made_on_the_way
from services.importing.job.reports import Remark, Report
from services.importing.matters import restore
from services.matters import lessons
from services.rights import audit
from services.rights.permissions import Actor, may, require
from services.system import clock, db
from services.system.errors import NotFound, Refused, listed
from services.system.progress import Progress, silent
from services.words import own_categories

_STAYS = listed("{number} was worked on since this import; it stays.")
_NAMED = 5


def undo(
    session: Session, actor: Actor, batch_id: int, progress: Progress = silent, *, keep_touched: bool = False
) -> Report:
    """Take back a whole import in the caller's transaction. Refused when what it brought was worked on since.

    With ``keep_touched`` that stays and everything else goes. ``Report.new`` counts the rows removed, ``changed`` those
    that got their values back, ``kept`` those that stay, ``made`` what else went.
    """
    batch = _claimed(session, actor, batch_id)
    report = Report(kind=batch.kind, file=batch.file, batch_id=batch.id)
    touched = restore.touched(session, batch)
    if touched and not keep_touched:
        raise _worked_on(touched)
    for number in touched.values():
        report.remark("kept", Remark(0, number, _STAYS, {"number": number}))
    batch.undone_at, batch.undone_by = clock.now(), actor.name[:64]
    session.flush()
    progress("Undoing the import", 0, 3)
    restore.keep(session, batch, list(touched))
    lessons.forget(session, batch)
    numbers = restore.remove(session, batch)
    progress("Undoing the import", 1, 3)
    restored = [*restore.restore(session, actor, batch, set(touched)), *body_restore.restore(session, batch)]
    progress("Undoing the import", 2, 3)
    report.made = made_on_the_way.clear(session, batch)
    report.new, report.changed, report.written = len(numbers) or sum(report.made.values()), len(restored), True
    _record(session, actor, batch, numbers, report)
    progress("Undoing the import", 3, 3)
    own_categories.forget()
    return report


def _claimed(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    """The import, for this transaction alone. NotFound for one that does not exist or lies elsewhere."""
    db.alone(session)
    db.unhurried(session)
    batch = session.get(ImportBatch, batch_id, populate_existing=True)
    path = path_of(session, batch) if batch else ""
    if batch is None or not may(actor, "import.run", path):
        raise NotFound("There is no import {number} that you can see. Choose one from the list.", number=batch_id)
    require(actor, "import.undo", path)
    if batch.undone_at:
        raise Refused("This import was undone already by {name}.", name=batch.undone_by or "?")
    return batch


def path_of(session: Session, batch: ImportBatch) -> str:
    """The path of the place an import went into; nothing, which is everywhere, where there is none."""
    place = session.get(Place, batch.place_id or 0)
    return session.get_one(Area, place.area_id).path if place else ""


def _worked_on(touched: dict[int, str]) -> Refused:
    numbers = ", ".join(list(touched.values())[:_NAMED])
    return Refused(
        "{count} matters of this import were worked on since, or changed by a later import: {numbers}. "
        "Undo the later import first, or undo this one and keep those.",
        count=len(touched),
        numbers=numbers,
    )


def _record(session: Session, actor: Actor, batch: ImportBatch, numbers: list[str], report: Report) -> None:
    told = {"batch": batch.id, "kind": batch.kind, "sha256": batch.digest, "matters": len(numbers)}
    told |= {"numbers": ranges(numbers), "restored": report.changed, "kept": report.kept, "made": report.made}
    audit.write(session, actor.name, "import_undone", batch.file, told, area=path_of(session, batch))


def ranges(numbers: list[str]) -> list[str]:
    """Numbers of matters as their ranges: ``PS-2026-000001..PS-2026-010000``."""
    split = sorted((series, int(running)) for series, _, running in (number.rpartition("-") for number in numbers))
    found = []
    for (series, _), run in groupby(enumerate(split), key=lambda pair: (pair[1][0], pair[1][1] - pair[0])):
        held = [running for _, (_, running) in run]
        found.append(f"{series}-{held[0]:06d}..{series}-{held[-1]:06d}")
    return found
