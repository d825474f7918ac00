"""Live accounts over ccxt. Importing this package loads ccxt (seconds, and some 100 MB): do it once, in a thread.

No other package imports ccxt. What can be known without it is in ``trading.exchanges.venues``.
"""

from __future__ import annotations

from trading.exchanges.live.assembly import live_gateway
from trading.exchanges.live.catalogue import about, venues
from trading.exchanges.live.connection import MarketsCache, MarketsShelf
from trading.exchanges.live.gateway import LiveGateway

__all__ = ["LiveGateway", "MarketsCache", "MarketsShelf", "about", "live_gateway", "venues"]
