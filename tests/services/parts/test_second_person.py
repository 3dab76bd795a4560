"""Who reports done accepts it, unless the place says that somebody else does."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import Session

from models.matter import Matter
from models.place import Place
from services.engine import workflow
from services.parts import second_person
from services.rights.permissions import Actor
from services.system.settings import settings
from services.words import local_files
from tests.refusing import refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def done(session: Session, place: Place, actor: Actors) -> Matter:
    """An issue that a member of staff reported as done."""
    walk = Walk(session, actor("staff"), place)
    for action, inputs in (("accept", {"category": "90005"}), ("dispatch", {"unit": "CL-O-XF"}), ("start", {})):
        walk.move(walk.issue, action, **inputs)
    walk.move(walk.issue, "finish", note="done")
    return walk.issue


def say(*lines: str) -> None:
    folder = settings().local_folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / second_person.FILE).write_text("place,flow,done,accept\n" + "\n".join(lines), "utf-8")
    local_files.forget()


def test_nothing_is_said_of_it_by_default(session: Session, done: Matter, actor: Actors) -> None:
    assert workflow.move(session, actor("staff"), done.number, "verify", done.version, {}).state == "closed"


@pytest.mark.parametrize("place_said", ["chilinglu", "*"])
def test_where_the_place_says_so_somebody_else_accepts(
    session: Session, done: Matter, actor: Actors, place_said: str
) -> None:
    say(f"{place_said},issue,finish,verify")
    assert second_person.barred(session, actor("staff"), done, "verify") == "finish"
    found = refused_move(session, actor("staff"), done, "verify")
    assert found.message.startswith("You took the step")
    assert workflow.move(session, actor("secretary"), done.number, "verify", done.version, {}).state == "closed"


def test_who_sends_it_back_or_did_it_before_is_not_barred(session: Session, done: Matter, actor: Actors) -> None:
    say("chilinglu,issue,finish,verify")
    staff, other = actor("staff"), replace(actor("staff"), name="Another")
    workflow.move(session, staff, done.number, "rework", done.version, {"note": "again"})
    workflow.move(session, other, done.number, "finish", done.version, {"note": "done"})
    assert workflow.move(session, staff, done.number, "verify", done.version, {}).state == "closed"


@pytest.mark.parametrize("line", ["elsewhere,issue,finish,verify", "chilinglu,action,deliver,accept"])
def test_another_place_or_flow_says_nothing_here(session: Session, done: Matter, actor: Actors, line: str) -> None:
    say(line)
    assert workflow.move(session, actor("staff"), done.number, "verify", done.version, {}).state == "closed"


@pytest.mark.parametrize("line", ["*,no_flow,finish,verify", "*,issue,finish,no_step", "*,issue,no_step,verify"])
@pytest.mark.usefixtures("database")
def test_a_wrong_line_is_said_and_the_file_not_used(line: str) -> None:
    say(line)
    (problem,) = second_person.problems()
    assert (problem.file, problem.line) == (second_person.FILE, 2)
