"""What a person sees before Start: what one interval may do, why it could not work, and what would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pydantic import ValidationError

from trading.core.instrument import ZERO, Instrument, Side, plain
from trading.core.planning import Finding, Offer, Preview, PreviewRow
from trading.core.telling import Unit
from trading.strategies.peg.band import Band
from trading.strategies.peg.config import Activity, PegConfig

Changes = Mapping[str, str]


_TOLD = {
    "low": Unit.EXACT,
    "high": Unit.EXACT,
    "price_step": Unit.EXACT,
    "amount_step": Unit.EXACT,
}


def make_preview(
    config: PegConfig, instrument: Instrument, price: Decimal, equity: Decimal | None, *, is_public: bool
) -> Preview:
    """The most that one interval may buy and sell, at the band's edges; ``price`` is the market's (quote)."""
    band = Band.of(config, instrument)
    found = tuple(_findings(config, instrument, price, equity, is_public))
    at_risk = max(ZERO, equity - config.quote_min_balance) if equity is not None else config.quote_order_limit
    return Preview(
        rows=tuple(_row(config, band, side) for side in Side if band.edge(side) > 0),
        price=price,
        at_risk=at_risk,
        worst_case=at_risk,
        findings=found,
        offers=tuple(_offers(config, instrument, price, equity, is_public, found)),
        figures={"low": band.low, "high": band.high, "price_step": band.tick, "amount_step": band.step},
        told=_TOLD,
    )


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


# Findings


def _findings(
    config: PegConfig, instrument: Instrument, price: Decimal, equity: Decimal | None, is_public: bool
) -> Iterator[Finding]:
    yield from _refusals(config, instrument, is_public)
    band = Band.of(config, instrument)
    if not band.low < price < band.high:
        values = {"price": plain(price), "low": plain(band.low), "high": plain(band.high)}
        yield Finding("price_outside_band", "danger", values)
    if equity is not None and equity <= config.quote_min_balance:
        values = {"equity": plain(equity), "minimum": plain(config.quote_min_balance)}
        yield Finding("nothing_to_spend", "note", values)
    for field, own, used in (
        ("base_precision", Decimal(1).scaleb(-config.base_precision), band.step),
        ("quote_precision", Decimal(1).scaleb(-config.quote_precision), band.tick),
    ):
        if used != own:
            yield Finding("venue_precision_wins", "note", {"field": field, "step": plain(used)})
    if config.activity is Activity.SELF_TRADE and not is_public:
        yield Finding("self_trade_allowed_here", "note", {})


def _refusals(config: PegConfig, instrument: Instrument, is_public: bool) -> Iterator[Finding]:
    if config.activity is Activity.SELF_TRADE and is_public:
        yield Finding("self_trade_forbidden", "refusal", {})
    band = Band.of(config, instrument)
    if band.low <= 0:
        yield Finding("no_price", "refusal", {"count": "1", "minimum": plain(band.tick)})
        return
    for side, code in ((Side.BUY, "quote_limit_too_small"), (Side.SELL, "base_limit_too_small")):
        if _most(config, band, side) < band.smallest_amount(band.edge(side)):
            limit = config.quote_order_limit if side is Side.BUY else config.base_order_limit
            values = {"limit": plain(limit), "minimum": plain(_least_limit(band, side))}
            yield Finding(code, "refusal", values)
    lowest, highest = band.inside
    if config.activity is not Activity.OFF and highest < lowest + band.tick:
        yield Finding("band_too_narrow", "refusal", {"step": plain(band.tick)})


def _least_limit(band: Band, side: Side) -> Decimal:
    """The smallest limit of an interval with which ``side`` can send an order at the band's edge."""
    amount = band.smallest_amount(band.edge(side))
    return amount * band.low if side is Side.BUY else amount


# Offers


def _offers(
    config: PegConfig,
    instrument: Instrument,
    price: Decimal,
    equity: Decimal | None,
    is_public: bool,
    found: Sequence[Finding],
) -> Iterator[Offer]:
    """Each offer was tried: with it nothing is refused any more, and one that moves the price ends the danger too."""
    codes = {finding.code for finding in found}
    forced = _forced(config, instrument, codes)
    for code, changes in _candidates(config, instrument, price, codes, forced):
        changed = _changed(config, changes)
        if changed is None or any(_refusals(changed, instrument, is_public)):
            continue
        if code == "price_as_market" and "price_outside_band" in {
            finding.code for finding in _findings(changed, instrument, price, equity, is_public)
        }:
            continue
        yield Offer(code, changes)


def _forced(config: PegConfig, instrument: Instrument, codes: set[str]) -> dict[str, str]:
    """What has to change whatever else does."""
    band = Band.of(config, instrument)
    changes: dict[str, str] = {}
    if band.low > 0 and "quote_limit_too_small" in codes:
        changes["quote_order_limit"] = plain(_least_limit(band, Side.BUY))
    if band.low > 0 and "base_limit_too_small" in codes:
        changes["base_order_limit"] = plain(_least_limit(band, Side.SELL))
    return changes


def _candidates(
    config: PegConfig, instrument: Instrument, price: Decimal, codes: set[str], forced: Changes
) -> Iterator[tuple[str, Changes]]:
    if "self_trade_forbidden" in codes:
        yield "quotes_instead", {**forced, "activity": Activity.QUOTES.value}
        yield "no_activity", {**forced, "activity": Activity.OFF.value}
    elif "band_too_narrow" in codes:
        tick = Band.of(config, instrument).tick
        yield "widen_band", {**forced, "deviation": plain(max(config.deviation, ZERO) + 2 * tick)}
        yield "no_activity", {**forced, "activity": Activity.OFF.value}
    elif forced:
        yield "raise_limits", forced
    if "price_outside_band" in codes:
        yield "price_as_market", {**forced, "price": plain(price)}


def _changed(config: PegConfig, changes: Changes) -> PegConfig | None:
    try:
        return PegConfig.model_validate({**config.model_dump(), **changes})
    except ValidationError:
        return None
