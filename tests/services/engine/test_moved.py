"""A state is pulled away under live matters: the rows are refused, or moved.csv says where they go."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlmodel import Session, col, func, select

from models.audit import AuditLine
from models.event import Event
from models.matter import Matter
from models.place import Place
from services.engine import moved, starting, versions
from services.keep.verify import verify
from services.rights.permissions import Actor
from services.system import flow_files
from services.system.errors import Refused
from tests.services.engine import errands

MOVED = "state,to\nresting,going\n"


pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture
def staff(session: Session, actor: Callable[[str], Actor]) -> Actor:
    """Somebody who runs errands by the rows that are in force."""
    errands.write()
    errands.restart()
    errands.start(session)
    return actor("staff")


@pytest.fixture
def resting(session: Session, place: Place, staff: Actor) -> Matter:
    """A matter that stands in a state which is about to go."""
    [matter] = errands.begin(session, staff, place)
    return errands.take(session, staff, matter, "go", "rest")


def _sentence(session: Session) -> str:
    before = flow_files.book()
    with pytest.raises(Refused) as refused:
        errands.start(session)
    flow_files.adopt(before)
    return str(refused.value)


def test_rows_that_would_strand_a_matter_are_refused_by_name(
    session: Session, place: Place, staff: Actor, resting: Matter
) -> None:
    for matter in errands.begin(session, staff, place, 6):
        errands.take(session, staff, matter, "go", "rest")
    errands.pull_away("resting")
    said = _sentence(session)
    for part in ("errand", "resting", "7 open matters", resting.number, "…", "flows/errand/moved.csv"):
        assert part in said
    assert versions.load(session).newest("errand") != "", "the version before stays"
    assert session.get_one(Matter, resting.id).state == "resting"


def test_a_state_that_now_ends_a_matter_strands_it_too(session: Session, resting: Matter) -> None:
    ended = errands.STATES.replace("resting,paused", "resting,dropped")
    arrows = errands.ARROWS.replace("resting,wake,going,上路,Go on,,,,primary,\n", "").replace(
        "going resting,l", "going,l"
    )
    errands.write(states=ended, arrows=arrows)
    assert "now ends a matter" in _sentence(session)
    errands.write(states=ended, arrows=arrows, moved="state,to\nresting,resting\n")
    assert errands.start(session) == 1
    found = session.get_one(Matter, resting.id)
    assert (found.state, found.is_open, found.closed_at is None) == ("resting", False, False)
    assert verify(session).problems == []


def test_a_folder_that_is_gone_is_refused(session: Session, resting: Matter) -> None:
    for path in errands.folder().glob("*"):
        path.unlink()
    errands.folder().rmdir()
    said = _sentence(session)
    assert resting.number in said and said.endswith("Put the folder back.")
    errands.write()
    assert errands.start(session) == 0


def test_a_matter_goes_where_moved_says_and_its_clock_runs_on(session: Session, staff: Actor, resting: Matter) -> None:
    seconds = 3600
    resting.time_left = seconds
    errands.pull_away("resting", moved=MOVED)
    assert errands.start(session) == 1
    found = session.get_one(Matter, resting.id)
    assert (found.state, found.is_open, found.time_left) == ("going", True, None)
    assert found.due_at is not None
    last = session.exec(select(Event).where(Event.matter_id == found.id).order_by(col(Event.seq).desc())).first()
    assert last and (last.action, last.from_state, last.to_state) == ("moved", "resting", "going")
    [line] = session.exec(select(AuditLine).where(AuditLine.act == "flow.moved")).all()
    assert (line.data or {})["count"] == 1
    assert errands.start(session) == 0
    assert errands.take(session, staff, found, "arrive").closed_at is not None
    session.flush()
    assert verify(session).problems == []


@pytest.mark.parametrize(("to", "is_open", "closed"), [("lost", False, True), ("asked", True, False)])
def test_moving_opens_and_closes_by_the_kind_of_the_state(
    session: Session, resting: Matter, to: str, is_open: bool, closed: bool
) -> None:
    errands.pull_away("resting", moved=f"state,to\nresting,{to}\n")
    errands.start(session)
    found = session.get_one(Matter, resting.id)
    assert (found.state, found.is_open, found.closed_at is not None) == (to, is_open, closed)
    assert verify(session).problems == []


def test_closed_matters_move_too_and_stay_closed(session: Session, place: Place, staff: Actor) -> None:
    [matter] = errands.begin(session, staff, place)
    closed_at = errands.take(session, staff, matter, "lose").closed_at
    errands.pull_away("lost")
    assert errands.start(session) == 0, "a closed matter needs no way on"
    assert [(one.state, one.count, one.is_open) for one in moved.stranded(session)] == [("lost", 1, False)]
    assert verify(session).problems == []
    errands.pull_away("lost", moved="state,to\nlost,home\n")
    assert errands.start(session) == 1
    found = session.get_one(Matter, matter.id)
    assert (found.state, found.is_open, found.closed_at) == ("home", False, closed_at)
    assert (moved.stranded(session), verify(session).problems) == ([], [])


def test_a_database_from_before_versions_is_taken_as_it_is(
    session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    """No version was ever kept, and the rows were changed already: what came before gets the benefit of the doubt."""
    errands.write()
    errands.restart()
    waits, ended = errands.begin(session, actor("staff"), place, 2)
    errands.take(session, actor("staff"), waits, "go", "rest")
    errands.take(session, actor("staff"), ended, "lose")
    session.commit()
    errands.restart()
    states, arrows = errands.STATES, errands.ARROWS
    for state in ("resting", "lost"):
        states, arrows = errands.without(state, states), errands.without(state, arrows)
    errands.write(states=states, arrows=arrows)
    assert waits.number in _sentence(session)
    errands.write(states=states, arrows=arrows, moved="state,to\nresting,going\nlost,home\n")
    errands.restart()
    assert errands.start(session) == 2
    assert session.get_one(Matter, ended.id).state == "home"
    assert verify(session).problems == []


def test_what_is_interrupted_goes_on_the_next_time(
    session: Session, place: Place, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for matter in errands.begin(session, staff, place, 5):
        errands.take(session, staff, matter, "go", "rest")
    errands.pull_away("resting", moved=MOVED)
    monkeypatch.setattr(moved, "_BATCH", 2)

    def power_cut(_what: str, done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        session.commit()
        starting.start("tester", progress=power_cut)
    session.expire_all()
    assert [one.count for one in moved.stranded(session)] == [1]
    assert errands.start(session) == 1
    assert session.exec(select(func.count()).where(Event.action == "moved")).one() == 5
    assert verify(session).problems == []


def test_two_processes_share_the_work(
    session: Session, place: Place, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for matter in errands.begin(session, staff, place, 12):
        errands.take(session, staff, matter, "go", "rest")
    errands.pull_away("resting", moved=MOVED)
    monkeypatch.setattr(moved, "_BATCH", 3)
    session.commit()
    errors: list[BaseException] = []

    def go() -> None:
        try:
            starting.start("tester")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    session.expire_all()
    assert session.exec(select(func.count()).where(Event.action == "moved")).one() == 12
    assert (
        len(session.exec(select(AuditLine).where(AuditLine.act == versions.ACT, AuditLine.subject == "errand")).all())
        == 2
    )
    assert verify(session).problems == []


@pytest.mark.usefixtures("settled", "resting")
def test_very_many_matters_are_moved_in_reasonable_time(session: Session, place: Place, staff: Actor) -> None:
    many = 2_500  # 20,000 take a quarter of a minute; in a suite that tells nothing more
    for _batch in range(many // 500):
        for matter in errands.begin(session, staff, place, 500):
            errands.force(session, staff, matter, "resting")
        session.commit()
        session.expunge_all()
    errands.pull_away("resting", moved=MOVED)
    begun = time.monotonic()
    assert errands.start(session) == many + 1
    assert time.monotonic() - begun < 60, "moving is done in batches"
    assert session.exec(select(func.count()).where(Matter.state == "going")).one() == many + 1
