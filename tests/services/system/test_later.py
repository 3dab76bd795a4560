"""Notes: they count at once, are written together, and nobody waits for them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.audit import AuditLine
from services.rights import audit
from services.system import db
from services.system.writers import later
from tests.services.system.test_db import ONLY_SQLITE, write_lock


def _write(session: Session, value: Any) -> None:
    audit.write(session, "trial", "note", str(value))


def _kept() -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(AuditLine.subject).where(AuditLine.act == "note").order_by(col(AuditLine.seq))))


@pytest.mark.usefixtures("database")
def test_a_note_counts_at_once_and_the_last_one_is_written() -> None:
    later.note(("a",), 1, _write)
    later.note(("a",), 2, _write)
    assert (later.noted(("a",)), later.first(("a",), 3, _write), _kept()) == (2, 2, [])
    assert (later.flush(), later.noted(("a",)), _kept()) == (0, None, ["2"])


@ONLY_SQLITE
def test_what_cannot_be_written_now_is_written_the_next_time(database: str) -> None:
    later.note(("a",), 1, _write)
    with write_lock(database):
        assert later.flush() == 1
    assert (later.flush(), _kept()) == (0, ["1"])


@pytest.mark.usefixtures("database")
def test_one_that_can_never_be_written_holds_no_other_up() -> None:
    def impossible(session: Session, _value: Any) -> None:
        session.get_one(AuditLine, 10_000)

    later.note(("b",), 1, impossible)
    later.note(("a",), 1, _write)
    later.note(("c",), 3, _write)
    assert (later.flush(), _kept()) == (0, ["1", "3"])


def test_they_need_no_more_room_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    later.forget()
    monkeypatch.setattr(later, "MOST", 3)
    nothing: Callable[[Session, Any], None] = lambda _session, _value: None  # noqa: E731
    for number in range(5):
        later.note((number,), number, nothing)
    assert [later.noted((number,)) for number in range(5)] == [None, None, 2, 3, 4]
    later.forget()
