"""What is traded on: sealed keys, paper accounts and whose prices each of them follows."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text, text

from trading.storage.columns import Json, Moment
from trading.storage.schema.ground import metadata

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("venue", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("tail", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("can_withdraw", Boolean),
    Column("created_at", Moment, nullable=False),
    Column("kind", Text, nullable=False, server_default=text("''")),
    Column("title", Text, nullable=False, server_default=text("''")),
    Column("abilities", Json, nullable=False, server_default=text("'{}'")),
    sqlite_autoincrement=True,
)

paper_accounts = Table(
    "paper_accounts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("snapshot", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

paper_prices = Table(
    "paper_prices",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("chosen_at", Moment, nullable=False),
)
