"""first tables

Revision: 0001
Follows:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# UPDATE and DELETE triggers alone are bypassed by INSERT OR REPLACE: the insert is guarded too,
# and connections run with recursive_triggers=ON.
LEDGER_GUARDS = (
    """
    CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END
    """,
    """
    CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END
    """,
    """
    CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
      OR NEW.prev IS NOT coalesce(
           (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1),
           '0000000000000000000000000000000000000000000000000000000000000000')
    BEGIN SELECT RAISE(ABORT, 'ledger entry does not follow the head'); END
    """,
)


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_table(
        "draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "frozen",
                "committed",
                "closed",
                "void",
                name="drawstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("plan_bytes", sa.LargeBinary(), nullable=False),
        sa.Column("plan_hash", sa.String(), nullable=False),
        sa.Column("excluded_bytes", sa.LargeBinary(), nullable=False),
        sa.Column("reveal", sa.String(), nullable=True),
        sa.Column("commitment", sa.String(), nullable=True),
        sa.Column("result_bytes", sa.LargeBinary(), nullable=True),
        sa.Column("result_hash", sa.String(), nullable=True),
        sa.Column("seed", sa.String(), nullable=True),
        sa.Column("void_bytes", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("recorder", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("committed_at", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("no", name=op.f("uq_draw_no")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_hash")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("rulebook_id", sa.String(), nullable=False),
        sa.Column("rulebook_version", sa.String(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("headcount_note", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("proposed", "approved", name="planstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("period", name=op.f("uq_plan_period")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("rulebook_id", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("document_title", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("draw_basis", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_unit_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_table(
        "closing_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_closing_record_draw_id_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_record")),
        sa.UniqueConstraint("series", "position", name=op.f("uq_closing_record_series")),
    )
    op.create_table(
        "draw_witness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("digits", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_draw_witness_draw_id_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_witness")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_draw_witness_draw_id")),
    )
    op.create_table(
        "export_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("tagmanifest", sa.String(), nullable=False),
        sa.Column("verified_at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_export_package_draw_id_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_package")),
        sa.UniqueConstraint("period", "seq", name=op.f("uq_export_package_period")),
    )
    op.create_table(
        "inspector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("personal_no", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("dept_code", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("squad", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("duty_post", sa.String(), nullable=False),
        sa.Column("cert_no", sa.String(), nullable=False),
        sa.Column("cert_kind", sa.String(), nullable=False),
        sa.Column("enforcement_type", sa.String(), nullable=False),
        sa.Column("cert_valid_from", sa.Date(), nullable=True),
        sa.Column("cert_valid_to", sa.Date(), nullable=True),
        sa.Column("employment", sa.String(), nullable=False),
        sa.Column("specialities", sa.JSON(), nullable=False),
        sa.Column("may_lead", sa.Boolean(), nullable=False),
        sa.Column("years_of_work", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("leave_from", sa.Date(), nullable=True),
        sa.Column("leave_to", sa.Date(), nullable=True),
        sa.Column("seconded_out", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_inspector_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector")),
        sa.UniqueConstraint("personal_no", name=op.f("uq_inspector_personal_no")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("ratio", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("time_and_way", sa.String(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_item_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=False),
        sa.Column("reg_no", sa.String(), nullable=False),
        sa.Column("permit_no", sa.String(), nullable=False),
        sa.Column("local_no", sa.String(), nullable=False),
        sa.Column("legal_rep", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("township", sa.String(), nullable=False),
        sa.Column("industry_code", sa.String(), nullable=False),
        sa.Column("industry", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("category_since", sa.Date(), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("permit_valid_to", sa.Date(), nullable=True),
        sa.Column("project", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_target_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("ident", name=op.f("uq_target_ident")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index("ix_target_category_state", ["category", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_target_name_key"), ["name_key"], unique=False)
        batch_op.create_index("ix_target_permit_no", ["permit_no"], unique=False)
        batch_op.create_index("ix_target_uscc", ["uscc"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("team_no", sa.Integer(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("standins", sa.JSON(), nullable=False),
        sa.Column("flags", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_basis", sa.String(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_assignment_draw_id_draw")),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["inspector.id"], name=op.f("fk_assignment_lead_id_inspector")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["assignment.id"],
            name=op.f("fk_assignment_replaced_by_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["inspector.id"], name=op.f("fk_assignment_second_id_inspector")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_assignment_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("draw_id", "target_id", name=op.f("uq_assignment_draw_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_draw_id"), ["draw_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_target_id"), ["target_id"], unique=False)

    op.create_table(
        "drawn_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("selected", sa.Boolean(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_drawn_target_draw_id_draw")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_drawn_target_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_target")),
        sa.UniqueConstraint("draw_id", "target_id", name=op.f("uq_drawn_target_draw_id")),
    )
    with op.batch_alter_table("drawn_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drawn_target_draw_id"), ["draw_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drawn_target_target_id"), ["target_id"], unique=False)

    op.create_table(
        "drawn_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("flags", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_drawn_team_draw_id_draw")),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["inspector.id"], name=op.f("fk_drawn_team_lead_id_inspector")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["inspector.id"], name=op.f("fk_drawn_team_second_id_inspector")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_team")),
        sa.UniqueConstraint("draw_id", "group", "number", name=op.f("uq_drawn_team_draw_id")),
    )
    with op.batch_alter_table("drawn_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drawn_team_draw_id"), ["draw_id"], unique=False)

    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspector.id"], name=op.f("fk_recusal_inspector_id_inspector")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_recusal_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint(
            "inspector_id", "target_id", "code", name=op.f("uq_recusal_inspector_id")
        ),
    )
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("redraw_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("out_target_id", sa.Integer(), nullable=True),
        sa.Column("in_target_id", sa.Integer(), nullable=True),
        sa.Column("out_inspector_id", sa.Integer(), nullable=True),
        sa.Column("in_inspector_id", sa.Integer(), nullable=True),
        sa.Column("for_target_id", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_name", sa.String(), nullable=False),
        sa.Column("approved_post", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("assignment_ids", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_substitution_draw_id_draw")
        ),
        sa.ForeignKeyConstraint(
            ["for_target_id"], ["target.id"], name=op.f("fk_substitution_for_target_id_target")
        ),
        sa.ForeignKeyConstraint(
            ["in_inspector_id"],
            ["inspector.id"],
            name=op.f("fk_substitution_in_inspector_id_inspector"),
        ),
        sa.ForeignKeyConstraint(
            ["in_target_id"], ["target.id"], name=op.f("fk_substitution_in_target_id_target")
        ),
        sa.ForeignKeyConstraint(
            ["out_inspector_id"],
            ["inspector.id"],
            name=op.f("fk_substitution_out_inspector_id_inspector"),
        ),
        sa.ForeignKeyConstraint(
            ["out_target_id"], ["target.id"], name=op.f("fk_substitution_out_target_id_target")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["closing_record.id"],
            name=op.f("fk_substitution_record_id_closing_record"),
        ),
        sa.ForeignKeyConstraint(
            ["redraw_id"], ["draw.id"], name=op.f("fk_substitution_redraw_id_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitution_draw_id"), ["draw_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_substitution_in_inspector_id"), ["in_inspector_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_substitution_in_target_id"), ["in_target_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_substitution_out_inspector_id"), ["out_inspector_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_substitution_out_target_id"), ["out_target_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_substitution_redraw_id"), ["redraw_id"], unique=False)

    op.create_table(
        "inspection_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("finding", sa.Boolean(), nullable=False),
        sa.Column("violation", sa.Boolean(), nullable=False),
        sa.Column("covers", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_inspection_entry_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_inspection_entry_batch_id_import_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_inspection_entry_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_entry")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_inspection_entry_assignment_id")),
    )
    with op.batch_alter_table("inspection_entry", schema=None) as batch_op:
        batch_op.create_index("ix_inspection_entry_target_id_on", ["target_id", "on"], unique=False)

    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "locked",
                "voided",
                name="resultstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("arrived", sa.String(), nullable=False),
        sa.Column("left", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("rectify_by", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("assistants", sa.Integer(), nullable=False),
        sa.Column("inspector_ids", sa.JSON(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(), nullable=True),
        sa.Column("review_note", sa.String(), nullable=False),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("returned_by", sa.String(), nullable=False),
        sa.Column("returned_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_result_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint("assignment_id", "version", name=op.f("uq_result_assignment_id")),
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_result_assignment_id"), ["assignment_id"], unique=False
        )

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_publication_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("result_id", name=op.f("uq_publication_result_id")),
    )
    op.create_table(
        "rectification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_rectification_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
        sa.UniqueConstraint("result_id", name=op.f("uq_rectification_result_id")),
    )
    op.create_table(
        "result_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("ok", "problem", "na", name="itemoutcome", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_result_item_item_id_item")),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_result_item_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_item")),
        sa.UniqueConstraint("result_id", "item_id", name=op.f("uq_result_item_result_id")),
    )
    with op.batch_alter_table("result_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_item_result_id"), ["result_id"], unique=False)

    for statement in LEDGER_GUARDS:
        op.execute(statement)
