"""Ledger accounts 账户: opened once, and their three numbers, always summed and never kept."""

from dataclasses import dataclass

from pydantic import BaseModel
from sqlmodel import Session, col, func, select

from models.area import Area
from models.ledger import LedgerAccount, Posting
from services.engine import fields
from services.rights import audit
from services.rights.permissions import Actor, require
from services.system.errors import Refused
from services.words import vocabulary


@dataclass(frozen=True)
class Balance:
    """What an account holds, in its unit: booked, of that promised and not paid yet, and what is left free."""

    booked: int
    approved: int

    @property
    def free(self) -> int:
        """What may still be promised or paid."""
        return self.booked - self.approved


class NewAccount(BaseModel):
    """An account to be opened: its unit stays with it for good."""

    code: str
    name: str
    kind: str
    unit: str
    area_id: int
    organisation_id: int | None = None
    matter_id: int | None = None


def open_account(session: Session, actor: Actor, entered: NewAccount) -> LedgerAccount:
    """Open an account under a code that no other has; the audit says who did."""
    where = session.get_one(Area, entered.area_id).path
    require(actor, "ledger.open", where)
    code, name = fields.short(entered.code, 48), fields.short(entered.name, 64)
    if not (code and name) or session.exec(select(LedgerAccount).where(LedgerAccount.code == code)).first():
        raise Refused("Enter a name, and a code that no other account has.")
    if entered.kind not in vocabulary.codes("ledger_account") or entered.unit not in vocabulary.codes("ledger_unit"):
        raise Refused("Choose what the account is for, and its unit: money, goods or points.")
    account = LedgerAccount(**entered.model_dump() | {"code": code, "name": name})
    session.add(account)
    session.flush()
    told = {"name": name, "kind": entered.kind, "unit": entered.unit}
    audit.write(session, actor.name, "ledger.open", code, told, area=where)
    return account


def balance(session: Session, account: LedgerAccount) -> Balance:
    """The three numbers of an account, summed now."""
    sums = select(Posting.stage, func.sum(Posting.amount)).where(Posting.account_id == account.id)
    found = dict(session.exec(sums.group_by(col(Posting.stage))).all())
    return Balance(int(found.get("booked", 0)), -int(found.get("approved", 0)))


def hold(session: Session, ids: set[int]) -> list[LedgerAccount]:
    """The accounts, held until the end of the transaction: two payments at once must not both find enough."""
    query = select(LedgerAccount).where(col(LedgerAccount.id).in_(ids)).order_by(col(LedgerAccount.id))
    return list(session.exec(query.with_for_update()))


def check_covered(session: Session, accounts: list[LedgerAccount]) -> None:
    """Refuse what takes more from an account than is free; only what stands for the outside may owe."""
    for account in accounts:
        if account.kind != "outside" and balance(session, account).free < 0:
            raise Refused(
                "{name} does not hold enough that is free. Approve less, or book more first.", name=account.name
            )
