"""Ledger 账: money, goods and points in double entry. Rows are only ever added; a balance is always a sum."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.base import at_most, utcnow

_REVERSED = text("act = 'reversed'")


class LedgerAccount(SQLModel, table=True):
    """Ledger account 账户: what something is kept on, in one unit: cny (fen), goods (fen of stated value) or point.

    Only an account of the kind ``outside`` may fall below zero: it stands for where things come from and go to.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (CheckConstraint("unit IN ('cny', 'goods', 'point')", name="unit_known"),)

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=48, unique=True)
    name: str = Field(max_length=64)
    kind: str = Field(max_length=16)
    unit: str = Field(max_length=8)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    sample: bool = Field(default=False)


class LedgerEntry(SQLModel, table=True):
    """Ledger entry 分录: what was booked, approved, paid or reversed on a matter, in a sentence.

    ``of_id`` is the earlier entry that this one pays or reverses.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("act IN ('booked', 'approved', 'paid', 'reversed')", name="act_known"),
        CheckConstraint("(of_id IS NULL) = (act IN ('booked', 'approved'))", name="of_known"),
        CheckConstraint("of_id < id", name="of_earlier"),
        at_most("text", 200),
        Index("uq_ledger_entry_reversed", "of_id", unique=True, sqlite_where=_REVERSED, postgresql_where=_REVERSED),
    )

    id: int = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    at: datetime = Field(default_factory=utcnow, index=True)
    act: str = Field(max_length=16)
    text: str = Field(max_length=200)
    of_id: int | None = Field(default=None, foreign_key="ledger_entry.id", index=True)


class Posting(SQLModel, table=True):
    """What an entry adds to one account (below zero: takes from it), in the account's unit.

    ``stage`` is booked; of what is promised and not paid yet, it is approved on the account that will pay and awaited
    on the one that will receive. In each unit what is booked sums to zero, and what is promised.
    """

    __table_args__ = (
        CheckConstraint("stage IN ('booked', 'approved', 'awaited')", name="stage_known"),
        CheckConstraint("amount <> 0", name="amount_present"),
        Index("ix_posting_account_id_stage_amount", "account_id", "stage", "amount"),
    )

    entry_id: int = Field(primary_key=True, foreign_key="ledger_entry.id", sa_column_kwargs={"autoincrement": False})
    account_id: int = Field(
        primary_key=True, foreign_key="ledger_account.id", sa_column_kwargs={"autoincrement": False}
    )
    stage: str = Field(primary_key=True, max_length=8)
    amount: int = Field(sa_type=BigInteger)
