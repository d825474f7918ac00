"""What a person hears after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from trading.core.notices import Restored
from trading.runtime.accounts import AccountId
from trading.runtime.outbox import Outbox
from trading.runtime.worker import Worker

WITHIN_SECONDS = 60.0
"""The summary waits so long, by the machine's time, for bots whose picture is not whole yet."""


async def tell_restored(outbox: Outbox, account: AccountId, expected: int, workers: Sequence[Worker]) -> None:
    """Sum up how ``expected`` bots of an account came back."""
    waiting = [asyncio.ensure_future(worker.recovered.wait()) for worker in workers]
    try:
        if waiting:
            await asyncio.wait(waiting, timeout=WITHIN_SECONDS)
    finally:
        for each in waiting:
            each.cancel()
    back = [worker for worker in workers if worker.recovered.is_set()]
    fact = Restored(
        bots=len(back),
        orders=sum(len(worker.bench.books.live) for worker in back),
        fills=sum(worker.bench.fills_caught_up for worker in back),
        lost=expected - len(back),
    )
    await outbox.tell(account.user_id, [fact])
