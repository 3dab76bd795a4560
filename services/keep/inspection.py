"""Inspection: all that can be asked of a database, from the pages of its file to the anchors of it that are known.

What can't be read is a problem like any other: a damaged file must not end in a traceback, nor in silence.
"""

from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session

from migrations import text_index
from services.keep import anchors, file_damage, known_anchors
from services.keep.anchor_text import Anchor
from services.keep.problems import Problem, VerifyReport
from services.keep.verify import verify
from services.rules import in_force
from services.system import agreement, schema_objects
from services.system.progress import Progress, silent
from services.words.i18n import listed

_UNREADABLE = {
    "file": listed("The file can't be read: {what}. Keep a copy of it, and restore the newest sound backup."),
    "schema": listed("The schema can't be read: {what}. Keep a copy of it, and restore the newest sound backup."),
    "records": listed("The records can't be read: {what}. Keep a copy of it, and restore the newest sound backup."),
    "search": listed("The search index can't be read: {what}. Build it anew: python manage.py reindex"),
    "rules": listed("The files that decide can't be compared with the audit lines: {what}."),
    "anchor": listed("The anchors can't be compared: {what}."),
}
_ENTRY = listed("The search index does not hold this matter as it is. Build it anew: python manage.py reindex")
_SEARCH = listed(
    "The search index does not say of its terms what the matters say. Build it anew: python manage.py reindex"
)
_NAMED = "search"
PUBLISHED_KEY = listed(
    "MULIN_KEY is the published demo key: whoever has the program can write every chain anew, so a sound chain proves"
    " nothing here. Only an anchor kept elsewhere does. Set a key of your own for anything that is to count: python"
    " manage.py key rotate"
)

Problems = Iterator[Problem]


def inspect(session: Session, progress: Progress = silent, against: Sequence[Anchor] = ()) -> VerifyReport:
    """Check file, schema, records, search index, rules and anchors, in this order.

    ``against`` are anchors from elsewhere.

    Refused where the key is another one: everything would look changed.
    """
    report = VerifyReport()
    if not _take(report, "file", lambda: _file(session)):
        agreement.require_key(session)
    _take(report, "schema", lambda: _schema(session))
    _records(report, session, progress)
    _take(report, "search", lambda: _search(session))
    _take(report, "rules", lambda: _rules(session))
    _take(report, "anchor", lambda: _known(session))
    _take(report, "anchor", lambda: _held(session, against, progress))
    return report


def remarks(session: Session, against: Sequence[Anchor]) -> list[tuple[str, dict[str, object]]]:
    """What a reader must know to judge what was found: which rules were changed, and what happened since anchors."""
    found = (remark for anchor in against[:1] for remark in anchors.notes(session, anchor))
    try:
        return [*in_force.remarks(session), *found]
    except Exception:
        return []


def _take(report: VerifyReport, part: str, look: Callable[[], Problems]) -> int:
    """Add what is found; how many there were. A spoiled byte can make any cell of any type unreadable, in any way."""
    before = report.found
    try:
        for problem in look():
            report.add(problem)
    except Exception as error:
        report.add(Problem("damaged", part, 0, _UNREADABLE[part], {"what": _said(error)}))
    return report.found - before


def _said(error: Exception) -> str:
    """What went wrong, in one line, without the statement and its values."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0][:160] or type(error).__name__


def _records(report: VerifyReport, session: Session, progress: Progress) -> None:
    def look() -> Problems:
        found = verify(session, progress)
        report.matters, report.events, report.lines = found.matters, found.events, found.lines
        report.anchor, report.since, report.as_found = found.anchor, found.since, found.as_found
        yield from found.problems
        report.found += found.found - len(found.problems)

    _take(report, "records", look)


def _file(session: Session) -> Problems:
    for where, message, params in file_damage.found(session.connection()):
        yield Problem("damaged", where, 0, message, params)


def _schema(session: Session) -> Problems:
    for name, message, params in schema_objects.faults(session.connection()):
        yield Problem("schema", name, 0, message, params)


def _search(session: Session) -> Problems:
    from models.matter import Matter

    for matter_id in text_index.differences(session.connection()):
        found = session.get(Matter, matter_id) if matter_id else None
        number = found.number if found else _NAMED if not matter_id else f"{_NAMED} {matter_id}"
        yield Problem("search", number, 0, _ENTRY if matter_id else _SEARCH)


def _rules(session: Session) -> Problems:
    for file, message in in_force.problems(session):
        yield Problem("rules", file, 0, message)


def _held(session: Session, against: Sequence[Anchor], progress: Progress) -> Problems:
    for anchor in dict.fromkeys(against):
        yield from anchors.compare(session, anchor, progress)


def _known(session: Session) -> Problems:
    if problem := known_anchors.behind(session):
        yield problem
