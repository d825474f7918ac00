"""Which fills were the venue's, closing a position by force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fills", sa.Column("liquidation", sa.Boolean(), nullable=False, server_default=sa.false()))
