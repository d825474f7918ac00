"""Take-profit, stop-loss and the drawdown alert of the open position.

Exits follow the position as the ledger has it, whatever its side, so that none is ever without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from trading.core.instrument import ZERO, Instrument, Side, total
from trading.core.margin import bankruptcy_price
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import TargetOrder, View
from trading.strategies.grid.config import Direction, GridConfig
from trading.strategies.grid.entries import orders_of, was_refused
from trading.strategies.grid.ladder import take_profit_price
from trading.strategies.grid.state import GridState

DRAWDOWN_ALERT_PERCENT = Decimal(20)
_HAIR = Decimal("1e-6")


def take_profit_slot(state: GridState) -> str:
    return f"{state.scope}tp"


def stop_slot(state: GridState) -> str:
    return f"{state.scope}stop"


def exit_orders(state: GridState, view: View) -> list[Order]:
    return [order for order in orders_of(state, view) if order.role.is_exit]


def wanted_exits(config: GridConfig, state: GridState, view: View) -> list[TargetOrder]:
    """Stop-loss and take-profit for what is open; a stop whose price has passed already is taken at the market."""
    amount = open_amount(state, view)
    if not amount:
        return []
    trigger = stop_price(config, state, view)
    at_once = _market_stop(state, view, amount, trigger)
    if at_once is not None:
        return [at_once]
    exits = [_stop(state, view, amount, trigger), _take_profit(config, state, view, amount)]
    return [target for target in exits if target is not None]


def open_amount(state: GridState, view: View) -> Decimal:
    """What is to be closed (base units): the position, less what exits have filled but not yet told in fills."""
    untold = total([max(ZERO, order.reported_filled - order.filled) for order in exit_orders(state, view)])
    return max(ZERO, abs(view.ledger.position) - untold)


def was_filled(order: Order) -> bool:
    """All of it, by the venue's word or by our count."""
    return order.status is OrderStatus.FILLED or order.filled >= order.amount


def is_being_closed(state: GridState, view: View) -> bool:
    """The exits have filled all of it, by the venue's word, or the stop has begun to: no entry may come between."""
    if not view.ledger.position:
        return False
    has_stopped = any(
        order.role is Role.STOP_LOSS and (order.reported_filled or order.type is OrderType.MARKET)
        for order in exit_orders(state, view)
    )
    return has_stopped or not open_amount(state, view)


def ideal_take_profit(config: GridConfig, view: View) -> Decimal | None:
    """The take-profit's price (quote) by the average entry, on the tick, away from crossing; None when flat."""
    average = view.ledger.average
    if average is None:
        return None
    direction = Direction.LONG if view.ledger.position > 0 else Direction.SHORT
    price = take_profit_price(direction, average, config.take_profit_percent)
    return view.instrument.maker_price(exit_side(view), _without_hair(price, view.instrument))


def exit_side(view: View) -> Side:
    return Side.SELL if view.ledger.position > 0 else Side.BUY


def stop_price(config: GridConfig, state: GridState, view: View) -> Decimal | None:
    """Where closing the position, taker fee paid, leaves the cycle ``stop_loss_percent`` of the deposit behind (quote).

    None without a stop-loss, when flat, and when no price loses that much.
    """
    if config.stop_loss_percent is None:
        return None
    price = _price_at_loss(config.stop_loss_percent, state, view, view.instrument.taker_fee)
    if price is None:
        return None
    on_tick = view.instrument.maker_price(exit_side(view), _without_hair(price, view.instrument))
    return on_tick if on_tick > 0 else None


def drawdown_price(state: GridState, view: View) -> Decimal | None:
    """Beyond which the cycle has lost more than 20 % of the deposit, fees paid so far included (quote)."""
    return _price_at_loss(DRAWDOWN_ALERT_PERCENT, state, view, ZERO)


def exit_price_now(view: View) -> Decimal | None:
    """What the position could be closed at (quote): the best price of those who would take it."""
    return view.book.best(exit_side(view).opposite) if view.book else None


def is_worse(view: View, price: Decimal, than: Decimal) -> bool:
    """Whether ``price`` is worse for the open position than ``than``."""
    return price < than if view.ledger.position > 0 else price > than


def is_market_beyond_take_profit(config: GridConfig, view: View) -> bool:
    ideal, market = ideal_take_profit(config, view), exit_price_now(view)
    return ideal is not None and market is not None and not is_worse(view, market, ideal)


