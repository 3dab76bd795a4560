"""What ledgers record: what each matter's own says nothing about, so that no figure takes silence for a no.

And the time that is given to a matter that is late already, beside the deadline it missed.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations import counting

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The bits as they were when this was written; what a ledger must have a column for (any of these sets of fields) to
# record a thing. Nothing records what only this program knows.
NEEDS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("status",), ("closed",)),
    (("status",),),
    (("due",),),
    (("on_time",), ("late",), ("due", "closed")),
    (("closed",),),
    (("reworks",),),
    (("category", "closed", "location"), ("category", "closed", "lng"), ("category", "closed", "point")),
    (("contacted", "resolved", "satisfaction"),),
    (),
)
DUE = ["due_at", "area_id", "flow", "opened_month", "category", "unit_id"]
OWED = ["unit_id", "due_at", "state", "area_id", "flow", "hold_until"]
OPEN: dict[str, Any] = {"sqlite_where": sa.text("is_open = 1"), "postgresql_where": sa.text("is_open")}
COUNTED = (
    *("n", "dispatched", "returned", "reworked", "classed", "repeated", "dated"),
    *("answered", "contacted", "resolved", "satisfied", "basically"),
)


def upgrade() -> None:
    counting.remove(op.get_bind(), counting.ANSWERS)
    op.add_column("matter", sa.Column("unrecorded", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("matter", sa.Column("extended_to", sa.DateTime(timezone=True), nullable=True))
    for batch, options in _batches():
        _mark(batch, _unrecorded(options))
    op.drop_index("ix_matter_open_due", table_name="matter")
    op.create_index("ix_matter_open_due", "matter", [*DUE, "unrecorded"], **OPEN)
    op.drop_index("ix_matter_open_unit", table_name="matter")
    op.create_index("ix_matter_open_unit", "matter", [*OWED, "extended_to"], **OPEN)
    _counts()


def _batches() -> list[tuple[int, dict[str, Any]]]:
    query = "SELECT id, options FROM import_batch WHERE kind = 'matters' ORDER BY id"
    found = op.get_bind().execute(sa.text(query)).all()
    return [(batch, (json.loads(told) if isinstance(told, str) else told) or {}) for batch, told in found]


def _unrecorded(options: dict[str, Any]) -> int:
    """The bits of what a ledger read by this mapping says nothing about."""
    told = {field for field, columns in (options.get("columns") or {}).items() if columns}
    return sum(1 << at for at, any_of in enumerate(NEEDS) if not any(told.issuperset(needed) for needed in any_of))


def _mark(batch: int, unrecorded: int) -> None:
    """What a matter says is what the last import that touched it said."""
    changed = "SELECT row_id FROM import_change WHERE batch_id = :batch AND kind = 'matter'"
    query = f"UPDATE matter SET unrecorded = :bits WHERE import_id = :batch OR id IN ({changed})"
    op.get_bind().execute(sa.text(query), {"bits": unrecorded, "batch": batch})


def _counts() -> None:
    """The same counts, of kinds that are also told apart by what their ledgers record."""
    kind = [("flow", sa.String(length=16)), ("opened_month", sa.Integer()), ("area_id", sa.Integer())]
    split = [("category", sa.String(length=16)), ("unit_id", sa.Integer())]
    standing = [("state", sa.String(length=24)), ("is_open", sa.Boolean()), ("timeliness", sa.Integer())]
    recorded = ("unrecorded", sa.Integer())
    for table in ("matter_count", "matter_split"):
        op.drop_table(table)
    op.execute("DELETE FROM matter_lasting")
    _table_of_counts("matter_count", [*kind, *standing, recorded])
    _table_of_counts("matter_split", [*kind, *split, *standing, recorded])
    counting.fill(op.get_bind(), counting.KEPT)
    counting.install(op.get_bind(), counting.KEPT)


def _table_of_counts(name: str, keys: list[tuple[str, sa.types.TypeEngine[Any]]]) -> None:
    op.create_table(
        name,
        *(sa.Column(key, kind, autoincrement=False, nullable=False) for key, kind in keys),
        *(sa.Column(one, sa.Integer(), nullable=False) for one in COUNTED),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f(f"fk_{name}_area_id_area")),
        sa.PrimaryKeyConstraint(*(key for key, _kind in keys), name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )
