"""Prices of other markets that a preview wants to know: read once, now, and missing where they cannot be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel

from trading.core.instrument import Instrument
from trading.core.planning import Reference, Strategy
from trading.exchanges.errors import UnknownVenue, VenueError
from trading.runtime.station import Station

log = logging.getLogger(__name__)

SIGHT_SECONDS = 5.0
"""A person waits for the preview; a venue that needs longer than this (real seconds) is not known this time."""

Prices = Mapping[Reference, Decimal | None]


async def prices_around(
    station: Station, strategy: Strategy, config: BaseModel, instrument: Instrument, price: Decimal
) -> Prices:
    """What the strategy's preview wants to see, until it wants nothing new. Raises nothing of a venue's."""
    prices: dict[Reference, Decimal | None] = {}
    asked: set[Reference] = set()
    while wanted := [sight for sight in strategy.sights(config, instrument, price, prices) if sight not in asked]:
        asked.update(wanted)
        for seen in await asyncio.gather(*(_look(station, sight) for sight in wanted)):
            prices |= seen
    return prices


async def _look(station: Station, sight: Reference) -> Prices:
    """The mid, or None where there is no such market; empty where that is not known."""
    try:
        async with asyncio.timeout(SIGHT_SECONDS):
            gateway = await station.public(sight.venue) if sight.venue else station.gateway
            if sight.symbol not in gateway.instruments():
                return {sight: None}
            book = await gateway.book(sight.symbol)
    except UnknownVenue:
        return {sight: None}
    except (VenueError, TimeoutError) as problem:
        log.info("%s on %s is not seen: %r", sight.symbol, sight.venue, problem)
        return {}
    return {sight: book.mid} if book.mid is not None else {}
