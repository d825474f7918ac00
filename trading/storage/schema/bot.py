"""A bot: its settings, its state, and what it holds back for a while."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, Text, UniqueConstraint, text

from trading.core.planning import Mode
from trading.storage.columns import Books, Exact, Hands, Moment, Word
from trading.storage.schema.ground import metadata

bots = Table(
    "bots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    # No foreign key: a stopped bot outlives its key, and an emptied column would turn it into a paper bot.
    Column("key_id", Integer, index=True),
    Column("venue", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("mode", Word(Mode), nullable=False),
    Column("cause", Text, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("next_sequence", BigInteger, nullable=False),
    Column("ledger", Books, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("deposit", Exact, nullable=False),
    Column("by_hand", Hands, nullable=False, server_default=text("'{}'")),
    UniqueConstraint("id", "user_id"),
    sqlite_autoincrement=True,
)

backoffs = Table(
    "backoffs",
    metadata,
    Column("bot_id", ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)
