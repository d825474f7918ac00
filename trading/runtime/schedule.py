"""Timers over APScheduler. Jobs live in memory and are derived from the database at start, with no misfire limit."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from zlib import crc32

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from trading.clock import Clock
from trading.runtime.timers import Job

log = logging.getLogger(__name__)

SHORTEST_INTERVAL = 0.05
"""Seconds of machine time; a fast paper clock must not turn a job into a busy loop."""


class Schedule:
    """Timers of one process; every clock's times are turned into the machine's."""

    def __init__(self) -> None:
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        # A status check that takes longer than its interval is skipped on purpose, not worth a warning each time.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    def at(self, name: str, clock: Clock, when: datetime, job: Job) -> None:
        wait = clock.real_seconds(max(0.0, (when - clock.now()).total_seconds()))
        run_date = datetime.now(UTC) + timedelta(seconds=wait)
        self._scheduler.add_job(_guarded, "date", (name, job), run_date=run_date, id=name, replace_existing=True)

    def every(self, name: str, clock: Clock, seconds: float, job: Job) -> None:
        interval = max(SHORTEST_INTERVAL, clock.real_seconds(seconds))
        first = datetime.now(UTC) + timedelta(seconds=interval * _share(name))
        trigger = IntervalTrigger(seconds=interval, start_date=first)
        self._scheduler.add_job(_guarded, trigger, (name, job), id=name, replace_existing=True)

    def cancel(self, name: str) -> None:
        try:
            self._scheduler.remove_job(name)
        except JobLookupError:
            return


def _share(name: str) -> float:
    """Where in its interval a job begins, from 0 to 1: hundreds that were made together must not come together."""
    return crc32(name.encode()) / 2**32


async def _guarded(name: str, job: Job) -> None:
    try:
        await job()
    except Exception:  # the edge of a job: it will run again, and its failure must be seen
        log.exception("the job %s failed", name)
