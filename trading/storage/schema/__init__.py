"""The tables. The migrations make them; a test holds the two to each other.

Rows of a bot refer to the pair (bot, owner), so that the database itself refuses a row that names another owner.
Ids of bots and keys are never used again: they live on in client order ids and in sealed values.
"""

from trading.storage.schema.accounts import keys, paper_accounts, paper_prices
from trading.storage.schema.bot import backoffs, bots
from trading.storage.schema.forms import drafts, presets, shares
from trading.storage.schema.ground import metadata
from trading.storage.schema.house import market_cache, meta, tokens
from trading.storage.schema.people import broadcasts, deliveries, invites, memberships, users
from trading.storage.schema.records import cycles, fills, funding, orders, samples
from trading.storage.schema.telling import levels, notices, preferences

__all__ = [
    "backoffs",
    "bots",
    "broadcasts",
    "cycles",
    "deliveries",
    "drafts",
    "fills",
    "funding",
    "invites",
    "keys",
    "levels",
    "market_cache",
    "memberships",
    "meta",
    "metadata",
    "notices",
    "orders",
    "paper_accounts",
    "paper_prices",
    "preferences",
    "presets",
    "samples",
    "shares",
    "tokens",
    "users",
]
