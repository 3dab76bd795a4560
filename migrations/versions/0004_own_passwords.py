"""Own passwords: one-time codes, what must be changed, browsers of sign-ins; attempts leave the account."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.Float(), nullable=False),
        sa.Column("locked_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_failed_at"), "attempt", ["failed_at"])
    op.create_table(
        "attempt_count",
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=48), nullable=False),
        sa.Column("login", sa.String(length=48), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "address", "login", name=op.f("pk_attempt_count")),
    )
    with op.batch_alter_table("account") as batch_op:
        batch_op.add_column(sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("code", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("code_until", sa.DateTime(timezone=True), nullable=True))
        for gone in ("failures", "failed_at", "locked_until"):
            batch_op.drop_column(gone)
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(length=32), server_default="", nullable=False))
    # What the rows there are begin with is no default of those to come.
    for table, column in (("account", "must_change"), ("sign_in", "browser")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, server_default=None)
