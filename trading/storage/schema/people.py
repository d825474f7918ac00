"""People: who they are, what an admin allows them, the invites that let them in, and what is sent to all of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, false, text

from trading.storage.columns import Exact, Moment, Numbers
from trading.storage.schema.ground import metadata

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("username", Text),
    Column("language", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("dark_pictures", Boolean, nullable=False, server_default=false()),
)

memberships = Table(
    "memberships",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("max_deposit", Exact),
    Column("max_bots", Integer),
    Column("seen_at", Moment),
    Column("deaf_since", Moment),
)

invites = Table(
    "invites",
    metadata,
    Column("id", Integer, primary_key=True),
    # Never the code itself: whoever reads the database, or a copy of it, is not let in by that.
    Column("digest", Text, nullable=False, unique=True),
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_by", BigInteger),
    Column("used_at", Moment),
    sqlite_autoincrement=True,
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("admin_id", BigInteger, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("progress_id", BigInteger, nullable=False),
    Column("message_ids", Numbers, nullable=False, server_default=text("'[]'")),
    Column("forwards", Boolean, nullable=False, server_default=false()),
    Column("excerpt", Text, nullable=False, server_default=text("''")),
    Column("shown_to", BigInteger, nullable=False, server_default=text("0")),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("broadcast_id", ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "broadcast_id", "state"),
)
