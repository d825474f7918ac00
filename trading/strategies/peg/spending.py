"""What may still be spent or sold in this interval: limits and minimum balances, with what is under way counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ONE, ZERO, Side, total
from trading.core.orders import Order
from trading.core.planning import View
from trading.strategies.peg.config import PegConfig
from trading.strategies.peg.state import PegState


@dataclass(frozen=True, slots=True)
class Left:
    """``quote`` may still be spent on buys (fees come on top and are kept aside), ``base`` may still be sold."""

    quote: Decimal
    base: Decimal

    def amount(self, side: Side, price: Decimal) -> Decimal:
        """How much of it an order at ``price`` may be for (base), before rounding."""
        return self.quote / price if side is Side.BUY else self.base

    def after(self, side: Side, price: Decimal, amount: Decimal) -> Left:
        return (
            Left(self.quote - price * amount, self.base) if side is Side.BUY else Left(self.quote, self.base - amount)
        )


def orders_of(state: PegState, view: View) -> Iterator[Order]:
    """Every order of this interval, finished and live."""
    for slot, past in view.finals.items():
        if slot.startswith(state.scope):
            yield from past
    yield from (order for slot, order in view.orders.items() if slot.startswith(state.scope))


def left(config: PegConfig, state: PegState, view: View) -> Left:
    """A balance that is not known allows nothing."""
    rules = view.instrument
    fee = ONE + max(ZERO, rules.taker_fee, rules.maker_fee)
    orders = list(orders_of(state, view))
    locked_quote = total([_open_cost(order) for order in orders if order.side is Side.BUY])
    locked_base = total([_open_amount(order) for order in orders if order.side is Side.SELL])
    spent = locked_quote + total([order.filled_cost for order in orders if order.side is Side.BUY])
    sold = locked_base + total([order.filled for order in orders if order.side is Side.SELL])
    quote = _funds(state, view, rules.quote, locked_quote * fee, spent * fee) - config.quote_min_balance
    base = _funds(state, view, rules.base, locked_base, sold) - config.base_min_balance
    return Left(
        quote=max(ZERO, min(config.quote_order_limit - spent, quote / fee)),
        base=max(ZERO, min(config.base_order_limit - sold, base)),
    )


def _funds(state: PegState, view: View, currency: str, locked: Decimal, gone: Decimal) -> Decimal:
    """What is there for certain: balances may be behind our fills, so the interval's own reckoning is a ceiling."""
    now, opening = view.balances.get(currency), state.opening.get(currency)
    if now is None or opening is None:
        return ZERO
    return min(now - locked, opening - gone)


def _open_amount(order: Order) -> Decimal:
    return order.amount - order.filled if order.is_live and not order.status.is_final else ZERO


def _open_cost(order: Order) -> Decimal:
    return _open_amount(order) * (order.price or ZERO)


def openings(state: PegState, view: View) -> dict[str, Decimal]:
    """The balances with which the next interval begins.

    The venue's word may be behind our trades: after trades a balance is never more than our own reckoning, and as long
    as the venue goes on showing the same number our reckoning stands.
    """
    rules = view.instrument
    fee = max(ZERO, rules.taker_fee, rules.maker_fee)
    orders = [order for order in orders_of(state, view) if order.filled]
    buys = [order for order in orders if order.side is Side.BUY]
    sells = [order for order in orders if order.side is Side.SELL]
    moved = {
        rules.quote: total([order.filled_cost for order in sells]) * (ONE - fee)
        - total([order.filled_cost for order in buys]) * (ONE + fee),
        rules.base: total([order.filled for order in buys]) * (ONE - fee) - total([order.filled for order in sells]),
    }
    known: dict[str, Decimal] = {}
    for currency, change in moved.items():
        now, before = view.balances.get(currency), state.opening.get(currency)
        if now is None:
            continue
        is_believed = before is None or (not orders and now != state.shown.get(currency))
        known[currency] = now if is_believed or before is None else min(now, before + change)
    return known


def shown(view: View) -> dict[str, Decimal]:
    """What the venue shows of both currencies."""
    both = (view.instrument.quote, view.instrument.base)
    return {currency: amount for currency in both if (amount := view.balances.get(currency)) is not None}
