"""Sign-ins end when they should, and never come back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from models import Account, AuditLine, SignIn
from services.people import accounts, signins
from services.system import clock, db
from services.system.errors import Refused
from services.system.settings import settings

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def moving(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture
def account(database: str, moving: Clock) -> Account:  # noqa: ARG001 - it lives in that database, at that time
    with db.writing() as session:
        return accounts.create(
            session, "root", login="li.na", name="Li", role="staff", password=None, area_id=None, subject="s"
        )


def _start(account: Account) -> str:
    with db.writing() as session:
        return signins.start(session, session.get_one(Account, account.id), "test")


def _alive(token: str) -> bool:
    with db.reading() as session:
        return signins.actor(session, signins.digest_of(token)) is not None


def test_only_the_digest_is_stored(account: Account) -> None:
    token = _start(account)
    with db.reading() as session:
        stored = session.exec(select(SignIn)).one()
    assert len(token) == 43 and stored.digest == signins.digest_of(token) and token not in str(stored.model_dump())


def test_each_sign_in_has_a_new_token(account: Account) -> None:
    assert len({_start(account) for _ in range(5)}) == 5


def test_it_ends_with_age_however_busy(account: Account, moving: Clock) -> None:
    token = _start(account)
    for _ in range(settings().session_hours * 2 - 1):
        moving.at += timedelta(minutes=30)
        signins.touch(signins.digest_of(token))
        assert _alive(token)
    moving.at += timedelta(minutes=30)
    assert not _alive(token)


def test_it_ends_with_idleness(account: Account, moving: Clock) -> None:
    token = _start(account)
    moving.at += timedelta(minutes=settings().idle_minutes) - timedelta(seconds=1)
    assert _alive(token)
    moving.at += timedelta(seconds=1)
    assert not _alive(token)


def test_it_is_stale_after_a_minute_and_not_before(account: Account, moving: Clock) -> None:
    digest = signins.digest_of(_start(account))
    seen = []
    for _ in range(3):
        with db.reading() as session:
            current = signins.current(session, digest)
        assert current
        seen.append(current.stale)
        moving.at += timedelta(seconds=30)
    assert seen == [False, False, True]


def test_role_and_area_are_todays(account: Account) -> None:
    digest = signins.digest_of(_start(account))
    with db.writing() as session:
        changed = session.get_one(Account, account.id)
        changed.role = "viewer"
        session.add(changed)
    with db.reading() as session:
        actor = signins.actor(session, digest)
    assert actor and actor.role == "viewer"


def test_signing_out_ends_one_and_is_audited_once(account: Account) -> None:
    first, second = _start(account), _start(account)
    for _ in range(2):
        with db.writing() as session:
            signins.revoke(session, signins.digest_of(first))
    assert (_alive(first), _alive(second)) == (False, True)
    with db.reading() as session:
        lines = session.exec(select(AuditLine).where(AuditLine.act == "sign_out")).all()
    assert len(lines) == 1


def test_revoking_all_ends_all(account: Account) -> None:
    tokens = [_start(account), _start(account)]
    with db.writing() as session:
        signins.revoke_all(session, session.get_one(Account, account.id))
    assert not any(_alive(token) for token in tokens)


def test_a_closed_account_cannot_start(account: Account) -> None:
    with pytest.raises(Refused), db.writing() as session:
        closed = session.get_one(Account, account.id)
        accounts.deactivate(session, "root", closed)
        signins.start(session, closed, "test")


def test_long_ended_sign_ins_are_swept(account: Account, moving: Clock) -> None:
    _start(account)
    moving.at += timedelta(days=3)
    _start(account)
    with db.reading() as session:
        assert len(session.exec(select(SignIn)).all()) == 1


@pytest.mark.usefixtures("account")
def test_an_unknown_digest_is_nobody() -> None:
    with db.reading() as session:
        assert signins.actor(session, "0" * 64) is None
