"""Which quotes rest, what moves them, and what leaves them alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from tests.strategies.liquidity.market import Bot, Market, a_book, coin, settings, started
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.market import Book, BookLevel
from trading.core.planning import Mode


def test_both_sides_rest_with_spread_and_depth_kept() -> None:
    bot = started()
    assert [order.slot for order in bot.quotes(Side.BUY)] == [f"g1.bid{number}" for number in range(1, 6)]
    assert [order.price for order in bot.quotes(Side.BUY)] == [
        D("0.992"),
        D("0.99"),
        D("0.988"),
        D("0.986"),
        D("0.984"),
    ]
    assert next(order.price for order in bot.quotes(Side.SELL)) == D("1.008")
    assert all(D(219) < bot.worth(side) / 5 <= D(220) for side in Side)
    body = bot.last_sample().body
    assert (body["spread"], body["depth"], body["cause"]) == ("yes", "yes", "")
    assert body["spread_percent"] == "1.6"


def test_nothing_is_touched_while_nothing_is_wrong() -> None:
    bot = started()
    sent = bot.sent.copy()
    bot.wait(60)
    for mid in ("1.0015", "0.999", "1.001", "1"):
        bot.move(mid)
        bot.wait(5)
    assert bot.sent == sent


@pytest.mark.parametrize("amend", list(AmendMode))
@pytest.mark.parametrize("mid", ["1.02", "0.98", "1.2", "0.7"])
def test_quotes_follow_the_fair_price(amend: AmendMode, mid: str) -> None:
    bot = started()
    bot.amend = amend
    bot.move(mid)
    bot.wait(3)
    assert abs((bot.quotes(Side.BUY)[0].price or D(0)) / D(mid) - D("0.992")) < D("0.0021")
    assert abs((bot.quotes(Side.SELL)[-1].price or D(0)) / D(mid) - D("1.016")) < D("0.0021")
    assert len(bot.market.resting) == 10
    assert bot.last_sample().body["cause"] == ""


def test_what_is_too_good_goes_at_once_and_what_is_too_far_one_by_one() -> None:
    bot = started()
    bot.move("1.02")
    bot.act()
    assert not bot.quotes(Side.SELL)
    assert len(bot.quotes(Side.BUY)) == 5  # a bid could not yet be seen without asks of ours: those go first
    bot.hear()
    fewest = 5
    for _ in range(40):
        fewest = min(fewest, len(bot.quotes(Side.BUY)))
        bot.act()
        bot.hear()
    assert fewest == 4


def test_a_quote_never_crosses_what_others_show() -> None:
    bot = started()
    bot.market.others = Book("", (BookLevel(D("0.975"), D(900)),), (BookLevel(D("0.985"), D(900)),), bot.market.now)
    bot.wait(3)
    assert bot.quotes(Side.BUY)[0].price == D("0.9849")
    assert not bot.told("price_sources_apart")


def test_volume_is_added_when_depth_is_short_and_taken_back_at_the_reset() -> None:
    bot = Bot(settings(reset_minutes=2))
    bot.market.others = Book(
        "",
        (BookLevel(D("0.995"), D(800)), BookLevel(D("0.9"), D(9000))),
        (BookLevel(D("1.005"), D(800)), BookLevel(D("1.1"), D(9000))),
        bot.market.now,
    )
    bot.settle()
    bot.wait(2)
    assert all(D(290) < bot.worth(side) < D(310) for side in Side), "others have 800 of the 1100"
    few = a_book("1", "0.005", "300")
    bot.market.others = few
    bot.wait(2)
    for side in Side:
        assert D(730) < bot.worth(side) + 300
        assert bot.worth(side) + 300 > D(1030)
        assert len(bot.quotes(side)) == 5
    bot.market.others = a_book("1", "0.005", "800")
    bot.wait(5)
    assert all(bot.worth(side) > D(720) for side in Side), "more than needed is no reason to lose a place in the queue"
    bot.wait(120)
    assert all(D(240) < bot.worth(side) < D(310) for side in Side)


def test_a_partly_filled_quote_is_left_until_it_is_too_small() -> None:
    bot = started()
    nearest = bot.quotes(Side.BUY)[0]
    bot.market.fill(nearest, D(20))
    bot.hear()
    bot.wait()
    assert bot.market.resting[nearest.client_id].filled == 20
    bot.market.fill(bot.market.resting[nearest.client_id], D(190))
    bot.hear()
    bot.wait(2)
    assert nearest.client_id not in bot.market.resting
    assert len(bot.quotes(Side.BUY)) == 5


def test_smaller_limits_move_what_is_too_big() -> None:
    bot = started()
    bot.config = settings(max_order=200, min_order=20, min_depth=900)
    bot.wait(2)
    assert all(order.remaining * (order.price or D(0)) <= 200 for order in bot.market.resting.values())
    assert len(bot.market.resting) == 10


@pytest.mark.parametrize("mode", [Mode.NO_ENTRIES, Mode.WIND_DOWN, Mode.CANCEL])
def test_a_bot_that_may_not_quote_withdraws(mode: Mode) -> None:
    bot = started()
    bot.mode = mode
    bot.wait(7)
    assert not bot.market.resting
    assert bot.plans[-1].finished == (None if mode is Mode.NO_ENTRIES else "user")
    assert bot.last_sample().body["cause"] == ("paused" if mode is Mode.NO_ENTRIES else "stopping")
    bot.mode = Mode.RUNNING
    bot.wait(2)
    assert len(bot.market.resting) == 10


def test_without_balances_nothing_is_placed() -> None:
    bot = Bot()
    bot.knows_balances = False
    bot.wait(2)
    assert not bot.sent
    assert bot.told("side_reduced")
    bot.knows_balances = True
    bot.wait(2)
    bot.knows_balances = False
    bot.wait(3)
    assert len(bot.market.resting) == 10, "what rests may stay"


def test_a_side_with_too_little_shows_what_it_can() -> None:
    bot = Bot(market=Market(balances={"USDT": D(5000), "ABC": D(160)}))
    bot.wait(8)
    asks = bot.quotes(Side.SELL)
    assert [order.slot for order in asks] == ["g1.ask1", "g1.ask2", "g1.ask3"]
    assert bot.worth(Side.BUY) > 1000
    assert bot.last_sample().body["cause"] == "our_balance"
    (told,) = bot.told("side_reduced")
    assert (told.side, told.cause) == (Side.SELL, "our_balance")  # type: ignore[union-attr]
    (breach,) = bot.told("obligation_breached")
    assert breach.cause == "our_balance"  # type: ignore[union-attr]


def test_what_was_bought_makes_the_bids_fewer() -> None:
    bot = started(deposit=1250, max_inventory_skew=30)
    for _ in range(20):
        if bot.quotes(Side.BUY):
            bot.market.fill(bot.quotes(Side.BUY)[0], D(10_000))
            bot.hear()
            bot.wait()
    assert bot.books.ledger.cost <= bot.config.deposit
    assert bot.books.ledger.cost > bot.config.deposit / 2
    assert len(bot.quotes(Side.BUY)) < 3
    assert len(bot.quotes(Side.SELL)) == 5
    assert bot.told("side_reduced")[-1].cause == "inventory"  # type: ignore[union-attr]
    assert bot.last_sample().body["cause"] == "inventory"


def test_a_refusing_venue_is_no_reason_to_take_away_more() -> None:
    bot = started(reset_minutes=1)
    bot.market.refuses = True
    bot.wait(100)
    assert all(len(bot.quotes(side)) == 4 for side in Side)
    bot.market.refuses = False
    bot.wait(2)
    assert len(bot.market.resting) == 10


def test_refused_orders_are_the_cause_of_a_breach() -> None:
    bot = Bot()
    bot.market.refuses = True
    bot.wait(8)
    assert bot.last_sample().body["cause"] == "refused_orders"
    assert bot.told("obligation_breached")


def test_a_late_book_does_not_show_our_canceled_order_as_a_strangers() -> None:
    bot = started()
    order = bot.quotes(Side.SELL)[0]
    behind = replace(bot.market.shown, at=bot.market.now)
    bot.market.cancel(order)
    bot.market.now = bot.market.now.replace(microsecond=500_000)
    bot.hear()
    finals = bot.books.view_of_finals()
    late = {slot: [replace(one, updated_at=bot.market.now) for one in past] for slot, past in finals.items()}
    view = replace(bot.view, books={**bot.view.books, "": behind}, finals=late)
    plan = bot.strategy.plan(bot.config, bot.state, view)
    placed = next(target for target in plan.orders if target.slot == order.slot)
    assert placed.price == order.price


def test_a_coarse_step_comes_to_rest() -> None:
    bot = Bot(market=Market(rules=coin(amount_step=D(13), price_tick=D("0.001"))))
    bot.wait(10)
    sent = bot.sent.copy()
    bot.wait(30)
    assert bot.sent == sent
    assert len(bot.market.resting) == 10


@pytest.mark.parametrize("tick", ["0.0001", "0.002", "0.005"])
@pytest.mark.parametrize("reference", ["5", "10000"])
@pytest.mark.parametrize("quote", ["0", "700", "5000"])
def test_quotes_do_not_chase_themselves_when_they_count_in_the_price(tick: str, reference: str, quote: str) -> None:
    market = Market(rules=coin(price_tick=D(tick)), balances={"USDT": D(quote), "ABC": D(5000)})
    market.others = a_book("1.01", "0.02", "10")
    bot = Bot(settings(include_own_orders=True), market, a_book("1", "0.002", reference))
    bot.wait(5)
    sent = bot.sent.copy()
    bot.wait(20)
    assert bot.sent == sent


@pytest.mark.parametrize("quote", ["30", "700", "9000"])
@pytest.mark.parametrize(
    ("changes", "reference", "bid", "ask", "amount"),
    [
        ({"deposit": 5000, "max_spread_percent": 1, "depth_window_percent": 4}, ("1.01", 3000), "0.995", "1.005", 5000),
        ({"deposit": 1250, "max_spread_percent": 1}, ("1.02", 300), "0.98", "1.02", 500),
        ({"deposit": 60, "depth_window_percent": 1}, ("0.98", 300), "0.99", None, 5000),
        ({"deposit": 60, "depth_window_percent": 1}, ("1.02", 5), None, "1.005", 500),
    ],
    ids=["deep", "far", "only a bid", "only an ask"],
)
def test_far_orders_of_others_and_quotes_that_count_in_the_price_come_to_rest(
    changes: dict[str, object], reference: tuple[str, int], bid: str | None, ask: str | None, amount: int, quote: str
) -> None:
    """A mid that our quotes move takes a far order into its window and lets it go again, and the price with it."""
    sides = [(BookLevel(D(price), D(amount)),) if price else () for price in (bid, ask)]
    market = Market(balances={"USDT": D(quote), "ABC": D(9000)})
    market.others = Book("ABC/USDT", sides[0], sides[1], market.now)
    more = {"orders_per_side": 3, "min_order": 6, "max_order": 350, "include_own_orders": True, **changes}
    bot = Bot(settings(**more), market, a_book(reference[0], "0.002", str(reference[1])))
    bot.wait(10)
    sent = bot.sent.copy()
    bot.wait(20)
    assert bot.sent == sent


def test_quotes_that_count_draw_the_price_to_their_market() -> None:
    """Others here are few: our own orders are what gives this market its say."""
    nearest: dict[bool, list[D]] = {}
    for counts in (False, True):
        market = Market(balances={"USDT": D(5000), "ABC": D(5000)})
        market.others = a_book("1.01", "0.002", "10")
        bot = Bot(settings(include_own_orders=counts), market, a_book("1", "0.002", "1000"))
        bot.wait(10)
        nearest[counts] = [bot.quotes(side)[0].price or D(0) for side in Side]
    assert all(with_us > alone > 0 for with_us, alone in zip(nearest[True], nearest[False], strict=True))


def test_a_fair_price_that_trembles_round_a_tick_moves_nothing() -> None:
    bot = Bot(market=Market(rules=coin(price_tick=D("0.001"))))
    bot.wait(3)
    sent = bot.sent.copy()
    for mid in ("0.9999956", "1", "1.0000044") * 5:
        bot.reference = a_book(mid, "0.001", "10000")
        bot.wait()
    assert bot.sent == sent
