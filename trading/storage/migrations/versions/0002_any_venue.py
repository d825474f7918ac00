"""Keys of any venue: the kind of market they are for, the venue's name, what it was found to be able to do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("keys", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("keys", sa.Column("title", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("keys", sa.Column("abilities", sa.Text(), nullable=False, server_default=sa.text("'{}'")))
