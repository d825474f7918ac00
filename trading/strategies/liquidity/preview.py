"""What a person sees before Start: both sides as they would rest in an empty market, and what would not work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from trading.core.instrument import Instrument, Side, plain, total
from trading.core.planning import Finding, Preview, PreviewRow, Surroundings
from trading.core.telling import Unit
from trading.strategies.liquidity.bridge import missing_worth
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.judging import HEADROOM
from trading.strategies.liquidity.ladder import names, prices_at
from trading.strategies.liquidity.references import reference_findings
from trading.strategies.liquidity.sizing import MOST_GOAL, depth_goals, even_size

_PRICES_MOVE = Decimal("1.005")
_HALF, _CENT = Decimal("0.5"), Decimal("0.01")


_TOLD = {"spread_percent": Unit.PERCENT, "bid_depth": Unit.MONEY, "ask_depth": Unit.MONEY}


def preview_without_offers(config: LiquidityConfig, rules: Instrument, price: Decimal, around: Surroundings) -> Preview:
    """The quotes round ``price`` (quote) if nobody else were there, and what is wrong with them."""
    rows = _both_sides(config, rules, price)
    bids = [row for row in rows if row.side is Side.BUY]
    asks = [row for row in rows if row.side is Side.SELL]
    cost, amount = total([row.cost for row in bids]), total([row.amount for row in bids])
    return Preview(
        rows=rows,
        price=price,
        at_risk=config.deposit,
        worst_case=max(Decimal(0), cost - amount * bids[-1].price + cost * rules.maker_fee),
        findings=tuple(findings(config, rules, price, around)),
        figures={
            "spread_percent": spread_percent(rows).quantize(_CENT),
            "bid_depth": cost,
            "ask_depth": total([row.cost for row in asks]),
            "base_needed": rules.ceil_amount(config.deposit / price) if price else Decimal(0),
            "budget": config.deposit * 2,
        },
        told=_TOLD,
    )


def _both_sides(config: LiquidityConfig, rules: Instrument, price: Decimal) -> list[PreviewRow]:
    return [row for side in Side for row in _rows(config, rules, price, side)]


def _rows(config: LiquidityConfig, rules: Instrument, price: Decimal, side: Side) -> Iterator[PreviewRow]:
    goal = depth_goals(config.min_depth, _HALF).of(side)
    available = config.deposit / config.orders_per_side
    size = min(even_size(goal, Decimal(0), config.orders_per_side, config.min_order, config.max_order), available)
    cumulative = held = Decimal(0)
    prices = prices_at(config, price, rules, side)
    for name, at in zip(names(side, config.orders_per_side), prices, strict=True):
        amount = rules.floor_amount(size / at) if at > 0 else Decimal(0)
        cumulative, held = cumulative + amount * at, held + amount
        yield PreviewRow(
            slot=name,
            side=side,
            price=at,
            amount=amount,
            cost=amount * at,
            cumulative_cost=cumulative,
            average=cumulative / held if held else at,
            objection="off_tick" if at <= 0 else rules.objection(price=at, amount=amount),
        )


def findings(config: LiquidityConfig, rules: Instrument, price: Decimal, around: Surroundings) -> Iterator[Finding]:
    """Why it could not work, and what a person must know."""
    yield from reference_findings(config, rules, price, around.prices)
    yield from _objections(config, rules, _both_sides(config, rules, price))
    yield from _money(config, rules, price, around)
    needed = config.min_depth * MOST_GOAL
    if config.deposit < needed:
        values = {"deposit": plain(config.deposit), "needed": plain(needed), "depth": plain(config.min_depth)}
        yield Finding("deposit_below_depth", "danger", values)
    elif config.deposit < (steady := deposit_without_dips(config, rules, price)):
        values = {"deposit": plain(config.deposit), "needed": plain(steady), "depth": plain(config.min_depth)}
        yield Finding("renewal_dips", "note", values)
    widest = max(config.max_spread_percent / 2, config.depth_window_percent)
    if config.price_source_guard_percent > 2 * widest:
        values = {"guard": plain(config.price_source_guard_percent), "window": plain(config.depth_window_percent)}
        yield Finding("guard_too_wide", "note", values)


def deposit_without_dips(config: LiquidityConfig, rules: Instrument, price: Decimal) -> Decimal:
    """The deposit (quote) with which one order more may rest while others are renewed, if nobody else were there.

    Zero where none is needed for the depth to stand.
    """
    most = Decimal(0)
    for side in Side:
        costs = [row.cost for row in _rows(config, rules, price, side)]
        bridge = missing_worth(config.min_depth, total(costs), max(costs))
        if bridge > 0:
            most = max(most, total(costs) + max(bridge, config.min_order))
    return (most / (1 - HEADROOM) * _PRICES_MOVE).quantize(Decimal(1), ROUND_CEILING)


def _objections(config: LiquidityConfig, rules: Instrument, rows: Sequence[PreviewRow]) -> Iterator[Finding]:
    """What the venue would refuse, and a spread that its ticks do not allow."""
    if config.min_order < rules.min_cost:
        yield Finding("below_min_cost", "refusal", {"count": "1", "minimum": plain(rules.min_cost)})
    refused = {row.objection for row in rows if row.objection not in (None, "below_min_cost")}
    for why in sorted(str(code) for code in refused):
        count = sum(1 for row in rows if row.objection == why)
        minimum = max(rules.min_amount, rules.amount_step)
        limit = {"maximum": plain(rules.max_amount or Decimal(0))} if why == "above_max_amount" else {}
        yield Finding(why, "refusal", {"count": str(count), "minimum": plain(minimum), **limit})
    spread = spread_percent(rows)
    if spread > config.max_spread_percent:
        values = {"percent": plain(spread.quantize(_CENT)), "maximum": plain(config.max_spread_percent)}
        yield Finding("tick_too_coarse", "refusal", {**values, "tick": plain(rules.price_tick)})


def _money(config: LiquidityConfig, rules: Instrument, price: Decimal, around: Surroundings) -> Iterator[Finding]:
    """Bids need the deposit, and asks coins of the same worth."""
    quote, base = around.balances.get(rules.quote), around.balances.get(rules.base)
    if quote is not None and config.deposit > quote:
        values = {"deposit": plain(config.deposit), "equity": plain(quote)}
        yield Finding("equity_too_small", "refusal", values)
    needed = rules.ceil_amount(config.deposit / price)
    values = {"amount": plain(needed), "base": rules.base, "worth": plain(config.deposit)}
    if base is None:
        yield Finding("base_needed", "note", values)
    elif base * price < config.deposit:
        held = {"held": plain(base), "held_worth": plain((base * price).quantize(_CENT, ROUND_FLOOR))}
        yield Finding("base_too_small", "refusal", {**values, **held})
    else:
        yield Finding("base_covered", "note", {**values, "held": plain(base)})


def spread_percent(rows: Sequence[PreviewRow]) -> Decimal:
    """From the nearest bid to the nearest ask, in percent of the middle between them."""
    bid = next(row.price for row in rows if row.side is Side.BUY)
    ask = next(row.price for row in rows if row.side is Side.SELL)
    return (ask - bid) * 200 / (ask + bid)
