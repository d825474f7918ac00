"""What may still be spent or sold in this interval: limits and minimum balances, with what is under way counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ONE, ZERO, Side, total
from trading.core.orders import Order
from trading.core.planning import View
from trading.strategies.peg.config import PegConfig
from trading.strategies.peg.state import Known, PegState


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


@dataclass(frozen=True, slots=True)
class Reckoning:
    """``openings`` are the balances with which an interval begins, by currency; ``known`` is from what they follow."""

    openings: Mapping[str, Decimal]
    known: Mapping[str, Known]


def reckon(state: PegState, view: View) -> Reckoning:
    """What the account holds while no order of ours rests.

    What the venue shows is believed when it was asked for after our last fill. A number that is older, or that did not
    move though our fills moved it, is only the most that can be there: what was known last and the fills since then,
    with the very fees that were taken, say the rest. So an error of one interval never adds up with the next one's.
    """
    openings: dict[str, Decimal] = {}
    known = dict(state.known)
    for currency, moved in _moved(view).items():
        now, before = view.balances.get(currency), known.get(currency)
        if now is None:
            continue
        stands_still = before is not None and before.moved != moved and before.balance == now
        if view.balances_are_settled and not stands_still:
            openings[currency] = now
            known[currency] = Known(balance=now, moved=moved)
        elif before is not None:
            openings[currency] = min(now, before.balance + moved - before.moved)
    return Reckoning(openings, known)


def _moved(view: View) -> dict[str, Decimal]:
    """By how much the bot's fills and their fees have moved each balance since its first day.

    The ledger takes a fee in base units out of the position, and its worth into the cash and the fees alike.
    """
    ledger = view.ledger
    return {view.instrument.quote: ledger.cash - ledger.fees, view.instrument.base: ledger.position}
