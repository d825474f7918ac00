"""Settings of a peg that would work: each offer was tried before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from pydantic import ValidationError

from trading.core.instrument import ZERO, Instrument, Side, plain
from trading.core.planning import Offer, Preview, Surroundings
from trading.strategies.peg.band import Band
from trading.strategies.peg.config import Activity, PegConfig
from trading.strategies.peg.funds import Funds, with_fee
from trading.strategies.peg.preview import findings, least_limit, preview_without_offers, refusals, rounded

Changes = Mapping[str, str]


def make_preview(config: PegConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
    """The most that one interval may do, what is wrong with it, and what would mend it."""
    seen = preview_without_offers(config, instrument, price, around)
    codes = {finding.code for finding in seen.findings}
    return replace(seen, offers=tuple(_offers(config, instrument, price, around, codes)))


def _offers(
    config: PegConfig, instrument: Instrument, price: Decimal, around: Surroundings, codes: set[str]
) -> Iterator[Offer]:
    """With each of them nothing is refused any more, and what it is for is gone."""
    for forced in _forced(config, instrument, around, codes):
        for code, mended, changes in _candidates(config, instrument, price, codes, forced):
            if _mends(config, instrument, price, around, changes, mended):
                yield Offer(code, changes)
    for code, changes in _lower_limits(config, instrument, around, codes):
        if _mends(config, instrument, price, around, changes, ""):
            yield Offer(code, changes)


def _mends(
    config: PegConfig, instrument: Instrument, price: Decimal, around: Surroundings, changes: Changes, mended: str
) -> bool:
    changed = _changed(config, changes)
    if changed is None or any(refusals(changed, instrument, around)):
        return False
    return not mended or mended not in {each.code for each in findings(changed, instrument, price, around)}


def _forced(
    config: PegConfig, instrument: Instrument, around: Surroundings, codes: set[str]
) -> Iterator[dict[str, str]]:
    """What has to change whatever else does; where nothing can be traded, either side's minimum balance would do."""
    band = Band.of(config, instrument)
    limits: dict[str, str] = {}
    if band.low > 0 and "quote_limit_too_small" in codes:
        limits["quote_order_limit"] = plain(least_limit(band, Side.BUY))
    if band.low > 0 and "base_limit_too_small" in codes:
        limits["base_order_limit"] = plain(least_limit(band, Side.SELL))
    if "nothing_to_trade" not in codes:
        yield limits
        return
    quote_limit = Decimal(limits.get("quote_order_limit", config.quote_order_limit)) * with_fee(instrument)
    base_limit = Decimal(limits.get("base_order_limit", config.base_order_limit))
    for name, held, limit in (
        ("quote_min_balance", around.balances[instrument.quote], quote_limit),
        ("base_min_balance", around.balances[instrument.base], base_limit),
    ):
        yield {**limits, name: plain(rounded(max(ZERO, held - limit)))}


def _candidates(
    config: PegConfig, instrument: Instrument, price: Decimal, codes: set[str], forced: Changes
) -> Iterator[tuple[str, str, Changes]]:
    """A name, the finding besides refusals that has to be gone, and the changes."""
    if "self_trade_forbidden" in codes:
        yield "quotes_instead", "", {**forced, "activity": Activity.QUOTES.value}
        yield "no_activity", "", {**forced, "activity": Activity.OFF.value}
    elif "band_too_narrow" in codes:
        tick = Band.of(config, instrument).tick
        yield "widen_band", "", {**forced, "deviation": plain(max(config.deviation, ZERO) + 2 * tick)}
        yield "no_activity", "", {**forced, "activity": Activity.OFF.value}
    elif "no_price" in codes:
        yield from _above_nothing(config, instrument, forced)
    elif forced:
        yield ("keep_less" if "nothing_to_trade" in codes else "raise_limits"), "", forced
    if "price_outside_band" in codes:
        yield "price_as_market", "price_outside_band", {**forced, "price": plain(price)}


def _above_nothing(config: PegConfig, instrument: Instrument, forced: Changes) -> Iterator[tuple[str, str, Changes]]:
    """The band's lower edge rounds down to nothing: a narrower band, with limits that suffice at its new edges."""
    tick = Band.of(config, instrument).tick
    changes = {**forced, "deviation": plain(max(ZERO, config.price - 2 * tick))}
    changed = _changed(config, changes)
    if changed is not None and (band := Band.of(changed, instrument)).low > 0:
        limits = {"quote_order_limit": config.quote_order_limit, "base_order_limit": config.base_order_limit}
        least = dict(zip(limits, (least_limit(band, Side.BUY), least_limit(band, Side.SELL)), strict=True))
        raised = {name: plain(least[name]) for name, limit in limits.items() if limit < least[name]}
        yield "narrow_band", "", {**changes, **raised}


def _lower_limits(
    config: PegConfig, instrument: Instrument, around: Surroundings, codes: set[str]
) -> Iterator[tuple[str, Changes]]:
    """Limits that can be used in full."""
    funds = Funds.of(config, instrument, around.balances)
    if "quote_limit_above_funds" in codes and funds.quote is not None:
        yield "lower_quote_limit", {"quote_order_limit": plain(rounded(funds.quote))}
    if "base_limit_above_funds" in codes and funds.base is not None:
        yield "lower_base_limit", {"base_order_limit": plain(rounded(funds.base))}


def _changed(config: PegConfig, changes: Changes) -> PegConfig | None:
    try:
        return PegConfig.model_validate({**config.model_dump(), **changes})
    except ValidationError:
        return None
