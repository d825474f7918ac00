"""A spot venue as a process on loopback: REST, sockets, faults and a control door for tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any, Self

from aiohttp import web

from tests.venues.bitget.faults import Fault, FaultKind, struck
from tests.venues.spot.sockets import SpotSockets
from tests.venues.spot.world import Account, SpotWorld, draft
from trading.core.instrument import Side, plain
from trading.core.market import BookLevel
from trading.core.orders import Fill
from trading.core.simulated_orders import Refused, VenueOrder

Control = Callable[[dict[str, Any]], Awaitable[Any] | Any]


class SpotVenue:
    """``async with Venue() as venue``; ``venue.address`` is what VENUE_URLS wants.

    In the same process drive ``world``, ``sockets`` and ``faults`` directly; from another one post JSON to
    ``/control/<name>`` (see ``_controls``).
    """

    socket_path: str
    first_key: str

    def __init__(self, world: SpotWorld, sockets: SpotSockets, port: int) -> None:
        self._port = port
        self.world = world
        self.sockets = sockets
        self.faults: list[Fault] = []
        self.requests: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None

    # The venue's own

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str) -> tuple[int, Any]:
        """HTTP status and body."""
        raise NotImplementedError

    def error_body(self, code: str) -> Any:
        """The venue's way to say an error."""
        raise NotImplementedError

    def empty_body(self) -> Any:
        """A good answer that says nothing."""
        raise NotImplementedError

    # Shared

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
        app.router.add_get(self.socket_path, self.sockets.serve)
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
        """Strikes the next requests whose "METHOD /path" contains ``path``."""
        fault = Fault(kind, path, **more)
        self.faults.append(fault)
        return fault

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        name = f"{request.method} {request.path}"
        self.requests[name] += 1

        async def work() -> web.Response:
            status, told = self.answer(request.method, request.raw_path, request.headers, body)
            return web.json_response(told, status=status)

        for fault in self.faults:
            if fault.strikes(name):
                return await self._struck(fault, request, work)
        return await work()

    async def _struck(
        self, fault: Fault, request: web.Request, work: Callable[[], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        if fault.kind is FaultKind.TOO_MANY:
            headers = {"Retry-After": f"{fault.seconds:g}"}
            return web.json_response(self.error_body("429"), status=429, headers=headers)
        if fault.kind is FaultKind.CODE:
            return web.json_response(self.error_body(fault.code), status=200)
        if fault.kind is FaultKind.NO_ID:
            await work()
            return web.json_response(self.empty_body())
        return await struck(fault, request, work)

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
        """Numbers are strings, markets the venue's ids.

        - ``price`` {symbol, price, amount?, levels?}: a deep book round a price
        - ``book`` {symbol, bids: [[price, amount]], asks}: exactly this book
        - ``trade`` {symbol, side, price, amount}: somebody takes
        - ``jump`` {seconds}: time passes
        - ``fault`` {kind, path?, count?, seconds?, code?}; ``heal``: no faults, loud streams
        - ``cut`` {scope?: public|private|all}; ``silence`` {scope}: not even pongs; ``mute`` {scope}: pongs only;
          ``garbage`` {scope?}; ``gap`` {count}: changes of the book are lost; ``duplicate`` {on};
          ``refuse`` {on}: no new sockets
        - ``key`` {key, secret, passphrase?, balances?: {currency: amount}, permissions?}: a new key, or an old one's
        - ``order`` {key?, client_id, symbol, side, amount, price?}: by hand, past the bot
        - ``truth`` {key?}: orders, fills, balances, request counts
        """
        sockets, world = self.sockets, self.world
        return {
            "price": self._set_price,
            "book": self._set_book,
            "trade": lambda v: world.trade(v["symbol"], Side(v["side"]), Decimal(v["price"]), Decimal(v["amount"])),
            "jump": lambda v: world.jump(float(v["seconds"])),
            "fault": self._add_fault,
            "heal": self._heal,
            "cut": lambda v: sockets.cut(v.get("scope", "all")),
            "silence": lambda v: sockets.silent.add(v["scope"]),
            "mute": lambda v: sockets.muted.add(v["scope"]),
            "garbage": lambda v: sockets.garbage(v.get("scope", "all")),
            "gap": lambda v: setattr(sockets, "lost", int(v.get("count", 1))),
            "duplicate": lambda v: setattr(sockets, "duplicate", bool(v.get("on", True))),
            "refuse": lambda v: setattr(sockets, "refuse", bool(v.get("on", True))),
            "key": self._add_key,
            "order": self._by_hand,
            "truth": lambda v: self.truth(v.get("key")),
        }

    def _set_price(self, values: dict[str, Any]) -> None:
        amount = Decimal(values["amount"]) if "amount" in values else None
        self.world.set_price(
            values["symbol"], Decimal(values["price"]), amount=amount, levels=int(values.get("levels", 20))
        )

    def _set_book(self, values: dict[str, Any]) -> None:
        bids, asks = (
            [BookLevel(Decimal(price), Decimal(amount)) for price, amount in values[name]] for name in ("bids", "asks")
        )
        self.world.show(values["symbol"], bids, asks)

    def _add_fault(self, values: dict[str, Any]) -> None:
        numbers = {"count": int, "seconds": float, "code": str}
        more = {name: kind(values[name]) for name, kind in numbers.items() if name in values}
        self.fault(FaultKind(values["kind"]), values.get("path", ""), **more)

    def _heal(self, _: dict[str, Any]) -> None:
        self.faults.clear()
        self.sockets.silent.clear()
        self.sockets.muted.clear()
        self.sockets.duplicate = self.sockets.refuse = False
        self.sockets.lost = 0

    def _add_key(self, values: dict[str, Any]) -> None:
        balances = {coin: Decimal(amount) for coin, amount in values.get("balances", {}).items()}
        account = self.world.accounts.get(values["key"])
        if account is None:
            secret, passphrase = values["secret"], values.get("passphrase", "")
            account = self.world.add_key(values["key"], secret, passphrase, balances or {"USDT": Decimal(1000)})
        else:
            for coin, amount in balances.items():
                account.exchange.set_balance(coin, amount)
        account.permissions = values.get("permissions", account.permissions)

    def _by_hand(self, values: dict[str, Any]) -> Any:
        account = self.world.accounts[values.get("key", self.first_key)]
        wanted = draft(
            values["client_id"],
            self.world.instrument(values["symbol"]).symbol,
            Side(values["side"]),
            Decimal(values["amount"]),
            Decimal(values["price"]) if "price" in values else None,
            self.world.time.now(),
        )
        try:
            return {"id": account.place(wanted, prevents_self_trade=False).venue_id}
        except Refused as refused:
            return {"refused": refused.reason, "message": refused.detail}

    def truth(self, key: str | None = None) -> dict[str, Any]:
        """The venue's own books."""
        account = self.world.accounts[key or self.first_key]
        return {
            "orders": [_order(order) for order in account.orders()],
            "fills": [_fill(fill) for fill in account.exchange.fills()],
            "balances": {coin: plain(amount) for coin, amount in account.exchange.balances().items()},
            "requests": dict(self.requests),
            "sockets": len(self.sockets.sessions),
        }

    def account(self, key: str | None = None) -> Account:
        return self.world.accounts[key or self.first_key]


def _order(order: VenueOrder) -> dict[str, Any]:
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
    }


def _fill(fill: Fill) -> dict[str, Any]:
    return {
        "id": fill.trade_id,
        "order_id": fill.venue_order_id,
        "client_id": fill.client_id,
        "symbol": fill.symbol,
        "side": fill.side,
        "price": plain(fill.price),
        "amount": plain(fill.amount),
        "fee": plain(fill.fee),
        "maker": fill.maker,
    }
