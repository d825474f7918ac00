"""What can go wrong between a client and the venue, at either door. The kinds are those of the other venue servers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.venues.binance.errors import BinanceError, error
from tests.venues.bitget.faults import HTML, Fault, FaultKind

__all__ = ["HTML", "Fault", "FaultKind", "rest_answer", "socket_frame"]

_PAGES = {
    FaultKind.FORBIDDEN: 403,
    FaultKind.INTERNAL: 500,
    FaultKind.BAD_GATEWAY: 502,
    FaultKind.UNAVAILABLE: 503,
    FaultKind.GATEWAY_TIMEOUT: 504,
}
_UNDONE = {FaultKind.DROP_BEFORE, FaultKind.TOO_MANY, FaultKind.CODE, *_PAGES} - {FaultKind.GATEWAY_TIMEOUT}
_DROPS = {FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER_ACCEPT}
Work = Callable[[], web.Response]


def _refusal(fault: Fault, now: int) -> BinanceError:
    if fault.kind is FaultKind.TOO_MANY:
        return error(-1003, data={"serverTime": now, "retryAfter": now + int(fault.seconds * 1000)})
    return error(int(fault.code))


async def rest_answer(fault: Fault, request: web.Request, work: Work, now: int) -> web.StreamResponse:
    """The answer over REST as the fault leaves it."""
    if fault.kind is FaultKind.DELAY:
        await asyncio.sleep(fault.seconds)
    answer = None if fault.kind in _UNDONE else work()
    if fault.kind is FaultKind.DELAY_ANSWER:
        await asyncio.sleep(fault.seconds)
    if fault.kind in _DROPS:
        return _hang_up(request)
    if fault.kind in _PAGES:
        return web.Response(status=_PAGES[fault.kind], text=HTML, content_type="text/html")
    if answer is None:
        refused = _refusal(fault, now)
        headers = {"Retry-After": f"{fault.seconds:g}"} if refused.status == 429 else {}
        return web.json_response(refused.body(), status=refused.status, headers=headers)
    return answer if fault.kind in (FaultKind.DELAY, FaultKind.DELAY_ANSWER) else await _damaged(fault, request, answer)


async def _damaged(fault: Fault, request: web.Request, answer: web.Response) -> web.StreamResponse:
    text = answer.text or ""
    match fault.kind:
        case FaultKind.OK_HTML:
            return web.Response(text=HTML, content_type="text/html")
        case FaultKind.CUT_JSON:
            return web.Response(text=text[: len(text) // 2], content_type="application/json")
        case FaultKind.CUT_BODY:
            cut = web.StreamResponse(headers={"Content-Length": str(len(text)), "Content-Type": "application/json"})
            await cut.prepare(request)
            await cut.write(text[: len(text) // 2].encode())
            return _hang_up(request, cut)
        case FaultKind.EMPTY:
            return web.Response(text="", content_type="application/json")
        case _:
            return web.json_response({})


def _hang_up(request: web.Request, answer: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return answer or web.Response(status=200)


async def socket_frame(  # noqa: PLR0911  a row for each kind
    fault: Fault, work: Callable[[], dict[str, Any]], now: int
) -> dict[str, Any] | str | None:
    """The answer over the ws-api as the fault leaves it; text is sent as it is, None means: hang up.

    A page cannot come over a socket: 5xx are answers with that status and code -1000, or -1007 where the work was done.
    """
    if fault.kind is FaultKind.DELAY:
        await asyncio.sleep(fault.seconds)
    answer = {} if fault.kind in _UNDONE else work()
    if fault.kind is FaultKind.DELAY_ANSWER:
        await asyncio.sleep(fault.seconds)
    match fault.kind:
        case FaultKind.DROP_BEFORE | FaultKind.DROP_AFTER_ACCEPT:
            return None
        case FaultKind.TOO_MANY | FaultKind.CODE:
            refused = _refusal(fault, now)
            return {"status": refused.status, "error": refused.body()}
        case FaultKind.GATEWAY_TIMEOUT:
            return {"status": 408, "error": error(-1007).body()}
        case kind if kind in _PAGES:
            return {"status": _PAGES[kind], "error": error(-1000).body()}
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
