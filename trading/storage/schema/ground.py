"""What the tables stand on: the names of their constraints, and the tie between a bot's rows and its owner."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def of_bot() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["bot_id", "user_id"], ["bots.id", "bots.user_id"], ondelete="CASCADE")
