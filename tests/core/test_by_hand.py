"""What an owner does by hand, as orders beside a strategy's plan."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.core.test_winding import NOW, PERPETUAL, SPOT, view
from trading.core.bookkeeping import Gain
from trading.core.by_hand import ByHand, Reduction, WishRefused, reducing_order, refusal_of, share_of, with_by_hand
from trading.core.instrument import Instrument, Side
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import Mode, Plan, TargetOrder, View

REDUCTION = Reduction(3, Decimal(6))


def part(number: int, amount: str, filled: str, status: OrderStatus, refusal: str = "") -> Order:
    slot = f"byhand3.{number}"
    return Order(
        slot, 1, slot, Role.CLOSE, "CRV", Side.SELL, OrderType.MARKET, Decimal(amount), None, NOW, NOW,
        one_shot=True, status=status, filled=Decimal(filled), refusal=refusal,
    )  # fmt: skip


def resting(slot: str, side: Side, *, reduce_only: bool = False, one_shot: bool = False) -> Order:
    return Order(
        slot, 1, slot, Role.QUOTE, "CRV", side, OrderType.LIMIT, Decimal(10), Decimal("0.6"), NOW, NOW,
        one_shot=one_shot, status=OrderStatus.OPEN, reduce_only=reduce_only,
    )  # fmt: skip


def wanted(slot: str, side: Side, *, reduce_only: bool = False) -> TargetOrder:
    amount, price = Decimal(10), Decimal("0.6")
    return TargetOrder(slot, Role.QUOTE, side, OrderType.LIMIT, amount, price, reduce_only=reduce_only)


def running(position: str, *past: Order, orders: tuple[Order, ...] = (), rules: Instrument = PERPETUAL) -> View:
    return view(position, mode=Mode.RUNNING, past=past, orders=orders, instrument=rules)


FILLED, CANCELED, REJECTED = OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.REJECTED


@pytest.mark.parametrize(
    ("position", "past", "slot", "amount"),
    [
        ("12", (), "byhand3.1", "6"),
        ("-12", (), "byhand3.1", "6"),
        ("4", (), "byhand3.1", "4"),  # the take-profit took some meanwhile: never more than is held
        ("0", (), None, None),
        ("9", (part(1, "3", "3", FILLED),), "byhand3.2", "3"),
        ("6", (part(1, "6", "6", FILLED),), None, None),
        ("10", (part(1, "6", "2", CANCELED),), None, None),  # the book gave no more
        ("12", (part(1, "6", "0", REJECTED, "reduce_only"),), None, None),
        ("12", (part(1, "6", "0", REJECTED, "never_arrived"),), "byhand3.1", "6"),
        ("12", (part(1, "6", "0", OrderStatus.EXPIRED, "never_arrived"),), None, None),
    ],
)
def test_a_reduction_is_made_once_and_never_of_more_than_is_held(
    position: str, past: tuple[Order, ...], slot: str | None, amount: str | None
) -> None:
    order = reducing_order(running(position, *past), REDUCTION)
    assert (order and order.slot) == slot
    if order is not None and amount is not None:
        assert (order.amount, order.role, order.one_shot, order.reduce_only) == (
            Decimal(amount), Role.CLOSE, True, True,
        )  # fmt: skip
        assert order.side is (Side.SELL if Decimal(position) > 0 else Side.BUY)


def test_a_part_that_is_under_way_is_left_as_it_is_whatever_the_position_says() -> None:
    live = part(1, "6", "0", OrderStatus.SENT)
    order = reducing_order(running("2", orders=(live,)), REDUCTION)
    assert order is not None
    assert (order.slot, order.amount) == ("byhand3.1", 6)


def test_the_venues_largest_order_splits_a_reduction() -> None:
    rules = replace(PERPETUAL, max_amount=Decimal(4))
    first = reducing_order(running("12", rules=rules), REDUCTION)
    then = reducing_order(running("8", part(1, "4", "4", FILLED), rules=rules), REDUCTION)
    assert first is not None
    assert then is not None
    assert (first.amount, then.slot, then.amount) == (4, "byhand3.2", 2)


@pytest.mark.parametrize("mode", [Mode.CANCEL, Mode.CLOSE])
def test_a_stop_leaves_nothing_of_a_reduction_to_be_sent(mode: Mode) -> None:
    assert reducing_order(view("12", mode=mode), REDUCTION) is None


def test_on_spot_the_sells_make_room_first_and_nothing_is_reduce_only() -> None:
    by_hand = ByHand(3, Reduction(3, Decimal(12)))
    plan = Plan(None, orders=(wanted("ask", Side.SELL), wanted("bid", Side.BUY)), finished="user")
    blocked = with_by_hand(plan, by_hand, running("30", orders=(resting("ask", Side.SELL),), rules=SPOT))
    assert [target.slot for target in blocked.orders] == ["bid"]
    free = with_by_hand(plan, by_hand, running("30", orders=(resting("bid", Side.BUY),), rules=SPOT))
    assert [target.slot for target in free.orders] == ["bid", "byhand3.1"]
    assert not free.orders[-1].reduce_only
    assert free.finished is None, "the bot does not end before it has reduced"


def test_on_a_perpetual_the_take_profit_stays_beside_the_reduction() -> None:
    exit_order = resting("tp", Side.SELL, reduce_only=True)
    plan = Plan(None, orders=(wanted("tp", Side.SELL, reduce_only=True),))
    made = with_by_hand(plan, ByHand(3, REDUCTION), running("12", orders=(exit_order,)))
    assert [target.slot for target in made.orders] == ["tp", "byhand3.1"]


def test_what_is_taken_off_is_not_wanted_while_that_very_order_is_there() -> None:
    plan = Plan(None, orders=(wanted("bid", Side.BUY),))
    by_hand = ByHand(withdrawn=("bid",))
    assert not with_by_hand(plan, by_hand, running("0", orders=(resting("bid", Side.BUY),))).orders
    another = replace(resting("bid", Side.BUY), client_id="later")
    assert with_by_hand(plan, by_hand, running("0", orders=(another,))).orders


@pytest.mark.parametrize(
    ("position", "percent", "rules", "amount"),
    [
        ("12", 50, PERPETUAL, "6"),
        ("-12.3", 25, PERPETUAL, "3"),
        ("0.1", 50, PERPETUAL, "0"),
        ("0.3", 75, PERPETUAL, "0.2"),
        ("12", 50, SPOT, "0"),  # three dollars each way are below the minimum of five
        ("40", 25, SPOT, "10"),
        ("40", 75, SPOT, "30"),
        ("36", 75, SPOT, "0"),  # what would be left could not be sold any more
    ],
)
def test_a_share_leaves_nothing_that_the_venue_would_not_take(
    position: str, percent: int, rules: Instrument, amount: str
) -> None:
    assert share_of(Decimal(position), rules, percent, Decimal("0.5")) == Decimal(amount)


def test_what_cannot_be_wished_is_refused() -> None:
    price = Decimal("0.5")
    for by_hand, position, code in (
        (ByHand(3, REDUCTION), "12", "reduction_underway"),
        (ByHand(), "0", "nothing_to_reduce"),
        (ByHand(), "0.1", "too_little_to_reduce"),
    ):
        with pytest.raises(WishRefused) as refused:
            by_hand.reducing(Decimal(position), PERPETUAL, 50, price)
        assert refused.value.code == code
    market = replace(resting("bid", Side.BUY), type=OrderType.MARKET)
    exit_order = replace(resting("tp", Side.SELL), role=Role.TAKE_PROFIT)
    for order, code in (
        (None, "order_is_gone"),
        (replace(market, status=FILLED), "order_is_gone"),
        (exit_order, "order_is_exit"),
        (market, "order_is_market"),
    ):
        with pytest.raises(WishRefused) as refused:
            ByHand().withdrawing(order)
        assert refused.value.code == code


def test_the_account_of_a_close_counts_from_its_first_moment() -> None:
    assert ByHand().ending_by(Mode.CANCEL, "user", NOW) == ByHand()
    by_hand = ByHand().ending_by(Mode.CLOSE, "user", NOW).ending_by(Mode.CLOSE, "panic", NOW.replace(year=2027))
    by_hand = by_hand.gained(Gain("c1.close1", Role.CLOSE, Decimal(2), Decimal(1), Decimal("-0.1")))
    by_hand = by_hand.gained(Gain("c1.level1", Role.ENTRY, Decimal(9), Decimal(9), Decimal(9)))
    by_hand = by_hand.ended(replace(resting("c1.level1", Side.BUY), status=CANCELED))
    by_hand = by_hand.ended(replace(resting("c1.level2", Side.BUY), status=FILLED))
    ending = by_hand.ending
    assert ending is not None
    assert (ending.began_at, ending.is_panic, ending.canceled) == (NOW, True, 1)
    assert (ending.done.amount, ending.done.price, ending.done.net) == (2, Decimal("0.5"), Decimal("-0.1"))


def test_why_a_part_was_refused_is_known() -> None:
    assert refusal_of(running("12", part(1, "6", "0", REJECTED, "reduce_only")), REDUCTION) == "reduce_only"
    assert refusal_of(running("12"), REDUCTION) == ""
