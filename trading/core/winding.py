"""How a bot ends when its owner says so: the same for every strategy."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from trading.core.instrument import ZERO, MarketKind, Side
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import Mode, TargetOrder, View


def closing_order(view: View, scope: str) -> TargetOrder | None:
    """The market order that closes what the ledger holds, once every other order is gone; None when there is nothing.

    At most the ledger's own amount: what else is on the account is not ours. On spot only what is held is sold, as far
    as it is still there; what was sold of the owner's own coins is not bought again.
    """
    if view.mode is not Mode.CLOSE:
        return None
    side = Side.SELL if view.ledger.position > 0 else Side.BUY
    is_perpetual = view.instrument.kind is MarketKind.PERPETUAL
    amount = sendable(view, side, abs(view.ledger.position), reduce_only=is_perpetual)
    if not amount:
        return None
    prefix = f"{scope}close"
    # A refused attempt leaves its slot, and the back-off of that slot, to the next one.
    attempts = sum(1 for slot, past in view.finals.items() if slot.startswith(prefix) and _was_taken(past))
    slot = next((slot for slot in view.orders if slot.startswith(prefix)), f"{prefix}{attempts + 1}")
    if any(other != slot for other in view.orders):
        return None
    return at_market(view, slot, side, amount)


def at_market(view: View, slot: str, side: Side, amount: Decimal) -> TargetOrder:
    """Closes ``amount`` of the position now (base units); on a perpetual it never opens one."""
    return TargetOrder(
        slot=slot,
        role=Role.CLOSE,
        side=side,
        type=OrderType.MARKET,
        amount=amount,
        reduce_only=view.instrument.kind is MarketKind.PERPETUAL,
        one_shot=True,
    )


def is_over(view: View, scope: str) -> bool:
    """Whether a bot that was told to stop has nothing left to do."""
    if view.mode not in (Mode.CANCEL, Mode.CLOSE) or view.orders:
        return False
    return view.mode is Mode.CANCEL or closing_order(view, scope) is None


def sendable(view: View, side: Side, wanted: Decimal, *, reduce_only: bool) -> Decimal:
    """What of ``wanted`` can be closed in one order (base units); zero for dust that the venue would refuse.

    Never more than the ledger holds.
    """
    rules, held = view.instrument, min(wanted, abs(view.ledger.position))
    if rules.kind is MarketKind.SPOT:
        held = min(held, view.balances.get(rules.base, held)) if side is Side.SELL else ZERO
    amount = rules.floor_amount(held)
    amount = rules.floor_amount(min(amount, rules.max_amount)) if rules.max_amount else amount
    if amount < max(rules.min_amount, rules.amount_step):
        return ZERO
    market = view.book.best(side.opposite) if view.book else None
    is_dust = not reduce_only and market is not None and amount * market < rules.min_cost
    return ZERO if is_dust else amount


def _was_taken(past: Sequence[Order]) -> bool:
    return any(order.status is not OrderStatus.REJECTED or order.filled for order in past)
