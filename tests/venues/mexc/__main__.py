"""``python -m tests.venues.mexc --port 0`` prints the address of a venue and serves it until it is stopped."""

from __future__ import annotations

from tests.venues.mexc.server import MexcVenue
from tests.venues.process import run

if __name__ == "__main__":
    run(MexcVenue, __doc__ or "")
