"""What the local spot venues share over one spot world."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.venues.faults import Fault, FaultKind
from tests.venues.server import Control, LocalVenue
from tests.venues.spot.sockets import SpotSockets
from tests.venues.spot.world import SpotWorld, draft
from trading.core.instrument import Side
from trading.core.simulated_orders import Refused


class SpotVenue(LocalVenue):
    def __init__(self, world: SpotWorld, sockets: SpotSockets, port: int) -> None:
        super().__init__(port)
        self.world = world
        self.sockets = sockets

    @abstractmethod
    def error_body(self, code: str) -> Any:
        """The venue's way to say an error."""

    def refusal(self, fault: Fault) -> web.Response:
        if fault.kind is FaultKind.TOO_MANY:
            headers = {"Retry-After": f"{fault.seconds:g}"}
            return web.json_response(self.error_body("429"), status=429, headers=headers)
        return web.json_response(self.error_body(fault.code), status=200)

    def controls(self) -> dict[str, Control]:
        """Scopes are public, private and all. Besides what every venue has:

        - ``price`` {symbol, price, amount?, levels?}: a deep book round a price
        - ``jump`` {seconds}: time passes
        - ``gap`` {count}: changes of the book are lost; ``refuse`` {on}: no new sockets
        - ``key`` {key, secret, passphrase?, balances?: {currency: amount}, permissions?}: a new key, or an old one's
        - ``order`` {key?, client_id, symbol, side, amount, price?}: by hand, past the bot
        """
        return {
            **super().controls(),
            "price": self._set_price,
            "jump": lambda v: self.world.jump(float(v["seconds"])),
            "gap": lambda v: setattr(self.sockets, "lost", int(v.get("count", 1))),
            "refuse": lambda v: setattr(self.sockets, "refuse", bool(v.get("on", True))),
            "key": self._add_key,
            "order": self._by_hand,
        }

    def heal(self) -> None:
        super().heal()
        self.sockets.refuse = False
        self.sockets.lost = 0

    def _set_price(self, values: dict[str, Any]) -> None:
        amount = Decimal(values["amount"]) if "amount" in values else None
        self.world.set_price(
            values["symbol"], Decimal(values["price"]), amount=amount, levels=int(values.get("levels", 20))
        )

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
        wanted = draft(
            values["client_id"],
            self.world.instrument(values["symbol"]).symbol,
            Side(values["side"]),
            Decimal(values["amount"]),
            Decimal(values["price"]) if "price" in values else None,
            self.world.time.now(),
        )
        try:
            return {"id": self.account(values.get("key")).place(wanted, prevents_self_trade=False).venue_id}
        except Refused as refused:
            return {"refused": refused.reason, "message": refused.detail}
