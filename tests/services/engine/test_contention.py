"""Contention: who writes at the same time as others waits for his turn, and is told when that takes too long."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select, text

import services.registry  # noqa: F401
from benchmarks import contention
from models.serial import Serial
from services.keep.verify import verify
from services.places import serials
from services.system import clock, db
from services.system.writers import retries
from tests import connections

CLERKS = 8


@pytest.mark.usefixtures("place")
def test_whoever_asks_first_writes_first(session: Session) -> None:
    """Without turns a file lets in whoever tries at the right moment: eight of them in order are one in 40,000."""
    session.rollback()
    order: list[int] = []

    def write(number: int) -> None:
        with db.writing():
            order.append(number)

    with ThreadPoolExecutor(CLERKS) as pool, db.writing():
        for number in range(CLERKS):
            pool.submit(write, number)
            time.sleep(0.05)
        assert not order
    assert order == list(range(CLERKS))


@pytest.mark.usefixtures("database")
def test_the_first_number_of_a_year_may_be_taken_by_eight_at_once() -> None:
    ready = Barrier(8)

    def take(_number: int) -> str:
        with Session(db.engine()) as session:  # Without a turn: the database alone must get it right.
            if db.engine().dialect.name == "postgresql":
                session.execute(text("SELECT 1"))
            ready.wait()
            given = serials.take(session, "QX")[0]
            session.commit()
        return given

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(take, range(8)))
    assert sorted(given) == [f"QX-{clock.today().year}-{number:06d}" for number in range(1, 9)]
    with db.reading() as session:
        assert session.exec(select(Serial.last).where(col(Serial.series).startswith("QX"))).one() == 8
        # No matter bears them; the series itself is sealed as it stands.
        assert {problem.kind for problem in verify(session).problems} == {"missing"}


def _hold(held: Event, done: Event) -> None:
    """Write as another process would, for as long as the test wants."""
    with Session(db.engine()) as session:
        db.alone(session)
        held.set()
        done.wait(10)


@pytest.mark.usefixtures("database")
def test_who_waits_too_long_for_another_process_is_told_that_the_database_is_busy() -> None:
    held, done = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(_hold, held, done)
        held.wait(5)
        if db.engine().dialect.name == "postgresql":
            with pytest.raises(OperationalError) as busy, db.writing(0.2):
                pass
            assert retries.busy(busy.value) and not retries.broken_off(busy.value)
        done.set()
        holding.result()
    with db.writing(1):
        pass


class _Broken(Exception):
    sqlstate = "40P01"


@pytest.mark.usefixtures("database")
def test_what_was_broken_off_for_anothers_sake_is_done_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "_ANEW", (0.0, 0.0))
    tries: list[Any] = []

    def act(session: Session) -> str:
        session.execute(text("SELECT 1"))
        tries.append(session)
        if len(tries) < 3:
            raise OperationalError("UPDATE", None, _Broken())
        return "done"

    assert retries.written(act) == "done"
    assert len(tries) == 3


@pytest.mark.usefixtures("database")
def test_what_fails_for_a_reason_of_its_own_is_not_done_anew() -> None:
    tries: list[Session] = []

    def act(session: Session) -> None:
        tries.append(session)
        session.execute(text("SELECT 1 FROM nowhere"))

    with pytest.raises(Exception, match="nowhere"):
        retries.written(act)
    assert len(tries) == 1


@pytest.mark.usefixtures("database")
def test_statements_locks_and_silence_have_limits_on_a_server() -> None:
    if db.engine().dialect.name != "postgresql":
        return  # A file has one lock, and its own patience.
    with db.writing() as session:
        told = {
            name: session.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        }
    assert told["statement_timeout"] == "2min" and told["lock_timeout"] != "0"
    assert told["idle_in_transaction_session_timeout"] == "1min"


@pytest.mark.usefixtures("place")
def test_a_step_holds_one_connection_and_asks_for_no_second(session: Session) -> None:
    session.rollback()
    with connections.most_at_once() as most:
        tally = contention.work(3, lambda done: done < 8)
    assert not tally.errors
    assert set(most.values()) == {1}
