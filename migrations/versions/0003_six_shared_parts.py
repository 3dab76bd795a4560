"""Six shared parts: parties, clauses, occasions, ledger, items, answers; versions of flows; fields of a flow's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import append_only, counting

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_version")),
        sa.UniqueConstraint("flow", "since", name=op.f("uq_flow_version_flow_since")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("instance", sa.String(length=48), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(length=64), nullable=False),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 99999", name=op.f("ck_item_capacity_range")),
        sa.CheckConstraint("length(name) <= 64", name=op.f("ck_item_name_length")),
        sa.CheckConstraint("length(name) >= 1", name=op.f("ck_item_name_present")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_item_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
    )
    op.create_index(op.f("ix_item_kind"), "item", ["kind"])
    op.create_index(op.f("ix_item_organisation_id"), "item", ["organisation_id"])
    op.create_table(
        "answer",
        sa.Column("matter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("question", sa.String(length=24), nullable=False),
        sa.Column("replaced", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=24), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(value IS NULL) <> (number IS NULL)", name=op.f("ck_answer_word_or_number")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_answer_number_positive")),
        sa.CheckConstraint("replaced >= 0", name=op.f("ck_answer_replaced_positive")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_answer_matter_id_matter")),
        sa.PrimaryKeyConstraint("matter_id", "category", "question", "replaced", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("cites", sa.String(length=200), nullable=False),
        sa.CheckConstraint("state IN ('open', 'fulfilled', 'broken', 'dropped')", name=op.f("ck_clause_state_known")),
        sa.CheckConstraint("length(cites) <= 200", name=op.f("ck_clause_cites_length")),
        sa.CheckConstraint("length(evidence) <= 500", name=op.f("ck_clause_evidence_length")),
        sa.CheckConstraint("length(text) <= 500", name=op.f("ck_clause_text_length")),
        sa.CheckConstraint("length(text) >= 1", name=op.f("ck_clause_text_present")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_clause_matter_id_matter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause")),
        sa.UniqueConstraint("matter_id", "seq", name=op.f("uq_clause_matter_id_seq")),
    )
    op.create_index(op.f("ix_clause_due"), "clause", ["due"])
    op.create_table(
        "item_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'returned', 'refused')", name=op.f("ck_item_use_state_known")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_item_use_times_in_order")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99999", name=op.f("ck_item_use_quantity_range")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_use_item_id_item")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_item_use_matter_id_matter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_use")),
    )
    op.create_index("ix_item_use_item_id_state_ends_at", "item_use", ["item_id", "state", "ends_at"])
    op.create_index(op.f("ix_item_use_matter_id"), "item_use", ["matter_id"])
    op.create_table(
        "ledger_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("unit IN ('cny', 'goods', 'point')", name=op.f("ck_ledger_account_unit_known")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_ledger_account_area_id_area")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_ledger_account_matter_id_matter")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ledger_account_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_account_code")),
    )
    op.create_index(op.f("ix_ledger_account_area_id"), "ledger_account", ["area_id"])
    op.create_index(op.f("ix_ledger_account_matter_id"), "ledger_account", ["matter_id"])
    op.create_index(op.f("ix_ledger_account_organisation_id"), "ledger_account", ["organisation_id"])
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(of_id IS NULL) = (act IN ('booked', 'approved'))", name=op.f("ck_ledger_entry_of_known")),
        sa.CheckConstraint("act IN ('booked', 'approved', 'paid', 'reversed')", name=op.f("ck_ledger_entry_act_known")),
        sa.CheckConstraint("length(text) <= 200", name=op.f("ck_ledger_entry_text_length")),
        sa.CheckConstraint("of_id < id", name=op.f("ck_ledger_entry_of_earlier")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_ledger_entry_matter_id_matter")),
        sa.ForeignKeyConstraint(["of_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_of_id_ledger_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index(op.f("ix_ledger_entry_at"), "ledger_entry", ["at"])
    op.create_index(op.f("ix_ledger_entry_matter_id"), "ledger_entry", ["matter_id"])
    op.create_index(op.f("ix_ledger_entry_of_id"), "ledger_entry", ["of_id"])
    op.create_index(
        "uq_ledger_entry_reversed",
        "ledger_entry",
        ["of_id"],
        unique=True,
        sqlite_where=sa.text("act = 'reversed'"),
        postgresql_where=sa.text("act = 'reversed'"),
    )
    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("series", sa.String(length=48), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.String(length=500), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occasion_times_in_order")),
        sa.CheckConstraint("length(place) <= 120", name=op.f("ck_occasion_place_length")),
        sa.CheckConstraint("length(plan) <= 500", name=op.f("ck_occasion_plan_length")),
        sa.CheckConstraint("length(series) <= 48", name=op.f("ck_occasion_series_length")),
        sa.CheckConstraint("matter_id IS NOT NULL OR venue_id IS NOT NULL", name=op.f("ck_occasion_of_something")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_occasion_matter_id_matter")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_occasion_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
    )
    op.create_index(op.f("ix_occasion_matter_id"), "occasion", ["matter_id"])
    op.create_index(op.f("ix_occasion_starts_at"), "occasion", ["starts_at"])
    op.create_index(op.f("ix_occasion_venue_id"), "occasion", ["venue_id"])
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=24), nullable=True),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating_given", sa.String(length=16), nullable=True),
        sa.Column("rating_received", sa.String(length=16), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "rating_given IN ('satisfied', 'basically', 'dissatisfied')", name=op.f("ck_party_rating_given_known")
        ),
        sa.CheckConstraint(
            "rating_received IN ('satisfied', 'basically', 'dissatisfied')", name=op.f("ck_party_rating_received_known")
        ),
        sa.CheckConstraint(
            "CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN office_id IS NULL THEN 0 ELSE 1 END + CASE WHEN category IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_party_one_of_three"),
        ),
        sa.CheckConstraint("length(answer) <= 500", name=op.f("ck_party_answer_length")),
        sa.CheckConstraint("length(reason) <= 500", name=op.f("ck_party_reason_length")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_party_matter_id_matter")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_party_office_id_office")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_party_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("category", "matter_id", "part", name=op.f("uq_party_category_matter_id_part")),
        sa.UniqueConstraint("office_id", "matter_id", "part", name=op.f("uq_party_office_id_matter_id_part")),
        sa.UniqueConstraint(
            "organisation_id", "matter_id", "part", name=op.f("uq_party_organisation_id_matter_id_part")
        ),
    )
    op.create_index(op.f("ix_party_matter_id"), "party", ["matter_id"])
    op.create_table(
        "headcount",
        sa.Column("occasion_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.CheckConstraint("present BETWEEN 0 AND 9999", name=op.f("ck_headcount_present_range")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_headcount_occasion_id_occasion")),
        sa.PrimaryKeyConstraint("occasion_id", "category", name=op.f("pk_headcount")),
    )
    op.create_table(
        "posting",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stage IN ('booked', 'approved', 'awaited')", name=op.f("ck_posting_stage_known")),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount_present")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name=op.f("fk_posting_account_id_ledger_account")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_posting_entry_id_ledger_entry")),
        sa.PrimaryKeyConstraint("entry_id", "account_id", "stage", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_account_id_stage_amount", "posting", ["account_id", "stage", "amount"])

    # In place: a million matters need not be copied for a column that may be empty.
    op.add_column(
        "matter", sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
    )
    append_only.protect(op.get_bind(), append_only.LEDGER)
    _acceptance()
    _occasions()
    _answers()


def _acceptance() -> None:
    """The test of an action item becomes a field of its flow's own."""
    build = "jsonb_build_object" if op.get_bind().dialect.name == "postgresql" else "json_object"
    of = "FROM action_item WHERE action_item.matter_id = matter.id"
    op.execute(
        f"UPDATE matter SET detail = (SELECT {build}('acceptance', acceptance) {of}) WHERE EXISTS (SELECT 1 {of})"
    )
    op.drop_table("action_item")


