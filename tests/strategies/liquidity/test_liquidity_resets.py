"""What others see while every order is renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal as D

import pytest

from tests.strategies.liquidity.market import Bot, a_book, is_bridge, settings, started
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.market import Book
from trading.core.planning import Surroundings
from trading.strategies.liquidity.measures import market_depth, market_spread
from trading.strategies.liquidity.notices import QuoteFilled


def moments(bot: Bot, seconds: int = 6) -> Iterator[Book]:
    """What others see after every single message of some seconds."""
    for _ in range(seconds):
        bot.market.now += timedelta(seconds=1)
        for _ in range(30):
            bot.act()
            bot.hear(1)
            yield bot.market.shown


def keeps(bot: Bot, book: Book) -> bool:
    depth, spread = market_depth(book, bot.config.depth_window_percent), market_spread(book)
    is_deep = min(depth.bids, depth.asks) >= bot.config.min_depth
    return is_deep and spread is not None and spread * 100 <= bot.config.max_spread_percent


@pytest.mark.parametrize("amend", list(AmendMode))
@pytest.mark.parametrize(
    "config", [{}, {"orders_per_side": 3, "deposit": 1400}, {"orders_per_side": 1, "deposit": 2200, "max_order": 1300}]
)
def test_depth_and_spread_stand_at_every_moment_of_a_reset_where_the_preview_says_so(
    config: dict[str, object], amend: AmendMode
) -> None:
    bot = started(reset_minutes=1, **config)
    shown = bot.strategy.preview(bot.config, bot.market.rules, D(1), Surroundings())
    assert not [finding for finding in shown.findings if finding.code == "renewal_dips"]
    bot.amend = amend
    bot.wait(57)
    assert all(keeps(bot, book) for book in moments(bot))
    assert bot.strategy.scope(bot.state) == "g2."
    assert all(order.slot.startswith("g2.") for order in bot.market.resting.values())
    assert not [order for order in bot.market.resting.values() if is_bridge(order.slot)]


def test_a_deposit_without_room_for_another_order_dips_as_the_preview_says() -> None:
    bot = started(reset_minutes=1, orders_per_side=3)
    shown = bot.strategy.preview(bot.config, bot.market.rules, D(1), Surroundings())
    assert [finding for finding in shown.findings if finding.code == "renewal_dips"]
    bot.wait(57)
    assert not all(keeps(bot, book) for book in moments(bot))
    (offer,) = shown.offers
    again = started(reset_minutes=1, orders_per_side=3, **offer.changes)
    again.wait(57)
    assert all(keeps(again, book) for book in moments(again))


def test_where_others_keep_the_depth_a_reset_needs_no_other_order() -> None:
    bot = Bot(settings(reset_minutes=1))
    bot.market.others = a_book("1", "0.005", "1200")
    bot.settle()
    bot.wait(58)
    for _ in moments(bot):
        assert not [order for order in bot.market.resting.values() if is_bridge(order.slot)]
    assert bot.strategy.scope(bot.state) == "g2."


def test_a_stand_in_that_is_taken_or_left_behind_does_not_stay() -> None:
    bot = started(reset_minutes=1)
    bot.wait(57)
    for _ in moments(bot, 1):
        for order in list(bot.market.resting.values()):
            if is_bridge(order.slot):
                bot.market.fill(order, order.remaining / 2)
    bot.move("1.01")
    bot.wait(10)
    assert len(bot.market.resting) == 10
    assert not [order for order in bot.market.resting.values() if is_bridge(order.slot)]


def test_what_was_filled_of_an_older_generation_is_told_after_a_restart() -> None:
    bot = started(reset_minutes=1)
    bot.wait(57)
    while bot.strategy.scope(bot.state) == "g1.":
        bot.market.now += timedelta(seconds=1)
        bot.act()
    old = next(order for order in bot.market.resting.values() if order.slot.startswith("g1."))
    bot.market.fill(old, old.remaining)
    bot.hear()
    bot.restart()
    bot.settle()
    told = [notice for notice in bot.notices if isinstance(notice, QuoteFilled)]
    assert [(notice.side, notice.amount) for notice in told] == [(old.side, old.amount)]
    bot.restart()
    bot.wait(60)
    assert bot.told("quote_filled") == told, "once"


def test_a_reset_renews_every_order_one_by_one_and_the_book_is_never_empty() -> None:
    bot = started(reset_minutes=1)
    first = {order.client_id for order in bot.market.resting.values()}
    bot.wait(57)
    assert {order.client_id for order in bot.market.resting.values()} == first
    fewest = 5
    for _ in moments(bot):
        fewest = min(fewest, len(bot.quotes(Side.BUY)), len(bot.quotes(Side.SELL)))
    assert fewest == 5, "another one stands in for the one that is renewed"
    assert not first & bot.market.resting.keys()
    assert len(bot.market.resting) == 10
    assert {order.slot for order in bot.market.resting.values()} >= {"g2.bid1", "g2.ask5"}
    assert bot.strategy.scope(bot.state) == "g2."
