"""What every local venue shares: a process on loopback with REST, sockets, faults, and a control door for tests."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, Self

from aiohttp import web

from tests.venues.faults import Fault, FaultKind, struck
from trading.core.instrument import Side, plain
from trading.core.market import BookLevel
from trading.core.orders import Fill
from trading.core.simulated_orders import VenueOrder

Control = Callable[[dict[str, Any]], Awaitable[Any] | Any]


class LocalVenue(ABC):
    """``async with Venue() as venue``; ``venue.address`` is what VENUE_URLS wants.

    In the same process drive ``world``, ``sockets`` and ``faults`` directly; from another one post JSON to
    ``/control/<name>`` (see ``controls``). ``requests`` counts REST by method and path.
    """

    socket_paths: tuple[str, ...]
    first_key: str
    world: Any
    sockets: Any

    def __init__(self, port: int) -> None:
        self._port = port
        self.faults: list[Fault] = []
        self.requests: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None

    # The venue's own

    @abstractmethod
    def answer(self, request: web.Request, body: str) -> tuple[int, Any]:
        """HTTP status and body."""

    @abstractmethod
    def refusal(self, fault: Fault) -> web.Response:
        """That there were too many requests, or the fault's ``code``, in the venue's words."""

    @abstractmethod
    def empty_body(self) -> Any:
        """A good answer that says nothing."""

    # Lifetime

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        app = web.Application()
        for path in self.socket_paths:
            app.router.add_get(path, self.sockets.serve)
        app.router.add_route("*", "/control/{name}", self._control)
        app.router.add_route("*", "/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        server = site._server
        assert server is not None
        self._port = server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]

    async def stop(self) -> None:
        await self.sockets.cut()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # REST

    def fault(self, kind: FaultKind, path: str = "", **more: Any) -> Fault:
        """Strikes the next requests whose "METHOD /path" contains ``path``."""
        fault = Fault(kind, path, **more)
        self.faults.append(fault)
        return fault

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        name = f"{request.method} {request.path}"
        self.requests[name] += 1

        async def work() -> web.Response:
            status, told = self.answer(request, body)
            return web.json_response(told, status=status)

        for fault in self.faults:
            if fault.strikes(name):
                return await struck(fault, request, work, self)
        return await work()

    # Control

    async def _control(self, request: web.Request) -> web.Response:
        control = self.controls().get(request.match_info["name"])
        if control is None:
            raise web.HTTPNotFound
        values = json.loads(await request.text() or "{}") | dict(request.query)
        told = control(values)
        if isinstance(told, Awaitable):
            told = await told
        return web.json_response(told if told is not None else {"done": True})

    def controls(self) -> dict[str, Control]:
        """Markets are the venue's ids, numbers strings. Each venue has some more.

        - ``book`` {symbol, bids: [[price, amount]], asks}: exactly this book
        - ``trade`` {symbol, side, price, amount}: somebody takes
        - ``fault`` {kind, path?, count?, seconds?, code?}; ``heal``: no faults, loud streams
        - ``cut`` {scope?}; ``silence`` {scope}: not even pongs; ``mute`` {scope}: pongs only; ``garbage`` {scope?};
          ``duplicate`` {on}
        - ``truth`` {key?}: orders, fills, balances, request counts
        """
        sockets, world = self.sockets, self.world
        return {
            "book": self._set_book,
            "trade": lambda v: world.trade(v["symbol"], Side(v["side"]), Decimal(v["price"]), Decimal(v["amount"])),
            "fault": self._add_fault,
            "heal": lambda _: self.heal(),
            "cut": lambda v: sockets.cut(v.get("scope", "all")),
            "silence": lambda v: sockets.silent.add(v["scope"]),
            "mute": lambda v: sockets.muted.add(v["scope"]),
            "garbage": lambda v: sockets.garbage(v.get("scope", "all")),
            "duplicate": lambda v: setattr(sockets, "duplicate", bool(v.get("on", True))),
            "truth": lambda v: self.truth(v.get("key")),
        }

    def _set_book(self, values: dict[str, Any]) -> None:
        bids, asks = (
            [BookLevel(Decimal(price), Decimal(amount)) for price, amount in values[name]] for name in ("bids", "asks")
        )
        self.world.show(values["symbol"], bids, asks)

    def _add_fault(self, values: dict[str, Any]) -> None:
        numbers = {"count": int, "seconds": float, "code": str}
        more = {name: kind(values[name]) for name, kind in numbers.items() if name in values}
        self.fault(FaultKind(values["kind"]), values.get("path", ""), **more)

    def heal(self) -> None:
        self.faults.clear()
        self.sockets.silent.clear()
        self.sockets.muted.clear()
        self.sockets.duplicate = False

    # Truth

    def account(self, key: str | None = None) -> Any:
        return self.world.accounts[key or self.first_key]

    def truth(self, key: str | None = None) -> dict[str, Any]:
        """The venue's own books."""
        account = self.account(key)
        return {
            "orders": [self.order_row(account, order) for order in account.orders()],
            "fills": [self.fill_row(account, fill) for fill in account.exchange.fills()],
            "balances": {coin: plain(amount) for coin, amount in account.exchange.balances().items()},
            "requests": dict(self.requests),
            "sockets": len(self.sockets.sessions),
        }

    def order_row(self, account: Any, order: VenueOrder) -> dict[str, Any]:
        return {
            "id": order.venue_id,
            "client_id": order.client_id,
            "symbol": order.symbol,
            "side": order.side,
            "type": order.type,
            "amount": plain(order.amount),
            "price": plain(order.price) if order.price else None,
            "filled": plain(order.filled),
            "status": order.status,
            "time_in_force": order.time_in_force,
            "reason": order.refusal,
            "created_at": order.created_at.isoformat(),
            "updated_at": order.updated_at.isoformat(),
        }

    def fill_row(self, account: Any, fill: Fill) -> dict[str, Any]:
        return {
            "id": fill.trade_id,
            "order_id": fill.venue_order_id,
            "client_id": fill.client_id,
            "symbol": fill.symbol,
            "side": fill.side,
            "price": plain(fill.price),
            "amount": plain(fill.amount),
            "fee": plain(fill.fee),
            "fee_currency": fill.fee_currency,
            "maker": fill.maker,
        }
