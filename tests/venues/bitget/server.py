"""The local Bitget: as strict as the documentation, over one matching core."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.venues.bitget import orders, rest
from tests.venues.bitget.call import Call, Error
from tests.venues.bitget.sockets import Sockets
from tests.venues.bitget.world import Account, World
from tests.venues.faults import Fault, FaultKind
from tests.venues.server import Control, LocalVenue
from trading.core.instrument import plain
from trading.core.orders import Fill
from trading.core.simulated_orders import VenueOrder


class BitgetVenue(LocalVenue):
    socket_paths = ("/v2/ws/public", "/v2/ws/private")
    first_key = "bg-key"

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.world = World()
        self.sockets = Sockets(self.world)

    def answer(self, request: web.Request, body: str) -> tuple[int, Any]:
        return rest.answer(self.world, request.method, request.path_qs, request.headers, body)

    def refusal(self, fault: Fault) -> web.Response:
        if fault.kind is FaultKind.TOO_MANY:
            headers = {"Retry-After": f"{fault.seconds:g}"}
            return web.json_response(_envelope("429", "Too Many Requests"), status=429, headers=headers)
        return web.json_response(_envelope(fault.code, "as ordered"), status=400)

    def empty_body(self) -> Any:
        return _envelope("00000", "success", {})

    def controls(self) -> dict[str, Control]:
        """Markets are ids as CRVUSDT; scopes are public, private and all. Besides what every venue has:

        - ``price`` {symbol, price, ticks?, amount?}: a deep book round a price
        - ``jump`` {seconds}: time passes (funding every 8 hours)
        - ``checksum`` {count}; ``refuse`` {on}: no new sockets
        - ``key`` {key, secret, passphrase, balance?, hedged?, authorities?}: a new key, or an old one's account
        - ``order`` {key?, client_id, symbol, side, amount, price?}: by hand, past the bot
        - ``truth`` tells positions, equity and funding too
        """
        return {
            **super().controls(),
            "price": self._set_price,
            "jump": lambda v: self.world.jump(float(v["seconds"])),
            "checksum": lambda v: setattr(self.sockets, "bad_checksums", int(v.get("count", 1))),
            "refuse": lambda v: setattr(self.sockets, "refuse", bool(v.get("on", True))),
            "key": self._add_key,
            "order": self._by_hand,
        }

    def heal(self) -> None:
        super().heal()
        self.sockets.refuse = False
        self.sockets.bad_checksums = 0

    def _set_price(self, values: dict[str, Any]) -> None:
        amount = Decimal(values["amount"]) if "amount" in values else None
        self.world.set_price(
            values["symbol"], Decimal(values["price"]), amount=amount, ticks=int(values.get("ticks", 1))
        )

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
        account = self.account(values.get("key"))
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
            return orders.place(Call(self.world, account, order))
        except Error as error:
            return {"refused": error.code, "message": error.message}

    def truth(self, key: str | None = None) -> dict[str, Any]:
        exchange = self.account(key).exchange
        return {
            **super().truth(key),
            "positions": {held.symbol: plain(held.amount) for held in exchange.positions()},
            "equity": plain(exchange.equity("USDT")),
            "funding": [plain(payment.amount) for payment in exchange.funding_payments()],
        }

    def order_row(self, account: Account, order: VenueOrder) -> dict[str, Any]:
        return {
            **super().order_row(account, order),
            "id": account.told_id(order.venue_id),
            "trigger_price": plain(order.trigger_price) if order.trigger_price else None,
            "reduce_only": order.reduce_only,
        }

    def fill_row(self, account: Account, fill: Fill) -> dict[str, Any]:
        return {
            **super().fill_row(account, fill),
            "id": account.told_id(f"trade {fill.trade_id}"),
            "order_id": account.told_id(fill.venue_order_id),
        }


def _envelope(code: str, message: str, data: Any = None) -> dict[str, Any]:
    return {"code": code, "msg": message, "requestTime": 0, "data": data}
