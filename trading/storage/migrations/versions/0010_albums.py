"""Broadcasts of several messages and of forwarded ones, their first words, and whose chat shows the progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("broadcasts", sa.Column("message_ids", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("broadcasts", sa.Column("forwards", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("broadcasts", sa.Column("excerpt", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("broadcasts", sa.Column("shown_to", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE broadcasts SET message_ids = '[' || message_id || ']', shown_to = admin_id")
    op.drop_column("broadcasts", "message_id")
