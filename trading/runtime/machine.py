"""Looks at the machine from time to time: room on the disk, and how late the event loop is."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from trading.clock import Clock
from trading.metering import Meter
from trading.runtime.timers import Timers
from trading.runtime.troubles import Troubles

LOOK_SECONDS = 60.0
LEAST_FREE_BYTES = 200 * 1024**2
"""The database, its write-ahead log and a copy of it should fit into that for a while."""
LATE_SECONDS = 1.0
_OVER_PART = 0.75
"""A trouble is over when it is so far below its limit, so that what stands at it is not told again and again."""
_MEBIBYTE = 1024**2


def free_bytes(folder: Path) -> int:
    """Of the disk that the folder is on."""
    return shutil.disk_usage(folder).free


class MachineWatch:
    """Of the disk under ``folder``; the loop's lag is what ``meter`` measured."""

    def __init__(
        self,
        troubles: Troubles,
        meter: Meter,
        folder: Path,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        self._troubles, self._meter, self._folder, self._free = troubles, meter, folder, free

    def begin(self, timers: Timers, clock: Clock) -> None:
        """Set the job."""
        timers.every("machine", clock, LOOK_SECONDS, self.look)

    async def look(self) -> None:
        """Tell the admins what has changed since the last look."""
        free = await asyncio.to_thread(self._free, self._folder)
        enough = LEAST_FREE_BYTES / (_OVER_PART if self._troubles.has("disk") else 1)
        await self._troubles.note("disk", free < enough, f"{free // _MEBIBYTE} MiB")
        lag = self._meter.lag()
        most = LATE_SECONDS * (_OVER_PART if self._troubles.has("loop") else 1)
        await self._troubles.note("loop", lag is not None and lag.p95 > most, f"{lag.p95:.1f} s" if lag else "")
