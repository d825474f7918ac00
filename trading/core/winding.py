"""How a bot ends when its owner says so: the same for every strategy."""

from __future__ import annotations

from trading.core.instrument import MarketKind, Side
from trading.core.orders import OrderType, Role
from trading.core.planning import Mode, TargetOrder, View


def closing_order(view: View, scope: str) -> TargetOrder | None:
    """The market order that closes what the ledger holds, once every other order is gone; None when there is nothing.

    At most the ledger's own amount: what else is on the account is not ours.
    """
    if view.mode is not Mode.CLOSE:
        return None
    amount = view.instrument.floor_amount(abs(view.ledger.position))
    if amount < max(view.instrument.min_amount, view.instrument.amount_step):
        return None
    attempts = sum(1 for slot in view.finals if slot.startswith(f"{scope}close"))
    slot = next((slot for slot in view.orders if slot.startswith(f"{scope}close")), f"{scope}close{attempts + 1}")
    if any(other != slot for other in view.orders):
        return None
    return TargetOrder(
        slot=slot,
        role=Role.CLOSE,
        side=Side.SELL if view.ledger.position > 0 else Side.BUY,
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
