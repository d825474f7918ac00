"""The life of an order: every pair of status and event is a transition, a repeat, or a defect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.core.instrument import Side
from trading.core.orders import (
    REPEATS,
    TRANSITIONS,
    Fill,
    ImpossibleTransition,
    Order,
    OrderEvent,
    OrderReport,
    OrderStatus,
    OrderType,
    Role,
    apply_event,
    apply_fill,
    apply_report,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
S, E = OrderStatus, OrderEvent


def order(status: OrderStatus = S.OPEN, **changes: object) -> Order:
    plain_order = Order(
        client_id="mg1",
        bot_id=1,
        slot="c1.level1",
        role=Role.ENTRY,
        symbol="A/B",
        side=Side.BUY,
        type=OrderType.LIMIT,
        amount=Decimal(10),
        price=Decimal(2),
        created_at=NOW,
        updated_at=NOW,
        status=status,
    )
    return replace(plain_order, **changes)  # type: ignore[arg-type]  # a test may change any field


def fill(amount: str, price: str = "2", trade: str = "t1") -> Fill:
    return Fill(trade, "v1", "mg1", "A/B", Side.BUY, Decimal(price), Decimal(amount), Decimal(0), "B", True, LATER)


def report(event: OrderEvent, filled: str = "0", **changes: object) -> OrderReport:
    plain_report = OrderReport("mg1", "v1", "A/B", event, Decimal(filled), LATER)
    return replace(plain_report, **changes)  # type: ignore[arg-type]  # a test may change any field


@pytest.mark.parametrize(("status", "event"), list(product(OrderStatus, OrderEvent)))
def test_every_pair_is_a_transition_or_a_repeat_or_a_defect(status: OrderStatus, event: OrderEvent) -> None:
    before = order(status)
    is_transition, is_repeat = (status, event) in TRANSITIONS, (status, event) in REPEATS
    assert not (is_transition and is_repeat)
    if is_transition:
        after = apply_event(before, event, LATER)
        assert after == replace(before, status=TRANSITIONS[status, event], updated_at=LATER)
        assert after.status is not status
    elif is_repeat:
        assert apply_event(before, event, LATER) is before
    else:
        with pytest.raises(ImpossibleTransition) as raised:
            apply_event(before, event, LATER)
        assert (raised.value.order, raised.value.event) == (before, event)


@pytest.mark.parametrize("event", list(OrderEvent))
@pytest.mark.parametrize("status", [status for status in OrderStatus if status.is_final])
def test_a_final_state_never_goes_back(status: OrderStatus, event: OrderEvent) -> None:
    assert apply_event(order(status), event, LATER).status is status


@pytest.mark.parametrize("status", [S.INTENDED, S.SENT, S.UNKNOWN, S.OPEN])
@pytest.mark.parametrize(
    ("event", "after"),
    [(E.FILLED, S.FILLED), (E.CANCELED, S.CANCELED), (E.EXPIRED, S.EXPIRED), (E.REFUSED, S.REJECTED)],
)
def test_the_venue_may_speak_at_any_time(status: OrderStatus, event: OrderEvent, after: OrderStatus) -> None:
    assert apply_event(order(status), event, LATER).status is after


@pytest.mark.parametrize("status", [S.OPEN, S.PARTLY_FILLED, S.SENT])
def test_only_what_is_unknown_or_unsent_can_turn_out_absent(status: OrderStatus) -> None:
    with pytest.raises(ImpossibleTransition):
        apply_event(order(status), E.ABSENT, LATER)


def test_only_not_sent_frees_an_id_for_another_try() -> None:
    backwards = [key for key, after in TRANSITIONS.items() if after is S.INTENDED]
    assert backwards == [(S.SENT, E.NOT_SENT)]


@pytest.mark.parametrize("status", [S.INTENDED, S.SENT, S.UNKNOWN, S.OPEN, S.PARTLY_FILLED])
def test_a_fill_proves_that_the_order_arrived(status: OrderStatus) -> None:
    some = apply_fill(order(status), fill("4"))
    assert (some.status, some.filled, some.remaining, some.venue_id) == (S.PARTLY_FILLED, 4, 6, "v1")
    assert apply_fill(some, fill("6", trade="t2")).status is S.FILLED


def test_a_late_fill_of_a_canceled_order_is_counted_and_changes_no_status() -> None:
    late = apply_fill(order(S.CANCELED), fill("4"))
    assert (late.status, late.filled, late.is_live) == (S.CANCELED, 4, False)


def test_the_average_is_what_was_paid_for_what_was_filled() -> None:
    filled = apply_fill(apply_fill(order(), fill("4", "2")), fill("6", "1", "t2"))
    assert filled.average == Decimal("1.4")
    assert order().average is None


def test_an_order_whose_fills_are_missing_keeps_its_slot() -> None:
    told = apply_report(order(), report(E.CANCELED, "4"))
    assert told.status.is_final
    assert told.is_live
    assert told.remaining == 6
    assert not apply_fill(told, fill("4")).is_live


def test_a_filled_order_without_a_single_fill_keeps_its_slot() -> None:
    told = apply_report(order(), report(E.FILLED, "0"))
    assert told.is_live
    assert not apply_fill(told, fill("10")).is_live


def test_the_reported_amount_never_goes_back() -> None:
    told = apply_report(order(), report(E.PARTLY_FILLED, "5"))
    assert apply_report(told, report(E.PARTLY_FILLED, "3")).reported_filled == 5
    assert apply_report(told, report(E.ACCEPTED, "0")).status is S.PARTLY_FILLED


def test_a_report_brings_the_venues_ids_and_its_reason() -> None:
    told = apply_report(order(S.SENT), report(E.REFUSED, reason="post_only", execution_id="x"))
    assert (told.venue_id, told.execution_id, told.refusal) == ("v1", "x", "post_only")
    again = apply_report(told, report(E.REFUSED, venue_id="v2"))
    assert (again.venue_id, again.refusal) == ("v1", "post_only")


def test_a_triggered_stop_does_not_take_its_fills_id_for_its_own() -> None:
    stop = order(type=OrderType.STOP_MARKET, price=None, trigger_price=Decimal(1))
    assert apply_fill(stop, fill("10")).venue_id is None


def test_exits_go_before_entries() -> None:
    assert sorted(Role, key=lambda role: role.priority) == list(Role)
    assert [role for role in Role if role.is_exit] == [Role.STOP_LOSS, Role.TAKE_PROFIT, Role.CLOSE]


messages = st.lists(
    st.one_of(
        st.builds(report, st.sampled_from([E.ACCEPTED, E.PARTLY_FILLED, E.CANCELED, E.FILLED]),
                  st.integers(0, 10).map(str)),
        st.integers(1, 3).map(lambda amount: fill(str(amount))),
    ),
    max_size=8,
)  # fmt: skip


@given(messages)
def test_whatever_the_venue_says_in_any_order_amounts_only_grow(said: list[OrderReport | Fill]) -> None:
    now = order(S.SENT)
    for message in said:
        after = apply_fill(now, message) if isinstance(message, Fill) else apply_report(now, message)
        assert after.filled >= now.filled
        assert after.reported_filled >= max(now.reported_filled, after.filled)
        assert not (now.status.is_final and after.status is not now.status)
        assert after.remaining >= 0
        now = after