def exit_cause(orders: Sequence[Order], entered: Decimal) -> str | None:
    """What closed the position: stop_loss, closed_by_user, take_profit; None when it was none of our orders."""
    filled = [order for order in orders if order.filled]
    roles = {order.role for order in filled}
    if Role.STOP_LOSS in roles:
        return "stop_loss"
    if Role.CLOSE in roles:
        return "closed_by_user"
    whole = any(was_filled(order) for order in filled)
    return "take_profit" if whole or (filled and total([order.filled for order in filled]) >= entered) else None


def _take_profit(config: GridConfig, state: GridState, view: View, amount: Decimal) -> TargetOrder | None:
    live = view.orders.get(take_profit_slot(state))
    price = _take_profit_price(config, view, live)
    if price is None or price <= 0:
        return None
    amount = _capped(amount, view.instrument)
    if view.instrument.objection(price=price, amount=amount, reduce_only=True):
        # Too little to be sent anew; what rests already may go on resting.
        if live is None or live.remaining != amount or live.price is None:
            return None
        price = live.price
    return TargetOrder(
        slot=take_profit_slot(state),
        role=Role.TAKE_PROFIT,
        side=exit_side(view),
        type=OrderType.LIMIT,
        amount=amount,
        price=price,
        reduce_only=True,
    )


def _take_profit_price(config: GridConfig, view: View, live: Order | None) -> Decimal | None:
    """The ideal price; where the market is beyond it already, the market's own, so that it is taken, not given away."""
    ideal, market = ideal_take_profit(config, view), exit_price_now(view)
    if ideal is None or market is None or is_worse(view, market, ideal):
        return ideal
    if live is not None and live.price is not None:
        is_being_taken = not is_worse(view, market, live.price)
        if is_being_taken and not is_worse(view, live.price, ideal):
            return live.price
    return view.instrument.maker_price(exit_side(view), market)


def _stop(state: GridState, view: View, amount: Decimal, trigger: Decimal | None) -> TargetOrder | None:
    amount = _capped(amount, view.instrument)
    if trigger is None or view.instrument.objection(price=trigger, amount=amount, reduce_only=True):
        return None
    return TargetOrder(
        slot=stop_slot(state),
        role=Role.STOP_LOSS,
        side=exit_side(view),
        type=OrderType.STOP_MARKET,
        amount=amount,
        trigger_price=trigger,
        reduce_only=True,
    )


def _market_stop(state: GridState, view: View, amount: Decimal, trigger: Decimal | None) -> TargetOrder | None:
    """The stop as a market order, where a trigger would be refused because the price has passed it.

    A stop that rests at the very trigger is left to the venue. One-shot slots, so that it is never sent twice.
    """
    prefix = f"{stop_slot(state)}.now"
    live = next((order for slot, order in view.orders.items() if slot.startswith(prefix)), None)
    if live is not None:
        return _at_market(live.slot, live.side, live.amount)
    market, resting = exit_price_now(view), view.orders.get(stop_slot(state))
    if trigger is None or market is None or is_worse(view, trigger, market):
        return None
    if resting is not None and resting.trigger_price == trigger:
        return None
    amount = _capped(amount, view.instrument)
    if view.instrument.objection(price=trigger, amount=amount, reduce_only=True):
        return None
    used = sum(
        1
        for slot, orders in view.finals.items()
        if slot.startswith(prefix) and not all(was_refused(order) for order in orders)
    )
    return _at_market(f"{prefix}{used + 1}", exit_side(view), amount)


def _at_market(slot: str, side: Side, amount: Decimal) -> TargetOrder:
    return TargetOrder(
        slot=slot,
        role=Role.STOP_LOSS,
        side=side,
        type=OrderType.MARKET,
        amount=amount,
        reduce_only=True,
        one_shot=True,
    )


def _price_at_loss(percent: Decimal, state: GridState, view: View, fee: Decimal) -> Decimal | None:
    """Where the cycle's net, closed at ``fee``, is a loss of ``percent`` of the deposit (quote)."""
    if state.terms is None or state.start is None:
        return None
    still_to_lose = state.terms.deposit * percent / 100 + view.ledger.since(state.start).net
    return bankruptcy_price(view.ledger.position, view.ledger.cost, still_to_lose, fee)


def _capped(amount: Decimal, instrument: Instrument) -> Decimal:
    return instrument.floor_amount(min(amount, instrument.max_amount) if instrument.max_amount else amount)


def _without_hair(price: Decimal, instrument: Instrument) -> Decimal:
    """The price without the last digits of a division, which would move it by a whole tick when rounded."""
    hair = instrument.price_tick * _HAIR
    return (price / hair).to_integral_value(ROUND_HALF_EVEN) * hair
