"""``python -m tests.venues.bitget --port 0`` prints the address of a venue and serves it until it is stopped."""

from __future__ import annotations

from tests.venues.bitget.server import BitgetVenue
from tests.venues.process import run

if __name__ == "__main__":
    run(BitgetVenue, __doc__ or "")
