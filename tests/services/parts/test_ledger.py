"""Ledger: every entry sums to zero, every balance is a sum, nothing is changed, nobody pays what is not there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from models.ledger import LedgerAccount, LedgerEntry, Posting
from models.matter import Matter
from services.flows.issue import issues
from services.keep.verify import verify
from services.parts import ledger, ledger_accounts
from services.parts.ledger_accounts import Balance, NewAccount
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused
from tests.refusing import refused
from tests.services.parts.acting import Acting

ACCOUNTS = {
    "donors": ("outside", "cny"),
    "fund": ("fund", "cny"),
    "builder": ("outside", "cny"),
    "store": ("goods", "goods"),
    "givers": ("outside", "goods"),
}


@pytest.fixture
def opened(acting: Acting) -> Acting:
    for code, (kind, unit) in ACCOUNTS.items():
        new = NewAccount(code=code, name=code.title(), kind=kind, unit=unit, area_id=acting.place.area_id)
        ledger_accounts.open_account(acting.session, acting.actor, new)
    return acting


def balance(acting: Acting, code: str) -> tuple[int, int, int]:
    account = acting.session.exec(select(LedgerAccount).where(LedgerAccount.code == code)).one()
    found = ledger_accounts.balance(acting.session, account)
    return found.booked, found.approved, found.free


def last(acting: Acting) -> int:
    return ledger.entries_of(acting.session, acting.matter)[-1].id


def test_money_comes_is_promised_and_paid(opened: Acting) -> None:
    opened.do(ledger.book, "Donation", {"donors": -100_000, "fund": 100_000})
    opened.do(ledger.approve, "Paint", {"fund": -30_000, "builder": 30_000})
    promise = last(opened)
    assert balance(opened, "fund") == (100_000, 30_000, 70_000)
    assert [entry.id for entry in ledger.unpaid(opened.session, opened.matter)] == [promise]
    opened.do(ledger.pay, promise, "Bill 7")
    assert balance(opened, "fund") == (70_000, 0, 70_000) and ledger.unpaid(opened.session, opened.matter) == []
    assert balance(opened, "builder") == (30_000, 0, 30_000)
    assert opened.told(3) == [
        ("entry_booked", {"entry": promise - 1, "text": "Donation", "cny": {"donors": -100_000, "fund": 100_000}}),
        ("entry_approved", {"entry": promise, "text": "Paint", "cny": {"fund": -30_000, "builder": 30_000}}),
        (
            "entry_paid",
            {"entry": promise + 1, "of": promise, "text": "Bill 7", "cny": {"fund": -30_000, "builder": 30_000}},
        ),
    ]
    assert "paid or taken back" in opened.refused(ledger.pay, promise, "again").message
    assert verify(opened.session).found == 0


def test_a_mistake_is_reversed_once_and_a_payment_before_its_promise(opened: Acting) -> None:
    opened.do(ledger.book, "Donation", {"donors": -500, "fund": 500})
    opened.do(ledger.approve, "Paint", {"fund": -300, "builder": 300})
    promise = last(opened)
    opened.do(ledger.pay, promise, "Bill")
    payment = last(opened)
    assert "take its payment back first" in opened.refused(ledger.reverse, promise, "x").message
    opened.do(ledger.reverse, payment, "Wrong bill")
    assert balance(opened, "fund") == (500, 300, 200)
    assert "that stands" in opened.refused(ledger.reverse, payment, "x").message
    assert "that stands" in opened.refused(ledger.reverse, last(opened), "x").message
    opened.do(ledger.pay, promise, "Right bill")
    opened.do(ledger.reverse, last(opened), "x")
    opened.do(ledger.reverse, promise, "Not needed")
    assert balance(opened, "fund") == (500, 0, 500)
    opened.do(ledger.approve, "Sand", {"fund": -450, "builder": 450})
    assert "does not hold enough" in opened.refused(ledger.reverse, promise - 1, "Donor withdrew").message


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ({"donors": -5, "fund": 4}, "sum to zero"),
        ({"donors": -5, "store": 5}, "sum to zero"),
        ({"donors": -5}, "Choose the accounts"),
        ({}, "Choose the accounts"),
        ({"donors": 0, "fund": 0}, "Choose the accounts"),
        ({"donors": -5, "nobody": 5}, "Choose the accounts"),
        ({"donors": -1.5, "fund": 1.5}, "Choose the accounts"),
        ({"donors": -True, "fund": True}, "Choose the accounts"),
        ({"donors": -(10**14), "fund": 10**14}, "Choose the accounts"),
        ({"fund": -5, "builder": 5}, "does not hold enough"),
    ],
)
def test_what_does_not_add_up_is_refused(opened: Acting, lines: dict[str, Any], said: str) -> None:
    for function in (ledger.book, ledger.approve):
        assert said in opened.refused(function, "x", lines).message


def test_one_entry_may_move_money_and_goods_each_to_zero(opened: Acting) -> None:
    lines = {"donors": -5, "fund": 5, "givers": -7, "store": 7}
    opened.do(ledger.book, "Both", lines)
    assert opened.told(1)[0][1]["cny"] == {"donors": -5, "fund": 5}
    assert (balance(opened, "store"), balance(opened, "fund")) == ((7, 0, 7), (5, 0, 5))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET text = 'x'",
        "UPDATE posting SET amount = amount + 1",
        "DELETE FROM ledger_entry",
        "DELETE FROM posting",
        {"sqlite": "INSERT OR REPLACE INTO posting SELECT * FROM posting", "postgresql": "TRUNCATE posting"},
        {
            "sqlite": "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
            "postgresql": "TRUNCATE ledger_entry CASCADE",
        },
    ],
)
def test_an_entry_can_neither_be_changed_nor_deleted(opened: Acting, statement: Any) -> None:
    opened.do(ledger.book, "Donation", {"donors": -500, "fund": 500})
    dialect = opened.session.get_bind().dialect.name
    with pytest.raises(DatabaseError, match="append-only"):
        opened.session.execute(text(statement if isinstance(statement, str) else statement[dialect]))


def test_rights_and_versions_are_asked(opened: Acting, actor: Callable[[str], Actor]) -> None:
    opened.do(ledger.book, "Donation", {"donors": -500, "fund": 500})
    lines = {"fund": -1, "builder": 1}
    assert "after you opened it" in opened.stale(ledger.approve, "x", lines)
    opened.session.commit()
    for role in ("staff", "grid_worker", "admin"):
        args = (opened.matter.number, opened.matter.version, "x", lines)
        assert "may not do this" in refused(opened.session, ledger.approve, actor(role), *args).message


def test_an_account_has_its_own_code_a_known_kind_and_unit(opened: Acting) -> None:
    good = {"code": "new", "name": "New", "kind": "fund", "unit": "cny", "area_id": opened.place.area_id}
    for wrong in ({"code": "fund"}, {"name": ""}, {"kind": "purse"}, {"unit": "usd"}):
        with pytest.raises(Refused):
            ledger_accounts.open_account(opened.session, opened.actor, NewAccount(**{**good, **wrong}))


AMOUNTS = st.integers(1, 2_000)
ACTS = st.one_of(
    st.tuples(st.just("book"), st.permutations(["donors", "fund", "builder"]), AMOUNTS, AMOUNTS),
    st.tuples(st.just("approve"), st.permutations(["donors", "fund", "builder"]), AMOUNTS, AMOUNTS),
    st.tuples(st.sampled_from(["pay", "reverse"]), st.integers(0, 30), st.just(0), st.just(0)),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=14))
def test_whatever_is_done_entries_sum_to_zero_and_no_fund_owes(opened: Acting, acts: list[Any]) -> None:
    before = {code: balance(opened, code)[0] for code in ACCOUNTS}
    mine = len(ledger.entries_of(opened.session, opened.matter))
    booked = dict(before)
    for act, which, one, two in acts:
        _try(opened, booked, act, which, one, two)
    for entry in ledger.entries_of(opened.session, opened.matter)[mine:]:
        stages: dict[bool, int] = {}
        for (_, stage), amount in ledger.postings(opened.session, entry.id).items():
            stages[stage == "booked"] = stages.get(stage == "booked", 0) + amount
        assert set(stages.values()) == {0}
    found = {code: balance(opened, code) for code in ACCOUNTS}
    assert {code: numbers[0] for code, numbers in found.items()} == booked
    assert sum(numbers[0] for numbers in found.values()) == 0
    assert all(numbers[1] >= 0 for numbers in found.values()) and found["fund"][2] >= 0
    assert verify(opened.session).found == 0


def _try(acting: Acting, booked: dict[str, int], act: str, which: Any, one: int, two: int) -> None:
    """Do it in a savepoint; what was done is counted beside, by the amounts of the entry."""
    try:
        with acting.session.begin_nested():
            if act in ("book", "approve"):
                lines = dict(zip(which, (-one - two, one, two), strict=True))
                acting.do(getattr(ledger, act), "x", lines)
            else:
                known = ledger.entries_of(acting.session, acting.matter)
                acting.do(getattr(ledger, act), known[which % len(known)].id if known else 0, "x")
    except Refused:
        acting.session.refresh(acting.matter)
        return
    codes = {account.id: account.code for account in acting.session.exec(select(LedgerAccount))}
    for (account, stage), amount in ledger.postings(acting.session, last(acting)).items():
        if stage == "booked":
            booked[codes[account]] += amount


def test_two_who_pay_from_one_fund_at_once_never_overdraw_it(opened: Acting) -> None:
    opened.do(ledger.book, "Donation", {"donors": -500, "fund": 500})
    numbers = [
        issues.create(opened.session, opened.actor, issues.NewIssue(title="Lamp", area_id=opened.place.area_id)).number
        for _ in range(5)
    ]
    opened.session.commit()
    gate = Barrier(len(numbers))

    def approve(number: str) -> bool:
        gate.wait()
        try:
            with db.writing() as session:
                version = session.exec(select(Matter.version).where(Matter.number == number)).one()
                ledger.approve(session, opened.actor, number, version, "x", {"fund": -200, "builder": 200})
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(len(numbers)) as pool:
        assert sum(pool.map(approve, numbers)) == 2
    assert balance(opened, "fund") == (500, 400, 100)


def test_verify_finds_an_entry_that_does_not_sum_to_zero(opened: Acting, session: Session) -> None:
    opened.do(ledger.book, "Donation", {"donors": -500, "fund": 500})
    account = session.exec(select(LedgerAccount).where(LedgerAccount.code == "builder")).one()
    session.add(Posting(entry_id=last(opened), account_id=account.id, stage="booked", amount=7))
    session.flush()
    [problem] = verify(session).problems
    assert (problem.kind, problem.number) == ("ledger", opened.matter.number)
    assert session.exec(select(LedgerEntry.id)).first() is not None and Balance(5, 2).free == 3
