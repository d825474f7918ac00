"""Markets for the paper venue: made up and recorded."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from trading.core.instrument import Instrument, MarketKind, Side
from trading.exchanges.paper_instruments import INSTRUMENTS
from trading.exchanges.recorded_market import recorded_market
from trading.exchanges.simulated_market import SimulatedMarket

NOW = datetime(2026, 3, 1, 10, 7, 13, tzinfo=UTC)
CRV = "CRV/USDT:USDT"
BTC = Instrument(
    "paper", "BTC/USDT", MarketKind.SPOT, "BTC", "USDT", price_tick=Decimal("0.01"), amount_step=Decimal("0.00001")
)


def test_simulated_prices_never_change_their_past() -> None:
    assert SimulatedMarket(7).price(CRV, NOW) == Decimal("0.4647446019425810")
    assert SimulatedMarket(7).book(CRV, NOW) == SimulatedMarket(7).book(CRV, NOW)
    assert SimulatedMarket(8).price(CRV, NOW) != SimulatedMarket(7).price(CRV, NOW)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda instrument: instrument.symbol)
def test_simulated_books_keep_the_markets_rules(instrument: Instrument) -> None:
    market = SimulatedMarket(1)
    for minutes in range(0, 3000, 97):
        book = market.book(instrument.symbol, NOW + timedelta(minutes=minutes))
        assert book.bid is not None
        assert book.ask is not None
        assert book.bid < book.ask < book.bid * Decimal("1.002")
        for side, levels in ((Side.BUY, book.bids), (Side.SELL, book.asks)):
            assert len(levels) == 20
            assert all((better.price - worse.price) * side.sign > 0 for better, worse in pairwise(levels))
            assert all(level.price % instrument.price_tick == 0 for level in levels)
            assert all(level.amount % instrument.amount_step == 0 for level in levels)
            assert all(level.amount > 0 for level in levels)


def test_simulated_candles_join_and_hold_the_price() -> None:
    market = SimulatedMarket(1)
    candles = market.candles(CRV, "1h", 30 * 24, NOW)
    assert len(candles) == 720
    assert candles[-1].at == NOW.replace(minute=0, second=0)
    assert all(earlier.close == later.open for earlier, later in pairwise(candles))
    assert all(candle.low <= min(candle.open, candle.close) for candle in candles)
    assert all(candle.high >= max(candle.open, candle.close) for candle in candles)


def test_simulated_days_move_about_as_much_as_they_should() -> None:
    days = SimulatedMarket(1).candles(CRV, "1d", 200, NOW)
    moves = sorted(abs(day.close / day.open - 1) for day in days)
    assert Decimal("0.01") < moves[100] < Decimal("0.06")
    assert all(Decimal("0.2") < day.close < Decimal("1.2") for day in days)


def test_simulated_trades_happen_inside_the_interval_at_the_best_prices() -> None:
    market = SimulatedMarket(1)
    trades = market.trades(CRV, NOW, NOW + timedelta(seconds=20))
    assert trades
    for trade in trades:
        assert NOW < trade.at <= NOW + timedelta(seconds=20)
        assert trade.price == market.book(CRV, trade.at).best(trade.side.opposite)


def a_candle_file(folder: Path, text: str, name: str = "candles.csv") -> Path:
    path = folder / name
    if name.endswith(".gz"):
        with gzip.open(path, "wt") as file:
            file.write(text)
    else:
        path.write_text(text)
    return path


CANDLES = """timestamp,open,high,low,close,volume
2021-12-31 23:01:00.000000,100,104,98,102,8
2021-12-31 23:02:00.000000,102,103,90,95,4
"""


@pytest.mark.parametrize("name", ["candles.csv", "candles.csv.gz"])
def test_recorded_candles_walk_in_four_steps_from_the_origin(tmp_path: Path, name: str) -> None:
    market = recorded_market(a_candle_file(tmp_path, CANDLES, name), BTC, NOW)
    asks = [market.book("BTC/USDT", NOW + timedelta(seconds=15 * step)).ask for step in range(10)]
    walked = [int(ask or 0) for ask in asks]
    assert walked == [100, 98, 104, 102, 102, 103, 90, 95, 95, 95]
    assert not market.has_ended("BTC/USDT", NOW + timedelta(seconds=119))
    assert market.has_ended("BTC/USDT", NOW + timedelta(seconds=120))


def test_recorded_candles_trade_their_volume_and_come_back_as_candles(tmp_path: Path) -> None:
    market = recorded_market(a_candle_file(tmp_path, CANDLES), BTC, NOW.replace(second=0))
    start = NOW.replace(second=0)
    trades = market.trades("BTC/USDT", start, start + timedelta(minutes=5))
    assert [int(trade.price) for trade in trades] == [98, 104, 102, 102, 103, 90, 95]
    (first, second) = market.candles("BTC/USDT", "1m", 10, start + timedelta(minutes=5))
    assert [int(x) for x in (first.open, first.high, first.low, first.close, first.volume)] == [100, 104, 98, 102, 8]
    assert second.at == start + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "columns"),
        ("a,b\n1,2\n", "columns"),
        ("timestamp,open,high,low,close,volume\n", "no candles"),
        ("timestamp,open,high,low,close,volume\n2021-01-01,1,2,x,1,1\n", "line 2: not a candle"),
        ("timestamp,open,high,low,close,volume\n2021-01-01,1,2,0.5,nan,1\n", "line 2"),
        ("timestamp,open,high,low,close,volume\nyesterday,1,2,0.5,1,1\n", "line 2"),
        ("timestamp,open,high,low,close,volume\n2021-01-01,3,2,0.5,1,1\n", "between low and high"),
        ("timestamp,open,high,low,close,volume\n2021-01-02,1,2,0.5,1,1\n2021-01-01,1,2,0.5,1,1\n", "comes after"),
    ],
)
def test_bad_candle_files_are_refused_with_the_reason(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        recorded_market(a_candle_file(tmp_path, text), BTC, NOW)


@pytest.mark.parametrize("name", ["missing.csv", "missing.jsonl.gz"])
def test_missing_recording_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no such file"):
        recorded_market(tmp_path / name, BTC, NOW)


def test_file_that_is_not_compressed_as_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "candles.csv.gz"
    path.write_bytes(b"plain text")
    with pytest.raises(ValueError, match="not a readable candle file"):
        recorded_market(path, BTC, NOW)


STREAM = """1000000000 {"data":{"e":"depthUpdate","U":1,"u":5,"b":[["99.00","9"]],"a":[]}}
1500000000 {"lastUpdateId":5,"bids":[["100.00","1"],["99.00","2"]],"asks":[["101.00","3"]]}
2000000000 {"data":{"e":"depthUpdate","U":6,"u":7,"b":[["100.00","0"]],"a":[["100.50","1.5"]]}}
2500000000 {"data":{"e":"trade","p":"100.50","q":"0.5","m":false}}
3000000000 {"data":{"e":"trade","p":"99.00","q":"0.25","m":true}}
"""


def test_recorded_streams_show_the_book_and_trades_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "raw.jsonl"
    path.write_text(STREAM)
    market = recorded_market(path, BTC, NOW)
    first, later = market.book("BTC/USDT", NOW), market.book("BTC/USDT", NOW + timedelta(seconds=1))
    assert (first.bid, first.ask) == (Decimal(100), Decimal(101))
    assert (later.bid, later.ask, later.bids[0].amount) == (Decimal(99), Decimal("100.50"), Decimal(2))
    trades = market.trades("BTC/USDT", NOW, NOW + timedelta(seconds=2))
    assert [(trade.side, trade.price) for trade in trades] == [
        (Side.BUY, Decimal("100.50")),
        (Side.SELL, Decimal("99.00")),
    ]
    assert market.book("BTC/USDT", NOW) == first
    assert market.has_ended("BTC/USDT", NOW + timedelta(seconds=2))


@pytest.mark.parametrize("text", ["", "nonsense\n", "1 {}\n", '1 {"lastUpdateId":"x"}\n'])
def test_bad_stream_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "raw.jsonl"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"raw\.jsonl"):
        recorded_market(path, BTC, NOW)
