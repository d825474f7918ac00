"""An exchange without a profile on the real wire: Binance US, which speaks as Binance does, from key to closed bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from tests.desk.place import ADMIN, OWNER, refused
from tests.venues.binance.server import BinanceVenue
from trading.core.instrument import Side
from trading.desk.answers import Activity, StopChoice
from trading.desk.connecting import LiveTerms
from trading.desk.desk import Desk
from trading.desk.housekeeping import KeepTerms
from trading.desk.running import Terms, trading
from trading.vault import new_master_key

SYMBOL, MARKET = "CRV/USDT", "CRVUSDT"
KEY = {"apiKey": "bn-key", "secret": "bn-secret"}
CONFIG = {"order_size": "50", "budget": "300"}


@asynccontextmanager
async def desk_on(folder: Path, venue: BinanceVenue) -> AsyncIterator[Desk]:
    terms = Terms(
        database_url=f"sqlite+aiosqlite:///{folder}/desk.db",
        master_keys=[new_master_key()],
        admin_ids=frozenset({ADMIN}),
        live=LiveTerms(addresses={"binanceus": venue.address}, requests_per_minute=6000, concurrent_requests=20),
        keep=KeepTerms(backups=folder / "backups"),
    )
    async with trading(terms) as desk:
        await desk.arrive(OWNER, "Owner", None, "en")
        await desk.decide_access(ADMIN, OWNER, approve=True)
        yield desk


async def eventually(reached: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await reached():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


async def test_a_bot_trades_on_an_exchange_that_nobody_has_proven(tmp_path: Path) -> None:
    async with BinanceVenue() as venue, desk_on(tmp_path, venue) as desk:
        account = venue.world.accounts["bn-key"].exchange
        async with refused("key_refused"):
            await desk.add_key(OWNER, "binanceus", "", {**KEY, "secret": "wrong"})
        key = await desk.add_key(OWNER, "binanceus", "", KEY)
        assert (key.venue_title, key.label, key.is_proven) == ("Binance US", "Binance US -key", False)
        check = await desk.test_key(OWNER, key.id)
        assert (check.ok, check.equity, check.can_withdraw) == (True, account.balances()["USDT"], None)
        assert [card.symbol for card in await desk.find_markets(OWNER, key.id, "pingpong", "crv")] == [SYMBOL]
        preview = await desk.preview(OWNER, key.id, "pingpong", SYMBOL, CONFIG)
        assert "unproven_venue" in {found.code for found in preview.preview.findings}
        async with refused("danger_not_accepted"):
            await desk.create(OWNER, key.id, "pingpong", [SYMBOL], CONFIG, accept_danger=False, token="made")
        [bot] = await desk.create(OWNER, key.id, "pingpong", [SYMBOL], CONFIG, accept_danger=True, token="made")

        async def quotes() -> bool:
            return bool(account.open_orders())

        await eventually(quotes)
        first = account.open_orders()[0]
        assert first.price is not None
        venue.world.trade(MARKET, Side(first.side).opposite, first.price, Decimal(1_000_000))

        async def quotes_the_other_side() -> bool:
            resting = account.open_orders()
            return bool(resting) and resting[0].side is not first.side

        await eventually(quotes_the_other_side)
        assert len(account.fills()) == 1
        assert (await desk.bot(OWNER, bot.id)).last_fill_at is not None
        await desk.stop(OWNER, bot.id, StopChoice.CANCEL_ORDERS, token="stop")

        async def has_stopped() -> bool:
            return (await desk.bot(OWNER, bot.id)).activity is Activity.STOPPED

        await eventually(has_stopped)
        assert account.open_orders() == []
        async with refused("danger_not_accepted"):
            await desk.start(OWNER, bot.id, accept_danger=False, token="again")
    ids = [order.client_id for order in account.finished_orders()]
    assert len(ids) == len(set(ids))
