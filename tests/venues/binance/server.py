"""The venue as a process on loopback: REST, sockets, faults and a control door for tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.venues.binance import doors, trading
from tests.venues.binance.errors import BinanceError
from tests.venues.binance.faults import Fault, FaultKind, rest_answer
from tests.venues.binance.requests import Call
from tests.venues.binance.sockets import Sockets
from tests.venues.binance.world import World, told_client_id
from trading.core.instrument import Side, plain
from trading.core.market import BookLevel
from trading.core.orders import Fill
from trading.core.simulated_orders import VenueOrder

Control = Callable[[dict[str, Any]], Awaitable[Any] | Any]


class BinanceVenue:
    """``async with BinanceVenue() as venue``; ``venue.address`` is what VENUE_URLS wants.

    In the same process drive ``world``, ``sockets`` and ``faults`` directly; from another one post JSON to
    ``/control/<name>`` (see ``_controls``). ``requests`` counts REST by method and path, ``sockets.requests`` the
    ws-api by method and the streams' requests.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.world = World()
        self.faults: list[Fault] = []
        self.sockets = Sockets(self.world, self.faults)
        self.requests: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> BinanceVenue:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/ws-api/v3", self.sockets.serve)
        app.router.add_get("/ws/{stream}", self.sockets.serve)
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

    def fault(self, kind: FaultKind, path: str = "", **more: Any) -> Fault:
        """``path`` is part of ``GET /api/v3/order`` and its like over REST, and of the method over the ws-api."""
        fault = Fault(kind, path, **more)
        self.faults.append(fault)
        return fault

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        name = f"{request.method} {request.path}"
        self.requests[name] += 1

        def work() -> web.Response:
            status, told = doors.rest(self.world, request.method, request.path_qs, request.headers, body)
            return web.json_response(told, status=status)

        for fault in self.faults:
            if fault.strikes(name):
                return await rest_answer(fault, request, work, self.world.milliseconds())
        return work()

    # Control

    async def _control(self, request: web.Request) -> web.Response:
        control = self._controls().get(request.match_info["name"])
        if control is None:
            raise web.HTTPNotFound
        values = json.loads(await request.text() or "{}") | dict(request.query)
        told = control(values)
        if isinstance(told, Awaitable):
            told = await told
        return web.json_response(told if told is not None else {"done": True})

    def _controls(self) -> dict[str, Control]:
        """Markets are ids as BTCUSDT, numbers strings.

        - ``price`` {symbol, price, amount?}: a deep book round a price
        - ``book`` {symbol, bids: [[price, amount]], asks}: exactly this book
        - ``trade`` {symbol, side, price, amount}: somebody takes
        - ``clock`` {ahead}: the venue's clock, in milliseconds before this machine's
        - ``fault`` {kind, path?, count?, seconds?, code?}; ``heal``: no faults, loud streams
        - ``cut`` {scope?: market|api|all}; ``silence`` {scope}: not even pongs; ``mute`` {scope}: answers only;
          ``garbage`` {scope?}; ``gap`` {count}; ``duplicate`` {on}; ``refuse`` {scope}: no new sockets
        - ``key`` {key, secret, balances?: {asset: amount}, can_withdraw?}: a new key, or an old one's account
        - ``order`` {key?, client_id, symbol, side, amount, price?}: by hand, past the bot
        - ``truth`` {key?}: orders, fills, balances, request counts
        """
        return {
            "price": self._set_price,
            "book": self._set_book,
            "trade": lambda v: self.world.trade(
                v["symbol"], Side(v["side"]), Decimal(v["price"]), Decimal(v["amount"])
            ),
            "clock": lambda v: setattr(self.world, "clock_ahead", int(v["ahead"])),
            "fault": self._add_fault,
            "heal": self._heal,
            "cut": lambda v: self.sockets.cut(v.get("scope", "all")),
            "silence": lambda v: self.sockets.silent.add(v["scope"]),
            "mute": lambda v: self.sockets.muted.add(v["scope"]),
            "garbage": lambda v: self.sockets.garbage(v.get("scope", "all")),
            "gap": lambda v: setattr(self.sockets, "gaps", int(v.get("count", 1))),
            "duplicate": lambda v: setattr(self.sockets, "duplicate", bool(v.get("on", True))),
            "refuse": lambda v: self.sockets.refuse.add(v["scope"]),
            "key": self._add_key,
            "order": self._by_hand,
            "truth": lambda v: self.truth(v.get("key", "bn-key")),
        }

    def _set_price(self, values: dict[str, Any]) -> None:
        amount = Decimal(values["amount"]) if "amount" in values else None
        self.world.set_price(values["symbol"], Decimal(values["price"]), amount=amount)

    def _set_book(self, values: dict[str, Any]) -> None:
        sides = [
            [BookLevel(Decimal(price), Decimal(amount)) for price, amount in values[name]] for name in ("bids", "asks")
        ]
        self.world.show(values["symbol"], sides[0], sides[1])

    def _add_fault(self, values: dict[str, Any]) -> None:
        numbers = {"count": int, "seconds": float, "code": str}
        more = {name: kind(values[name]) for name, kind in numbers.items() if name in values}
        self.fault(FaultKind(values["kind"]), values.get("path", ""), **more)

    def _heal(self, _: dict[str, Any]) -> None:
        self.faults.clear()
        for scopes in (self.sockets.silent, self.sockets.muted, self.sockets.refuse):
            scopes.clear()
        self.sockets.duplicate, self.sockets.gaps = False, 0

    def _add_key(self, values: dict[str, Any]) -> None:
        account = self.world.accounts.get(values["key"]) or self.world.add_key(values["key"], values["secret"])
        for asset, amount in values.get("balances", {}).items():
            account.exchange.set_balance(asset, Decimal(amount))
        account.can_withdraw_by_key = bool(values.get("can_withdraw", account.can_withdraw_by_key))

    def _by_hand(self, values: dict[str, Any]) -> Any:
        order = {
            "newClientOrderId": values["client_id"],
            "symbol": values["symbol"],
            "side": values["side"].upper(),
            "quantity": values["amount"],
            **({"type": "LIMIT", "timeInForce": "GTC"} if "price" in values else {"type": "MARKET"}),
            **({"price": values["price"]} if "price" in values else {}),
        }
        try:
            return trading.place(Call(self.world, self.world.accounts[values.get("key", "bn-key")], order))
        except BinanceError as refused:
            return {"refused": refused.code, "message": refused.message}

    def truth(self, key: str = "bn-key") -> dict[str, Any]:
        """The venue's own books."""
        account = self.world.accounts[key]
        return {
            "orders": [_order(order) for order in account.orders()],
            "fills": [_fill(fill) for fill in account.exchange.fills()],
            "balances": {coin: plain(amount) for coin, amount in account.exchange.balances().items()},
            "requests": dict(self.requests),
            "socket_requests": dict(self.sockets.requests),
            "sockets": len(self.sockets.sessions),
        }


def _order(order: VenueOrder) -> dict[str, Any]:
    return {
        "id": order.venue_id,
        "client_id": told_client_id(order),
        "symbol": order.symbol,
        "side": order.side,
        "type": order.type,
        "amount": plain(order.amount),
        "price": plain(order.price) if order.price else None,
        "filled": plain(order.filled),
        "status": order.status,
        "time_in_force": order.time_in_force,
        "reason": order.refusal,
    }


def _fill(fill: Fill) -> dict[str, Any]:
    return {
        "id": fill.trade_id,
        "order_id": fill.venue_order_id,
        "client_id": (fill.client_id or "").partition("#")[0],
        "symbol": fill.symbol,
        "side": fill.side,
        "price": plain(fill.price),
        "amount": plain(fill.amount),
        "fee": plain(fill.fee),
        "fee_currency": fill.fee_currency,
        "maker": fill.maker,
    }
