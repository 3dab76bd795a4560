"""Ledger 账: booked, approved, paid and reversed, in double entry; each of it an event on the matter's chain.

Amounts are whole numbers in the unit of the account: fen of money, fen of stated value, points. Nothing is ever changed
or deleted: what was wrong is reversed. What is promised and not paid yet stands beside what is booked: ``approved`` on
the account that will pay, ``awaited`` on the one that will receive.
"""

from typing import Any

from sqlmodel import Session, col, select

from models.ledger import LedgerAccount, LedgerEntry, Posting
from models.matter import Matter
from services.engine import fields, workflow
from services.parts import ledger_accounts
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words.cleaning import clean

Lines = dict[str, int]
_Postings = dict[tuple[int, str], int]
MOST = 10**13


def book(session: Session, actor: Actor, number: str, version: int, text: str, lines: Lines) -> Matter:
    """Book what has happened: ``lines`` says what each account gets (below zero: gives); they sum to zero."""
    matter = workflow.claim(session, actor, number, version, "ledger.book")
    wanted = {(account, "booked"): amount for account, amount in _read(session, lines).items()}
    return _write(session, actor, matter, "booked", text, wanted)


def approve(session: Session, actor: Actor, number: str, version: int, text: str, lines: Lines) -> Matter:
    """Promise a payment: what is promised is no longer free, and stays booked until it is paid."""
    matter = workflow.claim(session, actor, number, version, "ledger.approve")
    told = _read(session, lines)
    wanted = {(account, "approved" if amount < 0 else "awaited"): amount for account, amount in told.items()}
    return _write(session, actor, matter, "approved", text, wanted)


def pay(session: Session, actor: Actor, number: str, version: int, entry_id: int, text: str) -> Matter:
    """Pay the whole of what an entry promised: the promise ends, and the amounts are booked."""
    matter = workflow.claim(session, actor, number, version, "ledger.pay")
    if entry_id not in {entry.id for entry in unpaid(session, matter)}:
        raise Refused("It is paid or taken back already, or was never approved. Look at the entries below.")
    promised = postings(session, entry_id)
    wanted = {key: -amount for key, amount in promised.items()}
    wanted |= {(account, "booked"): amount for (account, _), amount in promised.items()}
    return _write(session, actor, matter, "paid", text, wanted, entry_id)


def reverse(session: Session, actor: Actor, number: str, version: int, entry_id: int, text: str) -> Matter:
    """Take an entry back by the same amounts the other way: each once, and a payment before what it paid."""
    matter = workflow.claim(session, actor, number, version, "ledger.reverse")
    standing = {entry.id for entry in entries_of(session, matter)} - _reversed(session, matter)
    paid = {entry.of_id for entry in entries_of(session, matter) if entry.act == "paid" and entry.id in standing}
    if entry_id not in standing or entry_id in paid or session.get_one(LedgerEntry, entry_id).act == "reversed":
        raise Refused("Choose an entry of {number} that stands; take its payment back first.", number=matter.number)
    wanted = {key: -amount for key, amount in postings(session, entry_id).items()}
    return _write(session, actor, matter, "reversed", text, wanted, entry_id)


def entries_of(session: Session, matter: Matter) -> list[LedgerEntry]:
    """The entries of a matter, first to last."""
    return list(
        session.exec(select(LedgerEntry).where(LedgerEntry.matter_id == matter.id).order_by(col(LedgerEntry.id)))
    )


def unpaid(session: Session, matter: Matter) -> list[LedgerEntry]:
    """What was approved, and neither paid nor taken back."""
    entries, back = entries_of(session, matter), _reversed(session, matter)
    paid = {entry.of_id for entry in entries if entry.act == "paid" and entry.id not in back}
    return [entry for entry in entries if entry.act == "approved" and entry.id not in back | paid]


def postings(session: Session, entry_id: int) -> _Postings:
    """What an entry adds, by account and stage."""
    found = session.exec(select(Posting).where(Posting.entry_id == entry_id)).all()
    return {(one.account_id, one.stage): one.amount for one in found}


def _reversed(session: Session, matter: Matter) -> set[int]:
    return {entry.of_id or 0 for entry in entries_of(session, matter) if entry.act == "reversed"}


def _read(session: Session, lines: Lines) -> dict[int, int]:
    """The amounts by account. At least two, none zero, all accounts known; they sum to zero in each unit."""
    codes = {clean(code): amount for code, amount in lines.items()}
    found = session.exec(select(LedgerAccount).where(col(LedgerAccount.code).in_(codes))).all()
    fine = all(type(amount) is int and 0 < abs(amount) <= MOST for amount in codes.values())
    if len(found) != len(codes) or len(codes) < 2 or not fine:
        raise Refused("Choose the accounts, and enter a whole amount other than zero for each.")
    for unit in {account.unit for account in found}:
        if sum(codes[account.code] for account in found if account.unit == unit):
            raise Refused("What one account gives another must get: correct the amounts until they sum to zero.")
    return {account.id: codes[account.code] for account in found}


def _write(
    session: Session,
    actor: Actor,
    matter: Matter,
    act: str,
    text: str,
    wanted: _Postings,
    of_id: int | None = None,
) -> Matter:
    said = fields.text(text, 200, Refused("Enter in a few words what it is for."), fields.TOO_LONG)
    accounts = ledger_accounts.hold(session, {account for account, _ in wanted})
    entry = LedgerEntry(matter_id=matter.id, at=clock.now(), act=act, text=said, of_id=of_id)
    session.add(entry)
    session.flush()
    session.add_all(Posting(entry_id=entry.id, account_id=a, stage=s, amount=n) for (a, s), n in wanted.items())
    session.flush()
    ledger_accounts.check_covered(session, accounts)
    return workflow.record(session, actor, matter, f"entry_{act}", _told(entry, accounts, wanted))


def _told(entry: LedgerEntry, accounts: list[LedgerAccount], wanted: _Postings) -> dict[str, Any]:
    """An entry as its event keeps it: for each unit what the accounts got; of a payment what was booked."""
    booked = {account: amount for (account, stage), amount in wanted.items() if stage == "booked"}
    shown = booked or {account: amount for (account, _), amount in wanted.items()}
    sums: dict[str, Lines] = {}
    for account in accounts:
        sums.setdefault(account.unit, {})[account.code] = shown[account.id]
    return {"entry": entry.id, "of": entry.of_id, "text": entry.text, **sums}
