"""The tables. The migrations make them; a test holds the two to each other.

Rows of a bot refer to the pair (bot, owner), so that the database itself refuses a row that names another owner.
Ids of bots and keys are never used again: they live on in client order ids and in sealed values.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from trading.core.instrument import Side
from trading.core.orders import OrderStatus, OrderType, Role, TimeInForce
from trading.core.planning import Mode
from trading.core.telling import Level
from trading.storage.columns import Books, Exact, Hands, Json, Moment, Word

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _of_bot() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["bot_id", "user_id"], ["bots.id", "bots.user_id"], ondelete="CASCADE")


meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

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

orders = Table(
    "orders",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("bot_id", Integer, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("slot", Text, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("symbol", Text, nullable=False),
    Column("side", Word(Side), nullable=False),
    Column("type", Word(OrderType), nullable=False),
    Column("amount", Exact, nullable=False),
    Column("price", Exact),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("trigger_price", Exact),
    Column("reduce_only", Boolean, nullable=False),
    Column("time_in_force", Word(TimeInForce), nullable=False),
    Column("one_shot", Boolean, nullable=False),
    Column("status", Word(OrderStatus), nullable=False),
    Column("filled", Exact, nullable=False),
    Column("filled_cost", Exact, nullable=False),
    Column("reported_filled", Exact, nullable=False),
    Column("venue_id", Text),
    Column("execution_id", Text),
    Column("cancel_requested", Boolean, nullable=False),
    Column("refusal", Text, nullable=False),
    # Order.is_live as it was stored: text cannot be compared as numbers.
    Column("live", Boolean, nullable=False),
    _of_bot(),
    Index(None, "symbol", "status"),
    Index(None, "created_at"),
    Index(None, "bot_id", "status"),
    Index(None, "bot_id", "slot"),
    Index("ix_orders_live", "bot_id", sqlite_where=text("live = 1"), postgresql_where=text("live")),
)

fills = Table(
    "fills",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot_id", Integer, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("trade_id", Text, nullable=False),
    Column("venue_order_id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("side", Word(Side), nullable=False),
    Column("price", Exact, nullable=False),
    Column("amount", Exact, nullable=False),
    Column("fee", Exact, nullable=False),
    Column("fee_currency", Text, nullable=False),
    Column("maker", Boolean),
    Column("at", Moment, nullable=False),
    Column("liquidation", Boolean, nullable=False, server_default=false()),
    _of_bot(),
    # The order belongs to it: a trade of ours against ourselves is two fills with one trade id.
    UniqueConstraint("bot_id", "client_id", "trade_id"),
    Index(None, "bot_id", "at"),
)

funding = Table(
    "funding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot_id", Integer, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("funding_id", Text, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("amount", Exact, nullable=False),
    Column("at", Moment, nullable=False),
    _of_bot(),
    UniqueConstraint("bot_id", "funding_id"),
)

cycles = Table(
    "cycles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot_id", Integer, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("cause", Text, nullable=False),
    Column("gross", Exact, nullable=False),
    Column("fees", Exact, nullable=False),
    Column("funding", Exact, nullable=False),
    Column("volume", Exact, nullable=False),
    _of_bot(),
    Index(None, "bot_id", "ended_at"),
    Index(None, "user_id", "ended_at"),
)

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

samples = Table(
    "samples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot_id", Integer, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("body", Json, nullable=False),
    _of_bot(),
    Index(None, "bot_id", "kind", "at"),
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

tokens = Table(
    "tokens",
    metadata,
    # The person belongs to it: nobody can use up the token of another.
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("token", Text, primary_key=True),
    Column("used_at", Moment, nullable=False, index=True),
)

paper_accounts = Table(
    "paper_accounts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("snapshot", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

market_cache = Table(
    "market_cache",
    metadata,
    Column("venue", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

# People: what an admin allows them, the invites that let them in, and what is sent to all of them.

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
    Column("message_id", BigInteger, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("status", Text, nullable=False),
    Column("progress_id", BigInteger, nullable=False),
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

# Paper: whose prices each account trades on.

paper_prices = Table(
    "paper_prices",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("chosen_at", Moment, nullable=False),
)
