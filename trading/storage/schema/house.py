"""What belongs to the installation: its marks, the tokens that were used, the markets last seen."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from trading.storage.columns import Moment
from trading.storage.schema.ground import metadata

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

tokens = Table(
    "tokens",
    metadata,
    # The person belongs to it: nobody can use up the token of another.
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("token", Text, primary_key=True),
    Column("used_at", Moment, nullable=False, index=True),
)

market_cache = Table(
    "market_cache",
    metadata,
    Column("venue", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)
