"""Where the quotes of a side stand, and which live price is wrong there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import Instrument, Side
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.measures import offsets, quotes
from trading.strategies.liquidity.shape import shape
from trading.strategies.liquidity.sight import Sight


def names(side: Side, count: int) -> list[str]:
    """``bid1`` is the nearest."""
    word = "bid" if side is Side.BUY else "ask"
    return [f"{word}{number}" for number in range(1, count + 1)]


def number_in(slot: str) -> int:
    """3 of ``g7.bid3``; 0 is the one that stands in for others."""
    return int(slot.rpartition(".")[2].removeprefix("bid").removeprefix("ask"))


@dataclass(frozen=True, slots=True)
class Rungs:
    """The prices of one side, nearest first. ``best`` is the price beyond which none may be shown.

    ``window`` is the far edge within which depth counts, ``obliged`` the one within which the nearest quote keeps its
    half of the spread; ``against`` the best price of others on the other side.
    """

    side: Side
    prices: tuple[Decimal, ...]
    best: Decimal
    tolerance: Decimal
    tick: Decimal
    window: Decimal
    obliged: Decimal
    against: Decimal | None

    def is_too_good(self, price: Decimal) -> bool:
        """Better for the market than the best quote, by more than the tolerance."""
        return (price - self.best) * self.side.sign > self._allowed(self.best)

    def crosses(self, price: Decimal) -> bool:
        return self.against is not None and (price - self.against) * self.side.sign >= 0

    def is_off(self, index: int, price: Decimal) -> bool:
        """Off by more than the tolerance, or beyond an edge that it could be within."""
        wanted, sign = self.prices[index], self.side.sign
        edges = (self.window, self.obliged) if index == 0 else (self.window,)
        beyond = any((price - edge) * sign < 0 <= (wanted - edge) * sign for edge in edges)
        return beyond or abs(price - wanted) > self._allowed(wanted)

    def _allowed(self, wanted: Decimal) -> Decimal:
        """The tolerance; a tick at least, for a fair price that trembles round one makes no order wrong."""
        return max(self.tick, wanted * self.tolerance / 100)


def rungs(config: LiquidityConfig, sight: Sight, rules: Instrument, side: Side) -> Rungs:
    """The ladder of a side round the fair price. Raises ValueError without one: nothing is quoted on a guess."""
    fair, centre = sight.fair, sight.centre
    if fair is None or centre is None:
        raise ValueError("there is no ladder without a fair price")
    plan, tolerance, tick = shape(config), config.price_tolerance_percent, rules.price_tick
    against = sight.others.best(side.opposite) if sight.others is not None else None
    best = quotes(fair, plan.nearest / 50, tick).of(side)
    edge = centre * (1 - side.sign * (config.depth_window_percent - tolerance) / 100)
    prices = [
        _placed(quotes(fair, distance / 50, tick).of(side), best, rules.taker_price(side, edge), against, tick, side)
        for distance in offsets(plan.nearest, plan.farthest, config.orders_per_side)
    ]
    return Rungs(
        side=side,
        prices=tuple(max(tick, price) for price in prices),
        best=max(tick, best),
        tolerance=tolerance,
        tick=tick,
        window=centre * (1 - side.sign * config.depth_window_percent / 100),
        obliged=fair * (1 - side.sign * config.max_spread_percent / 200),
        against=against,
    )


def is_too_good(config: LiquidityConfig, side: Side, price: Decimal, fair: Decimal, *, wide: bool) -> bool:
    """Nearer to ``fair`` than a quote may be that nobody looks after."""
    plan = shape(config)
    distance = (plan.widened if wide else plan.nearest) - config.price_tolerance_percent
    return (price - fair * (1 - side.sign * distance / 100)) * side.sign > 0


def _placed(
    wanted: Decimal, best: Decimal, edge: Decimal, against: Decimal | None, tick: Decimal, side: Side
) -> Decimal:
    """Into the window, never beyond the best quote, never crossing what others show."""
    nearer = max if side is Side.BUY else min
    farther = min if side is Side.BUY else max
    price = farther(nearer(wanted, edge), best)
    return price if against is None else farther(price, against - side.sign * tick)


def prices_at(config: LiquidityConfig, fair: Decimal, rules: Instrument, side: Side) -> Sequence[Decimal]:
    """The ladder of a side in an empty market, for a preview."""
    plan = shape(config)
    wanted = offsets(plan.nearest, plan.farthest, config.orders_per_side)
    return [quotes(fair, distance / 50, rules.price_tick).of(side) for distance in wanted]
