"""Wanted orders against live ones: applying the commands makes live equal wanted, and doubles nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.diff import Amend, AmendMode, Cancel, Command, Place, Replace, difference
from trading.core.instrument import Side
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import TargetOrder

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def target(slot: str, **changes: object) -> TargetOrder:
    wanted = TargetOrder(slot, Role.QUOTE, Side.BUY, OrderType.LIMIT, Decimal(10), Decimal(2))
    return replace(wanted, **changes)  # type: ignore[arg-type]  # a test may change any field


def order(wanted: TargetOrder, status: OrderStatus = OrderStatus.OPEN, **changes: object) -> Order:
    made = Order(
        client_id=f"mg-{wanted.slot}",
        bot_id=1,
        slot=wanted.slot,
        role=wanted.role,
        symbol="A/B",
        side=wanted.side,
        type=wanted.type,
        amount=wanted.amount,
        price=wanted.price,
        trigger_price=wanted.trigger_price,
        reduce_only=wanted.reduce_only,
        time_in_force=wanted.time_in_force,
        one_shot=wanted.one_shot,
        created_at=NOW,
        updated_at=NOW,
        status=status,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test may change any field


def turn(
    targets: Sequence[TargetOrder],
    live: Mapping[str, Order],
    amend: AmendMode = AmendMode.IN_PLACE,
    used: Sequence[str] = (),
    held: Sequence[str] = (),
) -> list[Command]:
    return difference(targets, live, used=used, held=held, amend=amend)


IN_FLIGHT = [OrderStatus.INTENDED, OrderStatus.SENT, OrderStatus.UNKNOWN]


def test_what_is_wanted_and_missing_is_placed() -> None:
    assert turn([target("a")], {}) == [Place(target("a"))]


def test_what_rests_as_wanted_is_left_alone() -> None:
    assert not turn([target("a")], {"a": order(target("a"))})


def test_what_is_not_wanted_is_canceled_first() -> None:
    old = order(target("b"))
    assert turn([target("a")], {"b": old}) == [Cancel(old), Place(target("a"))]


@pytest.mark.parametrize("status", IN_FLIGHT)
@pytest.mark.parametrize("targets", [[], [target("a", price=Decimal(3))]])
def test_an_order_in_flight_holds_its_slot(status: OrderStatus, targets: list[TargetOrder]) -> None:
    assert not turn(targets, {"a": order(target("a"), status)})


@pytest.mark.parametrize("targets", [[], [target("a", price=Decimal(3))], [target("a")]])
def test_a_cancel_is_asked_for_once(targets: list[TargetOrder]) -> None:
    assert not turn(targets, {"a": order(target("a"), cancel_requested=True)})


@pytest.mark.parametrize("status", [OrderStatus.CANCELED, OrderStatus.FILLED])
def test_an_order_whose_fills_are_missing_holds_its_slot(status: OrderStatus) -> None:
    unsettled = order(target("a"), status, reported_filled=Decimal(10))
    assert unsettled.is_live
    assert not turn([target("a")], {"a": unsettled})
    assert not turn([], {"a": unsettled})


@pytest.mark.parametrize(
    ("mode", "command"), [(AmendMode.IN_PLACE, Amend), (AmendMode.REPLACE, Replace), (AmendMode.NONE, Cancel)]
)
@pytest.mark.parametrize("change", [{"price": Decimal(3)}, {"amount": Decimal(4)}])
def test_a_changed_price_or_amount_amends_where_the_venue_can(
    mode: AmendMode, command: type, change: dict[str, object]
) -> None:
    (made,) = turn([target("a", **change)], {"a": order(target("a"))}, mode)
    assert isinstance(made, command)


@pytest.mark.parametrize("seen", [{"filled": Decimal(1)}, {"reported_filled": Decimal(1)}])
def test_an_order_of_which_something_was_filled_is_not_replaced(seen: dict[str, Decimal]) -> None:
    partly = order(target("a"), OrderStatus.PARTLY_FILLED, **seen)
    assert turn([target("a", price=Decimal(3))], {"a": partly}, AmendMode.REPLACE) == [Cancel(partly)]


@pytest.mark.parametrize(
    "change", [{"side": Side.SELL}, {"type": OrderType.MARKET, "price": None}, {"reduce_only": True}]
)
def test_anything_else_is_canceled_and_placed_anew(change: dict[str, object]) -> None:
    assert turn([target("a", **change)], {"a": order(target("a"))}) == [Cancel(order(target("a")))]


def test_a_moved_trigger_amends_a_stop() -> None:
    stop = target("a", type=OrderType.STOP_MARKET, price=None, trigger_price=Decimal(1), role=Role.STOP_LOSS)
    moved = replace(stop, trigger_price=Decimal("0.9"))
    assert turn([moved], {"a": order(stop)}) == [Amend(order(stop), moved)]


def test_what_was_filled_does_not_count_as_resting() -> None:
    partly = order(target("a"), OrderStatus.PARTLY_FILLED, filled=Decimal(4), reported_filled=Decimal(4))
    assert not turn([target("a", amount=Decimal(6))], {"a": partly})
    assert turn([target("a", amount=Decimal(10))], {"a": partly})


def test_a_one_shot_slot_is_used_once_for_ever() -> None:
    once = target("a", one_shot=True)
    assert turn([once], {}) == [Place(once)]
    assert not turn([once], {}, used=["a"])
    assert not turn([replace(once, amount=Decimal(3))], {"a": order(once)})
    assert turn([target("a")], {}, used=["a"]) == [Place(target("a"))], "a standing slot is renewed"


@pytest.mark.parametrize("mode", list(AmendMode))
def test_a_held_slot_waits_and_keeps_what_rests_in_it(mode: AmendMode) -> None:
    assert not turn([target("a")], {}, mode, held=["a"])
    assert not turn([target("a", price=Decimal(3))], {"a": order(target("a"))}, mode, held=["a"])
    assert turn([], {"a": order(target("a"))}, mode, held=["a"]) == [Cancel(order(target("a")))]


def test_exits_go_before_entries() -> None:
    wanted = [target(role.value, role=role) for role in reversed(Role)]
    placed = [command.target.role for command in turn(wanted, {}) if isinstance(command, Place)]
    assert placed == list(Role)


targets = st.lists(
    st.builds(
        target,
        st.sampled_from("abcde"),
        side=st.sampled_from(list(Side)),
        role=st.sampled_from(list(Role)),
        amount=st.integers(1, 5).map(Decimal),
        price=st.integers(1, 5).map(Decimal),
        one_shot=st.booleans(),
        reduce_only=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda wanted: wanted.slot,
)
orders = st.builds(order, st.builds(target, st.just("x")), st.sampled_from([OrderStatus.OPEN, *IN_FLIGHT]))


def apply(commands: Sequence[Command], live: dict[str, Order], used: set[str]) -> dict[str, Order]:
    """The live orders after the venue has done everything at once."""
    after = dict(live)
    for command in commands:
        match command:
            case Cancel(gone):
                assert after.pop(gone.slot) is gone
                used.add(gone.slot)
            case Place(wanted):
                assert wanted.slot not in after, "a slot never holds two orders"
                after[wanted.slot] = order(wanted)
            case Replace(resting, wanted):
                assert after[wanted.slot] is resting
                after[wanted.slot] = order(wanted)
            case Amend(resting, wanted):
                after[wanted.slot] = replace(resting, price=wanted.price, amount=wanted.amount)
    return after


@given(targets, targets, st.sampled_from(list(AmendMode)))
def test_applying_the_commands_makes_live_equal_wanted(
    before: list[TargetOrder], wanted: list[TargetOrder], amend: AmendMode
) -> None:
    live = {one.slot: order(one) for one in before}
    used: set[str] = set()
    for _ in range(3):
        live = apply(difference(wanted, live, used=used, held=(), amend=amend), live, used)
    assert not difference(wanted, live, used=used, held=(), amend=amend), "it comes to rest"
    assert set(live) <= {one.slot for one in wanted}
    for one in wanted:
        if not one.one_shot:
            resting = live[one.slot]
            assert (resting.side, resting.price, resting.remaining) == (one.side, one.price, one.amount)


@given(targets, st.lists(orders, max_size=5), st.sampled_from(list(AmendMode)))
def test_no_command_touches_what_is_in_flight(wanted: list[TargetOrder], flying: list[Order], amend: AmendMode) -> None:
    live = {slot: replace(one, slot=slot) for slot, one in zip("abcde", flying, strict=False)}
    for command in difference(wanted, live, used=(), held=(), amend=amend):
        if not isinstance(command, Place):
            assert command.order.status is OrderStatus.OPEN
        else:
            assert command.target.slot not in live
