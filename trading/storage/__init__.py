"""Everything that must outlive the process. The only room that knows SQLAlchemy and Alembic.

Jobs for ``Storage.read`` and ``Storage.write`` are put together from the functions of this room's modules (users,
keys, bots, orders, fills, cycles, notices, samples, drafts, presets, shares, tokens, paper, market_cache, meta,
memberships, invites, broadcasts); each takes the connection first and leaves the transaction to the storage.
"""

from sqlalchemy import Connection

from trading.storage.errors import RowMissing, StorageFailed
from trading.storage.files import path_of
from trading.storage.storage import Storage, back_up

__all__ = ["Connection", "RowMissing", "Storage", "StorageFailed", "back_up", "path_of"]
