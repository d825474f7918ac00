"""Checks before an order leaves: allow, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ZERO, Side
from trading.core.orders import Order, OrderType
from trading.core.planning import Mode, TargetOrder, View


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """Limits that no strategy and no person can exceed.

    ``fat_finger_percent``: a price better for the market than the book by more than this is refused.
    ``max_orders``: live orders of one bot. ``slippage_percent`` is added to the budget of market orders.
    """

    fat_finger_percent: Decimal = Decimal(5)
    max_orders: int = 200
    budget_slack_percent: Decimal = Decimal(1)


def objection(  # noqa: PLR0911  a list of checks reads best as one return each
    target: TargetOrder, view: View, budget: Decimal, limits: RiskLimits, committed: Decimal
) -> str | None:
    """The code of what forbids this order now, or None.

    ``budget`` is the most notional (quote) the bot may have in position and resting entries; ``committed`` is what it
    has already, orders accepted earlier in the same round included.
    Codes: entries_not_allowed, no_price, price_too_good, crosses_own_order, over_budget, too_many_orders, and those of
    ``Instrument.objection``.
    """
    if not target.role.is_exit and view.mode is not Mode.RUNNING:
        return "entries_not_allowed"
    reference = _reference_price(target, view)
    if reference is None:
        return None if target.reduce_only else "no_price"
    by_rules = view.instrument.objection(price=reference, amount=target.amount, reduce_only=target.reduce_only)
    if by_rules:
        return by_rules
    if _is_too_good(target, view, limits):
        return "price_too_good"
    may_meet_own = target.may_meet_own and not view.is_public
    if not may_meet_own and _crosses_own(target, view.orders.values()):
        return "crosses_own_order"
    if not _adds(target):
        return None
    if committed + target.amount * reference > budget * (1 + limits.budget_slack_percent / 100):
        return "over_budget"
    if len(view.orders) >= limits.max_orders:
        return "too_many_orders"
    return None


def committed_notional(view: View) -> Decimal:
    """What position and live entries are worth together (quote). Of an order and its successor the larger counts."""
    resting: dict[str, Decimal] = {}
    for order in view.orders.values():
        if _adds(order):
            worth = order.remaining * (order.price or _market_price(order.side, view) or ZERO)
            resting[order.slot] = max(worth, resting.get(order.slot, ZERO))
    return abs(view.ledger.cost) + sum(resting.values())


def notional(target: TargetOrder, view: View) -> Decimal:
    """What an order adds to what is committed (quote): nothing when it only reduces, or where no price is known."""
    return target.amount * (_reference_price(target, view) or ZERO) if _adds(target) else ZERO


def _adds(order: TargetOrder | Order) -> bool:
    """Whether it takes of the budget. An exit does not, also on spot, where a venue knows no reduce-only orders."""
    return not (order.reduce_only or order.role.is_exit)


def _reference_price(target: TargetOrder, view: View) -> Decimal | None:
    if target.type is OrderType.STOP_MARKET:
        return target.trigger_price
    if target.price is not None:
        return target.price
    market = _market_price(target.side, view)
    return view.instrument.nearest_price(market) if market is not None else None


def _market_price(side: Side, view: View) -> Decimal | None:
    return view.book.best(side.opposite) if view.book else None


def _is_too_good(target: TargetOrder, view: View, limits: RiskLimits) -> bool:
    if target.price is None or target.type is not OrderType.LIMIT:
        return False
    market = _market_price(target.side, view)
    if market is None:
        return False
    room = market * limits.fat_finger_percent / 100
    return target.price > market + room if target.side is Side.BUY else target.price < market - room


def _crosses_own(target: TargetOrder, orders: Iterable[Order]) -> bool:
    if target.type is OrderType.STOP_MARKET:
        return False
    for order in orders:
        if order.side is target.side or order.price is None or order.type is not OrderType.LIMIT:
            continue
        if target.price is None:
            # A market order eats the book up to its size; an own order there would be hit.
            continue
        if (target.price >= order.price) if target.side is Side.BUY else (target.price <= order.price):
            return True
    return False
