"""A venue in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Callable

from tests.venues.server import LocalVenue


def run(venue: Callable[[int], LocalVenue], about: str) -> None:
    """Print the venue's address and serve it until it is stopped."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(_serve(venue(parser.parse_args().port)))


async def _serve(venue: LocalVenue) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with venue:
        print(venue.address, flush=True)
        await stopped.wait()
