"""Work in a thread that ends soon after the call that waits for it was canceled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")


class _Stopped(Exception):
    """The caller has gone."""


async def stoppable(work: Callable[[Callable[[float], None]], T], progress: Callable[[float], None]) -> T:
    """What ``work`` answers. It is handed a ``progress`` to call now and then, which raises when it is to end."""
    stop = Event()

    def hear(share: float) -> None:
        if stop.is_set():
            raise _Stopped
        progress(share)

    task = asyncio.ensure_future(asyncio.to_thread(work, hear))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        # A thread cannot be killed; it is waited for, so that nothing of it outlives the house.
        await asyncio.wait({task})
        task.cancelled() or task.exception()
        raise
