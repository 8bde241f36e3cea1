"""second tables: plans with approval, corrections, papers, packages, reviews

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adopted_rulebook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rulebook_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adopted_rulebook")),
        sa.UniqueConstraint("rulebook_id", "version", name=op.f("uq_adopted_rulebook_rulebook_id")),
    )
    op.create_table(
        "allowed_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowed_wording")),
    )
    with op.batch_alter_table("allowed_wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allowed_wording_key"), ["key"], unique=False)

    op.create_table(
        "assistant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant")),
        sa.UniqueConstraint("ident", name=op.f("uq_assistant_ident")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "directory_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("base_seq", sa.Integer(), nullable=False),
        sa.Column("proposed_seq", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("in_force_at", sa.DateTime(), nullable=True),
        sa.Column("in_force_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_round")),
        sa.UniqueConstraint("period", name=op.f("uq_directory_round_period")),
    )
    op.create_table(
        "directory_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_version")),
    )
    with op.batch_alter_table("directory_version", schema=None) as batch_op:
        batch_op.create_index("ix_directory_version_row", ["kind", "row_id", "seq"], unique=False)

    op.create_table(
        "document_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("voided_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_number")),
        sa.UniqueConstraint("series", "year", "number", name=op.f("uq_document_number_series")),
    )
    with op.batch_alter_table("document_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_number_subject"), ["subject"], unique=False)

    op.create_table(
        "duty_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_done")),
        sa.UniqueConstraint("code", "due_on", name=op.f("uq_duty_done_code")),
    )
    op.create_table(
        "expert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("specialities", sa.JSON(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("ident", name=op.f("uq_expert_ident")),
    )
    op.create_table(
        "incoming_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_list")),
    )
    op.create_table(
        "local_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_basis")),
    )
    op.create_table(
        "medium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medium")),
        sa.UniqueConstraint("ident", name=op.f("uq_medium_ident")),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("annual", "period", "campaign", name="plankind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "filed",
                "replaced",
                name="planstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("approved_organ", sa.String(), nullable=False),
        sa.Column("approved_name", sa.String(), nullable=False),
        sa.Column("approved_post", sa.String(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_no", sa.String(), nullable=False),
        sa.Column("filed_to", sa.String(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("filed_no", sa.String(), nullable=False),
        sa.Column("filed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("kind", "period", "name", "version", name=op.f("uq_plan_version_kind")),
    )
    op.create_table(
        "result_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("no", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_form")),
        sa.UniqueConstraint("no", name=op.f("uq_result_form_no")),
    )
    op.create_table(
        "incoming_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_incoming_file_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["incoming_list.id"], name=op.f("fk_incoming_file_list_id_incoming_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_file")),
    )
    with op.batch_alter_table("incoming_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_file_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "partner_inspector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("dept_code", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("personal_no", sa.String(), nullable=False),
        sa.Column("cert_no", sa.String(), nullable=False),
        sa.Column("cert_valid_to", sa.Date(), nullable=True),
        sa.Column("specialities", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_partner_inspector_batch_id_import_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_inspector")),
        sa.UniqueConstraint("ident", name=op.f("uq_partner_inspector_ident")),
    )
    with op.batch_alter_table("partner_inspector", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_inspector_dept_code"), ["dept_code"], unique=False
        )

    op.create_table(
        "round_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("directory", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["directory_round.id"],
            name=op.f("fk_round_review_round_id_directory_round"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_review")),
        sa.UniqueConstraint("round_id", "directory", name=op.f("uq_round_review_round_id")),
    )
    op.create_table(
        "category_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("suggested", sa.String(), nullable=False),
        sa.Column("decided", sa.String(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_category_decision_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_decision")),
    )
    with op.batch_alter_table("category_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_category_decision_target_id"), ["target_id"], unique=False
        )

    op.create_table(
        "incoming_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["incoming_file.id"], name=op.f("fk_incoming_row_file_id_incoming_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_row")),
    )
    with op.batch_alter_table("incoming_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_row_file_id"), ["file_id"], unique=False)
        batch_op.create_index("ix_incoming_row_record", ["record", "row_id"], unique=False)

    op.create_table(
        "incoming_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("task_no", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["incoming_list.id"], name=op.f("fk_incoming_target_list_id_incoming_list")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_incoming_target_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_target")),
        sa.UniqueConstraint("list_id", "target_id", name=op.f("uq_incoming_target_list_id")),
    )
    with op.batch_alter_table("incoming_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_target_list_id"), ["list_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_incoming_target_target_id"), ["target_id"], unique=False
        )

    op.create_table(
        "inspector_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspector_id"],
            ["inspector.id"],
            name=op.f("fk_inspector_absence_inspector_id_inspector"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_absence")),
    )
    with op.batch_alter_table("inspector_absence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspector_absence_inspector_id"), ["inspector_id"], unique=False
        )

    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("firm", sa.String(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspector_id"], ["inspector.id"], name=op.f("fk_interest_inspector_id_inspector")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interest_inspector_id"), ["inspector_id"], unique=False
        )

    op.create_table(
        "assignment_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("flags", sa.String(), nullable=False),
        sa.Column("standins", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_assignment_member_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draw.id"], name=op.f("fk_assignment_member_draw_id_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_member")),
        sa.UniqueConstraint(
            "assignment_id", "draw_id", "group", name=op.f("uq_assignment_member_assignment_id")
        ),
    )
    with op.batch_alter_table("assignment_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assignment_member_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignment_member_draw_id"), ["draw_id"], unique=False)

    op.create_table(
        "carried_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("medium_id", sa.Integer(), nullable=True),
        sa.Column("medium_no", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("verified_at", sa.DateTime(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["medium_id"], ["medium.id"], name=op.f("fk_carried_file_medium_id_medium")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["export_package.id"],
            name=op.f("fk_carried_file_package_id_export_package"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_file")),
    )
    with op.batch_alter_table("carried_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carried_file_file_name"), ["file_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_carried_file_medium_id"), ["medium_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_carried_file_package_id"), ["package_id"], unique=False
        )

    op.create_table(
        "formality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("applied_by", sa.String(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("urgent_reason", sa.String(), nullable=False),
        sa.Column("notice_no", sa.String(), nullable=False),
        sa.Column("assistants_fixed", sa.Integer(), nullable=True),
        sa.Column("certificates_shown", sa.Boolean(), nullable=False),
        sa.Column("basis_shown", sa.Boolean(), nullable=False),
        sa.Column("intent_told", sa.Boolean(), nullable=False),
        sa.Column("procedure_told", sa.Boolean(), nullable=False),
        sa.Column("recusal", sa.String(), nullable=False),
        sa.Column("recusal_note", sa.String(), nullable=False),
        sa.Column("scanned_at", sa.String(), nullable=False),
        sa.Column("not_scanned", sa.String(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_how", sa.String(), nullable=False),
        sa.Column("uncounted", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_formality_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formality")),
        sa.UniqueConstraint("assignment_id", "version", name=op.f("uq_formality_assignment_id")),
    )
    with op.batch_alter_table("formality", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_formality_assignment_id"), ["assignment_id"], unique=False
        )

    op.create_table(
        "package_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("refused", sa.String(), nullable=False),
        sa.Column("ident", sa.String(), nullable=False),
        sa.Column("gone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["export_package.id"],
            name=op.f("fk_package_line_package_id_export_package"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_line")),
        sa.UniqueConstraint("package_id", "sheet", "line", name=op.f("uq_package_line_package_id")),
    )
    with op.batch_alter_table("package_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_package_line_key"), ["key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_package_line_package_id"), ["package_id"], unique=False
        )

    op.create_table(
        "package_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "made",
                "approved",
                "copied",
                "uploaded",
                "accepted",
                "partly",
                "resent",
                name="packagestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["export_package.id"],
            name=op.f("fk_package_step_package_id_export_package"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_step")),
    )
    with op.batch_alter_table("package_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_package_step_package_id"), ["package_id"], unique=False
        )

    op.create_table(
        "task_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "notify",
                "approve",
                "postpone",
                "inspect",
                "cannot_inspect",
                "enter",
                "return",
                "review",
                "lock",
                "publish",
                "close",
                "withdraw",
                "correct",
                "substitute",
                "take_back",
                name="step",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "notified",
                "approved",
                "postponed",
                "inspected",
                "entered",
                "reviewed",
                "locked",
                "published",
                "closed",
                "substituted",
                name="taskstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_task_step_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_step")),
        sa.UniqueConstraint("assignment_id", "position", name=op.f("uq_task_step_assignment_id")),
    )
    with op.batch_alter_table("task_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_step_assignment_id"), ["assignment_id"], unique=False
        )

    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("decision_no", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome_published_on", sa.Date(), nullable=True),
        sa.Column("outcome_place", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_case_file_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("result_id", name=op.f("uq_case_file_result_id")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "granted", "refused", name="correctionstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "redo",
            sa.Enum("reinspect", "reenter", name="redo", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("should_be", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("applied_by", sa.String(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("new_due", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_where", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_correction_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_result_id"), ["result_id"], unique=False)

    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "secret", "national", "public", name="exemptionkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_exemption_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
        sa.UniqueConstraint("result_id", name=op.f("uq_exemption_result_id")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("people", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_follow_up_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_result_id"), ["result_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "extra_draw",
                "frequency",
                "credit",
                name="proposalkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "accepted", "declined", name="proposalstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_proposal_result_id_result")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_proposal_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_result_id"), ["result_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_target_id"), ["target_id"], unique=False)

    op.create_table(
        "rectification_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "reminder",
                "progress",
                "extension",
                name="rectifystep",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_rectification_note_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_note")),
    )
    with op.batch_alter_table("rectification_note", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rectification_note_result_id"), ["result_id"], unique=False
        )

    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column(
            "receiver",
            sa.Enum("organ", "police", name="receiver", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("receipt_no", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_referral_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_result_id"), ["result_id"], unique=False)

    op.create_table(
        "review_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("open_until", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld", "wrong", "refused", name="reviewoutcome", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_review_application_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_application")),
    )
    with op.batch_alter_table("review_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_application_result_id"), ["result_id"], unique=False
        )

    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result.id"], name=op.f("fk_withdrawal_result_id_result")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawal_result_id"), ["result_id"], unique=False)

    op.create_table(
        "correction_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["correction.id"],
            name=op.f("fk_correction_step_correction_id_correction"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_step")),
        sa.UniqueConstraint(
            "correction_id", "position", name=op.f("uq_correction_step_correction_id")
        ),
    )
    with op.batch_alter_table("correction_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_step_correction_id"), ["correction_id"], unique=False
        )

    op.drop_table("plan")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("people_draw_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("task_no", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_visit_id_assignment"), "assignment", ["visit_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_people_draw_id_draw"), "draw", ["people_draw_id"], ["id"]
        )

    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("way", sa.String(), server_default=sa.text("'undirected'"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("kind", sa.String(), server_default=sa.text("'own'"), nullable=False)
        )
        batch_op.add_column(sa.Column("list_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("of_draw_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("plan_no", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_draw_list_id_incoming_list"), "incoming_list", ["list_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_draw_of_draw_id_draw"), "draw", ["of_draw_id"], ["id"]
        )

    with op.batch_alter_table("export_package", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("platform", sa.String(), server_default=sa.text("'general'"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "state",
                sa.Enum(
                    "made",
                    "approved",
                    "copied",
                    "uploaded",
                    "accepted",
                    "partly",
                    "resent",
                    name="packagestate",
                    native_enum=False,
                    length=32,
                ),
                server_default=sa.text("'made'"),
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("changed_only", sa.Boolean(), server_default=sa.text("0"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("locked", sa.Boolean(), server_default=sa.text("0"), nullable=False)
        )
        batch_op.add_column(sa.Column("resent_as_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("receipt_no", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_export_package_resent_as_id_export_package"),
            "export_package",
            ["resent_as_id"],
            ["id"],
        )

    with op.batch_alter_table("inspection_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("ground", sa.String(), server_default=sa.text("('')"), nullable=False)
        )

    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changes", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("declared_by", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(sa.Column("lifted_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("lifted_by", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("lift_reason", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.alter_column("target_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_recusal_inspector_id"), type_="unique")

    with op.batch_alter_table("result_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("name", sa.String(), server_default=sa.text("('')"), nullable=False)
        )

    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("steps", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )

    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("labels", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "permit_category", sa.String(), server_default=sa.text("('')"), nullable=False
            )
        )
        batch_op.add_column(
            sa.Column("credit_grade", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("pollutants", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("scale", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "production_cycle", sa.String(), server_default=sa.text("('')"), nullable=False
            )
        )
        batch_op.add_column(
            sa.Column("monitoring", sa.JSON(), server_default=sa.text("'[]'"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "performance_grade", sa.String(), server_default=sa.text("('')"), nullable=False
            )
        )
        batch_op.add_column(
            sa.Column("squad", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(sa.Column("suspended_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("suspended_to", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("library", sa.String(), server_default=sa.text("('')"), nullable=False)
        )

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("document_valid_to", sa.Date(), nullable=True))

    # ### end Alembic commands ###
