"""What a peg did: its sweeps, what it bought and sold, and what the account has left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, Side, total
from trading.core.ledger import coins_text, fees_elsewhere
from trading.core.orders import Fill, Order, Role
from trading.core.reporting import Cell, Records, StrategyReport, Table, money_in_fills, number

SWEEP_COLUMNS = ("at", "interval", "side", "orders", "amount", "cost", "average", "worst_price")


def make_report(records: Records, instrument: Instrument) -> StrategyReport:
    """Amounts in base units, costs in quote currency. A sweep is what one interval bought or sold beyond its band."""
    sweeps = list(_sweeps(records.orders))
    base, quote = instrument.base, instrument.quote
    volume, fees = money_in_fills(records.fills, base, quote)
    paid = coins_text(fees_elsewhere(records.fills, instrument))
    figures = {
        "sweeps": str(len(sweeps)),
        "bought": _traded(records.fills, Side.BUY, instrument),
        "sold": _traded(records.fills, Side.SELL, instrument),
        "volume": f"{number(volume)} {quote}",
        "fees": f"{number(fees, 4)} {quote}",
        **({"other_fees": paid} if paid else {}),
    }
    known = [currency for currency in (base, quote) if currency in records.balances]
    if known:
        figures["balances"] = ", ".join(f"{number(records.balances[currency], 8)} {currency}" for currency in known)
    return StrategyReport(figures, {"sweeps": Table(SWEEP_COLUMNS, sweeps)})


def _traded(fills: Sequence[Fill], side: Side, instrument: Instrument) -> str:
    """``12.5 TKN (6.25 USDT)``"""
    taken = [fill for fill in fills if fill.side is side]
    amount, cost = total([fill.amount for fill in taken]), total([fill.amount * fill.price for fill in taken])
    return f"{number(amount, 8)} {instrument.base} ({number(cost)} {instrument.quote})"


def _sweeps(orders: Sequence[Order]) -> Iterator[list[Cell]]:
    """The filled sweep orders of an interval and side together, oldest first."""
    found: dict[tuple[str, Side], list[Order]] = {}
    for order in orders:
        if order.role is Role.ENTRY and order.filled:
            found.setdefault((order.slot.partition(".")[0], order.side), []).append(order)
    for (scope, side), taken in found.items():
        amount = total([order.filled for order in taken])
        cost = total([order.filled * _price(order) for order in taken])
        prices = [_price(order) for order in taken]
        worst = max(prices) if side is Side.BUY else min(prices)
        at = min(order.created_at for order in taken)
        yield [at, int(scope.removeprefix("s")), side.value, len(taken), amount, cost, cost / amount, worst]


def _price(order: Order) -> Decimal:
    return order.average or order.price or ZERO
