"""Pages open for matters whose state, or whole flow, the rows no longer have, and say so plainly."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.matter import Matter
from models.place import Place
from services.keep.verify import verify
from services.rights.permissions import Actor
from services.system import flow_files
from tests.services.engine import errands
from tests.ui.opening import english, open_page, said

pytestmark = pytest.mark.usefixtures("settled", "english")
__all__ = ["english"]
PLACES = ("matter", "line", "issues", "overview", "figures", "map")


@pytest.fixture
def lost(session: Session, place: Place, actor: Callable[[str], Actor]) -> Matter:
    """A closed matter of a small flow."""
    errands.write()
    errands.restart()
    errands.start(session)
    [matter] = errands.begin(session, actor("secretary"), place)
    return errands.take(session, actor("secretary"), matter, "lose")


@pytest.mark.parametrize("name", PLACES)
def test_a_state_that_is_gone(session: Session, place: Place, lost: Matter, name: str) -> None:
    errands.pull_away("lost")
    errands.start(session)
    app = open_page(session, place, "secretary", name, no=lost.number)
    if name == "matter":
        assert [info.value for info in app.info] == [
            "“Lost” is a state of an earlier version of this flow. No step leads on from it."
        ]
        assert "Asked → Lost" in said(app)
    assert verify(session).problems == []


@pytest.mark.parametrize("name", PLACES)
def test_a_flow_that_is_gone(session: Session, place: Place, lost: Matter, name: str) -> None:
    for path in errands.folder().glob("*"):
        path.unlink()
    errands.folder().rmdir()
    errands.start(session)
    app = open_page(session, place, "secretary", name, no=lost.number)
    if name == "matter":
        assert "of a flow that is no longer in use" in app.info[0].value
        assert "Asked → Lost" in said(app)
    assert verify(session).problems == []


def test_a_state_that_another_program_brought(session: Session, place: Place, lost: Matter) -> None:
    """A program that still runs by older rows shows what the newer ones made of a matter."""
    old = flow_files.book()
    errands.write(
        states=errands.STATES.replace("lost,dropped,acted,none,,丢失,Lost", "astray,dropped,acted,none,,走失,Astray"),
        arrows=errands.ARROWS.replace("lose,lost", "lose,astray"),
        moved="state,to\nlost,astray\n",
    )
    errands.start(session)
    flow_files.adopt(old)
    app = open_page(session, place, "secretary", "matter", no=lost.number)
    assert "“Astray”" in app.info[0].value
