"""Verify: walk every chain and say what was changed, removed, inserted or reordered since it was written."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from migrations import counting
from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from models.serial import Serial
from services.engine import events, versions
from services.engine.versions import Kept
from services.keep import explained_gaps, kept_versions, ledger_sums, sealed_rows, unreadable
from services.keep import settling as agreed
from services.keep.explained_gaps import Undone
from services.keep.judging import Judge
from services.keep.number_gaps import Series
from services.keep.problems import Problem, VerifyReport
from services.rights import audit
from services.system import clock, facts
from services.system.progress import Progress, silent
from services.system.seals import adopting, settling
from services.words.i18n import listed

__all__ = ["Problem", "VerifyReport", "verify"]

_BATCH = 5000


def verify(session: Session, progress: Progress = silent) -> VerifyReport:
    """Walk all matters, events, numbers, counts, entries and audit lines, in batches that need little memory."""
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        # All queries must see the same moment, or work that goes on meanwhile looks like a gap.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    settling.settle(session)
    try:
        return _verified(session, progress)
    except unreadable.FAULTS as error:
        return _unreadable(session, error)


def _unreadable(session: Session, error: Exception) -> VerifyReport:
    report = VerifyReport()
    for row, name in unreadable.cells(session):
        report.add(Problem("changed", row, 0, unreadable.MESSAGE, {"field": name}))
    if not report.found:
        raise error
    return report


def _verified(session: Session, progress: Progress) -> VerifyReport:
    report = VerifyReport()
    total = session.exec(select(func.count()).select_from(Event)).one()
    undone, kept = explained_gaps.undone(session), versions.load(session)
    series = Series(session, undone)
    for _, rows in groupby(_counted(_rows(session), total, progress), key=attrgetter("id")):
        series.mark(_walk(report, rows, kept))
        report.matters += 1
    if report.events != total:
        report.add(Problem("removed", "", 0, _ORPHANS, {"count": total - report.events}))
    for kind, number, message in series.problems():
        report.add(Problem(kind, number, 0, message))
    _undone(session, report, undone)
    _figures(session, report)
    _ledger(session, report)
    _audit(session, report)
    _seals(session, report, progress)
    for row, name in unreadable.odd(session):
        report.add(Problem("changed", row, 0, unreadable.ODD, {"field": name}))
    for name in facts.forged(session):
        report.add(Problem("changed", name, 0, _FACT, {"name": name}))
    for name in agreed.taken_away(session):
        report.add(Problem("removed", name, 0, _FACT_GONE, {"name": name}))
    return report


def _seals(session: Session, report: VerifyReport, progress: Progress) -> None:
    """What the seals tell: of what was named already, one sentence is enough."""
    for found in sealed_rows.findings(session, progress):
        if not _is_told(report, found.number):
            report.add(Problem(found.kind, found.number, 0, found.message, found.params))
    head = sealed_rows.vouched_since(session)
    if head is not None:
        report.since, report.as_found = head.at, head.found


_CHANGED = listed("This event was changed after it was written.")
_REMOVED = listed("Before this event, one or more events were removed.")
_REORDERED = listed("This event was written before the one it now follows: the order was changed.")
_INSERTED = listed("This event was added without the program.")
_CUT = listed("The newest events were removed: {count} were written, {left} are left.")
_HEAD = listed("The matter no longer ends with the event that was written last.")
_STATE = listed("The matter is in the state {state}, but its last event leads to {last}.")
_EMPTY = listed("The matter has no event at all: its history was removed.")
_ORPHANS = listed("{count} events belong to a matter that was removed.")
_PRETENDED = listed("This import is marked as undone, but the audit lines don't say so.")
_UNMARKED = listed("The audit lines say that this import was undone, but it is not marked so.")
_PUT_BACK = listed("This matter belongs to an import that was undone: it was put back without the program.")
_LINE_CHANGED = listed("This audit line was changed after it was written.")
_LINE_REMOVED = listed("Before this audit line, one or more lines were removed.")
_LINES_CUT = listed("The newest audit lines were removed: {count} were written, {left} are left.")
_LINE_INSERTED = listed("This audit line was added without the program.")
_AGAIN = listed("All seals had been taken away: {rows} rows were sealed anew as they were found at this start.")
_FACT = listed("What the database keeps as its {name} was changed without the program.")
_FACT_GONE = listed("What the database kept as its {name} was removed without the program.")
_FACT_ANEW = listed(
    "What the database kept as its {names} had been removed: it was agreed on anew at this start, and the anchors this"
    " machine knew no longer count. Hold the record against one of your own: python manage.py verify --against ANCHOR"
)
_UNBALANCED = listed("The postings of entry {entry} in {unit} sum to {sum}, not to zero.")
_COUNT = listed("The figures count {kept} matters of this kind raised in this month, there are {left}.")


def _rows(session: Session) -> Iterable[Any]:
    matter = (Matter.id, Matter.number, Matter.flow, Matter.state, Matter.events, Matter.head)
    closing = (Matter.is_open, Matter.due_at, Matter.closed_at, Matter.on_time)
    event = (Event.seq, Event.at, Event.actor_id, Event.actor, Event.action, Event.from_state, Event.to_state)
    rest: tuple[Any, ...] = (Event.note, Event.data, Event.digest, col(Event.id).label("written"))
    query = (
        select(*matter, *closing, *event, *rest)  # type: ignore[call-overload]
        .outerjoin(Event, col(Event.matter_id) == Matter.id)
        .order_by(col(Matter.id), col(Event.seq))
    )
    return session.connection().execute(query.execution_options(yield_per=_BATCH))


def _counted(rows: Iterable[Any], total: int, progress: Progress) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count % _BATCH == 0:
            progress("Checking the events", min(count, total), total)
        yield row
    progress("Checking the events", total, total)


def _walk(report: VerifyReport, rows: Iterable[Any], kept: Kept) -> str:
    """Walk one matter's chain; a row has the attributes of an event, and those of its matter. Returns the number."""
    previous, last, judge = "", None, Judge(kept)
    for row in rows:
        if row.seq is None:
            report.add(Problem("removed", row.number, 0, _EMPTY))
            return str(row.number)
        report.events += 1
        seq, written = (last.seq, last.written) if last else (0, 0)
        if row.seq != seq + 1:
            report.add(Problem("removed", row.number, row.seq, _REMOVED))
        elif events.digest_of(row, row.number, previous) != row.digest:
            report.add(Problem("changed", row.number, row.seq, _CHANGED))
        if row.written < written:
            report.add(Problem("reordered", row.number, row.seq, _REORDERED))
        judge.follow(row)
        previous, last = row.digest, row
    _end(report, last, judge)
    return str(last.number)  # type: ignore[union-attr]


