"""How much may and should rest on each side. Worth is quote currency, amounts are base units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from trading.core.instrument import ONE, ZERO, Instrument, Side
from trading.core.ledger import Ledger
from trading.core.planning import View
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.measures import Depth, market_depth
from trading.strategies.liquidity.sight import Sight

SHORT_BELOW = Decimal("1.03")
"""Depth below this many times the obligation is short: volume is added before the obligation is broken."""
GOAL, SHARED_RESERVE = Decimal("1.05"), Decimal("0.1")
"""Depth is brought to GOAL times the obligation, and a reserve is split by what we have of each currency."""
MOST_GOAL = GOAL + SHARED_RESERVE
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Room:
    """What may rest on one side: worth in quote, and base units where there is a limit of its own."""

    worth: Decimal
    amount: Decimal | None = None

    def takes(self, price: Decimal, amount: Decimal) -> bool:
        return price * amount <= self.worth and (self.amount is None or amount <= self.amount)

    def less(self, price: Decimal, amount: Decimal) -> Room:
        left = None if self.amount is None else self.amount - amount
        return replace(self, worth=self.worth - price * amount, amount=left)

    def held_back(self, share: Decimal) -> Room:
        """The room with this share of it kept for fees and for prices that move."""
        return Room(self.worth * (ONE - share), None if self.amount is None else self.amount * (ONE - share))

    def worth_at(self, price: Decimal) -> Decimal:
        return self.worth if self.amount is None else min(self.worth, self.amount * price)


def room(config: LiquidityConfig, view: View, side: Side, price: Decimal) -> Room | None:
    """What balance and deposit allow at about ``price``; None while the balance is not known."""
    rules = view.instrument
    balance = view.balances.get(rules.quote if side is Side.BUY else rules.base)
    if balance is None:
        return None
    by_deposit = max(ZERO, deposit_room(config.deposit, view.ledger, side, price))
    if side is Side.SELL:
        return Room(by_deposit, max(ZERO, balance))
    return Room(min(by_deposit, max(ZERO, balance) / (ONE + max(ZERO, rules.maker_fee))))


def budget(config: LiquidityConfig) -> Decimal:
    """The most that bids, asks and inventory may be worth together: each as much as the deposit."""
    return config.deposit * 3


def deposit_room(deposit: Decimal, ledger: Ledger, side: Side, price: Decimal) -> Decimal:
    """The worth that may rest on a side so that, even if all of it is filled, the inventory costs at most the deposit.

    What makes the inventory larger has the deposit less what it cost already; what makes it smaller has the deposit
    and what it closes, by its cost or its worth at ``price``, whichever is less.
    """
    closes = -side.sign * ledger.cost
    return deposit + (min(closes, abs(ledger.position) * price) if closes > 0 else closes)


def skew_percent(config: LiquidityConfig, view: View) -> Decimal:
    """What was bought and not sold again, at its cost, in percent of the deposit; negative when sold."""
    return view.ledger.cost * 100 / config.deposit


def allowed_orders(count: int, skew: Decimal, most: Decimal, side: Side) -> tuple[int, int]:
    """How many orders of a side may stay and how many may be added, of ``count``.

    All up to a skew of ``most`` percent, none at 100, evenly between. The two numbers differ while the line runs
    between them, so that a skew which trembles does not place and cancel.
    """
    heavy = side.sign * skew
    if heavy <= most:
        return count, count
    line = count * max(ZERO, 100 - heavy) / (100 - most)
    return int(line.to_integral_value(ROUND_CEILING)), int(line.to_integral_value(ROUND_FLOOR))


def quote_share(view: View, price: Decimal) -> Decimal:
    """The quote part of what we have, 0 to 1; a half when it is not known or there is nothing."""
    rules = view.instrument
    quote, base = view.balances.get(rules.quote), view.balances.get(rules.base)
    if quote is None or base is None:
        return _HALF
    worth = base * price
    return quote / (quote + worth) if quote + worth > 0 else _HALF


def depth_goals(min_depth: Decimal, share: Decimal) -> Depth:
    """The depth to bring each side to when it is short: the obligation and a little, and a reserve by ``share``.

    Of 1000 with half of our money in quote: 1100 each. With all of it in quote: 1150 of bids, 1050 of asks.
    """
    bids = min_depth * (GOAL + SHARED_RESERVE * share)
    return Depth(bids, min_depth * (GOAL + SHARED_RESERVE * (ONE - share)))


def even_size(goal: Decimal, by_others: Decimal, count: int, least: Decimal, most: Decimal) -> Decimal:
    """The worth of each of ``count`` equal orders that fill what others leave of ``goal``, within the limits."""
    return max(least, min(most, (goal - by_others) / count))


def wanted_size(config: LiquidityConfig, view: View, sight: Sight, side: Side) -> Decimal:
    """The worth that each order of a side should have now."""
    centre = sight.centre
    if centre is None or sight.others is None:
        return config.min_order
    # Measured from where the mid will be with our orders in the book, not from where it is without them.
    others = _within(sight, config.depth_window_percent, side, centre)
    goal = depth_goals(config.min_depth, quote_share(view, centre)).of(side)
    return even_size(goal, others, config.orders_per_side, config.min_order, config.max_order)


def is_short(config: LiquidityConfig, sight: Sight, side: Side) -> bool:
    """Depth, with all that we have live, is nearly or already below the obligation."""
    if sight.expected is None:
        return False
    depth = market_depth(sight.expected, config.depth_window_percent, sight.centre)
    return depth.of(side) < config.min_depth * SHORT_BELOW


def amount_for(rules: Instrument, price: Decimal, worth: Decimal, least: Decimal, left: Room) -> Decimal | None:
    """The amount of an order worth about ``worth`` (quote), never below ``least`` nor beyond what is ``left``."""
    smallest = max(rules.ceil_amount(least / price), rules.smallest_amount(price))
    amount = max(smallest, rules.floor_amount(min(worth, left.worth_at(price)) / price))
    if rules.max_amount is not None:
        amount = min(amount, rules.floor_amount(rules.max_amount))
    if not left.takes(price, amount) or rules.objection(price=price, amount=amount) is not None:
        return None
    return amount


def shortfall(config: LiquidityConfig, view: View, sight: Sight, side: Side) -> str:
    """Why a side cannot show all that it should: our_balance, balance_unknown, inventory, deposit; "" when it can."""
    count = config.orders_per_side
    if allowed_orders(count, skew_percent(config, view), config.max_inventory_skew, side)[1] < count:
        return "inventory"
    price = sight.centre
    if price is None:
        return ""
    limit = room(config, view, side, price)
    if limit is None:
        return "balance_unknown"
    if limit.worth_at(price) >= wanted_size(config, view, sight, side) * count:
        return ""
    if deposit_room(config.deposit, view.ledger, side, price) > limit.worth_at(price):
        return "our_balance"
    return "inventory" if side.sign * view.ledger.cost > 0 else "deposit"


def _within(sight: Sight, percent: Decimal, side: Side, centre: Decimal) -> Decimal:
    if sight.others is None:
        return ZERO
    levels = sight.others.bids if side is Side.BUY else sight.others.asks
    reach = centre * percent / 100
    return sum((level.price * level.amount for level in levels if abs(level.price - centre) <= reach), ZERO)
