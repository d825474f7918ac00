"""Whose prices a paper bot would trade on, and what a person should know of them before Start."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import BaseModel

from trading.core.planning import Finding, Strategy
from trading.desk.connecting import title_of
from trading.desk.paper_prices import PaperPrices, PriceKind
from trading.exchanges.gateway import Gateway
from trading.exchanges.paper import PaperGateway

_MADE_UP = PaperPrices(PriceKind.SIMULATED)


def prices_of_market(prices: PaperPrices, symbol: str, recorded: Collection[str]) -> PaperPrices:
    """A recording plays its own market, and the others are made up. ``recorded`` are the operator's symbols."""
    match prices.kind:
        case PriceKind.OPERATOR if symbol not in recorded:
            return _MADE_UP
        case PriceKind.UPLOADED if symbol != prices.symbol:
            return _MADE_UP
    return prices


def paper_findings(
    gateway: Gateway, prices: PaperPrices, symbol: str, strategy: Strategy, config: BaseModel
) -> Iterator[Finding]:
    """A recording that is over; other venues that are made up too, or that are the very one the prices come from."""
    if isinstance(gateway, PaperGateway) and gateway.has_ended(symbol):
        yield Finding("recording_ended", "note")
    others = [reference for reference in strategy.references(config) if reference.venue not in ("", gateway.venue)]
    if prices.kind is not PriceKind.LIVE:
        for venue in sorted({reference.venue for reference in others}):
            yield Finding("reference_simulated", "note", {"venue": title_of(venue)})
    elif any(reference.venue == prices.venue and reference.symbol in ("", symbol) for reference in others):
        yield Finding("reference_is_source", "note", {"venue": title_of(prices.venue)})
