"""Kept versions: whether the rows that were kept of each flow are still those that the audit lines tell of."""

from collections import Counter
from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.flow_version import FlowVersion
from services.engine import versions
from services.words.i18n import listed

_CHANGED = listed("The rows kept of this version of the flow were changed.")
_REMOVED = listed("The rows kept of this version of the flow were removed: the audit lines tell of it.")
_ADDED = listed("This version of the flow was added without the program.")
Key = tuple[str, str]


class Told:
    """What the audit lines say of versions, held against the table."""

    def __init__(self) -> None:
        self._lines: list[tuple[Key, str]] = []

    def hear(self, line: AuditLine) -> None:
        """Take a line of the audit into account."""
        if line.act == versions.ACT:
            told = line.data or {}
            self._lines.append(((line.subject, str(told.get("version", ""))), _sorted(told)))

    def problems(self, session: Session) -> Iterator[tuple[str, str, str]]:
        """The kind of each problem, the version, and the sentence."""
        rows = session.exec(select(FlowVersion).order_by(col(FlowVersion.id))).all()
        told, there = Counter(self._lines), Counter(_line(row) for row in rows)
        lost, new = _versions(told - there), _versions(there - told)
        for message, kind, found in (
            (_CHANGED, "changed", lost & new),
            (_REMOVED, "removed", lost - new),
            (_ADDED, "inserted", new - lost),
        ):
            yield from ((kind, f"{flow} {version[:12]}", message) for flow, version in found.elements())


def _line(row: FlowVersion) -> tuple[Key, str]:
    # A version is the digest of its own rows; where it isn't, no line can tell of it.
    sound = versions.digest(row.rows) == row.version
    return (row.flow, row.version), _sorted(versions.told_of(row)) if sound else ""


def _versions(lines: Counter[tuple[Key, str]]) -> Counter[Key]:
    return Counter(key for key, _told in lines.elements())


def _sorted(told: dict[str, object]) -> str:
    return repr(sorted(told.items()))
