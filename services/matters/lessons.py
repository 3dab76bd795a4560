"""Lessons: what a flow learns from matters that come in bulk, and unlearns when they are taken back."""

from collections.abc import Callable

from sqlmodel import Session

from models.importing import ImportBatch

Lesson = Callable[[Session, ImportBatch], None]
_TAKEN: dict[str, Lesson] = {}
_FORGOTTEN: list[Lesson] = []


def taken(flow: str) -> Callable[[Lesson], Lesson]:
    """Register what a flow does with the new matters of an import."""

    def register(lesson: Lesson) -> Lesson:
        _TAKEN[flow] = lesson
        return lesson

    return register


def forgotten(lesson: Lesson) -> Lesson:
    """Register what happens before the matters of an import are removed."""
    _FORGOTTEN.append(lesson)
    return lesson


def take(session: Session, batch: ImportBatch, flow: str) -> None:
    """Learn from the new matters of the batch, where the flow they belong to learns anything."""
    if flow in _TAKEN:
        _TAKEN[flow](session, batch)


def forget(session: Session, batch: ImportBatch) -> None:
    """Unlearn what the matters taught that an undo is about to remove."""
    for lesson in _FORGOTTEN:
        lesson(session, batch)
