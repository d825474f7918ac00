"""A request that passed the gate: who signed it, what it names, and how it is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from tests.venues.bitget.world import MARKETS, Account, World
from trading.core.simulated_orders import Refused

TIMESTAMP_WINDOW_MS = 30_000


class Error(Exception):
    """An answer with a code other than 00000. HTTP status 400, as the venue does."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status = code, message, status


REFUSALS = {
    "insufficient_funds": ("40762", "The order amount exceeds the balance"),
    "below_min_cost": ("45110", "less than the minimum amount 5 USDT"),
    "below_min_amount": ("45111", "less than the minimum order quantity"),
    "above_max_amount": ("45113", "Maximum order value limit triggered"),
    "off_step": ("40808", "Parameter verification exception size checkBDScale error"),
    "off_tick": ("45115", "The price you enter should be a multiple of the tick"),
    "reduce_only": ("22002", "No position to close"),
    "duplicate_id": ("40786", "Duplicate clientOid"),
    "invalid_order": ("40017", "Parameter verification failed"),
    "margin_mode": ("45117", "Currently holding positions or orders, the margin mode cannot be adjusted"),
    "leverage": ("40797", "Exceeded the maximum settable leverage, or orders are open"),
    "other": ("40917", "The order cannot be executed"),
}


def error_of(refused: Refused) -> Error:
    return Error(*REFUSALS.get(refused.reason, ("40017", refused.detail)))


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the gate. ``account`` is None on public endpoints."""

    world: World
    account: Account | None
    values: Mapping[str, Any]

    def need(self, name: str) -> str:
        value = self.values.get(name)
        if value is None or value == "":
            raise Error("40019", f"Parameter {name} cannot be empty")
        if not isinstance(value, str):
            # Numbers are strings; a JSON number or null is refused.
            raise Error("40017", f"Parameter {name} must be a string")
        return value

    def maybe(self, name: str) -> str | None:
        return self.need(name) if self.values.get(name) not in (None, "") else None

    def number(self, name: str) -> Decimal:
        try:
            return Decimal(self.need(name))
        except InvalidOperation:
            raise Error("40017", f"Parameter {name} is no number") from None

    @property
    def owner(self) -> Account:
        assert self.account is not None
        return self.account

    @property
    def market(self) -> str:
        market_id = self.need("symbol").upper()
        if market_id not in MARKETS:
            raise Error("40034", f"Parameter {market_id} does not exist")
        return market_id

    @property
    def symbol(self) -> str:
        return World.symbol(self.market)


Endpoint = Callable[[Call], Any]


def account_of(world: World, method: str, target: str, headers: Mapping[str, str], body: str) -> Account:
    """Who signed: base64(HMAC-SHA256(timestamp + method + path + ?query + body)). Raises Error."""
    account = world.accounts.get(headers.get("ACCESS-KEY", ""))
    if account is None:
        raise Error("40006", "Invalid ACCESS_KEY")
    stamp = headers.get("ACCESS-TIMESTAMP", "")
    if not stamp.isdigit() or abs(int(stamp) - time.time() * 1000) > TIMESTAMP_WINDOW_MS:
        raise Error("40008", "Request timestamp expired")
    if headers.get("ACCESS-PASSPHRASE") != account.passphrase:
        raise Error("40012", "apikey/password is incorrect")
    path, _, query = target.partition("?")
    text = stamp + method + path + (f"?{unquote(query)}" if query else "") + body
    if not hmac.compare_digest(signed(account.secret, text), headers.get("ACCESS-SIGN", "")):
        raise Error("40009", "sign signature error")
    return account


def signed(secret: str, text: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()
