"""What a bot's owner does by hand beside its strategy: takes off one order, closes a part of the position, ends it all.

It is kept with the bot until it is done, so that no crash forgets it or does it twice, and becomes orders beside those
of the strategy's plan. Everything is pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from trading.core.bookkeeping import Gain
from trading.core.instrument import ZERO, Instrument, MarketKind, Side, total
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import Mode, Plan, TargetOrder, View
from trading.core.winding import at_market, sendable

SHARES = (25, 50, 75)
"""Percent of the position that can be closed by hand; to close all of it is to stop the bot."""

_NEVER_LEFT = frozenset({"never_arrived", "not_sent", "not_attempted"})


class WishRefused(ValueError):
    """What was wished for cannot be; nothing was changed. ``code`` is worded by the locales."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Closed:
    """What was closed: ``amount`` in base units, its ``worth`` in quote currency.

    ``net`` is the gain against the average entry, less the fees of the closing (quote).
    """

    amount: Decimal = ZERO
    worth: Decimal = ZERO
    net: Decimal = ZERO

    @property
    def price(self) -> Decimal | None:
        """The average (quote), None before the first fill."""
        return self.worth / self.amount if self.amount else None

    def plus(self, gain: Gain) -> Closed:
        return Closed(self.amount + gain.amount, self.worth + gain.worth, self.net + gain.net)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A part of the position that is to be closed at the market: ``amount`` in base units.

    ``number`` counts the reductions of the bot for ever and names the slots, so that each is used once.
    """

    number: int
    amount: Decimal
    done: Closed = field(default_factory=Closed)

    @property
    def prefix(self) -> str:
        """Of its slots. They lie outside the strategy's scope: to a strategy it is a position that became smaller."""
        return f"byhand{self.number}."


@dataclass(frozen=True, slots=True)
class TakenOff:
    """An order that was canceled: ``amount`` is what of it was not filled (base units), ``price`` its own (quote)."""

    side: Side
    amount: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Ending:
    """Everything is being canceled and closed. ``canceled`` counts orders; ``delay_told``: that it takes longer."""

    began_at: datetime
    is_panic: bool
    canceled: int = 0
    done: Closed = field(default_factory=Closed)
    delay_told: bool = False
    taken_off: tuple[TakenOff, ...] = ()


@dataclass(frozen=True, slots=True)
class ByHand:
    """What is under way by hand. ``count`` numbers the reductions; ``withdrawn`` are client ids of orders."""

    count: int = 0
    reduction: Reduction | None = None
    withdrawn: tuple[str, ...] = ()
    ending: Ending | None = None

    # What is wished for

    def reducing(self, position: Decimal, rules: Instrument, percent: int, price: Decimal | None) -> ByHand:
        """Close ``percent`` of a position, at about ``price`` (quote).

        Raises WishRefused: reduction_underway, nothing_to_reduce, too_little_to_reduce (for the venue, or what would
        be left is).
        """
        if self.reduction is not None:
            raise WishRefused("reduction_underway")
        if not position:
            raise WishRefused("nothing_to_reduce")
        amount = share_of(position, rules, percent, price)
        if not amount:
            raise WishRefused("too_little_to_reduce")
        return replace(self, count=self.count + 1, reduction=Reduction(self.count + 1, amount))

    def withdrawing(self, order: Order | None) -> ByHand:
        """Take one order off.

        Raises WishRefused: order_is_gone, order_is_exit (it guards the position), order_is_market (it ends by itself).
        """
        if order is None or order.status.is_final:
            raise WishRefused("order_is_gone")
        if order.role.is_exit:
            raise WishRefused("order_is_exit")
        if order.type is not OrderType.LIMIT:
            raise WishRefused("order_is_market")
        return replace(self, withdrawn=tuple(dict.fromkeys((*self.withdrawn, order.client_id))))

    def ending_by(self, mode: Mode, cause: str, now: datetime) -> ByHand:
        """What is kept in view when the owner has chosen ``mode``: the account of a close, from its first moment."""
        if mode is not Mode.CLOSE:
            return self
        is_panic = cause == "panic"
        before = self.ending or Ending(now, is_panic)
        return replace(self, ending=replace(before, is_panic=before.is_panic or is_panic))

    # What came of it

    def gained(self, gain: Gain) -> ByHand:
        """One more fill was counted."""
        if self.reduction is not None and gain.slot.startswith(self.reduction.prefix):
            return replace(self, reduction=replace(self.reduction, done=self.reduction.done.plus(gain)))
        if self.ending is not None and gain.role is Role.CLOSE:
            return replace(self, ending=replace(self.ending, done=self.ending.done.plus(gain)))
        return self

    def ended(self, order: Order) -> ByHand:
        """One more order is final."""
        was_canceled = order.status in (OrderStatus.CANCELED, OrderStatus.EXPIRED) and order.role is not Role.CLOSE
        if self.ending is None or not was_canceled:
            return self
        one = TakenOff(order.side, order.remaining, order.price or order.trigger_price)
        ending = replace(self.ending, canceled=self.ending.canceled + 1, taken_off=(*self.ending.taken_off, one))
        return replace(self, ending=ending)

    def prefixes(self, scope: str) -> tuple[str, ...]:
        """Of the slots whose finished orders are still looked at."""
        return (scope,) if self.reduction is None else (scope, self.reduction.prefix)


