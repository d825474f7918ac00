"""How late the event loop is: the time that everything else here has to wait for its turn."""

from __future__ import annotations

import asyncio

from trading.metering import Meter

EVERY_SECONDS = 0.25


async def watch_lag(meter: Meter) -> None:
    """Sleep again and again, and note by how much longer than asked for. Ends when it is canceled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY_SECONDS
        await asyncio.sleep(EVERY_SECONDS)
        meter.lagged(max(0.0, loop.time() - due))
