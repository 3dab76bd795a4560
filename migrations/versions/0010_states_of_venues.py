"""States of venues, and where an item is offered."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KNOWN = "state IN ('planned', 'building', 'open', 'closed')"


def upgrade() -> None:
    with op.batch_alter_table("venue") as venue:
        venue.add_column(sa.Column("state", sa.String(length=16), nullable=False, server_default="open"))
        venue.create_check_constraint(op.f("ck_venue_state_known"), KNOWN)
    with op.batch_alter_table("item") as item:
        item.add_column(sa.Column("venue_id", sa.Integer(), nullable=True))
        item.create_foreign_key(op.f("fk_item_venue_id_venue"), "venue", ["venue_id"], ["id"])
        item.create_index(op.f("ix_item_venue_id"), ["venue_id"])
