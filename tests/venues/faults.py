"""What can go wrong between a client and a venue, on order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from aiohttp import web

HTML = "<html><head><title>cloudflare</title></head><body>sorry</body></html>"


class FaultKind(StrEnum):
    """``processed`` in brackets: whether the venue did what it was asked."""

    DROP_BEFORE = "drop_before"
    """The connection is closed without an answer (no)."""
    DROP_AFTER_ACCEPT = "drop_after_accept"
    """... after the work was done (yes)."""
    DELAY = "delay"
    """Waits ``seconds``, then works and answers (yes)."""
    DELAY_ANSWER = "delay_answer"
    """Works, then waits ``seconds`` with the answer (yes)."""
    TOO_MANY = "429"
    """429 with Retry-After of ``seconds`` (no)."""
    FORBIDDEN = "403_html"
    INTERNAL = "500_html"
    BAD_GATEWAY = "502_html"
    UNAVAILABLE = "503_html"
    GATEWAY_TIMEOUT = "504_html"
    """The order may have been taken behind the gateway (yes)."""
    OK_HTML = "200_html"
    """200 with a page (yes), as the next three."""
    EMPTY = "empty"
    EMPTY_OBJECT = "empty_object"
    CUT_JSON = "cut_json"
    CUT_BODY = "cut_body"
    """Fewer bytes than promised (yes)."""
    NO_ID = "no_id"
    """A good answer whose data is empty (yes)."""
    CODE = "code"
    """The venue's ``code`` as an error (no)."""


@dataclass
class Fault:
    """Strikes the next ``count`` requests whose name contains ``path``."""

    kind: FaultKind
    path: str = ""
    count: int = 1
    seconds: float = 1.0
    code: str = "40015"

    def strikes(self, name: str) -> bool:
        if self.count <= 0 or self.path not in name:
            return False
        self.count -= 1
        return True


PAGES = {
    FaultKind.FORBIDDEN: 403,
    FaultKind.INTERNAL: 500,
    FaultKind.BAD_GATEWAY: 502,
    FaultKind.UNAVAILABLE: 503,
    FaultKind.GATEWAY_TIMEOUT: 504,
}
UNDONE = {FaultKind.DROP_BEFORE, FaultKind.TOO_MANY, FaultKind.CODE, *PAGES} - {FaultKind.GATEWAY_TIMEOUT}


class Wording(Protocol):
    """How a venue says what it says by itself."""

    def refusal(self, fault: Fault) -> web.Response:
        """That there were too many requests, or the fault's ``code``."""
        ...

    def empty_body(self) -> Any:
        """A good answer that says nothing."""
        ...


async def struck(
    fault: Fault, request: web.Request, work: Callable[[], Awaitable[web.Response]], words: Wording
) -> web.StreamResponse:
    """The answer over REST as the fault leaves it."""
    if fault.kind is FaultKind.DELAY:
        await asyncio.sleep(fault.seconds)
    answer = None if fault.kind in UNDONE else await work()
    if fault.kind is FaultKind.DELAY_ANSWER:
        await asyncio.sleep(fault.seconds)
    if fault.kind in (FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER_ACCEPT):
        return _hang_up(request)
    if fault.kind in PAGES:
        return web.Response(status=PAGES[fault.kind], text=HTML, content_type="text/html")
    if answer is None:
        return words.refusal(fault)
    return (
        answer
        if fault.kind in (FaultKind.DELAY, FaultKind.DELAY_ANSWER)
        else await _damaged(fault.kind, request, answer.text or "", words)
    )


async def _damaged(kind: FaultKind, request: web.Request, text: str, words: Wording) -> web.StreamResponse:
    match kind:
        case FaultKind.OK_HTML:
            return web.Response(text=HTML, content_type="text/html")
        case FaultKind.CUT_JSON:
            return web.Response(text=text[: len(text) // 2], content_type="application/json")
        case FaultKind.CUT_BODY:
            cut = web.StreamResponse(headers={"Content-Length": str(len(text)), "Content-Type": "application/json"})
            await cut.prepare(request)
            await cut.write(text[: len(text) // 2].encode())
            return _hang_up(request, cut)
        case FaultKind.NO_ID:
            return web.json_response(words.empty_body())
        case FaultKind.EMPTY_OBJECT:
            return web.json_response({})
        case _:
            return web.Response(text="", content_type="application/json")


def _hang_up(request: web.Request, answer: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return answer or web.Response(status=200)
