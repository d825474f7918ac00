"""Recorded frames of Binance spot through the local venue: the real book, the real trades, our orders behind them."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from tests.contract.driver import Listening
from tests.venues.binance.client import SYMBOL, as_order, connected, new_order
from tests.venues.binance.recorded import Recording
from tests.venues.binance.server import BinanceVenue
from trading.core.instrument import Side
from trading.core.orders import OrderStatus, TimeInForce
from trading.exchanges.gateway import Accepted

DATA = Path(__file__).parents[2].parent / "shared/data"
D = Decimal

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recordings are not beside the repository")


def recorded(market: str) -> Path:
    return DATA / f"binance_spot_{market}_2024-08-08_raw_ws.jsonl.gz"


@pytest.mark.parametrize(("market", "symbol"), [("BTCUSDT", "BTC/USDT"), ("ETHUSDT", "ETH/USDT")])
async def test_the_streamed_book_is_the_recorded_one_after_every_stretch(market: str, symbol: str) -> None:
    async with BinanceVenue() as venue, connected(venue) as gateway:
        recording = Recording(recorded(market), market, venue.world)
        recording.play(500)
        ear = Listening(gateway.watch_book(symbol))
        for _ in range(8):
            recording.play(250)
            bids, asks = recording.book()
            for _ in range(200):
                if ear.heard and ear.heard[-1].bids == tuple(bids[:50]) and ear.heard[-1].asks == tuple(asks[:50]):
                    break
                await asyncio.sleep(0.02)
            else:
                raise AssertionError(f"the streamed book is another one: {ear.heard[-1:]}, {ear.error!r}")
        await ear.stop()
        assert recording.shown > 50
        assert sum(count for name, count in venue.requests.items() if "depth" in name) == 0


async def test_orders_at_the_best_price_wait_behind_those_before_them_and_are_filled_by_real_trades() -> None:
    async with BinanceVenue() as venue, connected(venue) as gateway:
        recording = Recording(recorded("BTCUSDT"), "BTCUSDT", venue.world)
        recording.play(300)
        names, side, legs, before = count(1), Side.BUY, [], dict(venue.requests)
        events = Listening(gateway.watch_private([SYMBOL]))
        exchange = venue.world.accounts["bn-key"].exchange
        for _ in range(60):
            bids, asks = recording.book()
            best = (bids if side is Side.BUY else asks)[0]
            order = new_order(f"mg{next(names)}", side, "0.0005", f"{best.price}", time_in_force=TimeInForce.POST_ONLY)
            (placed,) = await gateway.place([order])
            assert isinstance(placed, Accepted)
            ahead = exchange.ahead(order.client_id)
            # All that the market shows at the price, less what our own orders have taken of it since it was shown.
            assert ahead is not None
            assert best.amount - D("0.01") < ahead <= best.amount
            while (truth := exchange.order(client_id=order.client_id)) and truth.is_open:
                bids, asks = recording.book()
                moved = (bids if side is Side.BUY else asks)[0].price != best.price
                if moved or not recording.play(1):
                    break
            await gateway.cancel([as_order(order)])
            report = await gateway.order(as_order(order))
            assert report is not None
            fills = await gateway.order_fills(as_order(order))
            assert sum(fill.amount for fill in fills) == report.filled
            assert all(fill.maker and fill.price == best.price for fill in fills)
            if report.filled == order.target.amount:
                legs.append(order.client_id)
                side = side.opposite
            if len(legs) == 3:
                break
        await events.stop()
        assert len(legs) == 3, "some legs were filled in full by the recorded trades"
        assert recording.traded > 100
        assert dict(venue.requests) == before, "nothing went by REST"
        assert not [order for order in venue.truth()["orders"] if order["status"] is OrderStatus.OPEN]
