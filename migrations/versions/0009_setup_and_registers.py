"""Setup and registers: changes typed and rows closed; states of venues, where an item is offered; memberships, filings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CLOSED = ("area", "organisation", "forum", "venue", "office")
KNOWN = "state IN ('planned', 'building', 'open', 'closed')"


def upgrade() -> None:
    _setup()
    _venues()
    _registers()


def _setup() -> None:
    for table in CLOSED:
        op.add_column(table, sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "setup_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_change")),
    )
    op.create_index(op.f("ix_setup_change_at"), "setup_change", ["at"])


def _venues() -> None:
    with op.batch_alter_table("venue") as venue:
        venue.add_column(sa.Column("state", sa.String(length=16), nullable=False, server_default="open"))
        venue.create_check_constraint(op.f("ck_venue_state_known"), KNOWN)
    with op.batch_alter_table("item") as item:
        item.add_column(sa.Column("venue_id", sa.Integer(), nullable=True))
        item.create_foreign_key(op.f("fk_item_venue_id_venue"), "venue", ["venue_id"], ["id"])
        item.create_index(op.f("ix_item_venue_id"), ["venue_id"])


def _registers() -> None:
    op.create_table(
        "filing",
        sa.Column("organisation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=48), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("serves", sa.String(length=200), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(number) <= 48", name=op.f("ck_filing_number_length")),
        sa.CheckConstraint("length(serves) <= 200", name=op.f("ck_filing_serves_length")),
        sa.CheckConstraint("reviewed_on >= filed_on", name=op.f("ck_filing_days_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_filing_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_filing")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN member_id IS NULL THEN 0 ELSE 1 END + CASE WHEN office_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_membership_one_of_two"),
        ),
        sa.CheckConstraint("left_on >= joined_on", name=op.f("ck_membership_days_in_order")),
        sa.CheckConstraint("member_id <> organisation_id", name=op.f("ck_membership_not_itself")),
        sa.ForeignKeyConstraint(["member_id"], ["organisation.id"], name=op.f("fk_membership_member_id_organisation")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_membership_office_id_office")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "organisation_id", "member_id", "joined_on", name=op.f("uq_membership_organisation_id_member_id_joined_on")
        ),
        sa.UniqueConstraint(
            "organisation_id", "office_id", "joined_on", name=op.f("uq_membership_organisation_id_office_id_joined_on")
        ),
    )
    op.create_index(op.f("ix_membership_member_id"), "membership", ["member_id"])
    op.create_index(op.f("ix_membership_office_id"), "membership", ["office_id"])
