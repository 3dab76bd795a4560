"""Key, time zone and clock: whoever disagrees with the database is refused, at the start and at each write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from models.audit import AuditLine
from models.event import Event
from models.fact import Fact
from models.matter import Matter
from models.place import Place
from services.engine import workflow
from services.flows.issue import issues
from services.keep import settling
from services.keep.verify import verify
from services.rights import audit, clock_acceptance
from services.rights.permissions import Actor
from services.rules import in_force
from services.system import agreement, clock, db, facts
from services.system.errors import Refused
from services.system.settings import settings
from tests.databases import KEY

OTHER = KEY[::-1]


@pytest.fixture
def settled(database: str) -> str:
    with db.writing() as session:
        audit.write(session, "tester", "test")
    settling.settle()
    return database


def _set(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"MULIN_{name}", value)
    settings.cache_clear()


@contextmanager
def _at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Iterator[None]:
    """Let the clock of the computer itself say another time."""
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        yield


def _write() -> None:
    with db.writing() as session:
        audit.write(session, "tester", "test")


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(("name", "value"), [("KEY", OTHER), ("TIMEZONE", "Europe/Berlin")])
def test_another_key_or_time_zone_is_refused_at_the_start_and_at_each_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    _set(monkeypatch, name, value)
    for act in (settling.settle, _write):
        with pytest.raises(Refused, match=f"MULIN_{name}"):
            act()


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(minutes=-10), "Set the clock right"),
        (timedelta(days=-30), "Set the clock right"),
        (timedelta(days=370), "more than a year after"),
        (timedelta(days=4000), "more than a year after"),
    ],
)
def test_a_clock_that_went_away_is_refused_at_the_start_and_at_each_write(
    monkeypatch: pytest.MonkeyPatch, away: timedelta, said: str
) -> None:
    with _at(monkeypatch, clock.now() + away):
        for act in (settling.settle, _write):
            with pytest.raises(Refused, match=said):
                act()
    _write()


@pytest.mark.usefixtures("settled")
def test_seconds_between_two_machines_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    with _at(monkeypatch, clock.now() - timedelta(seconds=30)):
        _write()


@pytest.mark.usefixtures("database")
def test_a_clock_from_before_the_program_is_refused_even_by_an_empty_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with _at(monkeypatch, datetime(2000, 1, 1, tzinfo=UTC)), pytest.raises(Refused, match="before this program"):
        _write()


@pytest.mark.parametrize("away", [timedelta(days=-500), timedelta(days=2000)])
@pytest.mark.usefixtures("settled")
def test_an_administrator_accepts_the_clock_once_and_the_audit_says_so(
    monkeypatch: pytest.MonkeyPatch, away: timedelta
) -> None:
    now = max(clock.now() + away, datetime(2026, 1, 2, tzinfo=UTC))
    with _at(monkeypatch, now):
        with db.writing() as session:
            clock_acceptance.accept(session, "root")
        _write()
        with db.reading() as session:
            assert "clock.accept" in session.exec(select(AuditLine.act)).all()
    with _at(monkeypatch, now - timedelta(hours=1)), pytest.raises(Refused, match="Set the clock right"):
        _write()


def test_each_step_of_a_matter_asks_the_clock(
    monkeypatch: pytest.MonkeyPatch, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    made = issues.create(session, actor("secretary"), issues.NewIssue(title="lamp", area_id=place.area_id))
    session.commit()
    with (
        _at(monkeypatch, clock.now() - timedelta(hours=2)),
        pytest.raises(Refused, match="Set the clock right"),
    ):
        workflow.move(session, actor("secretary"), made.number, "accept", made.version, {"category": "90005"})


def test_nothing_is_closed_before_it_was_raised(session: Session, place: Place, actor: Callable[[str], Actor]) -> None:
    made = issues.create(session, actor("secretary"), issues.NewIssue(title="lamp", area_id=place.area_id))
    session.commit()
    with clock.pretending(clock.now() - timedelta(days=3)), pytest.raises(Refused, match="can't be closed before"):
        workflow.move(session, actor("secretary"), made.number, "decline", made.version, {"note": "no"})


def test_a_database_of_before_is_asked_for_its_key(
    monkeypatch: pytest.MonkeyPatch, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    """Nothing was kept when it was written; its own records say with which key they were sealed."""
    issues.create(session, actor("secretary"), issues.NewIssue(title="lamp", area_id=place.area_id))
    session.commit()
    _set(monkeypatch, "KEY", OTHER)
    with pytest.raises(Refused, match="not sealed with this MULIN_KEY"):
        settling.settle()
    assert session.exec(select(Fact)).all() == []
    session.rollback()
    _set(monkeypatch, "KEY", KEY)
    settling.settle()
    assert facts.value(session, facts.ZONE) == "Asia/Shanghai"


def test_a_database_of_before_is_asked_for_its_time_zone(
    monkeypatch: pytest.MonkeyPatch, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    made = issues.create(session, actor("secretary"), issues.NewIssue(title="lamp", area_id=place.area_id))
    # Half an hour into a month in Changsha, the month before in Berlin.
    made.opened_at = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
    made.opened_month = clock.month_of(made.opened_at)
    session.commit()
    _set(monkeypatch, "TIMEZONE", "Europe/Berlin")
    with pytest.raises(Refused, match="time zone Europe/Berlin"):
        settling.settle()


def test_settling_twice_keeps_what_was_agreed_on(settled: str, session: Session) -> None:
    assert settled
    before = session.exec(select(Fact.name, Fact.value).order_by(col(Fact.name))).all()
    settling.settle()
    assert session.exec(select(Fact.name, Fact.value).order_by(col(Fact.name))).all() == before
    assert [name for name, _ in before] == ["database", "key", "timezone"]
    assert list(facts.forged(session)) == []


@pytest.mark.parametrize("gone", [("key",), ("timezone",), ("database",), ("database", "key", "timezone")])
def test_a_fact_that_was_taken_away_is_found_and_stays_told_of(
    settled: str, session: Session, gone: tuple[str, ...]
) -> None:
    assert settled
    audit.write(session, "tester", in_force.ALL, "", {"files": {}})
    for fact in session.exec(select(Fact).where(col(Fact.name).in_(gone))).all():
        session.delete(fact)
    session.commit()
    assert sorted(one.number for one in verify(session).problems) == sorted(gone)
    session.rollback()
    settling.settle("tester")
    assert len(session.exec(select(Fact)).all()) == 3
    [problem] = verify(session).problems
    assert set(str(problem.params["names"]).split(", ")) == set(gone)


def test_without_its_time_zone_a_database_is_asked_for_it(
    monkeypatch: pytest.MonkeyPatch, session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    """The key alone was asked for: a process of another zone could settle where only the zone was taken away."""
    made = issues.create(session, actor("secretary"), issues.NewIssue(title="lamp", area_id=place.area_id))
    made.opened_at = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
    made.opened_month = clock.month_of(made.opened_at)
    session.commit()
    settling.settle()
    session.delete(session.exec(select(Fact).where(Fact.name == "timezone")).one())
    session.commit()
    _set(monkeypatch, "TIMEZONE", "Europe/Berlin")
    with pytest.raises(Refused, match="time zone Europe/Berlin"):
        settling.settle()


def test_a_fact_that_was_changed_is_found(settled: str, session: Session) -> None:
    assert settled
    session.exec(select(Fact).where(Fact.name == "timezone")).one().value = "Europe/Berlin"
    session.flush()
    assert list(facts.forged(session)) == ["timezone"]


@pytest.mark.usefixtures("settled")
def test_the_newest_record_is_the_one_written_last(session: Session, place: Place) -> None:
    """An imported event may tell of next year; what counts is what was written last."""
    assert place.id and not session.exec(select(Event)).all() and not session.exec(select(Matter)).all()
    assert (
        agreement.newest(session).line
        == session.exec(select(AuditLine.seq).order_by(col(AuditLine.seq).desc())).first()
    )
