"""The simulated account: orders, money, margin, liquidation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.ledger import Funding
from trading.core.market import Book, BookLevel, Trade
from trading.core.orders import Fill, OrderEvent, OrderReport, OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_account import SpotFee
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, Liquidated, Refused

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
PERP, SPOT = "CRV/USDT:USDT", "ETH/BTC"
D = Decimal


def perpetual(**rules: Any) -> Instrument:
    settings: dict[str, Any] = {"min_amount": D("0.1"), "min_cost": D(5), "max_leverage": D(50), **rules}
    return Instrument(
        "paper", PERP, MarketKind.PERPETUAL, "CRV", "USDT", price_tick=D("0.0001"), amount_step=D("0.1"), **settings
    )


def spot() -> Instrument:
    return Instrument(
        "paper",
        SPOT,
        MarketKind.SPOT,
        "ETH",
        "BTC",
        price_tick=D("0.00001"),
        amount_step=D("0.001"),
        min_cost=D("0.0001"),
        maker_fee=D("0.001"),
        taker_fee=D("0.001"),
    )


def levels(pairs: Sequence[tuple[str, str]]) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(D(price), D(amount)) for price, amount in pairs)


def book(bid: str, ask: str, amount: str = "1000", symbol: str = PERP, at: datetime = NOW) -> Book:
    return Book(symbol, levels([(bid, amount)]), levels([(ask, amount)]), at)


def an_exchange(wallet: str = "100", bid: str = "0.4999", ask: str = "0.5001", **options: Any) -> SimulatedExchange:
    exchange = SimulatedExchange([perpetual(), spot()], {"USDT": D(wallet), "BTC": D(1), "ETH": D(2)}, **options)
    exchange.on_book(book(bid, ask))
    exchange.on_book(book("0.049", "0.051", symbol=SPOT))
    return exchange


def place(
    exchange: SimulatedExchange, client_id: str, side: Side, amount: str, price: str | None = None, **options: Any
) -> list[ExchangeEvent]:
    settings: dict[str, Any] = {
        "symbol": PERP,
        "type": OrderType.LIMIT if price else OrderType.MARKET,
        "now": NOW,
        **options,
    }
    return exchange.place(
        client_id=client_id, side=side, amount=D(amount), price=D(price) if price else None, **settings
    )


def stop(exchange: SimulatedExchange, client_id: str, side: Side, amount: str, at: str) -> list[ExchangeEvent]:
    return place(exchange, client_id, side, amount, type=OrderType.STOP_MARKET, trigger_price=D(at), reduce_only=True)


def reports(events: Sequence[ExchangeEvent]) -> list[tuple[str | None, OrderEvent]]:
    return [(event.client_id, event.event) for event in events if isinstance(event, OrderReport)]


def fills(events: Sequence[ExchangeEvent]) -> list[tuple[Decimal, Decimal]]:
    return [(event.price, event.amount) for event in events if isinstance(event, Fill)]


def status(exchange: SimulatedExchange, client_id: str) -> OrderStatus:
    order = exchange.order(client_id=client_id)
    assert order is not None
    return order.status


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"amount": "0.05", "price": "0.4"}, "below_min_amount"),
        ({"amount": "10", "price": "0.4"}, "below_min_cost"),
        ({"amount": "20.05", "price": "0.4"}, "off_step"),
        ({"amount": "20", "price": "0.40005"}, "off_tick"),
        ({"amount": "9000", "price": "0.4"}, "insufficient_funds"),
        ({"amount": "20", "price": "0.5001", "time_in_force": TimeInForce.POST_ONLY}, "post_only_would_take"),
        ({"amount": "20", "price": "0.4", "reduce_only": True}, "reduce_only"),
        ({"amount": "20", "reduce_only": True}, "reduce_only"),
        ({"amount": "20", "price": "0.4", "type": OrderType.MARKET}, "invalid_order"),
        ({"amount": "20", "price": "0.4", "symbol": "NO/USDT"}, "invalid_order"),
        ({"amount": "20", "price": "0.4", "margin_mode": MarginMode.ISOLATED}, "margin_mode"),
        ({"amount": "2", "price": "0.6", "symbol": SPOT}, "insufficient_funds"),
        ({"amount": "1", "price": "0.04", "symbol": SPOT, "reduce_only": True}, "invalid_order"),
    ],
)
def test_refusals_name_their_reason_and_change_nothing(options: dict[str, Any], reason: str) -> None:
    exchange = an_exchange()
    before = exchange.dump()
    with pytest.raises(Refused) as refused:
        place(exchange, "a", Side.BUY, **options)
    assert refused.value.reason == reason
    assert exchange.dump() == before


def test_id_is_never_taken_twice_even_after_the_order_ended() -> None:
    exchange = an_exchange()
    place(exchange, "a", Side.BUY, "20", "0.4")
    exchange.cancel(client_id="a", now=NOW)
    with pytest.raises(Refused, match="duplicate_id"):
        place(exchange, "a", Side.BUY, "20", "0.4")


def test_canceling_what_is_unknown_or_finished_is_refused() -> None:
    exchange = an_exchange()
    place(exchange, "a", Side.BUY, "20")
    for client_id in ("a", "never"):
        with pytest.raises(Refused, match="not_found"):
            exchange.cancel(client_id=client_id, now=NOW)


def test_market_order_walks_the_book_and_its_rest_expires() -> None:
    exchange = an_exchange()
    exchange.on_book(Book(PERP, levels([("0.49", "10")]), levels([("0.5", "30"), ("0.6", "20")]), NOW))
    events = place(exchange, "a", Side.BUY, "60")
    assert fills(events) == [(D("0.5"), D(30)), (D("0.6"), D(20))]
    assert reports(events)[-1] == ("a", OrderEvent.EXPIRED)
    order = exchange.order(client_id="a")
    assert order is not None
    assert order.average == D("0.54")


def test_limit_order_takes_what_crosses_and_rests_with_the_rest() -> None:
    exchange = an_exchange()
    exchange.on_book(Book(PERP, levels([("0.49", "10")]), levels([("0.5", "30"), ("0.6", "20")]), NOW))
    assert fills(place(exchange, "a", Side.BUY, "40", "0.55")) == [(D("0.5"), D(30))]
    assert status(exchange, "a") is OrderStatus.PARTLY_FILLED
    assert fills(exchange.on_trade(Trade(PERP, Side.SELL, D("0.55"), D(4), NOW))) == [(D("0.55"), D(4))]


def test_immediate_or_cancel_never_rests() -> None:
    exchange = an_exchange()
    events = place(exchange, "a", Side.BUY, "1500", "0.5001", time_in_force=TimeInForce.IOC)
    assert reports(events)[-1] == ("a", OrderEvent.EXPIRED)
    assert exchange.open_orders() == []


def test_fees_are_the_makers_or_the_takers() -> None:
    exchange = an_exchange()
    place(exchange, "taker", Side.BUY, "20")
    place(exchange, "maker", Side.BUY, "20", "0.4")
    exchange.on_book(book("0.38", "0.39"))
    assert [(fill.maker, fill.fee) for fill in exchange.fills()] == [
        (False, D(20) * D("0.5001") * D("0.0006")),
        (True, D(8) * D("0.0002")),
    ]


def test_spot_orders_lock_money_and_fees_come_from_what_is_received() -> None:
    exchange = an_exchange()
    place(exchange, "bid", Side.BUY, "10", "0.05", symbol=SPOT)
    place(exchange, "ask", Side.SELL, "1", "0.06", symbol=SPOT)
    assert (exchange.free("BTC"), exchange.free("ETH")) == (D("0.5"), D(1))
    exchange.on_trade(Trade(SPOT, Side.SELL, D("0.05"), D(10), NOW))
    exchange.on_book(book("0.061", "0.062", symbol=SPOT))
    assert exchange.balances()["ETH"] == D(2) + D(10) - D("0.01") - D(1)
    assert exchange.balances()["BTC"] == D(1) - D("0.5") + D("0.06") - D("0.00006")


def test_spot_fees_may_be_taken_in_the_quote_currency() -> None:
    exchange = an_exchange(spot_fee=SpotFee.QUOTE)
    place(exchange, "bid", Side.BUY, "1", "0.051", symbol=SPOT)
    assert exchange.balances()["ETH"] == D(3)
    assert exchange.balances()["BTC"] == D(1) - D("0.051") * D("1.001")


def test_entries_reserve_margin_at_leverage_and_exits_nothing() -> None:
    exchange = an_exchange(wallet="10")
    exchange.set_leverage(PERP, D(20))
    place(exchange, "a", Side.BUY, "400", "0.4")
    assert exchange.free("USDT") == D(10) - D(8) - D(160) * D("0.0006")
    with pytest.raises(Refused, match="insufficient_funds"):
        place(exchange, "b", Side.BUY, "100", "0.4")
    exchange.on_book(book("0.38", "0.39"))
    free = exchange.free("USDT")
    place(exchange, "c", Side.SELL, "400", "0.6", reduce_only=True)
    assert exchange.free("USDT") == free


def test_leverage_and_margin_mode_stay_while_they_are_in_use() -> None:
    exchange = an_exchange()
    place(exchange, "a", Side.BUY, "20", "0.4")
    with pytest.raises(Refused, match="leverage"):
        exchange.set_leverage(PERP, D(20))
    with pytest.raises(Refused, match="margin_mode"):
        exchange.set_margin_mode(PERP, MarginMode.ISOLATED)
    exchange.cancel(client_id="a", now=NOW)
    exchange.set_leverage(PERP, D(20))
    exchange.set_margin_mode(PERP, MarginMode.ISOLATED)
    with pytest.raises(Refused, match="leverage"):
        exchange.set_leverage(PERP, D(51))


def test_reduce_only_order_is_cut_to_the_position() -> None:
    exchange = an_exchange()
    place(exchange, "in", Side.BUY, "20")
    place(exchange, "out", Side.SELL, "50", reduce_only=True)
    assert status(exchange, "out") is OrderStatus.FILLED
    assert exchange.positions() == []


def test_oldest_reduce_only_orders_beyond_the_position_are_canceled() -> None:
    exchange = an_exchange()
    place(exchange, "in", Side.BUY, "20")
    place(exchange, "old", Side.SELL, "15", "0.6", reduce_only=True)
    events = place(exchange, "new", Side.SELL, "10", "0.7", reduce_only=True)
    assert ("old", OrderEvent.CANCELED) in reports(events)
    assert status(exchange, "new") is OrderStatus.OPEN
    place(exchange, "by hand", Side.SELL, "20", reduce_only=True)
    assert status(exchange, "new") is OrderStatus.CANCELED


def test_stop_waits_for_the_mark_and_fills_under_its_own_execution_id() -> None:
    exchange = an_exchange()
    place(exchange, "in", Side.BUY, "20")
    stop(exchange, "stop", Side.SELL, "30", "0.45")
    assert fills(exchange.on_book(book("0.4501", "0.4503"))) == []
    events = exchange.on_book(book("0.4490", "0.4500"))
    assert fills(events) == [(D("0.4490"), D(20))]
    order = exchange.order(client_id="stop")
    assert order is not None
    assert order.status is OrderStatus.FILLED
    assert order.execution_id not in (None, order.venue_id)
    assert [fill.venue_order_id for fill in exchange.order_fills(order)] == [order.execution_id]


def test_reduce_only_stop_without_a_position_is_canceled_when_triggered() -> None:
    exchange = an_exchange()
    stop(exchange, "stop", Side.SELL, "30", "0.45")
    assert reports(exchange.on_book(book("0.44", "0.4402"))) == [("stop", OrderEvent.CANCELED)]


def test_stop_whose_trigger_is_passed_executes_at_once() -> None:
    exchange = an_exchange()
    place(exchange, "in", Side.SELL, "20")
    assert fills(stop(exchange, "stop", Side.BUY, "20", "0.5")) == [(D("0.5001"), D(20))]


def test_amend_keeps_the_ids_and_the_place_only_when_it_shrinks() -> None:
    exchange = an_exchange()
    place(exchange, "a", Side.BUY, "20", "0.4999")
    exchange.on_trade(Trade(PERP, Side.SELL, D("0.4999"), D(900), NOW))
    before = exchange.order(client_id="a")
    exchange.amend(client_id="a", amount=D(15), now=NOW)
    assert exchange.ahead("a") == D(100)
    exchange.amend(client_id="a", amount=D(25), now=NOW)
    assert exchange.ahead("a") == D(1000)
    after = exchange.order(client_id="a")
    assert before and after
    assert (after.venue_id, after.amount) == (before.venue_id, D(25))


def test_refused_amend_leaves_the_order_as_it_was() -> None:
    exchange = an_exchange()
    place(exchange, "a", Side.BUY, "20", "0.4", time_in_force=TimeInForce.POST_ONLY)
    before = exchange.dump()
    for price, amount in (("0.6", "20"), ("0.4", "1"), ("0.4", "90000"), ("0.40001", "20")):
        with pytest.raises(Refused):
            exchange.amend(client_id="a", price=D(price), amount=D(amount), now=NOW)
    assert exchange.dump() == before


def test_isolated_liquidation_follows_the_formula() -> None:
    exchange = an_exchange(bid="0.48", ask="0.5")
    exchange.set_margin_mode(PERP, MarginMode.ISOLATED)
    exchange.set_leverage(PERP, D(20))
    place(exchange, "in", Side.BUY, "20")
    expected = D("0.5") * (1 - 1 / D(20)) / (1 - D("0.01"))
    price = exchange.liquidation_price(PERP)
    assert price is not None
    assert abs(price - expected) < D("1e-9")


def test_cross_liquidation_follows_the_formula() -> None:
    exchange = an_exchange(wallet="10", bid="0.48", ask="0.5")
    exchange.set_leverage(PERP, D(20))
    place(exchange, "in", Side.BUY, "200")
    wallet = D(10) - D(100) * D("0.0006")
    expected = (D(100) - wallet) / (D(200) * (1 - D("0.01")))
    price = exchange.liquidation_price(PERP)
    assert price is not None
    assert abs(price - expected) < D("1e-9")


@pytest.mark.parametrize("side", list(Side))
def test_isolated_liquidation_costs_the_margin_and_cancels_the_orders(side: Side) -> None:
    exchange = an_exchange()
    exchange.set_margin_mode(PERP, MarginMode.ISOLATED)
    exchange.set_leverage(PERP, D(20))
    place(exchange, "in", side, "200")
    margin = exchange.positions()[0].margin
    before = exchange.balances()["USDT"]
    far, moved = ("0.3", book("0.35", "0.36")) if side is Side.BUY else ("0.7", book("0.64", "0.65"))
    place(exchange, "far", side, "20", far)
    events = exchange.on_book(moved)
    assert [event.symbol for event in events if isinstance(event, Liquidated)] == [PERP]
    assert ("far", OrderEvent.CANCELED) in reports(events)
    assert exchange.positions() == []
    assert abs(before - margin - exchange.balances()["USDT"]) < D("1e-9")


def test_levels_beyond_the_liquidation_are_never_reached_however_far_the_price_jumps() -> None:
    exchange = an_exchange(wallet="30")
    exchange.set_margin_mode(PERP, MarginMode.ISOLATED)
    exchange.set_leverage(PERP, D(20))
    place(exchange, "level0", Side.BUY, "20")
    place(exchange, "near", Side.BUY, "20", "0.49")
    place(exchange, "far", Side.BUY, "200", "0.45")
    exchange.on_book(book("0.40", "0.41"))
    assert status(exchange, "near") is OrderStatus.FILLED
    assert status(exchange, "far") is OrderStatus.CANCELED


def test_stop_before_the_liquidation_saves_the_position_however_far_the_price_jumps() -> None:
    exchange = an_exchange()
    exchange.set_margin_mode(PERP, MarginMode.ISOLATED)
    exchange.set_leverage(PERP, D(20))
    place(exchange, "in", Side.BUY, "20")
    stop(exchange, "stop", Side.SELL, "20", "0.48")
    events = exchange.on_book(book("0.4790", "0.4792"))
    assert not [event for event in events if isinstance(event, Liquidated)]
    assert status(exchange, "stop") is OrderStatus.FILLED


def test_cross_liquidation_takes_the_wallet_and_nothing_beyond() -> None:
    exchange = an_exchange(wallet="10")
    exchange.set_leverage(PERP, D(20))
    place(exchange, "in", Side.BUY, "200")
    exchange.on_book(book("0.1", "0.11"))
    assert exchange.positions() == []
    assert D(0) <= exchange.balances()["USDT"] < D("1e-6")


def test_funding_is_paid_every_eight_hours_by_longs() -> None:
    exchange = an_exchange()
    place(exchange, "in", Side.BUY, "20")
    events = exchange.on_time(NOW + timedelta(hours=12, minutes=1))
    paid = [event for event in events if isinstance(event, Funding)]
    assert [payment.at.hour for payment in paid] == [16, 0]
    assert {payment.amount for payment in paid} == {-D(20) * D("0.5") * D("0.0001")}
    assert exchange.on_time(NOW + timedelta(hours=12, minutes=2)) == []


def test_own_orders_may_meet_each_other() -> None:
    exchange = an_exchange()
    place(exchange, "ask", Side.SELL, "1", "0.05", symbol=SPOT)
    events = place(exchange, "bid", Side.BUY, "1", "0.05", symbol=SPOT)
    assert reports(events)[-2:] == [("ask", OrderEvent.FILLED), ("bid", OrderEvent.FILLED)]


def test_restart_continues_with_the_same_queue_and_money() -> None:
    exchange = an_exchange()
    place(exchange, "in", Side.BUY, "20")
    place(exchange, "a", Side.BUY, "20", "0.4999")
    stop(exchange, "stop", Side.SELL, "20", "0.4")
    exchange.on_trade(Trade(PERP, Side.SELL, D("0.4999"), D(400), NOW))
    again = SimulatedExchange.load([perpetual(), spot()], exchange.dump())
    assert again.dump() == exchange.dump()
    assert again.ahead("a") == D(600)
    assert fills(again.on_trade(Trade(PERP, Side.SELL, D("0.4999"), D(601), NOW))) == [(D("0.4999"), D(1))]


def test_pruning_forgets_the_old_and_keeps_the_open() -> None:
    exchange = an_exchange()
    for number in range(5):
        place(exchange, f"in{number}", Side.BUY, "20")
    place(exchange, "open", Side.BUY, "20", "0.3")
    exchange.prune(NOW, keep=2)
    assert [order.client_id for order in exchange.finished_orders()] == ["in3", "in4"]
    assert len(exchange.fills()) == 2
    assert status(exchange, "open") is OrderStatus.OPEN


def test_pruning_keeps_what_rested_for_long_and_ended_just_now() -> None:
    exchange, later = an_exchange(), NOW + timedelta(minutes=1)
    place(exchange, "rested", Side.BUY, "20", "0.3")
    for number in range(3):
        place(exchange, f"in{number}", Side.BUY, "20")
    exchange.cancel(client_id="rested", now=later)
    exchange.prune(NOW, keep=2)
    assert [order.client_id for order in exchange.finished_orders()] == ["rested", "in2"]


def test_a_stop_that_opens_a_doomed_position_at_once_does_not_leave_it_standing() -> None:
    exchange = an_exchange(bid="0.4000", ask="0.6000")
    exchange.set_margin_mode(PERP, MarginMode.ISOLATED)
    exchange.set_leverage(PERP, D(50))
    events = place(exchange, "a", Side.BUY, "20", type=OrderType.STOP_MARKET, trigger_price=D("0.45"))
    assert fills(events)[0] == (D("0.6"), D(20))
    assert any(isinstance(event, Liquidated) for event in events)
    assert exchange.position(PERP) is None
