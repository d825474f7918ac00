"""What a bot's owner does by hand is kept with the bot until it is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bots", sa.Column("by_hand", sa.Text(), nullable=False, server_default=sa.text("'{}'")))
