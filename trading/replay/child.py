"""``python -m trading.replay.child``: one replay in a process of its own, told and answered over its pipes."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import BinaryIO

from trading.replay.engine import Replay, ReplayError
from trading.replay.frames import LONG_FIELDS, Failed, Job, Rows, Share, packed, parts, read_candles, read_frame
from trading.replay.result import ReplayResult
from trading.strategies import STRATEGIES

NICENESS = 10
"""Trading goes first on the processor."""


def main() -> int:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    os.nice(NICENESS)
    try:
        _answer(source, sink)
    except (EOFError, BrokenPipeError):
        # Who asked has gone.
        return 1
    return 0


def _answer(source: BinaryIO, sink: BinaryIO) -> None:
    def say(value: object) -> None:
        sink.write(packed(value))
        sink.flush()

    job = read_frame(source)
    if not isinstance(job, Job):
        raise EOFError  # noqa: TRY004  the pipe's end, not a caller's mistake
    candles = read_candles(source, job.count)
    strategy = STRATEGIES[job.strategy]
    replay = Replay(
        strategy,
        strategy.config_model.model_validate_json(job.config),
        job.instrument,
        job.balance,
        seed=job.seed,
        funding_rate=job.funding_rate,
        sample_every=job.sample_every,
    )
    try:
        result = replay.run(candles, lambda share: say(Share(share)))
    except (ReplayError, ValueError) as problem:
        say(Failed(str(problem)))
        return
    for field in LONG_FIELDS:
        for part in parts(getattr(result, field)):
            say(Rows(field, part))
    say(_short(result))


def _short(result: ReplayResult) -> ReplayResult:
    return replace(result, fills=(), samples=(), cycles=(), liquidations=())


if __name__ == "__main__":
    sys.exit(main())
