"""Every test of this room runs against every venue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import ccxt.pro
import pytest

from tests.contract.driver import Driver
from tests.contract.paper_driver import PaperDriver
from tests.venues.binance.driver import binance
from tests.venues.bitget.driver import bitget
from tests.venues.kucoin.driver import kucoin
from tests.venues.mexc.driver import mexc
from trading.core.diff import AmendMode
from trading.core.instrument import MarketKind
from trading.exchanges.live.profiles import Profile, unproven


@asynccontextmanager
async def _paper(amend: AmendMode = AmendMode.IN_PLACE) -> AsyncIterator[Driver]:
    driver = PaperDriver(amend)
    await driver.start()
    yield driver
    await driver.stop()


def as_unproven(venue: str, kind: MarketKind, **options: object) -> Profile:
    """What would be known of a venue without a profile. ``options`` answer what our server cannot be asked."""
    profile = unproven(kind, getattr(ccxt.pro, venue)())
    return replace(profile, options={**profile.options, **options})


DRIVERS: dict[str, Callable[[], AbstractAsyncContextManager[Driver]]] = {
    "binance": binance,
    "bitget": bitget,
    "kucoin": kucoin,
    "mexc": mexc,
    "paper": _paper,
    "replacing paper": lambda: _paper(AmendMode.REPLACE),
    # Known servers spoken to as if nothing but ccxt's own tables were known of them: so any other venue is spoken to.
    "unproven perpetual": lambda: bitget(profile=as_unproven("bitget", MarketKind.PERPETUAL, uta=False)),
    "unproven spot": lambda: binance(profile=as_unproven("binance", MarketKind.SPOT)),
}


@pytest.fixture(params=sorted(DRIVERS))
async def driver(request: pytest.FixtureRequest) -> AsyncIterator[Driver]:
    async with DRIVERS[request.param]() as one:
        yield one
