"""Registers: memberships of bodies, filings with their yearly review."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
