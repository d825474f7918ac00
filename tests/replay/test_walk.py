import gzip
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.core.orders import Order, OrderType, Role, TimeInForce
from trading.core.planning import Band, Plan, TargetOrder, View, Wake
from trading.replay import Replay, ReplayError, read_candles
from trading.replay.__main__ import main
from trading.replay.walk import Stops, path, stops
from trading.strategies.grid import GridConfig, GridState

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SPOT = Instrument("replay", "BTC/USDT", MarketKind.SPOT, "BTC", "USDT", D("0.5"), D("0.001"))


def candle(opened: str, high: str, low: str, close: str, minute: int = 0) -> Candle:
    return Candle(NOW + timedelta(minutes=minute), D(opened), D(high), D(low), D(close), D(1))


def book(bid: str, ask: str, second: int) -> Book:
    at = NOW + timedelta(seconds=second)
    return Book(SPOT.symbol, (BookLevel(D(bid), D(5)),), (BookLevel(D(ask), D(5)),), at)


class OneBid:
    """Wants one post-only bid at a price, and to be asked again at a time."""

    name, config_model, state_model = "one_bid", GridConfig, GridState
    market_kinds = frozenset({"spot"})

    def __init__(self, price: str, every: timedelta | None = None, restless: bool = False) -> None:
        self._price, self._every, self._restless = D(price), every, restless
        self.asked: list[datetime] = []

    def plan(self, config: GridConfig, state: GridState, view: View) -> Plan:
        self.asked.append(view.now)
        price = self._price - (len(self.asked) % 2 if self._restless else 0)
        wanted = TargetOrder("bid", Role.QUOTE, Side.BUY, OrderType.LIMIT, D("0.1"), price)
        done = bool(view.ledger.position)
        return Plan(state, () if done else (wanted,), wake=Wake(at=self._every and view.now + self._every))

    def preview(self, *_: object) -> None: ...
    def deferred_fields(self, *_: object) -> tuple[str, ...]:
        return ()

    def scope(self, state: GridState) -> str:
        return ""

    def budget(self, config: GridConfig, state: GridState) -> D:
        return D(10_000)

    def deposit(self, config: GridConfig) -> D:
        return D(10_000)


def fills_of(strategy: OneBid, source: Sequence[Candle | Book | Trade]) -> list[tuple[D, D]]:
    result = Replay(strategy, GridConfig(), SPOT, D(10_000)).run(source)  # type: ignore[arg-type]
    return [(fill.price, fill.amount) for fill in result.fills]


@pytest.mark.parametrize(
    ("shape", "walked"),
    [
        (candle("10", "14", "8", "12"), ["10", "8", "14", "12"]),
        (candle("10", "14", "8", "9"), ["10", "14", "8", "9"]),
        (candle("10", "14", "8", "10"), ["10", "8", "14", "10"]),
    ],
    ids=["rose", "fell", "stood"],
)
def test_a_candle_is_walked_by_its_direction(shape: Candle, walked: list[str]) -> None:
    assert path(shape) == tuple(map(D, walked))


def test_a_walk_halts_at_the_nearest_stop_in_its_direction() -> None:
    both = Stops(falling=(D(90), D(80)), rising=(D(110), D(120)))
    assert (both.next(D(100), D(70)), both.next(D(90), D(70)), both.next(D(80), D(70))) == (D(90), D(80), D(70))
    assert (both.next(D(100), D(130)), both.next(D(100), D(105))) == (D(110), D(105))


def test_orders_bands_and_liquidation_are_stops() -> None:
    def order(side: Side, price: str | None, trigger: str | None = None) -> Order:
        kind = OrderType.STOP_MARKET if trigger else OrderType.LIMIT
        at = D(price) if price else None
        stop = D(trigger) if trigger else None
        return Order("c", 1, "s", Role.ENTRY, "X", side, kind, D(1), at, NOW, NOW, trigger_price=stop)

    orders = [order(Side.BUY, "90"), order(Side.SELL, "110"), order(Side.SELL, None, "85")]
    found = stops(
        SPOT, orders, Wake(bands={"mid": Band(D(95), D(105)), "reference.bid": Band(D(1))}), D(100), D(70), long=True
    )
    assert found.falling == tuple(map(D, ["95.5", "95", "94.5", "89.5", "85", "70.5", "70", "69.5"]))
    assert found.rising == tuple(map(D, ["104.5", "105", "105.5", "110.5"]))


def test_a_plan_that_wants_every_price_is_restless() -> None:
    found = stops(SPOT, [], Wake.any_price(book("99.5", "100", 0)), D(100))
    assert found == Stops(restless=True)
    assert not found.is_quiet(D(100), D(100))


@pytest.mark.parametrize(("low", "filled"), [("96", []), ("95", []), ("94.5", [(D(95), D("0.1"))])])
def test_a_resting_order_fills_when_the_price_goes_through_it(low: str, filled: list[tuple[D, D]]) -> None:
    assert fills_of(OneBid("95"), [candle("100", "101", low, "100")]) == filled


def test_a_gap_fills_at_the_orders_own_price() -> None:
    source = [candle("100", "101", "99", "100"), candle("90", "91", "89", "90", 1)]
    assert fills_of(OneBid("95"), source) == [(D(95), D("0.1"))]