def _occasions() -> None:
    """A meeting is an occasion: its time, its venue and the headcount go there, under the same id."""
    op.execute(
        "INSERT INTO occasion (id, matter_id, venue_id, series, starts_at, place, plan)"
        " SELECT id, matter_id, venue_id, '', starts_at, '', '' FROM meeting"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('occasion', 'id'), max(id)) FROM occasion")
    op.execute(
        "INSERT INTO headcount (occasion_id, category, present) SELECT meeting_id, category, present FROM attendance"
    )
    op.drop_table("attendance")
    op.drop_index("ix_meeting_starts_at", table_name="meeting")
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.add_column(sa.Column("occasion_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint("fk_meeting_venue_id_venue", type_="foreignkey")
        batch_op.drop_column("venue_id")
        batch_op.drop_column("starts_at")
    op.execute("UPDATE meeting SET occasion_id = id")
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.alter_column("occasion_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("forum_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(op.f("fk_meeting_occasion_id_occasion"), "occasion", ["occasion_id"], ["id"])
        batch_op.create_unique_constraint(op.f("uq_meeting_occasion_id"), ["occasion_id"])


def _answers() -> None:
    """Follow-ups and verdicts become answers; the counts stay as they are, other triggers keep them from now on."""
    counting.remove(op.get_bind(), counting.FOLLOW_UPS)
    given = "CASE WHEN {0} THEN 'yes' WHEN NOT {0} THEN 'no' ELSE 'unknown' END"
    said = {"contacted": given, "resolved": given, "satisfaction": "coalesce({0}, 'unknown')"}
    for question, value in said.items():
        _answer("follow_up", "reporter", question, "0", value=value.format(question))
    last = "max(id) OVER (PARTITION BY matter_id)"
    turn = "row_number() OVER (PARTITION BY matter_id ORDER BY id)"
    for question in ("asked", "aware", "took_part", "satisfied"):
        _answer("verdict", "residents", question, f"CASE WHEN id = {last} THEN 0 ELSE {turn} END", number=question)
    op.drop_table("follow_up")
    op.drop_table("verdict")
    counting.install(op.get_bind())


def _answer(table: str, category: str, question: str, replaced: str, value: str = "NULL", number: str = "NULL") -> None:
    op.execute(
        "INSERT INTO answer (matter_id, category, question, replaced, value, number, at)"
        f" SELECT matter_id, '{category}', '{question}', {replaced}, {value}, {number}, at FROM {table}"
    )
