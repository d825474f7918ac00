"""What a bot leaves behind: orders, fills, funding, cycles, samples."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, false, text

from trading.core.instrument import Side
from trading.core.orders import OrderStatus, OrderType, Role, TimeInForce
from trading.storage.columns import Exact, Json, Moment, Word
from trading.storage.schema.ground import metadata, of_bot

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
    of_bot(),
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
    of_bot(),
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
    of_bot(),
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
    of_bot(),
    Index(None, "bot_id", "ended_at"),
    Index(None, "user_id", "ended_at"),
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
    of_bot(),
    Index(None, "bot_id", "kind", "at"),
)
