"""Every test of this room runs against every venue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from tests.contract.driver import Driver
from tests.contract.paper_driver import PaperDriver
from tests.venues.binance.driver import binance
from tests.venues.bitget.driver import bitget
from tests.venues.kucoin.driver import kucoin
from tests.venues.mexc.driver import mexc
from trading.core.diff import AmendMode


@asynccontextmanager
async def _paper(amend: AmendMode = AmendMode.IN_PLACE) -> AsyncIterator[Driver]:
    driver = PaperDriver(amend)
    await driver.start()
    yield driver
    await driver.stop()


DRIVERS: dict[str, Callable[[], AbstractAsyncContextManager[Driver]]] = {
    "binance": binance,
    "bitget": bitget,
    "kucoin": kucoin,
    "mexc": mexc,
    "paper": _paper,
    "replacing paper": lambda: _paper(AmendMode.REPLACE),
}


@pytest.fixture(params=sorted(DRIVERS))
async def driver(request: pytest.FixtureRequest) -> AsyncIterator[Driver]:
    async with DRIVERS[request.param]() as one:
        yield one
