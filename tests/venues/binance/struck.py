"""What a fault leaves of an answer over the ws-api, and Binance's refusals on order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tests.venues.binance.errors import BinanceError, error
from tests.venues.faults import HTML, PAGES, UNDONE, Fault, FaultKind


def refused(fault: Fault, now: int) -> BinanceError:
    """Too many requests, or the fault's ``code``; ``now`` in milliseconds."""
    if fault.kind is FaultKind.TOO_MANY:
        return error(-1003, data={"serverTime": now, "retryAfter": now + int(fault.seconds * 1000)})
    return error(int(fault.code))


async def socket_frame(  # noqa: PLR0911  a row for each kind
    fault: Fault, work: Callable[[], dict[str, Any]], now: int
) -> dict[str, Any] | str | None:
    """The answer over the ws-api as the fault leaves it; text is sent as it is, None means: hang up.

    A page cannot come over a socket: 5xx are answers with that status and code -1000, or -1007 where the work was done.
    """
    if fault.kind is FaultKind.DELAY:
        await asyncio.sleep(fault.seconds)
    answer = {} if fault.kind in UNDONE else work()
    if fault.kind is FaultKind.DELAY_ANSWER:
        await asyncio.sleep(fault.seconds)
    match fault.kind:
        case FaultKind.DROP_BEFORE | FaultKind.DROP_AFTER_ACCEPT:
            return None
        case FaultKind.TOO_MANY | FaultKind.CODE:
            told = refused(fault, now)
            return {"status": told.status, "error": told.body()}
        case FaultKind.GATEWAY_TIMEOUT:
            return {"status": 408, "error": error(-1007).body()}
        case kind if kind in PAGES:
            return {"status": PAGES[kind], "error": error(-1000).body()}
        case FaultKind.OK_HTML:
            return HTML
        case FaultKind.CUT_JSON | FaultKind.CUT_BODY:
            return '{"id": "1", "status": 200, "result": {"symbol": "BTC'
        case FaultKind.EMPTY:
            return {"status": 200, "result": None}
        case FaultKind.EMPTY_OBJECT | FaultKind.NO_ID:
            return {"status": 200, "result": {}}
        case _:
            return answer
