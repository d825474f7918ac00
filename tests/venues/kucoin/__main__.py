"""``python -m tests.venues.kucoin --port 0`` prints the address of a venue and serves it until it is stopped."""

from __future__ import annotations

from tests.venues.kucoin.server import KucoinVenue
from tests.venues.process import run

if __name__ == "__main__":
    run(KucoinVenue, __doc__ or "")
