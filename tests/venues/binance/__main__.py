"""``python -m tests.venues.binance --port 0`` prints the address of a venue and serves it until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.venues.binance.server import BinanceVenue


async def main(port: int) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with BinanceVenue(port) as venue:
        print(venue.address, flush=True)
        await stopped.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(main(parser.parse_args().port))
