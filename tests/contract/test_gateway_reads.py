"""What every gateway reads: markets, account, positions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.contract.driver import (
    LEVERAGE,
    MARGIN_MODE,
    Driver,
    a_book,
    an_order,
    long_ago,
    needs_positions,
    place,
    symbol_of,
)
from trading.core.instrument import MarketKind, Side
from trading.core.planning import MarginMode
from trading.exchanges.errors import Rejected

D = Decimal


async def test_markets_are_known_with_their_rules(driver: Driver) -> None:
    rules = driver.gateway.instruments()[symbol_of(driver)]
    kind = MarketKind.PERPETUAL if driver.gateway.capabilities.has_positions else MarketKind.SPOT
    assert (rules.base, rules.quote, rules.kind) == ("CRV", "USDT", kind)
    assert (rules.price_tick, rules.amount_step, rules.min_cost) == (D("0.0001"), D("0.1"), D(5))
    if driver.gateway.capabilities.is_proven:
        assert (rules.maker_fee, rules.taker_fee) == (D("0.0002"), D("0.0006"))
    else:
        # The market list tells the venue's usual rates at best.
        assert D("0.0001") < rules.maker_fee <= rules.taker_fee
    detailed = await driver.gateway.instrument(symbol_of(driver))
    if driver.gateway.capabilities.has_positions:
        assert detailed.maintenance_known
        assert detailed.maintenance_rate(D(100)) == D("0.01")


async def test_market_that_is_not_there_is_a_key_error(driver: Driver) -> None:
    with pytest.raises(KeyError):
        await driver.gateway.instrument("NOTHING/USDT:USDT")


async def test_opening_twice_does_no_harm(driver: Driver) -> None:
    await driver.gateway.open()
    assert symbol_of(driver) in driver.gateway.instruments()


async def test_book_is_ordered_and_as_the_market_shows_it(driver: Driver) -> None:
    await driver.show(a_book("0.4899", "0.4901", "77"))
    book = await driver.gateway.book(symbol_of(driver))
    assert (book.symbol, book.bid, book.ask, book.bids[0].amount) == (
        symbol_of(driver),
        D("0.4899"),
        D("0.4901"),
        D(77),
    )
    assert all(better.price > worse.price for better, worse in pairwise(book.bids))
    assert all(better.price < worse.price for better, worse in pairwise(book.asks))
    assert book.at.utcoffset() == timedelta(0)


async def test_book_has_our_own_orders_in_it(driver: Driver) -> None:
    await place(driver, an_order(driver, Side.BUY, "20", "0.5"))
    book = await driver.gateway.book(symbol_of(driver))
    assert (book.bid, book.bids[0].amount) == (D("0.5"), D(20))


async def test_book_is_as_deep_as_asked(driver: Driver) -> None:
    assert len((await driver.gateway.book(symbol_of(driver), depth=5)).bids) == 5


async def test_tickers_tell_the_last_price_and_what_was_traded_in_a_day(driver: Driver) -> None:
    tickers = {ticker.symbol: ticker for ticker in await driver.gateway.tickers()}
    last, volume = tickers[symbol_of(driver)].last, tickers[symbol_of(driver)].quote_volume
    assert last is not None
    assert abs(last - D("0.5")) < D("0.01")
    assert volume is not None
    assert volume > 0


@pytest.mark.parametrize("timeframe", ["1m", "1h"])
async def test_candles_come_oldest_first(driver: Driver, timeframe: str) -> None:
    candles = await driver.gateway.candles(symbol_of(driver), timeframe, 50)
    assert 0 < len(candles) <= 50
    assert all(earlier.at < later.at for earlier, later in pairwise(candles))
    assert all(candle.low <= candle.close <= candle.high for candle in candles)


async def test_candles_from_a_time_on_begin_there_and_leave_nothing_out(driver: Driver) -> None:
    """Also of some weeks ago, which venues keep elsewhere."""
    length = timedelta(minutes=5)
    for days in (0.1, 2, 30):
        newest = (await driver.gateway.candles(symbol_of(driver), "5m", 1))[-1].at
        since = newest - timedelta(days=days) // length * length
        page = await driver.gateway.candles(symbol_of(driver), "5m", 200, since)
        assert page[0].at == since
        assert {later.at - earlier.at for earlier, later in pairwise(page)} == {length}
        assert len(page) == min(200, (newest - since) // length + 1)


async def test_account_tells_total_free_and_equity(driver: Driver) -> None:
    before = await driver.gateway.account()
    assert (before.total["USDT"], before.free["USDT"]) == (D(10_000), D(10_000))
    await place(driver, an_order(driver, Side.BUY, "1000", "0.4"))
    after = await driver.gateway.account()
    assert after.total["USDT"] == D(10_000)
    if driver.gateway.capabilities.has_positions:
        assert D(9_979) < after.free["USDT"] <= D(9_980)
        assert not after.is_hedged
        # An unproven venue tells balances only.
        assert (before.equity is None) != driver.gateway.capabilities.is_proven
        assert before.equity is None or before.equity >= D(10_000)
    else:
        assert D(9_599) < after.free["USDT"] <= D(9_600)


async def test_position_is_told_with_average_and_liquidation(driver: Driver) -> None:
    needs_positions(driver)
    assert await driver.gateway.positions() == []
    await place(driver, an_order(driver, Side.BUY, "100"))
    (position,) = await driver.gateway.positions()
    assert (position.symbol, position.amount, position.entry_price) == (symbol_of(driver), D(100), D("0.5001"))
    assert (position.leverage, position.margin_mode) == (D(LEVERAGE), MARGIN_MODE)
    assert position.liquidation_price is not None
    expected = D("0.5001") * D("0.95") / D("0.99")
    assert abs(position.liquidation_price - expected) < D("0.0001")


async def test_short_position_is_negative(driver: Driver) -> None:
    needs_positions(driver)
    await place(driver, an_order(driver, Side.SELL, "100"))
    (position,) = await driver.gateway.positions()
    assert position.amount == D(-100)


async def test_prepare_sets_leverage_and_margin_mode_once_and_again(driver: Driver) -> None:
    needs_positions(driver)
    for _ in range(2):
        await driver.gateway.prepare(symbol_of(driver), 10, MarginMode.CROSS)
    assert driver.truth.account.leverage(symbol_of(driver)) == 10
    assert driver.truth.account.mode(symbol_of(driver)) is MarginMode.CROSS


async def test_prepare_is_refused_while_it_is_in_use(driver: Driver) -> None:
    needs_positions(driver)
    await place(driver, an_order(driver, Side.BUY, "20", "0.4"))
    with pytest.raises(Rejected) as refused:
        await driver.gateway.prepare(symbol_of(driver), LEVERAGE, MarginMode.CROSS)
    assert refused.value.reason == "margin_mode"


async def test_prepare_refuses_a_leverage_that_the_market_has_not(driver: Driver) -> None:
    needs_positions(driver)
    with pytest.raises(Rejected) as refused:
        await driver.gateway.prepare(symbol_of(driver), 500, MARGIN_MODE)
    assert refused.value.reason == "leverage"


async def test_funding_is_empty_without_a_position(driver: Driver) -> None:
    assert await driver.gateway.funding(symbol_of(driver), long_ago(driver)) == []
