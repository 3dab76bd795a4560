"""Lessons: what a flow learns from matters that come in bulk, and unlearns when they are taken back.

The most of it is learned before the turn to write, from the rows as they will be written.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from sqlmodel import Session

from models.importing import ImportBatch

# Columns of a new matter; where its area or category is still to be made, what it will be called stands for it.
# ``runs`` are those of its title and its description, as they are searched.
Row = Mapping[str, Any]


class Lesson(Protocol):
    """What one import teaches a flow."""

    def see(self, rows: list[Row]) -> None:
        """Take new matters into account, in the order in which they will be written."""

    def compare(self, session: Session) -> None:
        """All were seen: compare them with what stands here."""

    def repeats(self, session: Session) -> list[int | None] | None:
        """In the turn: which matter each one seen repeats, by its id; ``~`` place in the order seen for one of them.

        None where it is too many to say so beforehand.
        """

    def take(self, session: Session, batch: ImportBatch, codes: Mapping[str, str]) -> None:
        """In the turn, after all were written: learn. ``codes`` are those of categories that were still to be made."""


class NoLesson:
    """Of a flow that learns nothing."""

    def see(self, rows: list[Row]) -> None:
        """Nothing."""

    def compare(self, session: Session) -> None:
        """Nothing."""

    def repeats(self, _session: Session) -> list[int | None] | None:
        """They repeat nothing."""
        return None

    def take(self, session: Session, batch: ImportBatch, codes: Mapping[str, str]) -> None:
        """Nothing."""


Begun = Callable[[Session], Lesson]
Forgetting = Callable[[Session, ImportBatch], None]
_TAUGHT: dict[str, Begun] = {}
_FORGOTTEN: list[Forgetting] = []


def taught(flow: str) -> Callable[[Begun], Begun]:
    """Register what a flow learns from the new matters of an import; it is begun before any row is read."""

    def register(begun: Begun) -> Begun:
        _TAUGHT[flow] = begun
        return begun

    return register


def forgotten(forgetting: Forgetting) -> Forgetting:
    """Register what happens before the matters of an import are removed."""
    _FORGOTTEN.append(forgetting)
    return forgetting


def begin(session: Session, flow: str) -> Lesson:
    """The lesson of an import of matters of a flow."""
    return _TAUGHT[flow](session) if flow in _TAUGHT else NoLesson()


def forget(session: Session, batch: ImportBatch) -> None:
    """Unlearn what the matters taught that an undo is about to remove."""
    for forgetting in _FORGOTTEN:
        forgetting(session, batch)