def _end(report: VerifyReport, last: Any, judge: Judge) -> None:
    """Compare the end of a chain with what the matter says of it."""
    if last.seq < last.events:
        report.add(Problem("cut", last.number, last.seq, _CUT, {"count": last.events, "left": last.seq}))
    elif last.seq > last.events:
        report.add(Problem("inserted", last.number, last.seq, _INSERTED))
    elif last.digest != last.head:
        report.add(Problem("cut", last.number, last.seq, _HEAD))
    if last.to_state != last.state:
        told = {"state": last.state, "last": last.to_state}
        report.add(Problem("state", last.number, last.seq, _STATE, told))
    elif wrong := judge.problem(last):
        kind, seq, message, params = wrong
        report.add(Problem(kind, last.number, seq, message, params))


def _is_told(report: VerifyReport, number: str) -> bool:
    """Whether what is called so was named already; a series is, where one of its numbers was."""
    series = number.removeprefix("serial ")
    series_told = series != number and any(name.rpartition("-")[0] == series for name in report.named)
    return number in report.named or series in report.named or series_told


def _undone(session: Session, report: VerifyReport, found: Undone) -> None:
    for batch in explained_gaps.pretended(session, found):
        message = _PRETENDED if batch.undone_at else _UNMARKED
        report.add(Problem("undone", f"{batch.file} ({batch.id})", 0, message))
    for number in explained_gaps.still_there(session, found):
        report.add(Problem("inserted", number, 0, _PUT_BACK))


def _figures(session: Session, report: VerifyReport) -> None:
    """Count all matters once and compare with the counts that the figures are read from."""
    for query in counting.differences(session.get_bind().dialect.name).values():
        for flow, month, *counts in session.connection().execute(text(query)):
            pairs = list(zip(counts[::2], counts[1::2], strict=True))
            kept, left = next(pair for pair in pairs if pair[0] != pair[1])
            told: dict[str, object] = {"kept": int(kept), "left": int(left)}
            report.add(Problem("count", f"{flow} {clock.month_label(month)}", 0, _COUNT, told))


def _ledger(session: Session, report: VerifyReport) -> None:
    for number, entry, unit, total in ledger_sums.unbalanced(session):
        report.add(Problem("ledger", number, 0, _UNBALANCED, {"entry": entry, "unit": unit, "sum": total}))


def _audit(session: Session, report: VerifyReport) -> None:
    query = select(AuditLine).order_by(col(AuditLine.seq)).execution_options(yield_per=_BATCH)
    told = kept_versions.Told()
    for line in session.exec(query):
        report.lines += 1
        if line.seq != report.lines:
            report.add(Problem("removed", "audit", line.seq, _LINE_REMOVED))
            report.lines = line.seq
        elif audit.digest_of(line, report.anchor) != line.digest:
            report.add(Problem("changed", "audit", line.seq, _LINE_CHANGED))
        report.anchor = line.digest
        told.hear(line)
        if line.act == adopting.ACT and (line.data or {}).get("why") == adopting.AGAIN:
            report.add(Problem("seal", "audit", line.seq, _AGAIN, {"rows": (line.data or {}).get("rows", 0)}))
        if line.act == agreed.ANEW:
            names = ", ".join(map(str, (line.data or {}).get("names", ())))
            report.add(Problem("removed", "audit", line.seq, _FACT_ANEW, {"names": names}))
    _lines(session, report)
    for kind, version, message in told.problems(session):
        report.add(Problem(kind, version, 0, message))


def _lines(session: Session, report: VerifyReport) -> None:
    """Compare how many audit lines there are with how many were written."""
    given = session.get(Serial, audit.SERIES)
    count = given.last if given else 0
    if report.lines < count:
        report.add(Problem("cut", "audit", report.lines, _LINES_CUT, {"count": count, "left": report.lines}))
    elif report.lines > count:
        report.add(Problem("inserted", "audit", report.lines, _LINE_INSERTED))
