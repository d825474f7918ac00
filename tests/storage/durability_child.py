"""Writes numbers for ever and says each on stdout once it is stored; killed by its parent."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from tests.storage.made import SYMBOL, bot_record, order, user_record
from trading.storage import Storage, bots, orders, users


async def main(url: str) -> None:
    storage = await Storage.open(url, now=lambda: datetime.now(UTC))
    if await storage.read(lambda c: users.find_user(c, 1)) is None:
        await storage.write(lambda c: users.add_user(c, user_record(1)))
        await storage.write(lambda c: bots.add_bot(c, bot_record(1, symbol=SYMBOL)))

    async def writer(lane: int) -> None:
        for number in range(lane, 10**6, 10):
            # The two rows of one job must be there together or not at all.
            pair = [order(2 * number), order(2 * number + 1)]
            await storage.write(lambda c, pair=pair: orders.put_orders(c, pair, 1))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()

    await asyncio.gather(*[writer(lane) for lane in range(10)])


asyncio.run(main(sys.argv[1]))
