"""What a person sees before Start: what one interval may do, what there is for it, and why it could not work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal

from trading.core.instrument import ZERO, Instrument, Side, plain
from trading.core.planning import Finding, Preview, PreviewRow, Surroundings
from trading.core.telling import Unit
from trading.strategies.peg.band import Band, on_step
from trading.strategies.peg.config import Activity, PegConfig
from trading.strategies.peg.funds import Funds

SMALLEST_UNIT = Decimal("1E-8")
"""What is said of balances is rounded down to this; it is fine enough for every currency."""


_TOLD = {
    "can_spend": Unit.MONEY,
    "can_sell": Unit.AMOUNT,
    "low": Unit.EXACT,
    "high": Unit.EXACT,
    "price_step": Unit.EXACT,
    "amount_step": Unit.EXACT,
}


def preview_without_offers(config: PegConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
    """The most that one interval may buy and sell, at the band's edges; ``price`` is the market's (quote)."""
    band = Band.of(config, instrument)
    held = around.balances.get(instrument.quote)
    at_risk = max(ZERO, held - config.quote_min_balance) if held is not None else config.quote_order_limit
    return Preview(
        rows=tuple(_row(config, band, side) for side in Side if band.edge(side) > 0),
        price=price,
        at_risk=at_risk,
        worst_case=at_risk,
        findings=tuple(findings(config, instrument, price, around)),
        figures={
            **_what_is_there(Funds.of(config, instrument, around.balances)),
            **{"low": band.low, "high": band.high, "price_step": band.tick, "amount_step": band.step},
        },
        told=_TOLD,
    )


def _what_is_there(funds: Funds) -> Mapping[str, Decimal]:
    there = {"can_spend": funds.quote, "can_sell": funds.base}
    return {name: rounded(amount) for name, amount in there.items() if amount is not None}


def _row(config: PegConfig, band: Band, side: Side) -> PreviewRow:
    price, amount = band.edge(side), _most(config, band, side)
    cost = price * amount
    return PreviewRow(
        slot=side.value,
        side=side,
        price=price,
        amount=amount,
        cost=cost,
        cumulative_cost=cost if side is Side.BUY else ZERO,
        average=price,
        objection=band.objection(price, amount),
    )


def _most(config: PegConfig, band: Band, side: Side) -> Decimal:
    """The most that ``side`` may do in one interval at the band's edge (base); the venue's largest order aside."""
    limit = config.quote_order_limit / band.low if side is Side.BUY else config.base_order_limit
    return band.floor_amount(limit)


def findings(config: PegConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Iterator[Finding]:
    """Refusals first."""
    yield from refusals(config, instrument, around)
    band = Band.of(config, instrument)
    if not band.low < price < band.high:
        values = {"price": plain(price), "low": plain(band.low), "high": plain(band.high)}
        yield Finding("price_outside_band", "danger", values)
    if band.low > 0:
        yield from _short_funds(config, instrument, band, around)
    for field, places, used in (
        ("base_precision", config.base_precision, band.step),
        ("quote_precision", config.quote_precision, band.tick),
    ):
        # The default says nothing that a person has chosen.
        if used != Decimal(1).scaleb(-places) and places != PegConfig.model_fields[field].default:
            yield Finding("venue_precision_wins", "note", {"field": field, "step": plain(used)})
    if config.activity is Activity.SELF_TRADE and not around.is_public:
        yield Finding("self_trade_allowed_here", "note", {})


def refusals(config: PegConfig, instrument: Instrument, around: Surroundings) -> Iterator[Finding]:
    if config.activity is Activity.SELF_TRADE and around.is_public:
        yield Finding("self_trade_forbidden", "refusal", {})
    band = Band.of(config, instrument)
    if band.low <= 0:
        yield Finding("no_price", "refusal", {"count": "1", "minimum": plain(band.tick)})
        return
    for side, code in ((Side.BUY, "quote_limit_too_small"), (Side.SELL, "base_limit_too_small")):
        if _most(config, band, side) < band.smallest_amount(band.edge(side)):
            limit = config.quote_order_limit if side is Side.BUY else config.base_order_limit
            values = {"limit": plain(limit), "minimum": plain(least_limit(band, side))}
            yield Finding(code, "refusal", values)
    lowest, highest = band.inside
    if config.activity is not Activity.OFF and highest < lowest + band.tick:
        yield Finding("band_too_narrow", "refusal", {"step": plain(band.tick)})
    funds = Funds.of(config, instrument, around.balances)
    if all(funds.are_too_small(band, side) for side in Side):
        yield Finding("nothing_to_trade", "refusal", _both_balances(config, instrument, around))


def _both_balances(config: PegConfig, instrument: Instrument, around: Surroundings) -> dict[str, str]:
    return {
        "quote_held": plain(rounded(around.balances[instrument.quote])),
        "quote_kept": plain(config.quote_min_balance),
        "base_held": plain(rounded(around.balances[instrument.base])),
        "base_kept": plain(config.base_min_balance),
    }


def _short_funds(config: PegConfig, instrument: Instrument, band: Band, around: Surroundings) -> Iterator[Finding]:
    """A side that has nothing, or less than its limit; nothing of it where both have nothing: that is a refusal."""
    funds = Funds.of(config, instrument, around.balances)
    if all(funds.are_too_small(band, side) for side in Side):
        return
    for side, currency, kept, limit, codes in (
        (
            *(Side.BUY, instrument.quote, config.quote_min_balance, config.quote_order_limit),
            ("nothing_to_spend", "quote_limit_above_funds"),
        ),
        (
            *(Side.SELL, instrument.base, config.base_min_balance, config.base_order_limit),
            ("nothing_to_sell", "base_limit_above_funds"),
        ),
    ):
        there = funds.of_side(side)
        if there is None:
            continue
        if funds.are_too_small(band, side):
            held = plain(rounded(around.balances[currency]))
            yield Finding(codes[0], "note", {"held": held, "minimum": plain(kept)})
        elif limit > there:
            yield Finding(codes[1], "note", {"limit": plain(limit), "available": plain(rounded(there))})


def least_limit(band: Band, side: Side) -> Decimal:
    """The smallest limit of an interval with which ``side`` can send an order at the band's edge."""
    amount = band.smallest_amount(band.edge(side))
    return amount * band.low if side is Side.BUY else amount


def rounded(amount: Decimal) -> Decimal:
    return on_step(amount, SMALLEST_UNIT, ROUND_FLOOR)
