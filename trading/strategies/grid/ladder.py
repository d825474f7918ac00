"""The grid's arithmetic: prices, amounts, averages. Pure functions of terms, market rules and one price.

With ``w[i] = multiplier**i`` and ``available = deposit * leverage`` the amount of level i is ``base * w[i]``:

- classic: ``base = available / (sum(w) * P)``, every level priced at the first price;
- exact: ``base = available / sum(w[i] * p[i])``, every level at its own.

Either is scaled down where margin plus entry fees would not fit into the deposit (a classic short would spend more than
it has), then floored to the venue's step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from trading.core.instrument import ONE, ZERO, Instrument, total
from trading.strategies.grid.config import Direction, GridTerms, Sizing, SmallLevels

_MERGE_ROUNDS = 12
_TOO_SMALL = ("below_min_amount", "below_min_cost")


@dataclass(frozen=True, slots=True)
class Level:
    """One order of the grid: price in quote currency, amount in base units."""

    price: Decimal
    amount: Decimal

    @property
    def cost(self) -> Decimal:
        return self.price * self.amount


@dataclass(frozen=True, slots=True)
class Ladder:
    """A whole grid. ``formula_cost`` is what the sizing formula alone would have spent, ``merged`` how many levels
    went into others."""

    levels: tuple[Level, ...]
    formula_cost: Decimal
    merged: int = 0

    @property
    def cost(self) -> Decimal:
        return total([level.cost for level in self.levels])

    @property
    def amount(self) -> Decimal:
        return total([level.amount for level in self.levels])


def build_ladder(terms: GridTerms, instrument: Instrument, price: Decimal) -> Ladder:
    """The grid that ``terms`` mean at ``price`` (quote). Levels may be below the venue's minimum: see objections."""
    prices = level_prices(terms, instrument, price)
    weights = level_weights(terms.grid_levels, terms.martingale_multiplier)
    if terms.sizing is Sizing.CLASSIC:
        base = classic_base(terms.available, weights, price)
    else:
        base = exact_base(terms.available, weights, prices)
    wanted = [Level(at, base * weight) for at, weight in zip(prices, weights, strict=True)]
    formula_cost = total([level.cost for level in wanted])
    fitted = _fit(wanted, terms, instrument)
    if terms.small_levels is SmallLevels.REFUSE:
        return Ladder(_floored(fitted, instrument), formula_cost)
    levels = _merge_to_fit(fitted, terms, instrument)
    return Ladder(levels, formula_cost, merged=len(wanted) - len(levels))


def level_weights(levels: int, multiplier: Decimal) -> tuple[Decimal, ...]:
    """``multiplier**i`` for every level."""
    return tuple(multiplier**index for index in range(levels))


def level_prices(terms: GridTerms, instrument: Instrument, price: Decimal) -> tuple[Decimal, ...]:
    """Prices from ``price`` to ``price * (1 -+ coverage)``, on the tick, away from crossing."""
    reach = price * terms.coverage_percent / 100 * -terms.entry.sign
    first = instrument.taker_price(terms.entry, price)
    shares = step_shares(terms.grid_levels, terms.step_multiplier)
    return first, *(instrument.maker_price(terms.entry, price + reach * share) for share in shares[1:])


def step_shares(levels: int, step_multiplier: Decimal) -> tuple[Decimal, ...]:
    """Where each level lies between the first (0) and the last (1): step i is ``step_multiplier**i`` wide."""
    steps = [step_multiplier**index for index in range(levels - 1)]
    whole = total(steps)
    return (ZERO, *(done / whole for done in accumulate(steps)))


def classic_base(available: Decimal, weights: Sequence[Decimal], price: Decimal) -> Decimal:
    """The amount (base units) of level 0 when every level is priced at ``price``."""
    return available / (total(weights) * price)


def exact_base(available: Decimal, weights: Sequence[Decimal], prices: Sequence[Decimal]) -> Decimal:
    """The amount (base units) of level 0 when every level is priced at its own price."""
    return available / total([weight * price for weight, price in zip(weights, prices, strict=True)])


