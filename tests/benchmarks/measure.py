"""How a benchmark measures, and the line it prints."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """The best of some runs, without the garbage collector's pauses: the least disturbed one."""
    best = float("inf")
    for _ in range(repeats):
        gc.collect()
        gc.disable()
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
        gc.enable()
    return best


def line(name: str, each: int, took: float, bare_name: str, bare: float) -> None:
    """``each`` things were done in ``took`` seconds; ``bare`` seconds is what the bare thing needs for as many."""
    print(
        f"  {name:<44} {each / took:>13,.0f}/s {took / each * 1e6:>10,.2f} µs each"
        f"   {took / bare:>8,.1f} x {bare_name}",
        flush=True,
    )