def test_times_that_the_plan_waits_for_come_when_they_are_due() -> None:
    strategy = OneBid("95", every=timedelta(seconds=25))
    fills_of(strategy, [candle("100", "100", "100", "100", minute) for minute in range(2)])
    seconds = sorted({round((at - NOW).total_seconds()) for at in strategy.asked})
    assert seconds == [0, 25, 50, 75, 100]


def test_a_strategy_that_never_rests_is_named() -> None:
    with pytest.raises(ReplayError, match="one_bid does not come to rest"):
        fills_of(OneBid("95", restless=True), [candle("100", "101", "99", "100")])


def test_recorded_books_and_trades_fill_by_the_queue() -> None:
    trades = [Trade(SPOT.symbol, Side.SELL, D(95), D(3), NOW + timedelta(seconds=2 + n)) for n in range(2)]
    source = [book("95", "96", 0), book("95", "96", 1), *trades]
    assert fills_of(OneBid("95"), source) == [(D(95), D("0.1"))]
    assert fills_of(OneBid("95"), source[:3]) == []


def test_candles_are_read_from_plain_and_packed_files(tmp_path: Path) -> None:
    text = (
        "timestamp,open,high,low,close,volume\n2026-01-01 00:00:00,1,3,0.5,2,7\n2026-01-01 03:01:00+03:00,2,2,2,2,0\n"
    )
    (tmp_path / "a.csv").write_text(text)
    with gzip.open(tmp_path / "a.csv.gz", "wt") as packed:
        packed.write(text.replace("timestamp", "Date"))
    found = read_candles(tmp_path / "a.csv")
    assert found == read_candles(tmp_path / "a.csv.gz")
    assert found == [
        Candle(NOW, D(1), D(3), D("0.5"), D(2), D(7)),
        Candle(NOW + timedelta(minutes=1), D(2), D(2), D(2), D(2), D(0)),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "header"),
        ("time,open,high,low,close,volume\n", "header"),
        ("date,open,high,low,close,volume\n2026-01-01,1,2,3,1,1\n", "line 2"),
        ("date,open,high,low,close,volume\n2026-01-01,1,2,x,1,1\n", "line 2"),
        ("date,open,high,low,close,volume\n2026-01-01,1,2\n", "line 2"),
        ("date,open,high,low,close,volume\n2026-01-01,NaN,2,1,1,1\n", "line 2"),
        ("date,open,high,low,close,volume\n2026-01-02,1,1,1,1,1\n2026-01-02,1,1,1,1,1\n", "line 3"),
    ],
)
def test_a_file_that_is_not_candles_is_refused_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(ValueError, match=why):
        read_candles(tmp_path / "a.csv")


def test_the_command_prints_risk_before_profit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"2026-01-01 00:{n:02}:00,{100 - n},{100 - n},{99 - n},{99 - n},1" for n in range(10)]
    rows += [f"2026-01-01 00:{10 + n:02}:00,{90 + n},{91 + n},{90 + n},{91 + n},1" for n in range(10)]
    (tmp_path / "a.csv").write_text("\n".join(["date,open,high,low,close,volume", *rows]) + "\n")
    assert main([str(tmp_path / "a.csv"), "--set", "deposit=1000", "--set", "leverage=2", "--tick", "0.01"]) == 0
    text = capsys.readouterr().out
    names = [line.split("  ")[0] for line in text.splitlines()]
    assert names.index("max drawdown") < names.index("liquidations") < names.index("profit net")
    assert "profit net      1.59" in text and "cycles          2, of them 2 won" in text


@pytest.mark.parametrize("setting", ["deposit", "deposit=-1", "nonsense=1"])
def test_the_command_refuses_wrong_settings(tmp_path: Path, setting: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("date,open,high,low,close,volume\n")
    assert main([str(tmp_path / "a.csv"), "--set", setting]) == 2
    assert setting.split("=", maxsplit=1)[0] in capsys.readouterr().err


def test_a_refused_slot_waits_twice_as_long_each_time() -> None:
    class PostOnly(OneBid):
        def plan(self, config: GridConfig, state: GridState, view: View) -> Plan:
            target = TargetOrder(
                "bid", Role.QUOTE, Side.BUY, OrderType.LIMIT, D("0.1"), D(101), time_in_force=TimeInForce.POST_ONLY
            )
            return Plan(state, (target,))

    result = Replay(PostOnly("1"), GridConfig(), SPOT, D(10_000)).run([candle("100", "100", "100", "100")])  # type: ignore[arg-type]
    assert result.refusals == {"post_only_would_take": 4}  # at once, and after 5, 15 and 35 seconds


def test_the_command_replays_a_float_with_coins_for_its_fees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"2026-01-01 00:{n:02}:00,100,101,99,100,5" for n in range(8)]
    (tmp_path / "a.csv").write_text("\n".join(["date,open,high,low,close,volume", *rows]) + "\n")
    line = [str(tmp_path / "a.csv"), "--strategy", "pingpong", "--tick", "0.01", "--balance", "1000"]
    assert main(line) == 0
    assert "cycles          0," in capsys.readouterr().out, "its first sell lacks the fee of the buy"
    assert main([*line, "--coins", "1"]) == 0
    assert "cycles          0," not in capsys.readouterr().out


def test_the_command_refuses_settings_that_look_at_another_market(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("date,open,high,low,close,volume\n2026-01-01,1,1,1,1,1\n")
    assert main([str(tmp_path / "a.csv"), "--strategy", "liquidity"]) == 2
    assert "another market" in capsys.readouterr().err
