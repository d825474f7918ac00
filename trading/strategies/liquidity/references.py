"""The market whose price is followed, as a preview sees it: is it there, and does it say the same as ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from trading.core.instrument import Instrument, plain
from trading.core.planning import Finding, Reference
from trading.strategies.liquidity.config import LiquidityConfig
from trading.strategies.liquidity.measures import distance_percent
from trading.strategies.liquidity.sight import REFERENCE

_USUAL_VENUES = ("kucoin", "binance", "mexc")
"""Where else a coin is likely to be traded, and can be looked at without a key."""
_CENT = Decimal("0.01")

Prices = Mapping[Reference, Decimal | None]


def reference_of(config: LiquidityConfig, rules: Instrument) -> Reference:
    return Reference(REFERENCE, config.reference_venue, config.reference_symbol or rules.symbol)


def wanted_sights(config: LiquidityConfig, rules: Instrument, price: Decimal, prices: Prices) -> Sequence[Reference]:
    """The reference; where it cannot be one, those that could."""
    own = reference_of(config, rules)
    wanted = [] if _is_target(own, rules) else [own]
    if any(reference_findings(config, rules, price, prices)):
        wanted += [other for other in _others(config, rules) if other != own]
    return wanted


def reference_findings(config: LiquidityConfig, rules: Instrument, price: Decimal, prices: Prices) -> Iterator[Finding]:
    own = reference_of(config, rules)
    values = {"venue": own.venue, "symbol": own.symbol}
    if _is_target(own, rules):
        yield Finding("reference_is_target", "refusal", values)
    elif own in prices:
        seen, guard = prices[own], config.price_source_guard_percent
        if seen is None:
            yield Finding("reference_missing", "refusal", values)
        elif (percent := distance_percent(price, seen)) > guard:
            apart = {"percent": plain(percent.quantize(_CENT)), "guard": plain(guard), "price": plain(seen)}
            yield Finding("reference_apart", "danger", {**values, **apart})


def reference_settings(config: LiquidityConfig, rules: Instrument, prices: Prices) -> Iterator[dict[str, str]]:
    """Settings that name another reference, one that is known to be there."""
    for other in _others(config, rules):
        if prices.get(other) is not None:
            changes = {"reference_venue": other.venue, "reference_symbol": ""}
            yield {name: value for name, value in changes.items() if getattr(config, name) != value}


def _others(config: LiquidityConfig, rules: Instrument) -> Iterator[Reference]:
    """The pair of the bot, on the venue that is named already and on others."""
    for venue in dict.fromkeys((config.reference_venue, *_USUAL_VENUES)):
        if venue != rules.venue:
            yield Reference(REFERENCE, venue, rules.symbol)


def _is_target(reference: Reference, rules: Instrument) -> bool:
    return (reference.venue, reference.symbol) == (rules.venue, rules.symbol)
