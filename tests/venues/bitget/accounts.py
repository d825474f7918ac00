"""An account's money, positions and modes."""

from __future__ import annotations

from typing import Any

from tests.venues.bitget import rows
from tests.venues.bitget.call import Call, Error
from tests.venues.bitget.lists import page
from trading.core.planning import MarginMode


def info(call: Call) -> Any:
    return {"userId": "1", "inviterId": "", "ips": "", "authorities": list(call.owner.authorities), "parentId": 1}


def accounts(call: Call) -> Any:
    call.need("productType")
    return [rows.balance(call.owner)]


def account(call: Call) -> Any:
    call.need("marginCoin")
    return rows.setup(call.owner, call.market)


def positions(call: Call) -> Any:
    call.need("productType")
    return [rows.position(call.owner, held) for held in call.owner.exchange.positions()]


def set_position_mode(call: Call) -> Any:
    """Refused while the account holds positions or orders."""
    wanted = call.need("posMode") == "hedge_mode"
    exchange = call.owner.exchange
    if wanted is not call.owner.is_hedged and (exchange.positions() or exchange.open_orders()):
        raise Error("40920", "Position or order exists, the position mode cannot be switched")
    call.owner.is_hedged = wanted
    return {"posMode": call.need("posMode")}


def set_margin_mode(call: Call) -> Any:
    mode = {"crossed": MarginMode.CROSS, "isolated": MarginMode.ISOLATED}.get(call.need("marginMode"))
    if mode is None:
        raise Error("40017", "Parameter marginMode error")
    call.owner.exchange.set_margin_mode(call.symbol, mode)
    return rows.setup(call.owner, call.market)


def set_leverage(call: Call) -> Any:
    call.owner.exchange.set_leverage(call.symbol, call.number("leverage"))
    return rows.setup(call.owner, call.market)


def bills(call: Call) -> Any:
    found = [rows.bill(call.owner, payment) for payment in call.owner.exchange.funding_payments(call.symbol)]
    return page(call, found, "bills", "billId")
