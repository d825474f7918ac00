"""``python -m tests.venues.binance --port 0`` prints the address of a venue and serves it until it is stopped."""

from __future__ import annotations

from tests.venues.binance.server import BinanceVenue
from tests.venues.process import run

if __name__ == "__main__":
    run(BinanceVenue, __doc__ or "")