def share_of(position: Decimal, rules: Instrument, percent: int, price: Decimal | None) -> Decimal:
    """What of a position is closed (base units); zero where that, or what is left, is too little for the venue.

    ``price`` (quote) counts on spot, where no order is free of the minimum cost; None where it is not known.
    """
    held, least = abs(position), max(rules.min_amount, rules.amount_step)
    if rules.kind is MarketKind.SPOT and price:
        least = max(least, rules.min_cost / price)
    amount = rules.floor_amount(held * percent / 100)
    return amount if amount >= least and held - amount >= least else ZERO


def with_by_hand(plan: Plan, by_hand: ByHand, view: View) -> Plan:
    """The plan as the owner's hand changes it: without what is taken off, and with the order that reduces."""
    withdrawn = {slot for slot, order in view.orders.items() if order.client_id in by_hand.withdrawn}
    wanted = [target for target in plan.orders if target.slot not in withdrawn]
    part = reducing_order(view, by_hand.reduction) if by_hand.reduction is not None else None
    if part is None:
        return replace(plan, orders=wanted)
    # Orders that would give away the same coins make room first; reduce-only ones the venue trims by itself.
    wanted = [target for target in wanted if target.side is not part.side or target.reduce_only]
    in_the_way = any(
        order.side is part.side and not order.reduce_only and slot != part.slot for slot, order in view.orders.items()
    )
    is_due = part.slot in view.orders or not in_the_way
    return replace(plan, orders=[*wanted, part] if is_due else wanted, finished=None)


def reducing_order(view: View, reduction: Reduction) -> TargetOrder | None:
    """The next part of a reduction, or the one under way; None when there is nothing more to be done.

    Never more than the ledger holds. A next part follows only one that was filled whole (the venue's largest order).
    """
    live = next((order for slot, order in view.orders.items() if slot.startswith(reduction.prefix)), None)
    if live is not None:
        return at_market(view, live.slot, live.side, live.amount)
    if view.mode in (Mode.CANCEL, Mode.CLOSE):
        return None
    parts = _parts(view, reduction)
    if any(part.filled < part.amount for part in parts):
        return None
    side = Side.SELL if view.ledger.position > 0 else Side.BUY
    left = reduction.amount - total([part.filled for part in parts])
    amount = sendable(view, side, left, reduce_only=view.instrument.kind is MarketKind.PERPETUAL)
    return at_market(view, f"{reduction.prefix}{len(parts) + 1}", side, amount) if amount else None


def refusal_of(view: View, reduction: Reduction) -> str:
    """Why the venue did not take the last part, as a code; "" when it did."""
    return next((part.refusal for part in reversed(_parts(view, reduction)) if part.refusal), "")


def _parts(view: View, reduction: Reduction) -> list[Order]:
    """The finished parts; one that provably never reached the venue is as good as none, and its slot is free."""
    past = [order for slot, orders in view.finals.items() if slot.startswith(reduction.prefix) for order in orders]
    return [order for order in past if not (order.status is OrderStatus.REJECTED and order.refusal in _NEVER_LEFT)]
