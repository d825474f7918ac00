"""The paper markets as another venue shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from trading.exchanges.echoed_market import LAG, EchoedMarket
from trading.exchanges.simulated_market import SimulatedMarket

MARKET = SimulatedMarket(seed=7)
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MOMENTS = [AT + timedelta(minutes=7 * number) for number in range(60)]


@pytest.mark.parametrize("symbol", ["BTC/USDT", "CRV/USDT", "ETH/BTC"])
def test_its_prices_are_near_and_not_the_same(symbol: str) -> None:
    echo, tick = EchoedMarket(MARKET, "kucoin"), MARKET.instruments()[symbol].price_tick
    apart = []
    for at in MOMENTS:
        seen, own = echo.book(symbol, at), MARKET.book(symbol, at - LAG)
        assert seen.at == at
        assert seen.mid is not None
        assert own.mid is not None
        assert all(level.price > 0 and level.price % tick == 0 for level in (*seen.bids, *seen.asks))
        assert seen.bid is not None
        assert seen.ask is not None
        assert seen.bid < seen.ask
        apart.append(abs(seen.mid - own.mid) / own.mid)
    assert max(apart) < Decimal("0.003")
    assert sum(1 for share in apart if share) > len(apart) / 2


def test_each_venue_has_prices_of_its_own_that_never_change() -> None:
    first, second = EchoedMarket(MARKET, "kucoin"), EchoedMarket(MARKET, "mexc")
    assert [first.book("BTC/USDT", at) for at in MOMENTS] != [second.book("BTC/USDT", at) for at in MOMENTS]
    again = EchoedMarket(SimulatedMarket(seed=7), "kucoin")
    assert [first.book("BTC/USDT", at) for at in MOMENTS] == [again.book("BTC/USDT", at) for at in MOMENTS]


def test_its_trades_are_those_of_the_market_a_moment_later_and_come_once() -> None:
    echo = EchoedMarket(MARKET, "kucoin")
    own = MARKET.trades("BTC/USDT", AT, AT + timedelta(seconds=20))
    halves = [AT + LAG + timedelta(seconds=seconds) for seconds in (0, 10, 20)]
    seen = [*echo.trades("BTC/USDT", *halves[:2]), *echo.trades("BTC/USDT", *halves[1:])]
    assert [(trade.at - LAG, trade.side, trade.amount) for trade in seen] == [
        (trade.at, trade.side, trade.amount) for trade in own
    ]


def test_it_has_the_same_markets_under_another_name() -> None:
    echo = EchoedMarket(MARKET, "kucoin")
    assert echo.instruments().keys() == MARKET.instruments().keys()
    assert {rules.venue for rules in echo.instruments().values()} == {"kucoin"}
    assert echo.candles("BTC/USDT", "1h", 5, AT) == MARKET.candles("BTC/USDT", "1h", 5, AT)