def entry_fees(levels: Sequence[Level], instrument: Instrument) -> Decimal:
    """Fees (quote) of filling all levels: taker for the first, maker for the rest."""
    if not levels:
        return ZERO
    resting = total([level.cost for level in levels[1:]])
    return max(ZERO, levels[0].cost * instrument.taker_fee + resting * instrument.maker_fee)


def money_needed(levels: Sequence[Level], leverage: int, instrument: Instrument) -> Decimal:
    """Margin plus entry fees (quote) of filling all levels."""
    return total([level.cost for level in levels]) / leverage + entry_fees(levels, instrument)


def average_price(levels: Sequence[Level]) -> Decimal:
    """``sum(q*p) / sum(q)`` (quote)."""
    return total([level.cost for level in levels]) / total([level.amount for level in levels])


def take_profit_price(direction: Direction, average: Decimal, percent: Decimal) -> Decimal:
    """``average * (1 + percent)`` for a long, ``average * (1 - percent)`` for a short; not rounded (quote)."""
    return average * (ONE + direction.entry.sign * percent / 100)


def level_objection(level: Level, instrument: Instrument) -> str | None:
    """Why the venue would refuse this level, as a code of core.risk, or None."""
    if level.price <= 0:
        return "no_price"
    return instrument.objection(price=level.price, amount=level.amount)


def ladder_objection(levels: Sequence[Level], instrument: Instrument) -> str | None:
    """The first reason why this grid cannot be placed, or None."""
    if shared_prices(levels):
        return "levels_share_price"
    return next((why for level in levels if (why := level_objection(level, instrument))), None)


def shared_prices(levels: Sequence[Level]) -> int:
    """How many levels fall on the price of the level before them, because the tick is coarser than the step."""
    return sum(1 for one, other in pairwise(levels) if one.price == other.price)


def _fit(levels: Sequence[Level], terms: GridTerms, instrument: Instrument) -> list[Level]:
    """The levels scaled down so that margin plus entry fees fit into the deposit; never up."""
    needed = money_needed(levels, terms.leverage, instrument)
    if needed <= terms.deposit:
        return list(levels)
    return [Level(level.price, level.amount * terms.deposit / needed) for level in levels]


def _floored(levels: Sequence[Level], instrument: Instrument) -> tuple[Level, ...]:
    return tuple(Level(level.price, instrument.floor_amount(level.amount)) for level in levels)


def _merge_to_fit(levels: list[Level], terms: GridTerms, instrument: Instrument) -> tuple[Level, ...]:
    """Merging moves amounts to dearer prices (for a long), so it is repeated on a smaller grid until it fits."""
    merged = _merged(levels, instrument)
    for _ in range(_MERGE_ROUNDS):
        needed = money_needed(merged, terms.leverage, instrument)
        if needed <= terms.deposit:
            return merged
        levels = [Level(level.price, level.amount * terms.deposit / needed) for level in levels]
        merged = _merged(levels, instrument)
    # Two groupings may take turns at the edge; scaling what is grouped always ends, at worst below the minimum.
    return _floored(_fit(merged, terms, instrument), instrument)


def _merged(levels: Sequence[Level], instrument: Instrument) -> tuple[Level, ...]:
    """Each level gathers those after it until it reaches the minimum; a small rest joins the last group."""
    groups: list[Level] = []
    gathering: Level | None = None
    for level in levels:
        gathering = Level(gathering.price, gathering.amount + level.amount) if gathering else level
        floored = Level(gathering.price, instrument.floor_amount(gathering.amount))
        if level_objection(floored, instrument) not in _TOO_SMALL:
            groups.append(floored)
            gathering = None
    if gathering is not None and groups:
        last = groups[-1]
        groups[-1] = Level(last.price, instrument.floor_amount(last.amount + gathering.amount))
    elif gathering is not None:
        groups.append(Level(gathering.price, instrument.floor_amount(gathering.amount)))
    return tuple(groups)
