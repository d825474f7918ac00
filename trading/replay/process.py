"""A replay beside the event loop: in a process of its own, which is ended when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trading.core.market import Candle
from trading.replay.engine import ReplayError
from trading.replay.frames import (
    LENGTH_BYTES,
    LONG_FIELDS,
    MOST_BYTES,
    Failed,
    Job,
    Rows,
    Share,
    packed,
    parts,
    unpacked,
)
from trading.replay.result import ReplayResult

_PASSED_ON = ("PATH", "LANG", "SYSTEMROOT")
"""Of our environment; the master key and the bot's token are none of its business."""


async def replay_apart(
    job: Job, candles: Sequence[Candle], progress: Callable[[float], None] = lambda share: None
) -> ReplayResult:
    """The same result as ``Replay.run`` of the same job. Canceling the call kills the process.

    Raises ReplayError where there is no result.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "trading.replay.child", stdin=PIPE, stdout=PIPE, env=_environment()
    )
    try:
        await _tell(child, job, candles)
        return await _listen(child, progress)
    except (asyncio.IncompleteReadError, ConnectionError) as gone:
        raise ReplayError("the replay's process has ended before its time") from gone
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _tell(child: Process, job: Job, candles: Sequence[Candle]) -> None:
    assert child.stdin is not None  # noqa: S101  it was asked for
    child.stdin.write(packed(job))
    for part in parts(candles):
        child.stdin.write(packed(list(part)))
        await child.stdin.drain()
        # Others first: a drain that has nothing to wait for does not let them.
        await asyncio.sleep(0)
    child.stdin.close()


async def _listen(child: Process, progress: Callable[[float], None]) -> ReplayResult:
    assert child.stdout is not None  # noqa: S101  it was asked for
    long: dict[str, list[Any]] = {}
    while True:
        length = int.from_bytes(await child.stdout.readexactly(LENGTH_BYTES), "big")
        if length > MOST_BYTES:
            raise ReplayError(f"a frame of {length} bytes")
        match unpacked(await child.stdout.readexactly(length)):
            case Share(value):
                progress(value)
            case Rows(field, rows):
                long.setdefault(field, []).extend(rows)
            case Failed(text):
                raise ReplayError(text)
            case ReplayResult() as short:
                parts_of = {field: tuple(long.get(field, ())) for field in LONG_FIELDS}
                return replace(short, **parts_of)  # type: ignore[arg-type]  # the names are those of its lists
        await asyncio.sleep(0)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2])}
