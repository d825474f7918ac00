"""What the quote currency is worth in USD: where to look, and which markets could be named for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from trading.core.instrument import Instrument, plain
from trading.core.planning import Reference
from trading.strategies.pingpong.config import PingPongConfig, is_dollar
from trading.strategies.pingpong.market import USD

_USUAL_DOLLARS = ("USDT", "USDC", "USD", "FDUSD")
"""Where most markets of a coin are, the likeliest first."""

Prices = Mapping[Reference, Decimal | None]


def dollar_market(config: PingPongConfig) -> Reference | None:
    return Reference(USD, "", config.usd_market) if config.usd_market is not None else None


def needs_rate(config: PingPongConfig, instrument: Instrument) -> bool:
    """One for one is right for dollars only."""
    return not is_dollar(instrument.quote) and config.usd_per_quote == 1


def likely_rate(config: PingPongConfig, instrument: Instrument, prices: Prices) -> Decimal:
    """USD for one quote currency, as the plan will reckon with: by the dollar market where its price is known, else by
    the fixed rate; where that is yet to be said, by the likeliest dollar market.
    """
    market = dollar_market(config)
    told = prices.get(market) if market is not None else None
    if told is not None:
        return told
    likely = next(dollar_settings(instrument, prices), None) if needs_rate(config, instrument) else None
    return Decimal(likely["usd_per_quote"] or 1) if likely else config.usd_per_quote


def set_aside(config: PingPongConfig, rate: Decimal) -> Decimal:
    """What the account must hold for the budget (quote): by ``rate``, and by the fixed one, after which money is
    set aside.
    """
    return config.budget / min(rate, config.usd_per_quote)


def dollar_markets(config: PingPongConfig, instrument: Instrument, prices: Prices) -> Sequence[Reference]:
    """The dollar market that is set; those that could be, where it is not there or none is set and a rate is needed."""
    named = dollar_market(config)
    is_missing = named is not None and named in prices and prices[named] is None
    wanted = [named] if named is not None else []
    if is_missing or needs_rate(config, instrument):
        wanted += _usual(instrument)
    return wanted


def dollar_settings(instrument: Instrument, prices: Prices) -> Iterator[dict[str, str | None]]:
    """Settings after which the worth is known, the likeliest first."""
    if is_dollar(instrument.quote):
        yield {"usd_market": None, "usd_per_quote": "1"}
    for market in _usual(instrument):
        price = prices.get(market)
        if price is not None:
            yield {"usd_market": market.symbol, "usd_per_quote": plain(_legible(price))}


def _legible(rate: Decimal) -> Decimal:
    """Five digits that count: the market itself says it to the last one while the bot runs."""
    return rate.quantize(Decimal(1).scaleb(rate.adjusted() - 4))


def _usual(instrument: Instrument) -> list[Reference]:
    if is_dollar(instrument.quote):
        return []
    return [Reference(USD, "", f"{instrument.quote}/{dollar}") for dollar in _USUAL_DOLLARS]
