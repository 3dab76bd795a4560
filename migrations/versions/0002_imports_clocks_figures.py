"""What imports, clocks and figures need: batches and their changes, own categories, follow-ups, counted steps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import append_only, counting, text_index

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_word",
        sa.Column("gram", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "category", name=op.f("pk_category_word")),
    )
    op.create_table(
        "local_category",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("zh", sa.String(length=64), nullable=False),
        sa.Column("en", sa.String(length=96), nullable=False),
        sa.Column("deadline_days", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=96), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_local_category")),
        sa.UniqueConstraint("zh", name=op.f("uq_local_category_zh")),
    )
    op.create_table(
        "saved_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_mapping_name")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("file", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.String(length=48), nullable=False),
        sa.Column("options", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_import_batch_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_at"), "import_batch", ["at"])
    op.create_index(op.f("ix_import_batch_place_id"), "import_batch", ["place_id"])

    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_change_batch_id_import_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
    )
    op.create_index(op.f("ix_import_change_batch_id"), "import_change", ["batch_id"])

    op.create_table(
        "follow_up",
        sa.Column("matter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contacted", sa.Boolean(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "satisfaction IN ('satisfied', 'basically', 'dissatisfied')", name=op.f("ck_follow_up_satisfaction_known")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_follow_up_matter_id_matter")),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_digest", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("time_left", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("dispatches", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("returns", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reworks", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("repeats_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_matter_import",
            ["import_id"],
            unique=False,
            sqlite_where=sa.text("import_id IS NOT NULL"),
            postgresql_where=sa.text("import_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_matter_open_unit")
        batch_op.create_index(
            "ix_matter_open_unit",
            ["unit_id", "due_at", "state", "area_id", "flow", "hold_until"],
            unique=False,
            sqlite_where=sa.text("is_open = 1"),
            postgresql_where=sa.text("is_open"),
        )
        batch_op.create_index(batch_op.f("ix_matter_repeats_id"), ["repeats_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_matter_import_id_import_batch"), "import_batch", ["import_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_matter_repeats_id_matter"), "matter", ["repeats_id"], ["id"])
    # The old rows have been given their zeros; a default is the program's business.
    with op.batch_alter_table("matter") as batch_op:
        for name in ("dispatches", "returns", "reworks"):
            batch_op.alter_column(name, server_default=None)
    # A list of venues seldom knows where they stand; a position is never invented.
    with op.batch_alter_table("venue") as batch_op:
        for name in ("lng", "lat"):
            batch_op.alter_column(name, existing_type=sa.Float(), nullable=True)
    _count("dispatches", "'dispatch'")
    _count("returns", "'send_back'")
    _count("reworks", "'rework'")
    _counts()
    op.create_index(
        "ix_matter_category_closed",
        "matter",
        ["category", "closed_at", "area_id", "lng", "lat"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    text_index.renew(op.get_bind())
    append_only.allow_undoing(op.get_bind())


def _count(column: str, actions: str) -> None:
    counted = f"SELECT count(*) FROM event WHERE event.matter_id = matter.id AND event.action IN ({actions})"
    op.execute(f"UPDATE matter SET {column} = ({counted})")


def _counts() -> None:
    """Counts by category and unit, of steps and follow-ups, and of hours, in place of those the schema began with."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER IF EXISTS matter_counted ON matter")
    op.execute("DROP TABLE IF EXISTS matter_count")
    op.drop_index("ix_matter_open_due", table_name="matter")
    op.create_index(
        "ix_matter_open_due",
        "matter",
        ["due_at", "area_id", "flow", "opened_month", "category", "unit_id"],
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    kind = [("flow", sa.String(length=16)), ("opened_month", sa.Integer()), ("area_id", sa.Integer())]
    split = [("category", sa.String(length=16)), ("unit_id", sa.Integer())]
    standing = [("state", sa.String(length=24)), ("is_open", sa.Boolean()), ("timeliness", sa.Integer())]
    _table_of_counts("matter_count", [*kind, *standing], COUNTED)
    _table_of_counts("matter_split", [*kind, *split, *standing], COUNTED)
    _table_of_counts("matter_lasting", [*kind, *split, standing[0], ("hours", sa.Integer())], ("n",))
    counting.fill(op.get_bind(), counting.FOLLOW_UPS)
    counting.install(op.get_bind(), counting.FOLLOW_UPS)


COUNTED = (
    *("n", "dispatched", "returned", "reworked", "classed", "repeated"),
    *("answered", "contacted", "resolved", "satisfied", "basically"),
)


def _table_of_counts(name: str, keys: list[tuple[str, sa.types.TypeEngine]], counted: tuple[str, ...]) -> None:
    op.create_table(
        name,
        *(sa.Column(key, kind, autoincrement=False, nullable=False) for key, kind in keys),
        *(sa.Column(one, sa.Integer(), nullable=False) for one in counted),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f(f"fk_{name}_area_id_area")),
        sa.PrimaryKeyConstraint(*(key for key, _kind in keys), name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )
