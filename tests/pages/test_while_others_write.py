"""While somebody else holds the database: every page opens at once, and what can't be saved is said and stays typed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select, update
from streamlit.testing.v1 import AppTest

from models.account import SignIn
from models.matter import Matter
from models.place import Place
from services.people import signins
from services.rights import permissions
from services.rights.permissions import Actor
from services.system import clock, db
from services.system.settings import ROOT
from tests.pages.test_pages import line, opened, signed_in
from tests.services.system.test_db import ONLY_SQLITE, write_lock
from tests.ui.opening import english, open_page
from ui.frame.menu import ENTRIES
from ui.web.life import notes

__all__ = ["english", "line"]
BUSY = "The database is busy. Nothing was saved: try again in a moment."


@contextmanager
def waits() -> Iterator[list[float]]:
    """For how long each of those who wanted to write would have waited."""
    asked: list[float] = []
    turn = db._turn

    def noting(patience: float) -> object:
        asked.append(patience)
        return turn(patience)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "_turn", noting)
        yield asked


@ONLY_SQLITE
@pytest.mark.parametrize("role", ["secretary", "viewer", "admin"])
def test_every_page_opens_at_once(database: str, place: Place, line: dict[str, str], role: str) -> None:
    digest = signed_in(role, place)
    with db.writing() as session:
        session.exec(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=5)))
    with write_lock(database), waits() as asked:
        for entry in ENTRIES:
            if permissions.may(Actor(None, role, role), f"page.{entry.name}"):
                params = {"no": line["running"]} if entry.name in ("matter", "line", "meeting") else {}
                app = opened(str(Path(entry.path).relative_to(ROOT)), digest, params)
                assert not app.exception, (entry.name, app.exception[0].value)
    assert max(asked, default=0) <= db.HURRY
    with db.reading() as session:
        current = signins.current(session, digest)
        assert current and not current.stale  # as the idle limit counts it, though nothing could be written
    notes.write()
    with db.reading() as session:
        assert session.exec(select(SignIn)).one().seen_at > clock.now() - timedelta(minutes=1)


def _press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def _says_busy(app: AppTest) -> bool:
    return BUSY in [error.value for error in app.error] and not app.exception


@ONLY_SQLITE
@pytest.mark.usefixtures("english")
def test_what_was_typed_into_a_new_matter_stays(
    database: str, session: Session, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PATIENCE", 0.5)
    app = open_page(session, place, "staff", "new")
    app.text_input(key="issue-title").input("The lamp at the gate is dark").run()
    app.text_area(key="issue-description").input("Since Monday, all night").run()
    with write_lock(database):
        began = time.monotonic()
        app = _press(app, "Hand in")
        assert _says_busy(app) and time.monotonic() - began < 4
        assert app.text_input(key="issue-title").value == "The lamp at the gate is dark"
        assert app.text_area(key="issue-description").value == "Since Monday, all night"
    app = _press(app, "Hand in")
    with db.reading() as fresh:
        assert "The lamp at the gate is dark" in fresh.exec(select(Matter.title)).all()


@ONLY_SQLITE
@pytest.mark.usefixtures("english")
def test_what_was_typed_into_a_note_stays(
    database: str, session: Session, place: Place, line: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PATIENCE", 0.5)
    app = open_page(session, place, "staff", "matter", no=line["running"])
    (note,) = (area for area in app.text_area if area.label == "Note")
    key = note.key or ""
    note.input("Spoke with the caretaker")
    with write_lock(database):
        app = _press(app, "Add note")
        assert _says_busy(app) and app.text_area(key=key).value == "Spoke with the caretaker"
    app = _press(app, "Add note")
    assert app.text_area(key=key).value == "" and not app.error
