"""The calculations, by worked examples."""

from decimal import Decimal as D

import pytest

from tests.strategies.liquidity.market import BEGINNING, a_book, coin, settings
from trading.core.instrument import Side
from trading.core.ledger import Ledger
from trading.core.market import Book, BookLevel
from trading.strategies.liquidity import Depth, Quotes, fair_price, market_depth, market_spread, quotes
from trading.strategies.liquidity.ladder import prices_at
from trading.strategies.liquidity.measures import distance_percent, offsets, with_orders
from trading.strategies.liquidity.shape import shape
from trading.strategies.liquidity.sizing import allowed_orders, deposit_room, depth_goals, even_size


def book(bids: str, asks: str) -> Book:
    """``"99x10 98x5"``: price x amount, best first."""

    def levels(text: str) -> tuple[BookLevel, ...]:
        return tuple(BookLevel(D(part.split("x")[0]), D(part.split("x")[1])) for part in text.split())

    return Book("ABC/USDT", levels(bids), levels(asks), BEGINNING)


@pytest.mark.parametrize(
    ("shown", "percent", "bids", "asks"),
    [
        # mid 100, window 98 to 102: the edge counts
        (book("99x10 98x5 97.99x100", "101x4 102x3 102.01x100"), "2", "1480", "710"),
        (book("99x10", "101x4"), "1", "990", "404"),
        (book("99x10", "101x4"), "0.9", "0", "0"),
        (book("99x10", ""), "2", "0", "0"),
        (book("", ""), "2", "0", "0"),
    ],
)
def test_depth_is_what_rests_within_the_percent_of_mid(shown: Book, percent: str, bids: str, asks: str) -> None:
    assert market_depth(shown, D(percent)) == Depth(D(bids), D(asks))


def test_a_given_centre_measures_a_book_with_one_side() -> None:
    assert market_depth(book("99x10", ""), D(2), D(100)) == Depth(D(990), D(0))


@pytest.mark.parametrize(
    ("shown", "spread"),
    [
        (book("99x1", "101x1"), D("0.02")),
        (book("0.0099x1", "0.0101x1"), D("0.02")),
        (book("99.9x1", "100.1x1"), D("0.002")),
        (book("99x1", ""), None),
        (book("", "101x1"), None),
    ],
)
def test_spread_is_a_share_of_mid(shown: Book, spread: D | None) -> None:
    assert market_spread(shown) == spread


@pytest.mark.parametrize(
    ("target", "reference", "include_own", "own", "fair"),
    [
        # 990 + 1010 at 100 against 3 * (102 + 104) at 103: (2000 * 100 + 618 * 103) / 2618
        (book("99x10", "101x10"), book("102x3", "104x3"), True, (), D(263654) / D(2618)),
        # equal liquidity: the middle of the mids
        (book("99x1", "101x1"), book("99x1", "101x1"), True, (), D(100)),
        # all of the target is ours: the reference alone decides
        (
            book("99x10", "101x10"),
            book("102x3", "104x3"),
            False,
            ((Side.BUY, D(99), D(10)), (Side.SELL, D(101), D(10))),
            D(103),
        ),
        # the same, ours included
        (
            book("99x10", "101x10"),
            book("102x3", "104x3"),
            True,
            ((Side.BUY, D(99), D(10)), (Side.SELL, D(101), D(10))),
            D(263654) / D(2618),
        ),
        # a market whose orders are all far from its mid has no say
        (book("50x1000", "150x1000"), book("102x3", "104x3"), True, (), D(103)),
        (None, book("102x3", "104x3"), True, (), D(103)),
        (book("99x10", "101x10"), None, True, (), D(100)),
        (book("99x10", ""), book("", "1x1"), True, (), None),
        (None, None, True, (), None),
    ],
)
def test_fair_price_weighs_each_mid_by_its_liquidity(
    target: Book | None, reference: Book | None, include_own: bool, own: tuple[tuple[Side, D, D], ...], fair: D | None
) -> None:
    assert fair_price(target, reference, D(2), include_own, own) == fair


@pytest.mark.parametrize(
    ("fair", "spread", "tick", "bid", "ask"),
    [
        ("100", "0.02", "0.01", "99", "101"),
        ("100", "0.016", "0.01", "99.2", "100.8"),
        ("0.5", "0.016", "0.0001", "0.496", "0.504"),
        # 0.012345 * 0.992 = 0.01224624, * 1.008 = 0.01244376: away from the middle
        ("0.012345", "0.016", "0.0001", "0.0122", "0.0125"),
        ("100", "0", "1", "100", "100"),
    ],
)
def test_quotes_lie_round_the_fair_price_on_ticks(fair: str, spread: str, tick: str, bid: str, ask: str) -> None:
    assert quotes(D(fair), D(spread), D(tick)) == Quotes(D(bid), D(ask))


