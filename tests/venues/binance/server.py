"""The local Binance: as strict as the documentation, over one matching core."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.venues.binance import doors, trading
from tests.venues.binance.errors import BinanceError
from tests.venues.binance.requests import Call
from tests.venues.binance.sockets import Sockets
from tests.venues.binance.struck import refused
from tests.venues.binance.world import Account, World, told_client_id
from tests.venues.faults import Fault
from tests.venues.server import Control, LocalVenue
from trading.core.orders import Fill
from trading.core.simulated_orders import VenueOrder


class BinanceVenue(LocalVenue):
    """``sockets.requests`` counts the ws-api by method, and the streams' requests.

    The ``path`` of a fault is part of ``GET /api/v3/order`` and its like over REST, and of the method over the ws-api.
    """

    socket_paths = ("/ws-api/v3", "/ws/{stream}")
    first_key = "bn-key"

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.world = World()
        self.sockets = Sockets(self.world, self.faults)

    def answer(self, request: web.Request, body: str) -> tuple[int, Any]:
        return doors.rest(self.world, request.method, request.path_qs, request.headers, body)

    def refusal(self, fault: Fault) -> web.Response:
        told = refused(fault, self.world.milliseconds())
        headers = {"Retry-After": f"{fault.seconds:g}"} if told.status == 429 else {}
        return web.json_response(told.body(), status=told.status, headers=headers)

    def empty_body(self) -> Any:
        return {}

    def controls(self) -> dict[str, Control]:
        """Markets are ids as BTCUSDT; scopes are market, api and all. Besides what every venue has:

        - ``price`` {symbol, price, amount?}: a deep book round a price
        - ``clock`` {ahead}: the venue's clock, in milliseconds before this machine's
        - ``gap`` {count}; ``refuse`` {scope}: no new sockets
        - ``key`` {key, secret, balances?: {asset: amount}, can_withdraw?}: a new key, or an old one's account
        - ``order`` {key?, client_id, symbol, side, amount, price?}: by hand, past the bot
        """
        return {
            **super().controls(),
            "price": self._set_price,
            "clock": lambda v: setattr(self.world, "clock_ahead", int(v["ahead"])),
            "gap": lambda v: setattr(self.sockets, "gaps", int(v.get("count", 1))),
            "refuse": lambda v: self.sockets.refuse.add(v["scope"]),
            "key": self._add_key,
            "order": self._by_hand,
        }

    def heal(self) -> None:
        super().heal()
        self.sockets.refuse.clear()
        self.sockets.gaps = 0

    def _set_price(self, values: dict[str, Any]) -> None:
        amount = Decimal(values["amount"]) if "amount" in values else None
        self.world.set_price(values["symbol"], Decimal(values["price"]), amount=amount)

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
            return trading.place(Call(self.world, self.account(values.get("key")), order))
        except BinanceError as told:
            return {"refused": told.code, "message": told.message}

    def truth(self, key: str | None = None) -> dict[str, Any]:
        return {**super().truth(key), "socket_requests": dict(self.sockets.requests)}

    def order_row(self, account: Account, order: VenueOrder) -> dict[str, Any]:
        return {**super().order_row(account, order), "client_id": told_client_id(order)}

    def fill_row(self, account: Account, fill: Fill) -> dict[str, Any]:
        return {**super().fill_row(account, fill), "client_id": (fill.client_id or "").partition("#")[0]}
