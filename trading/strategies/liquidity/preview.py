"""What a person sees before Start: both sides as they would rest in an empty market, and what would not work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_UP, Decimal

from trading.core.instrument import Instrument, Side, plain, total
from trading.core.planning import Finding, Offer, Preview, PreviewRow
from trading.core.telling import Unit
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.ladder import names, prices_at
from trading.strategies.liquidity.sizing import MOST_GOAL, depth_goals, even_size

_HALF, _CENT = Decimal("0.5"), Decimal("0.01")


_TOLD = {"spread_percent": Unit.PERCENT, "bid_depth": Unit.MONEY, "ask_depth": Unit.MONEY}


def make_preview(config: LiquidityConfig, rules: Instrument, price: Decimal, equity: Decimal | None) -> Preview:
    """The quotes round ``price`` (quote) if nobody else were there. ``equity`` is the quote balance."""
    rows = [row for side in Side for row in _rows(config, rules, price, side)]
    bids = [row for row in rows if row.side is Side.BUY]
    asks = [row for row in rows if row.side is Side.SELL]
    findings = [*_findings(config, rules, rows, equity), _base_needed(config, rules, price)]
    spread = (asks[0].price - bids[0].price) * 200 / (asks[0].price + bids[0].price)
    cost, amount = total([row.cost for row in bids]), total([row.amount for row in bids])
    return Preview(
        rows=rows,
        price=price,
        at_risk=config.deposit,
        worst_case=max(Decimal(0), cost - amount * bids[-1].price + cost * rules.maker_fee),
        findings=findings,
        offers=_offers(config, rules, price, findings),
        figures={
            "spread_percent": spread.quantize(_CENT),
            "bid_depth": cost,
            "ask_depth": total([row.cost for row in asks]),
            "base_needed": rules.ceil_amount(config.deposit / price) if price else Decimal(0),
            "budget": config.deposit * 2,
        },
        told=_TOLD,
    )


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


def _findings(
    config: LiquidityConfig, rules: Instrument, rows: Sequence[PreviewRow], equity: Decimal | None
) -> Iterator[Finding]:
    """Refusals first."""
    if config.reference_venue == rules.venue and config.reference_symbol in ("", rules.symbol):
        yield Finding("reference_is_target", "refusal", {"venue": rules.venue, "symbol": rules.symbol})
    if config.min_order < rules.min_cost:
        yield Finding("below_min_cost", "refusal", {"count": "1", "minimum": plain(rules.min_cost)})
    refused = {row.objection for row in rows if row.objection not in (None, "below_min_cost")}
    for why in sorted(str(code) for code in refused):
        count = sum(1 for row in rows if row.objection == why)
        minimum = max(rules.min_amount, rules.amount_step)
        limit = {"maximum": plain(rules.max_amount or Decimal(0))} if why == "above_max_amount" else {}
        yield Finding(why, "refusal", {"count": str(count), "minimum": plain(minimum), **limit})
    bid, ask = rows[0].price, rows[config.orders_per_side].price
    spread = (ask - bid) * 200 / (ask + bid)
    if spread > config.max_spread_percent:
        values = {"percent": plain(spread.quantize(_CENT)), "maximum": plain(config.max_spread_percent)}
        yield Finding("tick_too_coarse", "refusal", {**values, "tick": plain(rules.price_tick)})
    if equity is not None and config.deposit > equity:
        values = {"deposit": plain(config.deposit), "equity": plain(equity)}
        yield Finding("equity_too_small", "refusal", values)
    needed = config.min_depth * MOST_GOAL
    if config.deposit < needed:
        values = {"deposit": plain(config.deposit), "needed": plain(needed), "depth": plain(config.min_depth)}
        yield Finding("deposit_below_depth", "danger", values)
    widest = max(config.max_spread_percent / 2, config.depth_window_percent)
    if config.price_source_guard_percent > 2 * widest:
        values = {"guard": plain(config.price_source_guard_percent), "window": plain(config.depth_window_percent)}
        yield Finding("guard_too_wide", "note", values)


def _base_needed(config: LiquidityConfig, rules: Instrument, price: Decimal) -> Finding:
    amount = rules.ceil_amount(config.deposit / price)
    return Finding("base_needed", "note", {"amount": plain(amount), "base": rules.base, "worth": plain(config.deposit)})


def _offers(
    config: LiquidityConfig, rules: Instrument, price: Decimal, findings: Sequence[Finding]
) -> tuple[Offer, ...]:
    """Changes after which the finding is gone."""
    codes = {finding.code for finding in findings}
    offers = []
    needed = max(rules.min_cost, rules.min_amount * price)
    if codes & {"below_min_cost", "below_min_amount"} and needed <= config.max_order:
        least = (needed * Decimal("1.02")).quantize(_CENT, ROUND_UP)
        changes = {"min_order": plain(min(least, config.max_order))}
        together = (least * config.orders_per_side * Decimal("1.02")).quantize(Decimal(1), ROUND_UP)
        if config.deposit < together:
            changes["deposit"] = plain(together)
        offers.append(Offer("raise_min_order", changes))
    if "deposit_below_depth" in codes:
        enough = (config.min_depth * MOST_GOAL * Decimal("1.05")).quantize(Decimal(1), ROUND_UP)
        offers.append(Offer("raise_deposit", {"deposit": plain(enough)}))
    return tuple(offers)
