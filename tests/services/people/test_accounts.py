"""Accounts, passwords and the lock, on both databases."""

import time
from typing import Any

import anyio
import pytest
from argon2 import PasswordHasher
from sqlmodel import Session, col, select

from models import Account, Area, Attempt, AuditLine, Matter, Organisation, Place
from services.people import accounts, attempts, authentication, passwords, signins
from services.places import place_packs, places
from services.system import db
from services.system.errors import NotFound, Refused
from services.system.settings import settings

GOOD = "Kx7!pouring-Rain"
_REAL = time.time


def sign_in(login: str, password: str) -> str:
    """What the door does with a name and a password."""
    return anyio.run(authentication.by_password, login, password)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "PATIENCE", 0)


@pytest.fixture
def area(database: str) -> Area:  # noqa: ARG001 - the engine behind db is its
    with db.writing() as session:
        made = Area(code="c1", name="C1", level="community", path="c1/")
        session.add(made)
        session.flush()
        session.add(Area(code="g2", name="G2", level="grid", path="c1/g2/", parent_id=made.id))
        session.add(Area(code="g1", name="G1", level="grid", path="c1/g1/", parent_id=made.id))
        session.add(Place(slug="c1", name="Place one", prefix="C1", area_id=made.id))
    return made


@pytest.fixture
def li(area: Area) -> Account:
    """Somebody who has chosen a password."""
    with db.writing() as session:
        made = accounts.create(session, "root", login="li.na", name="Li", role="staff", password=GOOD, area_id=area.id)
        made.must_change = False
    return made


def _lines(act: str) -> list[AuditLine]:
    with db.reading() as session:
        return list(session.exec(select(AuditLine).where(AuditLine.act == act).order_by(col(AuditLine.seq))))


@pytest.mark.parametrize(
    "wrong",
    [{"login": "Li Na"}, {"login": "x"}, {"role": "emperor"}, {"name": "  "}, {"password": "weak"}, {"area_id": 999}],
)
def test_create_says_what_is_wrong(area: Area, wrong: dict[str, object]) -> None:
    right = {"login": "li.na", "name": "Li", "role": "staff", "password": GOOD, "area_id": area.id}
    with pytest.raises(Refused), db.writing() as session:
        accounts.create(session, "root", **{**right, **wrong})  # type: ignore[arg-type]
    assert not _lines("account.create")


@pytest.mark.usefixtures("area")
def test_a_login_and_a_subject_are_given_once() -> None:
    with db.writing() as session:
        accounts.create(
            session, "root", login="li.na", name="Li", role="staff", password=None, area_id=None, subject="abc"
        )
    for login, subject in (("li.na", None), ("li.wei", "abc")):
        with pytest.raises(Refused), db.writing() as session:
            accounts.create(
                session, "root", login=login, name="Li", role="staff", password=None, area_id=None, subject=subject
            )


def test_the_password_is_hashed_and_never_audited(li: Account) -> None:
    assert (li.password or "").startswith("$argon2id$")
    assert GOOD not in str([line.model_dump() for line in _lines("account.create")])


def test_actor_carries_the_area_path(li: Account) -> None:
    with db.reading() as session:
        actor = accounts.actor_of(session, session.get_one(Account, li.id))
    assert (actor.role, actor.area_path, actor.area_id) == ("staff", "c1/", li.area_id)


def test_the_right_password_opens(li: Account) -> None:
    token = sign_in(" LI.NA ", GOOD)
    with db.reading() as session:
        actor = signins.actor(session, signins.digest_of(token))
    assert actor and actor.account_id == li.id
    assert [line.subject for line in _lines("sign_in")] == ["li.na"]
    assert token not in str([line.model_dump() for line in _lines("sign_in")])


@pytest.mark.usefixtures("li")
@pytest.mark.parametrize("login", ["li.na", "nobody"])
def test_the_sixth_attempt_is_locked_whether_or_not_the_name_exists(login: str) -> None:
    for _ in range(5):
        with pytest.raises(authentication.WrongPassword):
            sign_in(login, "wrong")
    with pytest.raises(attempts.Locked) as locked:
        sign_in(login, GOOD)
    assert locked.value.params["time"]
    assert [line.subject for line in _lines("sign_in.locked")] == (["li.na"] if login == "li.na" else [])


@pytest.mark.usefixtures("li")
def test_the_lock_opens_by_itself_and_the_count_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        with pytest.raises(authentication.WrongPassword):
            sign_in("li.na", "wrong")
    monkeypatch.setattr(time, "time", lambda: _REAL() + attempts.WINDOW + 1)
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", "wrong")
    assert sign_in("li.na", GOOD)
    with db.reading() as session:
        assert not session.exec(select(Attempt)).all()


@pytest.mark.usefixtures("li")
def test_twenty_attempts_at_once_put_five_passwords_to_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    tested: list[str] = []

    def never(_stored: str, password: str) -> bool:
        tested.append(password)
        return False

    monkeypatch.setattr(passwords, "matches", never)
    outcomes: list[str] = []

    async def attempt(number: int) -> None:
        try:
            await authentication.by_password("li.na", f"wrong {number}")
        except Refused as refused:
            outcomes.append(type(refused).__name__)

    async def burst() -> None:
        async with anyio.create_task_group() as group:
            for number in range(20):
                group.start_soon(attempt, number)

    anyio.run(burst)
    assert len(tested) == 5
    assert (outcomes.count("WrongPassword"), outcomes.count("Locked")) == (5, 15)
    assert len(_lines("sign_in.locked")) >= 1


