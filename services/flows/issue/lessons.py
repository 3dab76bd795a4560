"""Lessons of issues: what the new ones of an import teach: the words of their categories, and what came back 回潮."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.event import Event
from models.importing import ImportBatch
from models.matter import Matter
from services.engine import events, flows
from services.flows.issue import recurrences, suggestions
from services.flows.issue.recurrence_search import Columns, newest_before
from services.matters import lessons
from services.matters.lessons import Row

# More of the same ledger teaches nothing new, and the transaction is waiting.
_TAUGHT = 20_000
# As many are compared at once, in memory; of more those that came back are marked after they were written.
_COMPARED = 200_000
# Beyond the ids of all matters there are: what is not written yet is newer than whatever is.
_UNWRITTEN = 2**40


@lessons.taught("issue")
class IssueLesson:
    """What the new issues of one import teach."""

    def __init__(self, session: Session) -> None:
        self._since = events.newest(session)
        self._done = frozenset(flows.states_of_kind("issue", "done"))
        self._seen = self._told = 0
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._raised: list[Any] = []
        self._ended: list[Any] = []
        self._standing: list[Any] = []
        self._areas: dict[Any, int] = {}
        self._found: list[int | None] = []

    def see(self, rows: list[Row]) -> None:
        """Take new issues into account."""
        for row in rows:
            if row["category"] is not None:
                self._teach(row)
                if self._seen < _COMPARED:
                    self._note(row)
            self._seen += 1

    def _teach(self, row: Row) -> None:
        if self._told < _TAUGHT:
            self._words[row["category"]].update(suggestions.lessons(row["runs"]))
            self._told += 1

    def _note(self, row: Row) -> None:
        where, area = _UNWRITTEN + self._seen, row["area_id"]
        if not isinstance(area, int):
            area = self._areas.setdefault(area, -1 - len(self._areas))
        place = (where, area, row["location"], row["lng"], row["lat"], row["category"])
        self._raised.append((*place, row["opened_at"]))
        if row["closed_at"] is not None and row["state"] in self._done:
            self._ended.append((*place, row["closed_at"]))

    def compare(self, session: Session) -> None:
        """Find out which repeat one that was closed, here or in the ledger itself."""
        if self._raised and self._seen <= _COMPARED:
            self._standing = recurrences.closed_before(session, self._raised)
            self._search()

    def _search(self) -> None:
        self._found = newest_before(Columns(self._raised), Columns([*self._standing, *self._ended]))

    def repeats(self, session: Session) -> list[int | None] | None:
        """The same, as it stands now: what was done to issues since is looked at once more."""
        if self._seen > _COMPARED:
            return None
        if self._raised and (moved := self._moved(session)):
            fresh = recurrences.closed_before(session, self._raised, among=moved)
            self._standing = [row for row in self._standing if row[0] not in moved] + fresh
            self._search()
        told: list[int | None] = [None] * self._seen
        for row, found in zip(self._raised, self._found, strict=True):
            told[row[0] - _UNWRITTEN] = ~(found - _UNWRITTEN) if found and found >= _UNWRITTEN else found
        return told

    def _moved(self, session: Session) -> set[int]:
        return set(session.exec(select(Event.matter_id).where(col(Event.id) > self._since).distinct()))

    def take(self, session: Session, batch: ImportBatch, codes: Mapping[str, str]) -> None:
        """Learn the words, and mark what came back where that was not known before it was written."""
        if self._seen > _COMPARED:
            recurrences.mark(session, list(session.exec(select(Matter.id).where(Matter.import_id == batch.id))))
        words: Counter[tuple[str, str]] = Counter()
        for category, counted in self._words.items():
            words.update({(gram, codes.get(category, category)): n for gram, n in counted.items()})
        suggestions.add(session, words)


@lessons.forgotten
def forget(session: Session, batch: ImportBatch) -> None:
    """Unlearn what the matters taught that an undo is about to remove."""
    suggestions.teach(session, (), taken_back=_told(session, batch))


def _told(session: Session, batch: ImportBatch) -> Iterator[tuple[str, str]]:
    query = (
        select(Matter.title, Matter.description, Matter.category)
        .where(Matter.import_id == batch.id, Matter.flow == "issue", col(Matter.category).is_not(None))
        .order_by(col(Matter.id))
        .limit(_TAUGHT)
    )
    for title, description, category in session.exec(query):
        yield f"{title}\n{description}", category or ""
