"""KuCoin and MEXC side by side, for what must hold for both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.contract.driver import Listening
from tests.venues.kucoin.driver import KEY as KUCOIN_KEY
from tests.venues.kucoin.server import KucoinVenue
from tests.venues.mexc.driver import KEY as MEXC_KEY
from tests.venues.mexc.server import MexcVenue
from tests.venues.spot.client import SYMBOL, connected
from tests.venues.spot.server import SpotVenue
from trading.exchanges.gateway import BalanceChanged
from trading.exchanges.live import LiveGateway
from trading.exchanges.venues import Credentials

MessageT = TypeVar("MessageT")


@dataclass
class Line:
    """A venue and the way to it. ``placing``, ``canceling``, ``snapshot``: what their requests are called."""

    name: str
    venue: SpotVenue
    key: Credentials
    market: str
    placing: str
    canceling: str
    snapshot: str

    def connected(self, **options: Any) -> AbstractAsyncContextManager[LiveGateway]:
        return connected(self.name, self.venue, **{"credentials": self.key, **options})


def lines() -> dict[str, Callable[[], Line]]:
    return {"kucoin": _kucoin, "mexc": _mexc}


def _kucoin() -> Line:
    placing, canceling = "POST /api/v1/hf/orders", "DELETE /api/v1/hf/orders"
    return Line("kucoin", KucoinVenue(), KUCOIN_KEY, "CRV-USDT", placing, canceling, "orderbook/level2_100")


def _mexc() -> Line:
    placing, canceling = "POST /api/v3/", "DELETE /api/v3/order"
    return Line("mexc", MexcVenue(), MEXC_KEY, "CRVUSDT", placing, canceling, "GET /api/v3/depth")


async def until(met: Callable[[], object], seconds: float = 30) -> None:
    for _ in range(int(seconds * 100)):
        if met():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never came true")


@asynccontextmanager
async def listening(stream: AsyncIterator[MessageT]) -> AsyncIterator[Listening[MessageT]]:
    ear = Listening(stream)
    try:
        yield ear
    finally:
        await ear.stop()


@asynccontextmanager
async def hearing_book(gateway: LiveGateway, symbol: str = SYMBOL) -> AsyncIterator[Listening[Any]]:
    """From the first book on."""
    async with listening(gateway.watch_book(symbol)) as ear:
        await until(lambda: ear.heard or ear.error)
        assert ear.error is None
        yield ear


@asynccontextmanager
async def hearing_private(gateway: LiveGateway) -> AsyncIterator[Listening[Any]]:
    """From the moment on that says that we listen."""
    async with listening(gateway.watch_private([SYMBOL])) as ear:
        await until(lambda: of(ear, BalanceChanged) or ear.error)
        assert ear.error is None
        yield ear


def of(ear: Listening[Any], kind: type) -> list[Any]:
    return [item for item in ear.heard if isinstance(item, kind)]
