"""What waits to be told, and how each person wants to hear it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from trading.core.telling import Level
from trading.storage.columns import Moment, Word
from trading.storage.schema.ground import metadata

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    # No foreign key: an admin named in the settings may be told things before ever having spoken.
    Column("user_id", BigInteger, nullable=False),
    Column("bot_id", ForeignKey("bots.id", ondelete="SET NULL"), index=True),
    Column("created_at", Moment, nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Moment),
    Column("delivered_at", Moment),
    Column("failure", Text),
    # As its class said when it was stored: what is told in quiet hours too.
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    # Since when it waits for the end of quiet hours.
    Column("hushed_at", Moment),
    Index(
        "ix_notices_waiting",
        "user_id",
        "id",
        sqlite_where=text("delivered_at IS NULL AND failure IS NULL"),
        postgresql_where=text("delivered_at IS NULL AND failure IS NULL"),
    ),
    sqlite_autoincrement=True,
)

preferences = Table(
    "preferences",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("time_zone", Text, nullable=False),
    # Minutes after local midnight.
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("report_at", Integer),
    Column("reported_on", Text),
)

levels = Table(
    "levels",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("topic", Text, primary_key=True),
    Column("level", Word(Level), nullable=False),
)
