"""Settings outside of a bot: half-made forms, presets, shared links."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from trading.storage.columns import Moment
from trading.storage.schema.ground import metadata

drafts = Table("drafts", metadata, Column("key", Text, primary_key=True), Column("body", Text, nullable=False))

presets = Table(
    "presets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("strategy", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

shares = Table(
    "shares",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("strategy", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)
