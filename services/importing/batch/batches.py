"""Batches: a file is checked as a whole, then written as a whole in one transaction, and remembered for an undo."""

import gc
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from models.area import Area
from models.importing import ImportBatch
from models.place import Place
from services.importing.batch.kind_handlers import HANDLERS
from services.importing.batch.undo import path_of, undo
from services.importing.cells import date_orders
from services.importing.job.import_jobs import Job
from services.importing.job.reports import Report
from services.importing.mapping import kinds, mapping, text_templates
from services.importing.mapping.mapping import Mapping
from services.importing.matters import recorded
from services.importing.source.row_spool import Spool
from services.importing.target import import_places
from services.places import ground_version
from services.rights import audit
from services.rights.permissions import Actor, may, require
from services.system import clock, db
from services.system.errors import Refused
from services.system.progress import Progress, silent
from services.system.writers import retries
from services.words import own_categories

if TYPE_CHECKING:
    from services.importing.source.source import Row, Source

__all__ = ["history", "preview", "run", "undo"]

_BATCH = 2000
_PATIENCE = 300
# How long one try waits for its turn, before whoever looks on is told.
_A_WHILE = 2
# Between two tries others come first.
_PAUSE = 0.2
_MANY = 1000


def preview(
    session: Session, actor: Actor, source: "Source", layer: int, told: Mapping, progress: Progress = silent
) -> Report:
    """What an import would do. Writes nothing."""
    return _check(_job(session, actor, source, layer, told), None, progress)


def run(
    actor: Actor,
    source: "Source",
    layer: int,
    told: Mapping,
    *,
    good_rows_only: bool = False,
    progress: Progress = silent,
) -> Report:
    """Import a layer in one transaction of its own: all rows, or none; with ``good_rows_only`` all that can be.

    A row that stands here already is not imported again. Where nothing is new or changed, nothing is written.
    """
    with _seldom_collecting(), Spool() as checked, Spool() as ready:
        with db.reading() as session:
            job = _job(session, actor, source, layer, told)
            report = _check(job, checked, progress)
            wanted = checked.entries and (good_rows_only or not report.refused)
            # Of a place that is still to be made there is nothing to rest on.
            if wanted and job.place is not None:
                _prepare(job, checked, ready, progress)
        if wanted:
            with _writing(progress) as session:
                _write(_again(job, session), checked, ready, progress)
            own_categories.forget()
            _learn(report)
    return report


def history(session: Session, actor: Actor, limit: int = 100) -> list[tuple[ImportBatch, str]]:
    """The newest imports into places the actor may import into, each with the name of the place."""
    require(actor, "page.imports")
    query = (
        select(ImportBatch, Place.name, Area.path)
        .outerjoin(Place, col(Place.id) == ImportBatch.place_id)
        .outerjoin(Area, col(Area.id) == Place.area_id)
        .order_by(col(ImportBatch.id).desc())
    )
    rows = ((batch, name or "") for batch, name, path in session.exec(query) if may(actor, "import.run", path or ""))
    return list(islice(rows, limit))


def _job(session: Session, actor: Actor, source: "Source", layer: int, told: Mapping) -> Job:
    problem = mapping.problems(told) or _lost(told, source.layers[layer].columns)
    if problem:
        raise Refused("The mapping does not fit the file: {problem}. Choose the columns again.", problem=problem)
    _complete(actor, told)
    place = import_places.found_place(session, told)
    root = session.get_one(Area, place.area_id) if place else None
    require(actor, "import.run", root.path if root else "")
    order = date_orders.require(source, layer, told)
    report = Report(kind=told.kind, file=source.name, columns=source.layers[layer].columns)
    return Job(session, actor, source, layer, told, order, report, place, root)


def _complete(actor: Actor, told: Mapping) -> None:
    """Refuse a mapping that leaves out what every row needs, instead of refusing every row."""
    known = kinds.fields(told.kind)
    needed = [field.code for field in known.values() if field.required]
    if told.kind == "matters" and not told.options.title:
        needed.append("title")
    missing = [code for code in needed if not told.has(code)]
    # An area may do without a name where it has a code.
    if missing and told.kind != "areas":
        label = known[missing[0]].label(actor.language)
        raise Refused("Choose the column for “{field}”: no row can do without it.", field=label)


def _again(job: Job, session: Session) -> Job:
    """The same job in another session, which may write."""
    place = import_places.found_place(session, job.mapping)
    root = session.get_one(Area, place.area_id) if place else None
    return replace(job, session=session, place=place, root=root, ground=ground_version.ground(session))