def test_a_new_password_ends_every_sign_in_and_the_lock(li: Account) -> None:
    token = sign_in("li.na", GOOD)
    with db.writing() as session:
        accounts.set_password(session, "root", session.get_one(Account, li.id), "Another#Long-1ne")
    with db.reading() as session:
        assert signins.actor(session, signins.digest_of(token)) is None
        assert session.get_one(Account, li.id).must_change
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", GOOD)
    assert sign_in("li.na", "Another#Long-1ne")


def test_a_closed_account_is_out_at_once_and_stays_out(li: Account) -> None:
    token = sign_in("li.na", GOOD)
    with db.writing() as session:
        accounts.deactivate(session, "root", session.get_one(Account, li.id))
    with db.reading() as session:
        assert signins.actor(session, signins.digest_of(token)) is None
    with pytest.raises(authentication.WrongPassword):
        sign_in("li.na", GOOD)


def test_an_old_hash_is_renewed_at_the_next_sign_in(li: Account) -> None:
    with db.writing() as session:
        account = session.get_one(Account, li.id)
        account.password = old = PasswordHasher(time_cost=1, memory_cost=8192).hash(GOOD)
        session.add(account)
    sign_in("li.na", GOOD)
    with db.reading() as session:
        new = session.get_one(Account, li.id).password
    assert new and new != old and not passwords.outdated(new)


def test_demo_identities_are_made_once_and_grouped(area: Area) -> None:
    for _ in range(2):
        with db.writing() as session:
            made = accounts.ensure_demo_identities(session, session.get_one(Area, area.id), "c1")
    assert [account.role for account in made] == ["secretary", "staff", "grid_worker", "viewer", "admin"]
    with db.reading() as session:
        groups = accounts.demo_identities(session)
        grid = session.get_one(Area, made[2].area_id)
    assert [(group.name, len(group.identities)) for group in groups] == [("Place one", 4), ("", 1)]
    assert (grid.code, made[4].area_id) == ("g1", None)


def test_the_place_that_shows_most_comes_first_and_who_sees_them_all_last(session: Session, place: Place) -> None:
    other = places.load_place(session, "shaokou")
    here = other.area_id
    session.add(Matter(number="SK-1", flow="issue", state="filed", title="t", area_id=here, opened_month=0))
    session.flush()
    for one in (place, other):
        accounts.ensure_demo_identities(session, session.get_one(Area, one.area_id), one.slug)
    assert [group.name for group in accounts.demo_identities(session)] == [other.name, place.name, ""]


def test_production_knows_no_demo_identity(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.writing() as session:
        made = accounts.ensure_demo_identities(session, session.get_one(Area, area.id), "c1")
        token = authentication.by_demo_identity(session, made[0].id)
    monkeypatch.setenv("MULIN_MODE", "production")
    settings.cache_clear()
    with db.reading() as session:
        assert signins.actor(session, signins.digest_of(token)) is None
        assert accounts.demo_identities(session) == []
    with pytest.raises(NotFound), db.writing() as session:
        authentication.by_demo_identity(session, made[0].id)
    with pytest.raises(Refused), db.writing() as session:
        accounts.ensure_demo_identities(session, session.get_one(Area, area.id), "c1")


def test_only_a_demo_account_can_be_entered_without_a_password(li: Account) -> None:
    with pytest.raises(NotFound), db.writing() as session:
        authentication.by_demo_identity(session, li.id)


@pytest.mark.usefixtures("place")
def test_a_unit_clerk_stands_for_a_unit_and_others_need_none(session: Session) -> None:
    told: dict[str, Any] = {"name": "n", "password": None, "area_id": None, "subject": "s"}
    with pytest.raises(Refused, match="Name the unit"):
        accounts.create(session, "root", login="clerk", role="unit_clerk", **told)
    with pytest.raises(NotFound):
        accounts.create(session, "root", login="clerk", role="unit_clerk", organisation_id=9999, **told)
    unit = session.exec(select(Organisation).where(Organisation.code == "CL-O-CG")).one()
    made = accounts.create(session, "root", login="clerk", role="unit_clerk", organisation_id=unit.id, **told)
    who = accounts.actor_of(session, made)
    assert (who.organisation_id, who.organisation_path, who.area_path) == (unit.id, unit.path, "")
    plain = accounts.create(session, "root", login="staff", role="staff", **{**told, "subject": "t"})
    assert accounts.actor_of(session, plain).organisation_path == ""


def test_the_demo_clerk_stands_for_the_unit_its_place_names(session: Session, place: Place) -> None:
    made = accounts.ensure_demo_identities(session, session.get_one(Area, place.area_id), "chilinglu")
    clerk = next(account for account in made if account.role == "unit_clerk")
    unit = session.get_one(Organisation, clerk.organisation_id)
    assert unit.code == place_packs.pack("chilinglu").demo["unit_clerk"]
    [group, *_] = accounts.demo_identities(session)
    assert unit.name in {identity.area for identity in group.identities}
