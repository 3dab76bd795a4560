"""Who tries names at the door leaves little behind, learns nothing, and keeps nobody waiting."""

import statistics
import time
from collections.abc import Callable

import anyio
import pytest
from argon2 import PasswordHasher
from sqlmodel import Session, col, func, select

from models import Account, Attempt, AttemptCount, AuditLine
from services.people import accounts, attempts, authentication, failures, passwords
from services.people.authentication import Caller
from services.system import db
from services.system.errors import Refused

GOOD = "Kx7!pouring-Rain"
_REAL = time.time


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The clock of the door, put on by so many seconds."""
    ahead = [0.0]
    monkeypatch.setattr(time, "time", lambda: _REAL() + ahead[0])
    return lambda seconds: ahead.__setitem__(0, ahead[0] + seconds)


@pytest.fixture
def li(database: str) -> Account:  # noqa: ARG001 - the account lives there
    with db.writing() as session:
        return accounts.create(session, "root", login="li.na", name="Li", role="staff", password=GOOD, area_id=None)


def attempt(login: str, password: str = "wrong", address: str = "10.0.0.5") -> str:
    try:
        anyio.run(authentication.by_password, login, password, Caller(address))
    except Refused as refused:
        return type(refused).__name__
    return "in"


def _rows(table: type[Attempt | AttemptCount]) -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def _lines(act: str = "sign_in.failed") -> list[AuditLine]:
    with db.reading() as session:
        return list(session.exec(select(AuditLine).where(AuditLine.act == act).order_by(col(AuditLine.seq))))


@pytest.mark.usefixtures("li")
def test_made_up_names_leave_one_line_an_hour_and_address(
    monkeypatch: pytest.MonkeyPatch, later: Callable[[float], None]
) -> None:
    monkeypatch.setattr(authentication, "PATIENCE", 0)
    for number in range(30):
        attempt(f"made.up.{number}", address=f"10.0.0.{number % 2}")
    for _ in range(7):
        attempt("li.na", address="10.0.0.1")
    assert not _lines() and len(_lines("sign_in.locked")) == 1
    later(3600)
    assert attempt("li.na", GOOD) == "in"
    told = sorted((line.subject, (line.data or {})["address"], (line.data or {})["tries"]) for line in _lines())
    assert told == [("", "10.0.0.0", 15), ("", "10.0.0.1", 15), ("li.na", "10.0.0.1", 5)]
    assert "made.up" not in str([line.model_dump() for line in _lines()]) and _rows(AttemptCount) == 0


def test_what_is_remembered_of_names_is_bounded_and_passes(
    session: Session, monkeypatch: pytest.MonkeyPatch, later: Callable[[float], None]
) -> None:
    monkeypatch.setattr(attempts, "ROOM", 20)
    for _ in range(5):
        attempts.count(session, "li.na")
    for number in range(60):
        attempts.count(session, f"made.up.{number}")
    kept = [one.model_dump() for one in session.exec(select(Attempt))]
    assert len(kept) == 20 and "made.up" not in str(kept)
    with pytest.raises(attempts.Locked):
        attempts.count(session, "li.na")
    later(attempts.WINDOW + 1)
    attempts.count(session, "li.na")
    session.expire_all()
    assert [one.failures for one in session.exec(select(Attempt))] == [1]


def test_addresses_are_counted_by_network_and_not_without_end(session: Session) -> None:
    for number in range(300):
        failures.count(session, "", f"10.1.{number // 250}.{number % 250}")
    for number in range(50):
        failures.count(session, "", f"2001:db8:0:7::{number:x}%eth0")
    failures.count(session, "", "made up; --")
    found = {one.address: one.tries for one in session.exec(select(AttemptCount))}
    assert len(found) <= failures._ADDRESSES + 1 and sum(found.values()) == 351


@pytest.mark.usefixtures("database")
def test_one_network_is_one_line(session: Session) -> None:
    for number in range(50):
        failures.count(session, "", f"2001:db8:0:7::{number:x}")
    assert [(one.address, one.tries) for one in session.exec(select(AttemptCount))] == [("2001:db8:0:7::/64", 50)]


@pytest.mark.usefixtures("database")
def test_known_and_unknown_names_are_locked_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "PATIENCE", 0)
    with db.writing() as session:
        accounts.create(session, "root", login="li.na", name="Li", role="staff", password=GOOD, area_id=None)
    known, unknown = ([attempt(login) for _ in range(8)] for login in ("li.na", "nobody"))
    assert known == unknown == ["WrongPassword"] * 5 + ["Locked"] * 3


@pytest.mark.usefixtures("database")
def test_nothing_is_hashed_for_a_name_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "PATIENCE", 0)
    monkeypatch.setattr(passwords, "matches", lambda *_: pytest.fail("It was hashed."))
    assert attempt("nobody") == "WrongPassword"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_time_of_a_wrong_answer_does_not_tell_names_apart(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bursts of six known and six made-up names: a guess by the slower answer is right as often as by a coin."""
    assert database
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    monkeypatch.setattr(authentication, "PATIENCE", 0.25)
    authentication._took.clear()
    _known(6)
    took: dict[str, list[float]] = {"known": [], "unknown": []}

    async def ask(kind: str, login: str) -> None:
        began = time.monotonic()
        with pytest.raises(authentication.WrongPassword):
            await authentication.by_password(login, "wrong")
        took[kind].append(time.monotonic() - began)

    async def bursts() -> None:
        for turn in range(5):
            names = [(kind, f"{kind}.{number}") for number in range(6) for kind in ("known", "unknown")]
            async with anyio.create_task_group() as group:
                for kind, login in names if turn % 2 else reversed(names):
                    group.start_soon(ask, kind, login)
            if not turn:  # From the first burst the server learns how long hashing takes.
                took.update(known=[], unknown=[])

    anyio.run(bursts)
    assert min(*took["known"], *took["unknown"]) >= authentication.PATIENCE - 0.01
    pairs = [(one > other) + (one == other) / 2 for one in took["known"] for other in took["unknown"]]
    assert 0.2 < statistics.mean(pairs) < 0.8


def _known(many: int) -> None:
    stored = passwords.hashed(GOOD)
    with db.writing() as session:
        for number in range(many):
            login = f"known.{number}"
            account = accounts.create(
                session, "root", login=login, name="K", role="staff", password=None, area_id=None, subject=login
            )
            account.password = stored