def _lost(told: Mapping, columns: list[str]) -> str:
    """A column the mapping names and the file does not have."""
    named = [name for held in told.columns.values() for name in held]
    named += text_templates.unknown(told.options.title + told.options.description, columns)
    return next((name for name in named if name not in columns), "")


def _check(job: Job, spool: Spool | None, progress: Progress) -> Report:
    checker = HANDLERS[job.mapping.kind].check(job)
    report, total = job.report, job.layer.rows
    for rows in _pieces(job.source.rows(job.number)):
        report.rows += len(rows)
        read = [entry for row in rows if (entry := checker.read(row)) is not None]
        wanted = checker.settle(read)
        if spool is not None:
            spool.put(wanted)
        progress("Checking the rows", report.rows, max(total, report.rows))
    rest = checker.close()
    if spool is not None:
        spool.put(rest)
    return report


def _prepare(job: Job, checked: Spool, ready: Spool, progress: Progress) -> None:
    """Work out whatever can be before the turn, or once more within it."""
    prepare = HANDLERS[job.mapping.kind].prepare
    if prepare is None:
        return
    job.ground = job.ground or ground_version.ground(job.session)
    ready.clear()
    job.prepared, done = prepare(job), 0
    for entries in checked.batches():
        ready.put(job.prepared.ready(entries))
        done += len(entries)
        progress("Preparing the rows", done, checked.entries)
    job.prepared.close()


def _pieces(rows: Iterator["Row"]) -> Iterator[list["Row"]]:
    while piece := list(islice(rows, _BATCH)):
        yield piece


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Rows come and go by the hundred thousand without a cycle among them; looking for cycles costs a fifth."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _writing(progress: Progress) -> Iterator[Session]:
    """The transaction of an import. Two imports wait for each other instead of failing."""
    ends = time.monotonic() + _PATIENCE
    with ExitStack() as stack:
        while (session := _entered(stack)) is None:
            progress("Waiting for somebody who is writing", 0, 1)
            if time.monotonic() > ends:
                raise Refused("Somebody else is writing very much. Try again in a few minutes.")
            time.sleep(_PAUSE)
        db.unhurried(session)
        yield session


def _entered(stack: ExitStack) -> Session | None:
    """A session that may write; none while others do. What else the database says against it is raised."""
    try:
        return stack.enter_context(db.writing(_A_WHILE, much=True))
    except OperationalError as error:
        if retries.busy(error):
            return None
        raise


def _write(job: Job, checked: Spool, ready: Spool, progress: Progress) -> None:
    session, report = job.session, job.report
    batch = _batch(job)
    session.add(batch)
    session.flush()
    job.batch = batch
    new_place = job.place is None
    if job.place is None:
        job.place, job.root = import_places.make_place(job)
    batch.place_id = job.place.id
    spool = _settled(job, checked, ready)
    writer, done = HANDLERS[job.mapping.kind].write(job), 0
    for batch_ in spool.batches():
        writer.write(batch_)
        done += len(batch_)
        progress("Writing the rows", done, spool.entries)
    writer.close()
    if new_place:
        import_places.settle(job)
    for name in ("rows", "new", "changed", "unchanged", "refused"):
        setattr(batch, name, getattr(report, name))
    told = _told(batch) | _unrecorded(job)
    audit.write(session, job.actor.name, "import", job.source.name, told, area=path_of(session, batch))
    session.flush()
    report.batch_id, report.written = batch.id, True


def _settled(job: Job, checked: Spool, ready: Spool) -> Spool:
    """What is to be written; prepared anew where what it rested on was changed before the turn came."""
    if HANDLERS[job.mapping.kind].prepare is None:
        return checked
    if job.prepared is None or not job.prepared.settle(job):
        _prepare(job, checked, ready, silent)
        job.prepared.settle(job)
    return ready


def _batch(job: Job) -> ImportBatch:
    return ImportBatch(
        kind=job.mapping.kind,
        file=job.source.name[:128],
        digest=job.source.digest,
        mapping=job.mapping.name[:48],
        options=job.mapping.model_dump(mode="json"),
        at=clock.now(),
        actor=job.actor.name[:64],
    )


def _told(batch: ImportBatch) -> dict[str, Any]:
    counts = {name: getattr(batch, name) for name in ("rows", "new", "changed", "unchanged", "refused")}
    return {"batch": batch.id, "kind": batch.kind, "sha256": batch.digest, "mapping": batch.mapping, **counts}


def _unrecorded(job: Job) -> dict[str, Any]:
    """What the ledger says nothing about: figures leave its matters out, so it stands in the audit chain."""
    return {"unrecorded": recorded.missing(job)} if job.mapping.kind == "matters" else {}


def _learn(report: Report) -> None:
    if report.new >= _MANY:
        with db.writing() as session:
            db.learn(session)
