"""When the price is not to be trusted: widen, then withdraw, and say so. What is told, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest

from tests.strategies.liquidity.market import Bot, Market, a_book, settings, started
from trading.core.instrument import Side
from trading.core.market import Book, BookLevel
from trading.core.planning import Mode


def stop_reference(bot: Bot) -> None:
    assert bot.reference is not None
    bot.reference, bot.is_reference_live = replace(bot.reference, at=bot.market.now), False


def test_a_stale_reference_widens_then_withdraws_and_is_told_once() -> None:
    bot = started(stale_seconds=20)
    stop_reference(bot)
    bot.wait(20)
    assert len(bot.market.resting) == 10
    assert not bot.notices
    bot.wait(1)
    for side in Side:
        assert [order.slot[-1] for order in bot.quotes(side)] == ["2", "3", "4", "5"], "within 1 % of the price no more"
    bot.wait(1)
    body = bot.last_sample().body
    assert (body["spread"], body["depth"], body["cause"]) == ("yes", "no", "reference_stale")
    bot.wait(19)
    assert not bot.market.resting
    bot.wait(60)
    assert [notice.kind for notice in bot.notices] == ["reference_stale", "obligation_breached", "quotes_withdrawn"]
    bot.is_reference_live = True
    bot.wait(8)
    assert len(bot.market.resting) == 10
    assert [notice.kind for notice in bot.notices[3:]] == ["quotes_restored", "obligation_restored"]
    (restored,) = bot.told("obligation_restored")
    assert restored.cause == "reference_stale"  # type: ignore[union-attr]
    assert 80 <= restored.seconds <= 82  # type: ignore[union-attr]


def test_nothing_new_is_quoted_on_a_stale_price() -> None:
    bot = started()
    stop_reference(bot)
    bot.wait(22)
    placed = bot.sent["Place"]
    bot.market.fill(bot.quotes(Side.BUY)[0], D(10_000))
    bot.hear()
    bot.wait(5)
    assert bot.sent["Place"] == placed


@pytest.mark.parametrize("gone", [None, Book("ABC/USDT", (), (), started().market.now)])
def test_a_reference_that_is_gone_is_given_its_time_of_grace(gone: Book | None) -> None:
    bot = started(stale_seconds=10)
    bot.reference = gone
    bot.wait(9)
    assert len(bot.market.resting) == 10
    bot.wait(4)
    assert len(bot.market.resting) == 8
    bot.wait(10)
    assert not bot.market.resting
    assert bot.told("reference_stale")[0].cause == "reference_gone"  # type: ignore[union-attr]


def test_without_a_reference_from_the_beginning_nothing_is_quoted() -> None:
    bot = Bot(reference=None)
    bot.wait(60)
    assert not bot.sent
    assert [notice.kind for notice in bot.notices].count("quotes_withdrawn") == 1


def test_at_a_start_books_that_are_on_their_way_are_no_news() -> None:
    bot = Bot(settings(stale_seconds=10), reference=None)
    bot.wait(9)
    assert not bot.sent
    assert [notice.kind for notice in bot.notices] == ["obligation_breached"]
    bot.reference = a_book("1", "0.001", "10000")
    bot.wait(12)
    assert len(bot.market.resting) == 10
    assert [notice.kind for notice in bot.notices] == ["obligation_breached", "obligation_restored"]


def test_mids_too_far_apart_stop_quoting_at_once() -> None:
    bot = Bot(settings(stale_seconds=10))
    bot.market.others = a_book("1", "0.009", "400")
    bot.wait(2)
    assert len(bot.market.resting) == 10
    bot.reference = a_book("1.04", "0.001", "10000")
    bot.act()
    bot.hear()
    assert not bot.quotes(Side.SELL), "asks below where the price may be are gone"
    assert len(bot.quotes(Side.BUY)) == 4
    (told,) = bot.told("price_sources_apart")
    assert (told.target_mid, told.limit_percent) == (D(1), D(3))  # type: ignore[union-attr]
    bot.wait(11)
    assert not bot.market.resting
    assert bot.told("quotes_withdrawn")[0].cause == "sources_apart"  # type: ignore[union-attr]
    bot.reference = a_book("1.027", "0.001", "10000")
    bot.wait(5)
    assert not bot.market.resting, "just inside the guard is not calm yet"
    bot.reference = a_book("1.01", "0.001", "10000")
    bot.wait(2)
    assert len(bot.market.resting) == 10
    assert len(bot.told("quotes_restored")) == 1


def test_a_target_without_strangers_cannot_be_far_off() -> None:
    bot = Bot(settings())
    bot.market.others = a_book("1.5", "0.4", "1")
    bot.wait(2)
    assert len(bot.market.resting) == 10


def test_an_unseen_target_market_gets_nothing_new_and_is_left_after_a_while() -> None:
    bot = started(stale_seconds=5)
    bot.has_book = False
    bot.wait(5)
    assert len(bot.market.resting) == 10
    assert bot.last_sample().body == {
        **dict.fromkeys(("spread_percent", "bid_depth", "ask_depth"), ""),
        **dict.fromkeys(("spread", "depth"), "unknown"),
        "cause": "venue_away",
    }
    bot.wait(7)
    assert not bot.market.resting
    assert not bot.told("obligation_breached"), "what is not known is not called a breach"
    assert bot.told("quotes_withdrawn")[0].cause == "venue_away"  # type: ignore[union-attr]


def test_while_the_target_is_unseen_a_moving_reference_takes_back_what_became_too_good() -> None:
    bot = started()
    bot.has_book = False
    bot.reference = a_book("1.02", "0.001", "10000")
    bot.wait(1)
    assert not bot.quotes(Side.SELL)
    assert len(bot.quotes(Side.BUY)) == 5


def test_quotes_left_on_one_side_only_do_not_move_the_window_they_stand_in() -> None:
    market = Market(balances={"USDT": D(700), "ABC": D(0)})
    tight = settings(
        deposit=60, orders_per_side=3, min_order=50, max_order=350, max_spread_percent="1", depth_window_percent="2"
    )
    bot = Bot(tight, market)
    bot.settle()
    [bid] = market.resting.values()
    market.fill(bid, D(50))
    bot.hear()
    bot.settle()
    assert [order.side for order in market.resting.values()] == [Side.SELL]


def test_the_window_is_the_same_while_the_nearest_quote_is_being_replaced() -> None:
    """What others show at 1.001 counts or does not count, whichever of our own quotes rest just now."""
    tight = settings(
        deposit=60, orders_per_side=3, min_order=6, max_order=350, max_spread_percent="1", depth_window_percent="2"
    )
    bot = Bot(tight, Market(balances={"USDT": D(30), "ABC": D(40)}))
    bot.market.others = Book("ABC/USDT", (), (BookLevel(D("1.001"), D(5000)),), bot.market.now)
    bot.settle()
    bot.reference = a_book("0.981", "0.001", "9000")
    bot.settle()
    sent = bot.sent.copy()
    bot.wait(20)
    assert bot.sent == sent


def test_while_the_price_is_not_seen_an_edit_still_takes_quotes_away() -> None:
    bot = started()
    stop_reference(bot)
    bot.config = settings(orders_per_side=3)
    bot.settle()
    assert sorted(order.slot for order in bot.market.resting.values()) == [
        *("g1.ask1", "g1.ask2", "g1.ask3", "g1.bid1", "g1.bid2", "g1.bid3")
    ]


def test_quotes_of_less_than_a_second_ago_outlive_a_restart() -> None:
    """The first sample of a second is taken before there is a price; the next one, a second later."""
    bot = Bot()
    bot.has_book = False
    bot.act()
    bot.has_book = True
    bot.settle()
    resting = set(bot.market.resting)
    assert len(resting) == 10
    bot.has_book = False
    bot.act()
    bot.hear()
    assert set(bot.market.resting) == resting


def test_a_paused_bot_is_not_told_of_its_reference() -> None:
    bot = started()
    bot.mode = Mode.NO_ENTRIES
    bot.reference = None
    bot.wait(60)
    assert [notice.kind for notice in bot.notices] == ["obligation_breached"]
    assert bot.notices[0].cause == "paused"  # type: ignore[union-attr]


def test_a_short_breach_is_in_the_samples_but_not_told() -> None:
    bot = started()
    bot.market.others = replace(bot.market.others, bids=a_book("1.0079", "0.0001", "1").bids)
    bot.reference = a_book("1", "0.001", "10000")
    for order in bot.quotes(Side.SELL):
        bot.market.cancel(order)
    bot.hear()
    bot.market.now += timedelta(seconds=1)
    bot.act()
    assert bot.last_sample().body["depth"] == "no"
    bot.settle()
    bot.wait(10)
    assert not bot.notices


def test_a_breach_that_flickers_is_told_once() -> None:
    bot = started()
    for _ in range(10):
        bot.mode = Mode.NO_ENTRIES
        bot.wait(7)
        bot.mode = Mode.RUNNING
        bot.wait(3)
    assert [notice.kind for notice in bot.notices] == ["obligation_breached"]
    bot.wait(6)
    (restored,) = bot.told("obligation_restored")
    assert 95 <= restored.seconds <= 99  # type: ignore[union-attr]


def test_every_second_has_one_sample_whatever_else_wakes_it() -> None:
    bot = started()
    before = sum(sample.kind == "obligation" for sample in bot.samples)
    for _ in range(10):
        bot.market.now += timedelta(milliseconds=250)
        bot.settle()
    assert sum(sample.kind == "obligation" for sample in bot.samples) - before == 2
    bot.wait(10)
    assert sum(sample.kind == "obligation" for sample in bot.samples) - before == 12


def test_both_books_are_recorded_now_and_then() -> None:
    bot = started()
    bot.wait(89)
    books = [sample.body for sample in bot.samples if sample.kind == "book"]
    assert len(books) == 8
    assert [body["market"] for body in books[:2]] == ["target", "reference"]
    assert books[-1]["asks"] == "1.001@10000"
    assert books[2]["bids"].startswith("0.992@221.")
