"""Why a grid could not work, or what a person must know before Start: codes and values, no words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from trading.core.instrument import UNKNOWN_MAINTENANCE_RATE, Instrument, plain
from trading.core.planning import Finding, MarginMode
from trading.strategies.grid.ladder import entry_fees, shared_prices
from trading.strategies.grid.survey import Survey

_WORTH_SAYING_PERCENT = Decimal(5)
_CENT = Decimal("0.01")


def find(seen: Survey, instrument: Instrument, equity: Decimal | None) -> tuple[Finding, ...]:
    """All findings, the grave ones first."""
    return (*_refusals(seen, instrument, equity), *_dangers(seen), *_notes(seen, instrument, equity))


def round_trip_percent(instrument: Instrument) -> Decimal:
    """Fees of a market entry and a limit exit, in percent of the position."""
    return (instrument.taker_fee + instrument.maker_fee) * 100


def highest_leverage(instrument: Instrument, cost: Decimal) -> int:
    """What the venue allows for a position of ``cost`` (quote)."""
    by_tier = (tier.max_leverage for tier in instrument.tiers if tier.max_notional is None or cost <= tier.max_notional)
    return int(min(instrument.max_leverage, next(by_tier, instrument.max_leverage)))


def _refusals(seen: Survey, instrument: Instrument, equity: Decimal | None) -> Iterator[Finding]:
    config = seen.config
    for why, key, limit in (
        ("below_min_cost", "minimum", instrument.min_cost),
        ("below_min_amount", "minimum", max(instrument.min_amount, instrument.amount_step)),
        ("above_max_amount", "maximum", instrument.max_amount),
        ("no_price", "minimum", instrument.price_tick),
    ):
        count = sum(1 for row in seen.rows if row.objection == why)
        if count:
            yield Finding(why, "refusal", {"count": str(count), key: plain(limit or Decimal(0))})
    if shared := shared_prices(seen.ladder.levels):
        yield Finding("levels_share_price", "refusal", {"count": str(shared), "tick": plain(instrument.price_tick)})
    allowed = highest_leverage(instrument, seen.ladder.cost)
    if config.leverage > allowed:
        yield Finding("leverage_too_high", "refusal", {"leverage": str(config.leverage), "maximum": str(allowed)})
    if equity is not None and config.deposit > equity:
        values = {"deposit": plain(config.deposit), "equity": plain(equity)}
        yield Finding("equity_too_small", "refusal", values)
    fees = round_trip_percent(instrument)
    if config.take_profit_percent <= fees:
        values = {"percent": plain(config.take_profit_percent), "fees": plain(fees)}
        yield Finding("take_profit_below_fees", "refusal", values)


def _dangers(seen: Survey) -> Iterator[Finding]:
    if seen.ended_by != "liquidation" or seen.ends.price is None:
        return
    price, unreached = plain(_short(seen.ends.price)), len(seen.rows) - seen.reached
    if unreached:
        # ``level`` is the first that cannot be reached, counted as in the table: level 0 is the market order.
        values = {"level": str(seen.reached), "count_fills": str(seen.reached), "count": str(unreached), "price": price}
        yield Finding("unreachable_levels", "danger", values)
    else:
        yield Finding("liquidated_at_last_level", "danger", {"level": str(seen.reached - 1), "price": price})


def _notes(seen: Survey, instrument: Instrument, equity: Decimal | None) -> Iterator[Finding]:
    config, ladder = seen.config, seen.ladder
    if not instrument.maintenance_known:
        yield Finding("maintenance_unknown", "note", {"percent": plain(UNKNOWN_MAINTENANCE_RATE * 100)})
    if seen.ended_by == "stop_loss" and seen.ends.price is not None:
        values = {"level": str(seen.reached), "count": str(len(seen.rows) - seen.reached)}
        yield Finding("levels_beyond_stop", "note", {**values, "price": plain(_short(seen.ends.price))})
    if ladder.formula_cost - config.available >= _CENT:
        values = {"wanted": plain(ladder.formula_cost.quantize(_CENT)), "available": plain(config.available)}
        yield Finding("overspend_capped", "note", values)
    if ladder.merged:
        yield Finding("levels_merged", "note", {"before": str(config.grid_levels), "after": str(len(ladder.levels))})
    unused = 100 - used_percent(seen)
    if unused > _WORTH_SAYING_PERCENT:
        yield Finding("money_unused", "note", {"percent": plain(unused.quantize(Decimal("0.1")))})
    if seen.rows[-1].cumulative_cost:
        fees = entry_fees(ladder.levels, instrument)
        yield Finding("fee_reserve", "note", {"amount": plain(fees.quantize(Decimal("0.0001")))})
    if config.margin_mode is MarginMode.CROSS:
        yield Finding("cross_wallet", "note", {"wallet": plain(seen.wallet), "known": str(equity is not None).lower()})


def used_percent(seen: Survey) -> Decimal:
    """How much of deposit times leverage the grid is worth."""
    return seen.ladder.cost * 100 / seen.config.available


def _short(price: Decimal) -> Decimal:
    """A price for reading: five digits that count."""
    return Decimal(f"{price:.5g}")
