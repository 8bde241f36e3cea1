"""Alembic's entry: runs on the connection ``app.db.migrate`` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from app.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    # The caller holds one BEGIN IMMEDIATE around all steps.
    transactional_ddl=False,
)
context.run_migrations()
