"""Whether a person wants pictures for a dark chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("dark_pictures", sa.Boolean(), nullable=False, server_default=sa.false()))
