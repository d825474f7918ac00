"""A paper account on a real venue's order books: Binance's local server, and what happens when it goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.desk.place import ADMIN, OWNER, refused
from tests.desk.test_paper import eventually
from tests.venues.binance.server import BinanceVenue
from trading.core.instrument import Side
from trading.core.market import BookLevel
from trading.core.orders import OrderType, Role
from trading.core.planning import TargetOrder
from trading.desk.connecting import LiveTerms
from trading.desk.desk import Desk
from trading.desk.housekeeping import KeepTerms
from trading.desk.paper_house import PaperTerms
from trading.desk.paper_prices import PaperPrices, PriceKind
from trading.desk.running import Terms, trading
from trading.exchanges.errors import NotSent, Unavailable
from trading.exchanges.gateway import Accepted, NewOrder
from trading.exchanges.paper import PaperGateway
from trading.runtime.accounts import AccountId
from trading.vault import new_master_key

D = Decimal
SYMBOL, MARKET = "BTC/USDT", "BTCUSDT"
LIVE = PaperPrices(PriceKind.LIVE, venue="binance")
ACCOUNT = AccountId(OWNER, None)


@asynccontextmanager
async def desk_on(folder: Path, venue: BinanceVenue, key: str, speed: float = 10) -> AsyncIterator[Desk]:
    terms = Terms(
        database_url=f"sqlite+aiosqlite:///{folder}/desk.db",
        master_keys=[key],
        admin_ids=frozenset({ADMIN}),
        live=LiveTerms(addresses={"binance": venue.address}, requests_per_minute=6000, concurrent_requests=20),
        keep=KeepTerms(backups=folder / "backups"),
        paper=PaperTerms(speed=speed, uploads=folder / "paper"),
    )
    async with trading(terms) as desk:
        await desk.arrive(OWNER, "Owner", None, "en")
        await desk.decide_access(ADMIN, OWNER, approve=True)
        yield desk


@pytest.fixture
async def venue() -> AsyncIterator[BinanceVenue]:
    async with BinanceVenue() as running:
        yield running


def quotes(venue: BinanceVenue, bid: str, ask: str) -> None:
    venue.world.show(MARKET, [BookLevel(D(bid), D(2))], [BookLevel(D(ask), D(2))])


def limit_buy(name: str, price: str) -> NewOrder:
    return NewOrder(name, SYMBOL, TargetOrder("s", Role.QUOTE, Side.BUY, OrderType.LIMIT, D("0.01"), D(price)))


async def gateway_of(desk: Desk) -> PaperGateway:
    station = await desk._house.supervisor.station(ACCOUNT)
    assert isinstance(station.gateway, PaperGateway)
    return station.gateway


async def test_a_resting_order_fills_when_the_real_book_crosses_it(tmp_path: Path, venue: BinanceVenue) -> None:
    quotes(venue, "61000", "61010")
    async with desk_on(tmp_path, venue, new_master_key()) as desk:
        card = await desk.choose_paper_prices(OWNER, LIVE, token="p1")
        assert (card.prices, card.speed, card.away) == (LIVE, D(1), "")
        assert card.total["USDT"] == D(10_000)
        gateway = await gateway_of(desk)
        assert gateway.capabilities.is_paper
        assert (await gateway.book(SYMBOL)).bid == D(61000)
        [taken] = await gateway.place([limit_buy("mgtest1", "60500")])
        assert isinstance(taken, Accepted)
        await asyncio.sleep(1.2)
        assert await gateway.fills(SYMBOL, datetime.now(UTC) - timedelta(days=1)) == []
        quotes(venue, "60400", "60450")

        async def filled() -> bool:
            return bool(await gateway.fills(SYMBOL, datetime.now(UTC) - timedelta(days=1)))

        await eventually(filled)
        [fill] = await gateway.fills(SYMBOL, datetime.now(UTC) - timedelta(days=1))
        assert (fill.price, fill.amount) == (D(60500), D("0.01"))
        # The venue itself has seen nothing of it.
        assert all(not account.exchange.open_orders() for account in venue.world.accounts.values())


async def test_without_prices_nothing_fills_and_everything_says_so(tmp_path: Path, venue: BinanceVenue) -> None:
    quotes(venue, "61000", "61010")
    key = new_master_key()
    async with desk_on(tmp_path, venue, key) as desk:
        await desk.choose_paper_prices(OWNER, LIVE, token="p1")
        gateway = await gateway_of(desk)
        await gateway.place([limit_buy("mgtest1", "60500")])
        ended = asyncio.create_task(_until_cut(gateway))
        await asyncio.sleep(0.3)
        await venue.stop()

        async def is_away() -> bool:
            return bool((await desk.paper(OWNER)).away)

        await eventually(is_away, 40)
        with pytest.raises(Unavailable):
            await asyncio.wait_for(ended, 20)
        with pytest.raises(Unavailable, match="no live prices of BTC/USDT"):
            await gateway.open_orders([])
        [refusal] = await gateway.place([limit_buy("mgtest2", "60500")])
        assert isinstance(refusal, NotSent)
        # What was there is still there, and the money can be seen.
        assert (await desk.paper(OWNER)).total["USDT"] == D(10_000)
        venue.world.show(MARKET, [BookLevel(D(60000), D(2))], [BookLevel(D(60010), D(2))])
        await asyncio.sleep(1.2)
        assert await gateway.fills(SYMBOL, datetime.now(UTC) - timedelta(days=1)) == []
        # And left behind for prices that there are.
        card = await desk.choose_paper_prices(OWNER, PaperPrices(PriceKind.SIMULATED), token="p2")
        assert (card.away, card.free["USDT"]) == ("", D(10_000))


async def _until_cut(gateway: PaperGateway) -> None:
    async for _ in gateway.watch_book(SYMBOL):
        pass


async def test_prices_come_back_after_streams_were_cut(tmp_path: Path, venue: BinanceVenue) -> None:
    quotes(venue, "61000", "61010")
    async with desk_on(tmp_path, venue, new_master_key()) as desk:
        await desk.choose_paper_prices(OWNER, LIVE, token="p1")
        gateway = await gateway_of(desk)
        await gateway.book(SYMBOL)
        await venue.sockets.cut()
        quotes(venue, "60000", "60010")

        async def follows() -> bool:
            try:
                return (await gateway.book(SYMBOL)).bid == D(60000)
            except Unavailable:
                return False

        await eventually(follows)


async def test_a_venue_that_is_away_cannot_be_chosen(tmp_path: Path, venue: BinanceVenue) -> None:
    async with desk_on(tmp_path, venue, new_master_key()) as desk:
        await venue.stop()
        async with refused("venue_away"):
            await desk.choose_paper_prices(OWNER, LIVE, token="p1")
        assert (await desk.paper(OWNER)).prices.kind is PriceKind.SIMULATED


async def test_paper_time_never_goes_back_when_prices_are_switched(tmp_path: Path, venue: BinanceVenue) -> None:
    quotes(venue, "61000", "61010")
    async with desk_on(tmp_path, venue, new_master_key()) as desk:
        house, seen = desk._house.connections.paper, []
        for turn, prices in enumerate((PaperPrices(PriceKind.SIMULATED), LIVE, PaperPrices(PriceKind.SIMULATED), LIVE)):
            await asyncio.sleep(0.5)
            await desk.choose_paper_prices(OWNER, prices, token=f"p{turn}")
            seen.append((await (await gateway_of(desk)).account()).at)
            assert house.clock_of(OWNER).now() >= seen[-1]
        assert seen == sorted(seen)


async def test_a_preview_says_whose_prices_it_is_made_at_and_what_is_simulated(
    tmp_path: Path, venue: BinanceVenue
) -> None:
    quotes(venue, "61000", "61010")
    async with desk_on(tmp_path, venue, new_master_key()) as desk:
        seen = await desk.preview(OWNER, None, "liquidity", SYMBOL, {"reference_venue": "binance"})
        assert seen.prices == PaperPrices(PriceKind.SIMULATED)
        assert [(each.code, each.values) for each in seen.preview.findings if each.code.startswith("reference")] == [
            ("reference_simulated", {"venue": "Binance"})
        ]
        await desk.choose_paper_prices(OWNER, LIVE, token="p1")
        seen = await desk.preview(OWNER, None, "liquidity", SYMBOL, {"reference_venue": "binance"})
        assert (seen.prices, seen.preview.price) == (LIVE, D(61005))
        assert [(each.code, each.values) for each in seen.preview.findings if each.code.startswith("reference")] == [
            ("reference_is_source", {"venue": "Binance"})
        ]
        other = await desk.preview(
            OWNER, None, "liquidity", SYMBOL, {"reference_venue": "binance", "reference_symbol": "ETH/USDT"}
        )
        assert "reference_is_source" not in {each.code for each in other.preview.findings}, "another market of it"


async def test_a_live_reference_is_fresh_for_an_account_whose_time_is_ahead(
    tmp_path: Path, venue: BinanceVenue
) -> None:
    quotes(venue, "61000", "61010")
    async with desk_on(tmp_path, venue, new_master_key(), speed=3600) as desk:
        await desk.paper(OWNER)
        await asyncio.sleep(1)
        await desk.set_paper_balance(OWNER, "BTC", D(1))
        await desk.choose_paper_prices(OWNER, LIVE, token="p1")
        ahead = desk._house.connections.paper.clock_of(OWNER).now() - datetime.now(UTC)
        assert ahead > timedelta(minutes=10), "made up markets ran faster than the machine"
        config = {"deposit": "2000", "reference_venue": "binance"}
        [bot] = await desk.create(OWNER, None, "liquidity", [SYMBOL], config, accept_danger=True, token="c1")

        async def quotes_on_both_sides() -> bool:
            return (await desk.bot(OWNER, bot.id)).open_orders == 10

        await eventually(quotes_on_both_sides, 30)