def test_the_ladder_leaves_room_for_the_tolerance() -> None:
    plan = shape(settings())
    assert (plan.nearest, plan.farthest, plan.widened) == (D("0.8"), D("1.6"), D("1.2"))
    assert prices_at(settings(), D(100), coin(price_tick=D("0.01")), Side.BUY) == [
        *(D("99.2"), D("99"), D("98.8"), D("98.6"), D("98.4"))
    ]
    assert prices_at(settings(), D(100), coin(price_tick=D("0.01")), Side.SELL)[0] == D("100.8")


def test_a_wide_spread_in_a_narrow_window_still_leaves_a_ladder() -> None:
    plan = shape(settings(max_spread_percent=20, depth_window_percent=2))
    assert (plan.nearest, plan.farthest) == (D("0.8"), D("1.6"))


def test_one_order_stands_nearest() -> None:
    assert offsets(D("0.8"), D("1.6"), 1) == (D("0.8"),)
    assert offsets(D("0.8"), D("1.6"), 3) == (D("0.8"), D("1.2"), D("1.6"))


def test_mids_are_as_far_apart_from_either_side() -> None:
    assert distance_percent(D(99), D(101)) == distance_percent(D(101), D(99)) == D(2)


def test_putting_in_is_the_inverse_of_taking_out() -> None:
    own = [(Side.BUY, D(99), D(2)), (Side.SELL, D(103), D(1))]
    assert with_orders(book("99x10", "101x4"), own) == book("99x12", "101x4 103x1")


@pytest.mark.parametrize(
    ("share", "bids", "asks"), [("0.5", "1100", "1100"), ("1", "1150", "1050"), ("0.25", "1075", "1125")]
)
def test_the_reserve_follows_the_balance_ratio(share: str, bids: str, asks: str) -> None:
    assert depth_goals(D(1000), D(share)) == Depth(D(bids), D(asks))


@pytest.mark.parametrize(
    ("goal", "others", "size"),
    [
        ("1100", "0", "220"),
        ("1100", "600", "100"),
        ("1100", "1000", "50"),
        ("1100", "5000", "50"),
        ("9000", "0", "500"),
    ],
)
def test_equal_orders_fill_what_others_leave(goal: str, others: str, size: str) -> None:
    assert even_size(D(goal), D(others), 5, D(50), D(500)) == D(size)


@pytest.mark.parametrize(
    ("skew", "bids", "asks"),
    [
        ("0", (5, 5), (5, 5)),
        ("50", (5, 5), (5, 5)),
        ("51", (5, 4), (5, 5)),
        ("75", (3, 2), (5, 5)),
        ("99", (1, 0), (5, 5)),
        ("100", (0, 0), (5, 5)),
        ("140", (0, 0), (5, 5)),
        ("-75", (5, 5), (3, 2)),
    ],
)
def test_a_heavy_inventory_takes_orders_from_its_side(skew: str, bids: tuple[int, int], asks: tuple[int, int]) -> None:
    assert allowed_orders(5, D(skew), D(50), Side.BUY) == bids
    assert allowed_orders(5, D(skew), D(50), Side.SELL) == asks


@pytest.mark.parametrize(
    ("position", "cost", "price", "bids", "asks"),
    [
        ("0", "0", "1", "1000", "1000"),
        # bought 400 for 400: 600 more may be bought; what is sold first closes
        ("400", "400", "1", "600", "1400"),
        # worth less now: sold at this price it would close less, and the rest opens a short
        ("400", "400", "0.5", "600", "1200"),
        ("400", "400", "2", "600", "1400"),
        ("-400", "-400", "1", "1400", "600"),
        ("-400", "-400", "0.5", "1200", "600"),
    ],
)
def test_inventory_never_costs_more_than_the_deposit(
    position: str, cost: str, price: str, bids: str, asks: str
) -> None:
    ledger = Ledger(position=D(position), cost=D(cost))
    assert deposit_room(D(1000), ledger, Side.BUY, D(price)) == D(bids)
    assert deposit_room(D(1000), ledger, Side.SELL, D(price)) == D(asks)


def test_a_book_of_one_level_is_what_it_says() -> None:
    assert a_book("1").mid == D(1)
