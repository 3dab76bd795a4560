"""Versions of flows: what is kept and when, and who may still write by which rows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.flow_version import FlowVersion
from models.matter import Matter
from models.place import Place
from services.engine import flows, starting, versions
from services.rights.permissions import Actor
from services.system import clock, db, flow_files
from services.system.errors import Refused
from services.words import vocabulary
from tests.services.engine import errands

pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture(autouse=True)
def _folder(session: Session) -> None:
    session.commit()
    errands.write()
    errands.restart()


def _kept(session: Session) -> list[FlowVersion]:
    session.rollback()
    return list(session.exec(select(FlowVersion).where(FlowVersion.flow == "errand").order_by(col(FlowVersion.id))))


def test_a_start_keeps_each_flow_once_and_tells_the_audit(session: Session) -> None:
    for _again in range(3):
        errands.start(session)
    assert {row.flow for row in session.exec(select(FlowVersion))} == set(flows.flows())
    [kept] = _kept(session)
    assert versions.digest(kept.rows) == kept.version == versions.present("errand")
    lines = session.exec(select(AuditLine).where(AuditLine.act == versions.ACT)).all()
    assert len(lines) == len(flows.flows())
    assert {line.subject: (line.data or {})["version"] for line in lines}["errand"] == kept.version


def test_a_database_without_matters_may_be_left_empty(session: Session) -> None:
    session.commit()
    starting.start("tester", leave_empty=True)
    assert _kept(session) == []


@pytest.mark.parametrize(
    ("change", "another"),
    [
        ({"states": errands.STATES.replace("Under way", "On the road")}, False),
        ({"rights": errands.RIGHTS.replace("go,,area,area", "go,,area,")}, False),
        ({"arrows": errands.ARROWS.replace(",primary,", ",,")}, False),
        ({"arrows": "\n".join([*errands.ARROWS.splitlines()[:1], *errands.ARROWS.splitlines()[:0:-1]])}, False),
        ({"arrows": errands.ARROWS.replace("asked,go,going", "asked resting,go,going")}, True),
        ({"states": errands.STATES.replace("home,done", "home,dropped")}, True),
        ({"states": errands.STATES.replace("going,active,acted,none", "going,active,acted,step")}, True),
    ],
)
def test_what_rows_mean_makes_another_version_and_how_they_say_it_does_not(
    session: Session, change: dict[str, str], another: bool
) -> None:
    errands.start(session)
    errands.write(**change)
    errands.start(session)
    assert len(_kept(session)) == 1 + another


def test_rows_that_come_back_are_in_force_once_more(session: Session) -> None:
    errands.start(session)
    for change in ({"states": errands.STATES.replace("going,active", "going,paused")}, {}):
        errands.write(**change)
        errands.start(session)
    first, second, third = _kept(session)
    assert first.version == third.version != second.version


def test_a_flow_is_known_as_it_was_at_a_moment(session: Session) -> None:
    errands.start(session)
    before = clock.now()
    errands.pull_away("resting")
    errands.start(session)
    session.rollback()
    assert "resting" in versions.at(session, "errand", before).states
    assert "resting" in versions.at(session, "errand", before - timedelta(days=900)).states
    assert "resting" not in versions.at(session, "errand", clock.now()).states


def test_the_first_version_reaches_back_to_the_first_matter(
    session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    [matter] = errands.begin(session, actor("staff"), place)
    matter.opened_at = clock.now() - timedelta(days=700)
    opened, newest = matter.opened_at, matter.id
    session.add(matter)
    errands.start(session)
    [kept] = _kept(session)
    assert newest and (kept.since, kept.last_event) == (opened, 1)


def test_an_event_is_judged_by_when_it_was_written() -> None:
    old = FlowVersion(id=1, flow="errand", version="1", rows=versions.rows_of(flows.flow("errand")))
    errands.pull_away("resting")
    errands.restart()
    new = FlowVersion(id=2, flow="errand", version="2", rows=versions.rows_of(flows.flow("errand")), last_event=50)
    old.since, new.since = clock.now() - timedelta(days=9), clock.now()
    kept, past = versions.Kept([old, new]), clock.now() - timedelta(days=5)
    told = {
        (50, past): True,  # written before
        (51, past): False,  # an import or a sample, of earlier days
        (20, clock.now()): False,  # the number of an event that was taken back is given again
    }
    assert {key: "resting" in kept.of("errand", *key).states for key in told} == told
    assert (kept.watched("errand", 1), kept.watched("action", 99)) == (True, False)


def test_whoever_works_by_older_rows_writes_nothing_more(
    session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    errands.start(session)
    [matter] = errands.begin(session, actor("staff"), place)
    session.commit()
    old = flow_files.book()
    errands.write(arrows=errands.ARROWS.replace("asked,go,", "asked resting,go,"))
    errands.start(session)
    flow_files.adopt(old)
    with pytest.raises(Refused, match="Start the program again"):
        errands.take(session, actor("staff"), matter, "go")
    session.rollback()
    errands.restart()
    assert errands.take(session, actor("staff"), session.get_one(Matter, matter.id), "go").state == "going"


def test_words_that_are_gone_are_still_known(session: Session, place: Place, actor: Callable[[str], Actor]) -> None:
    [matter] = errands.begin(session, actor("staff"), place)
    errands.take(session, actor("staff"), matter, "lose")
    errands.start(session)
    errands.pull_away("lost")
    errands.start(session)
    said = [vocabulary.term("state.errand", "lost", language) for language in ("zh_CN", "en")]
    assert said == ["丢失", "Lost"]
    assert vocabulary.term("action.errand", "lose", "en") == "Lose"
    assert (flows.state("errand", "lost").kind, flows.has("errand", "lost")) == ("dropped", False)
    assert "lost" in flows.states_of_kind("errand", "dropped")
    for path in errands.folder().glob("*"):
        path.unlink()
    errands.folder().rmdir()
    errands.start(session)
    assert vocabulary.term("flow", "errand", "zh_CN") == "跑腿"
    assert (flows.state("errand", "lost").kind, "errand" in flows.flows()) == ("dropped", False)
    assert flows.state("errand", "never").is_open


def test_a_transaction_asks_once_whether_its_rows_are_in_force(
    session: Session, place: Place, actor: Callable[[str], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.commit()
    asked: list[str] = []
    real = versions.outdated

    def outdated(found: Session, code: str) -> bool:
        asked.append(code)
        return real(found, code)

    monkeypatch.setattr(versions, "outdated", outdated)
    with db.writing() as writing:
        errands.begin(writing, actor("staff"), place, 5)
    assert asked == ["errand"]
