"""The venue as a process on loopback: REST, sockets, faults and a control door for tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.venues.bitget import rest
from tests.venues.bitget.faults import Fault, FaultKind, struck
from tests.venues.bitget.sockets import Sockets
from tests.venues.bitget.world import Account, World
from trading.core.instrument import Side, plain
from trading.core.market import BookLevel
from trading.core.orders import Fill
from trading.core.simulated_orders import VenueOrder

Control = Callable[[dict[str, Any]], Awaitable[Any] | Any]


class BitgetVenue:
    """``async with BitgetVenue() as venue``; ``venue.address`` is what VENUE_URLS wants.

    In the same process drive ``world``, ``sockets`` and ``faults`` directly; from another one post JSON to
    ``/control/<name>`` (see ``_controls``).
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.world = World()
        self.sockets = Sockets(self.world)
        self.faults: list[Fault] = []
        self.requests: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> BitgetVenue:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/v2/ws/public", self.sockets.serve)
        app.router.add_get("/v2/ws/private", self.sockets.serve)
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
        fault = Fault(kind, path, **more)
        self.faults.append(fault)
        return fault

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        self.requests[f"{request.method} {request.path}"] += 1

        async def work() -> web.Response:
            status, envelope = rest.answer(self.world, request.method, request.path_qs, request.headers, body)
            return web.json_response(envelope, status=status)

        for fault in self.faults:
            if fault.strikes(request.path):
                return await struck(fault, request, work)
        return await work()

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
        """Markets are ids as CRVUSDT, numbers strings.

        - ``price`` {symbol, price, ticks?, amount?}: a deep book round a price
        - ``book`` {symbol, bids: [[price, amount]], asks}: exactly this book
        - ``trade`` {symbol, side, price, amount}: somebody takes
        - ``jump`` {seconds}: time passes (funding every 8 hours)
        - ``fault`` {kind, path?, count?, seconds?, code?}; ``heal``: no faults, loud streams
        - ``cut`` {scope?: public|private|all}; ``silence`` {scope}: not even pongs; ``mute`` {scope}: pongs only;
          ``garbage`` {scope?}; ``checksum`` {count}; ``duplicate`` {on}; ``refuse`` {on}: no new sockets
        - ``key`` {key, secret, passphrase, balance?, hedged?, authorities?}: a new key, or an old one's account
        - ``order`` {key?, client_id, symbol, side, amount, price?}: by hand, past the bot
        - ``truth`` {key?}: orders, fills, positions, balances, request counts
        """
        return {
            "price": self._set_price,
            "book": self._set_book,
            "trade": lambda v: self.world.trade(
                v["symbol"], Side(v["side"]), Decimal(v["price"]), Decimal(v["amount"])
            ),
            "jump": lambda v: self.world.jump(float(v["seconds"])),
            "fault": self._add_fault,
            "heal": self._heal,
            "cut": lambda v: self.sockets.cut(v.get("scope", "all")),
            "silence": lambda v: self.sockets.silent.add(v["scope"]),
            "mute": lambda v: self.sockets.muted.add(v["scope"]),
            "garbage": lambda v: self.sockets.garbage(v.get("scope", "all")),
            "checksum": lambda v: setattr(self.sockets, "bad_checksums", int(v.get("count", 1))),
            "duplicate": lambda v: setattr(self.sockets, "duplicate", bool(v.get("on", True))),
            "refuse": lambda v: setattr(self.sockets, "refuse", bool(v.get("on", True))),
            "key": self._add_key,
            "order": self._by_hand,
            "truth": lambda v: self.truth(v.get("key", "bg-key")),
        }

    def _set_price(self, values: dict[str, Any]) -> None:
        amount = Decimal(values["amount"]) if "amount" in values else None
        self.world.set_price(
            values["symbol"], Decimal(values["price"]), amount=amount, ticks=int(values.get("ticks", 1))
        )

    def _set_book(self, values: dict[str, Any]) -> None:
        sides = [
            [BookLevel(Decimal(price), Decimal(amount)) for price, amount in values[name]] for name in ("bids", "asks")
        ]
        self.world.show(values["symbol"], sides[0], sides[1])

    def _trade(self, values: dict[str, Any]) -> None:
        price, amount = Decimal(values["price"]), Decimal(values["amount"])
        self.world.trade(values["symbol"], Side(values["side"]), price, amount)

    def _add_fault(self, values: dict[str, Any]) -> None:
        numbers = {"count": int, "seconds": float, "code": str}
        more = {name: kind(values[name]) for name, kind in numbers.items() if name in values}
        self.fault(FaultKind(values["kind"]), values.get("path", ""), **more)

    def _heal(self, _: dict[str, Any]) -> None:
        self.faults.clear()
        self.sockets.silent.clear()
        self.sockets.muted.clear()
        self.sockets.duplicate = self.sockets.refuse = False
        self.sockets.bad_checksums = 0

    def _add_key(self, values: dict[str, Any]) -> None:
        account = self.world.accounts.get(values["key"])
        if account is None:
            balance = Decimal(values.get("balance", "1000"))
            account = self.world.add_key(values["key"], values["secret"], values["passphrase"], balance)
        elif "balance" in values:
            account.exchange.set_balance("USDT", Decimal(values["balance"]))
        account.is_hedged = bool(values.get("hedged", account.is_hedged))
        account.authorities = tuple(values.get("authorities", account.authorities))

    def _by_hand(self, values: dict[str, Any]) -> Any:
        account = self.world.accounts[values.get("key", "bg-key")]
        symbol = World.symbol(values["symbol"])
        order = {
            "clientOid": values["client_id"],
            "symbol": values["symbol"],
            "side": values["side"],
            "size": values["amount"],
            "orderType": "limit" if "price" in values else "market",
            "price": values.get("price"),
            "reduceOnly": values.get("reduce_only", "NO"),
            "marginMode": "crossed" if account.exchange.account.mode(symbol).value == "cross" else "isolated",
            "marginCoin": "USDT",
        }
        try:
            return rest.place(rest.Call(self.world, account, order))
        except rest.Error as error:
            return {"refused": error.code, "message": error.message}

    def truth(self, key: str = "bg-key") -> dict[str, Any]:
        """The venue's own books."""
        account = self.world.accounts[key]
        exchange = account.exchange
        return {
            "orders": [_order(account, order) for order in account.orders()],
            "fills": [_fill(account, fill) for fill in exchange.fills()],
            "positions": {held.symbol: plain(held.amount) for held in exchange.positions()},
            "balances": {coin: plain(amount) for coin, amount in exchange.balances().items()},
            "equity": plain(exchange.equity("USDT")),
            "funding": [plain(payment.amount) for payment in exchange.funding_payments()],
            "requests": dict(self.requests),
            "sockets": len(self.sockets.sessions),
        }


def _order(account: Account, order: VenueOrder) -> dict[str, Any]:
    return {
        "id": account.told_id(order.venue_id),
        "client_id": order.client_id,
        "symbol": order.symbol,
        "side": order.side,
        "type": order.type,
        "amount": plain(order.amount),
        "price": plain(order.price) if order.price else None,
        "trigger_price": plain(order.trigger_price) if order.trigger_price else None,
        "reduce_only": order.reduce_only,
        "filled": plain(order.filled),
        "status": order.status,
        "reason": order.refusal,
    }


def _fill(account: Account, fill: Fill) -> dict[str, Any]:
    return {
        "id": account.told_id(f"trade {fill.trade_id}"),
        "order_id": account.told_id(fill.venue_order_id),
        "client_id": fill.client_id,
        "symbol": fill.symbol,
        "side": fill.side,
        "price": plain(fill.price),
        "amount": plain(fill.amount),
        "fee": plain(fill.fee),
        "maker": fill.maker,
    }
