"""What verify says of events and matters once the rows of their flow were changed, honestly or not."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.flow_version import FlowVersion
from models.matter import Matter
from models.place import Place
from services.engine import events, flows, versions, workflow
from services.keep.verify import verify
from services.rights.permissions import Actor
from services.system import hash_chain
from tests.services.engine import errands
from tests.services.keep.test_verify import _FREE, _kinds

pytestmark = pytest.mark.usefixtures("settled", "place")


@pytest.fixture
def matters(session: Session, place: Place, actor: Callable[[str], Actor]) -> list[Matter]:
    """Three errands, closed, open and lost, each with a rest on its way; then resting is taken out of the flow."""
    errands.write()
    errands.restart()
    errands.start(session)
    made, staff = errands.begin(session, actor("staff"), place, 3), actor("staff")
    for matter, last in zip(made, ("arrive", "rest", "lose"), strict=True):
        errands.take(session, staff, matter, "go", "rest", "wake", last)
    errands.pull_away("resting", moved="state,to\nresting,going\n")
    errands.start(session)
    for statement in _FREE[session.get_bind().dialect.name]:
        session.execute(text(statement))
    return [session.get_one(Matter, matter.id) for matter in made]


def test_an_honest_change_of_the_rows_is_no_finding(session: Session, matters: list[Matter]) -> None:
    assert [matter.state for matter in matters] == ["home", "going", "lost"]
    assert verify(session).problems == []


def test_so_is_a_flow_that_is_given_up(session: Session, place: Place, actor: Callable[[str], Actor]) -> None:
    errands.write()
    errands.restart()
    errands.start(session)
    [matter] = errands.begin(session, actor("staff"), place)
    errands.take(session, actor("staff"), matter, "go", "arrive")
    for path in errands.folder().glob("*"):
        path.unlink()
    errands.folder().rmdir()
    errands.start(session)
    assert verify(session).problems == []


@pytest.mark.parametrize(
    ("state", "event", "found"),
    [
        ("nowhere", "nowhere", [("changed", 6), ("state", 6)]),  # a state no version ever had
        ("resting", "resting", [("changed", 6), ("state", 6)]),  # one that was gone by then
        ("asked", "going", [("state", 6)]),  # one that the events don't lead to
    ],
)
def test_a_matter_put_into_a_state_that_its_flow_did_not_have_is_found(
    session: Session, matters: list[Matter], state: str, event: str, found: list[tuple[str, int]]
) -> None:
    moved = matters[1].id
    session.execute(text("UPDATE matter SET state = :state WHERE id = :id"), {"state": state, "id": moved})
    if event != "going":
        to = {"state": event, "id": moved}
        session.execute(text("UPDATE event SET to_state = :state WHERE matter_id = :id AND seq = 6"), to)
    assert _kinds(verify(session)) == found


@pytest.mark.parametrize(
    ("action", "to", "kind"),
    [
        ("rest", "resting", "state"),  # the state is gone
        ("wake", "going", "arrow"),  # so is the step
        ("arrive", "lost", "arrow"),  # this one never led there
        ("note", "home", "arrow"),  # a note moves nothing
        ("arrive", "home", None),
    ],
)
def test_even_what_is_written_with_the_key_must_obey_the_rows_of_its_time(
    session: Session, matters: list[Matter], actor: Callable[[str], Actor], action: str, to: str, kind: str | None
) -> None:
    matter = matters[1]
    event = events.append(session, matter, actor("staff"), action, to_state=to)
    workflow.settle(matter, True, flows.state("errand", to), event.at)
    session.flush()
    assert _kinds(verify(session)) == ([(kind, 7)] if kind else [])


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE flow_version SET rows = '{}' WHERE id = :id", "changed"),
        ("UPDATE flow_version SET version = 'x' WHERE id = :id", "removed"),
        ("UPDATE flow_version SET since = '2020-01-01 00:00:00' WHERE id = :id", "changed"),
        ("UPDATE flow_version SET last_event = last_event + 1 WHERE id = :id", "changed"),
        ("DELETE FROM flow_version WHERE id = :id", "removed"),
    ],
)
def test_a_version_that_was_changed_is_found(
    session: Session, matters: list[Matter], statement: str, kind: str
) -> None:
    assert matters
    last = session.exec(select(FlowVersion).where(FlowVersion.flow == "errand").order_by(text("id DESC"))).first()
    assert last
    session.execute(text(statement), {"id": last.id})
    session.expire_all()
    kinds = [found for found in verify(session).problems if found.number.startswith("errand ")]
    assert [found.kind for found in kinds][:1] == [kind]


def test_other_words_for_the_same_rows_are_found_too(session: Session, matters: list[Matter]) -> None:
    assert matters
    row = session.exec(select(FlowVersion).where(FlowVersion.flow == "errand")).first()
    assert row
    row.rows = {**row.rows, "states.csv": [{**one, "en": "Other"} for one in row.rows["states.csv"]]}
    session.add(row)
    session.flush()
    assert [found.kind for found in verify(session).problems] == ["changed"]


def test_a_version_put_in_between_is_found(session: Session, matters: list[Matter]) -> None:
    assert matters
    row = session.exec(select(FlowVersion).where(FlowVersion.flow == "errand")).first()
    assert row
    forged = FlowVersion(flow="errand", version=row.version, rows=row.rows, last_event=10_000)
    session.add(forged)
    session.flush()
    assert [found.kind for found in verify(session).problems] == ["inserted"]


def test_the_digest_of_a_version_needs_no_key(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    """The same rows are the same version in every office, whatever its key."""
    errands.write()
    errands.restart()
    errands.start(session)
    kept = session.exec(select(FlowVersion).where(FlowVersion.flow == "errand")).one()
    monkeypatch.setattr(hash_chain, "digest", None)
    assert versions.digest(kept.rows) == kept.version
