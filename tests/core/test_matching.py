"""Where our orders stand in the queue, and what meets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trading.core.instrument import Side
from trading.core.market import Book, BookLevel, Trade
from trading.core.matching import Match, OrderMatcher

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Levels = Sequence[tuple[str, str]]


def a_book(bids: Levels, asks: Levels) -> Book:
    def levels(pairs: Levels) -> tuple[BookLevel, ...]:
        return tuple(BookLevel(Decimal(price), Decimal(amount)) for price, amount in pairs)

    return Book("X", levels(bids), levels(asks), NOW)


def a_matcher(bids: Levels = (("99", "5"), ("98", "7")), asks: Levels = (("101", "5"), ("102", "7"))) -> OrderMatcher:
    matcher = OrderMatcher("X")
    matcher.show(a_book(bids, asks))
    return matcher


def rest(matcher: OrderMatcher, side: Side, price: str, amount: str, number: int = 1) -> str:
    matcher.join(str(number), side, Decimal(price), Decimal(amount), number)
    return str(number)


def hits(matcher: OrderMatcher, side: Side, price: str, amount: str) -> list[tuple[str, Decimal]]:
    found = []
    for venue_id, part in matcher.trade(Trade("X", side, Decimal(price), Decimal(amount), NOW)):
        found.append((venue_id, part))
        remaining = matcher._remaining(venue_id)
        matcher.shrink(venue_id, remaining - part)
    return found


@pytest.mark.parametrize(
    ("price", "ahead"),
    [("99", "5"), ("98", "7"), ("98.5", "0"), ("100", "0"), ("97", None)],
    ids=["behind the best", "behind a level", "between levels", "alone in the spread", "deeper than visible"],
)
def test_new_order_joins_behind_what_is_visible(price: str, ahead: str | None) -> None:
    matcher = a_matcher()
    number = rest(matcher, Side.BUY, price, "1")
    assert matcher.ahead(number) == (None if ahead is None else Decimal(ahead))


def test_trade_at_our_price_eats_those_ahead_before_us() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "99", "2")
    assert hits(matcher, Side.SELL, "99", "4") == []
    assert hits(matcher, Side.SELL, "99", "2") == [("1", Decimal(1))]
    assert hits(matcher, Side.SELL, "99", "2") == [("1", Decimal(1))]


def test_trade_of_a_buyer_does_not_touch_our_bid() -> None:
    matcher = a_matcher(bids=[("98", "1")])
    rest(matcher, Side.BUY, "99", "2")
    assert hits(matcher, Side.BUY, "99", "9") == []


def test_trade_through_our_price_fills_us_by_its_amount_without_queueing() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "99", "2")
    assert hits(matcher, Side.SELL, "98", "1.5") == [("1", Decimal("1.5"))]


def test_two_own_orders_at_one_price_see_the_same_strangers_once() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "99", "1", 1)
    matcher.show(a_book([("99", "7")], [("101", "5")]))
    rest(matcher, Side.BUY, "99", "1", 2)
    assert (matcher.ahead("1"), matcher.ahead("2")) == (Decimal(5), Decimal(7))
    assert hits(matcher, Side.SELL, "99", "6") == [("1", Decimal(1))]
    assert matcher.ahead("2") == Decimal(2)
    assert hits(matcher, Side.SELL, "99", "3") == [("2", Decimal(1))]


def test_queue_shrinks_when_the_level_does_but_never_grows() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "99", "1")
    matcher.show(a_book([("99", "3")], [("101", "5")]))
    assert matcher.ahead("1") == Decimal(3)
    matcher.show(a_book([("99", "30")], [("101", "5")]))
    assert matcher.ahead("1") == Decimal(3)
    matcher.show(a_book([("98", "30")], [("101", "5")]))
    assert matcher.ahead("1") == Decimal(0)


def test_deep_order_learns_its_place_when_its_level_comes_into_sight() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "97", "1")
    matcher.show(a_book([("98", "1"), ("97", "4")], [("99", "5")]))
    assert matcher.ahead("1") == Decimal(4)


@pytest.mark.parametrize(("ask", "hit"), [("99.5", "0"), ("99", "0"), ("98.9", "2")], ids=["above", "touch", "beyond"])
def test_book_fills_a_resting_bid_only_when_it_stands_beyond_it(ask: str, hit: str) -> None:
    matcher = a_matcher()
    number = rest(matcher, Side.BUY, "99", "2")
    matcher.show(a_book([("98", "1")], [(ask, "5")]))
    crossed = [resting.venue_id for resting in matcher.crossed()]
    assert crossed == ([number] if hit != "0" else [])
    assert matcher.hit_by_book(number) == Decimal(hit)


def test_what_crossed_one_order_is_not_there_for_the_next() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "99", "2", 1)
    rest(matcher, Side.BUY, "98.5", "2", 2)
    matcher.show(a_book([("97", "1")], [("98", "3")]))
    assert [resting.venue_id for resting in matcher.crossed()] == ["1", "2"]
    assert matcher.hit_by_book("1") == Decimal(2)
    assert matcher.hit_by_book("2") == Decimal(1)


def test_taker_walks_the_book_and_consumes_it_once() -> None:
    matcher = a_matcher()
    assert list(matcher.take(Side.BUY, Decimal(6), None)) == [
        Match(Decimal(101), Decimal(5)),
        Match(Decimal(102), Decimal(1)),
    ]
    assert list(matcher.take(Side.BUY, Decimal(9), None)) == [Match(Decimal(102), Decimal(6))]
    matcher.show(a_book([("99", "5")], [("101", "5")]))
    assert matcher.estimate(Side.BUY, Decimal(9), None) == (Decimal(5), Decimal(505))


def test_taker_stops_at_its_limit() -> None:
    assert list(a_matcher().take(Side.SELL, Decimal(9), Decimal(99))) == [Match(Decimal(99), Decimal(5))]


def test_taker_meets_own_orders_behind_strangers_of_the_same_price() -> None:
    matcher = a_matcher()
    rest(matcher, Side.SELL, "100", "1", 1)
    rest(matcher, Side.SELL, "101", "1", 2)
    met = list(matcher.take(Side.BUY, Decimal(8), Decimal(101)))
    assert [(match.price, match.amount, match.maker_id) for match in met] == [
        (Decimal(100), Decimal(1), "1"),
        (Decimal(101), Decimal(5), None),
        (Decimal(101), Decimal(1), "2"),
    ]


def test_shown_book_has_our_orders_and_lacks_what_we_took() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "99", "2", 1)
    rest(matcher, Side.BUY, "100", "1", 2)
    list(matcher.take(Side.BUY, Decimal(5), None))
    shown = matcher.shown(2)
    assert shown is not None
    assert shown.bids == (BookLevel(Decimal(100), Decimal(1)), BookLevel(Decimal(99), Decimal(7)))
    assert shown.asks == (BookLevel(Decimal(102), Decimal(7)),)


def test_shown_book_is_never_locked_by_a_level_that_touches_our_order() -> None:
    matcher = a_matcher()
    rest(matcher, Side.BUY, "99", "2")
    matcher.show(a_book([("98", "1")], [("99", "5"), ("100", "1")]))
    shown = matcher.shown()
    assert shown is not None
    assert (shown.bid, shown.ask) == (Decimal(99), Decimal(100))
