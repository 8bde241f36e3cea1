"""columns of the third year

Revision: 0003
Follows: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive_bag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("lacking", sa.Integer(), nullable=False),
        sa.Column("tagmanifest", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_archive_bag_target_id_target")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_bag")),
    )
    with op.batch_alter_table("archive_bag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_bag_target_id"), ["target_id"], unique=False)

    op.create_table(
        "archive_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("fonds", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "retention",
            sa.Enum("forever", "thirty", "ten", name="retention", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bag_id"], ["archive_bag.id"], name=op.f("fk_archive_item_bag_id_archive_bag")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_item")),
        sa.UniqueConstraint(
            "fonds", "year", "retention", "number", name=op.f("uq_archive_item_fonds")
        ),
        sa.UniqueConstraint("key", "fonds", name=op.f("uq_archive_item_key")),
    )
    with op.batch_alter_table("archive_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_item_bag_id"), ["bag_id"], unique=False)

    with op.batch_alter_table("formality", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("witnessed_by", sa.String(), server_default=sa.text("('')"), nullable=False)
        )

    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("rectify_reason", sa.String(), server_default=sa.text("('')"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("rectify_stage", sa.String(), server_default=sa.text("('')"), nullable=False)
        )

    with op.batch_alter_table("result_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("measure", sa.String(), server_default=sa.text("('')"), nullable=False)
        )

    # ### end Alembic commands ###
