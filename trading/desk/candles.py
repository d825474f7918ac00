"""A venue's candles of some days, page by page through the account's request budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from trading.core.market import Candle
from trading.exchanges.gateway import Gateway
from trading.exchanges.market_source import timeframe_length

PAGE = 200
"""What every venue gives at once, also of what is weeks old."""
_EMPTY_PAGES = 20
"""Pages without a candle in a row after which a market is taken to have no more: a venue gives up on who asks on."""


def timeframe_for(days: int) -> str:
    """The finest that stays within some ten thousand candles, so that a venue is not asked for ever."""
    return "1m" if days <= 3 else "5m"


async def collect(
    gateway: Gateway, symbol: str, days: int, now: datetime, progress: Callable[[float], None]
) -> Sequence[Candle]:
    """Whole candles of the last ``days``, oldest first, one request at a time.

    Raises what reads of a gateway raise.
    """
    timeframe = timeframe_for(days)
    length = timeframe_length(timeframe)
    end = _floor(now, length)
    start = end - timedelta(days=days)
    found: dict[datetime, Candle] = {}
    since, empty = start, 0
    while since < end and empty < _EMPTY_PAGES:
        progress((since - start) / (end - start))
        # One earlier: some venues count a page from its end, and not all count the end in.
        page = await gateway.candles(symbol, timeframe, PAGE, since - length)
        page = [each for each in page if since <= each.at < end]
        found.update((each.at, each) for each in page)
        empty = 0 if page else empty + 1
        since = max(each.at for each in page) + length if page else since + length * (PAGE - 1)
    progress(1.0)
    return [found[at] for at in sorted(found)]


def _floor(at: datetime, length: timedelta) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // length * length
