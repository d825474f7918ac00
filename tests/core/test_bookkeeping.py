"""One bot's books: whatever is heard, in whatever order and however often, ends in the same books."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trading.core.bookkeeping import Books
from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.ledger import Funding, Ledger
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderStatus, OrderType, Role
from trading.core.waiting_fills import MAX_WAITING_FILLS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CRV = Instrument("paper", "CRV/USDT:USDT", MarketKind.PERPETUAL, "CRV", "USDT", Decimal("0.0001"), Decimal("0.1"))


def order(client_id: str, slot: str = "c1.tp", **terms: object) -> Order:
    made = Order(
        client_id, 1, slot, Role.ENTRY, CRV.symbol, Side.BUY, OrderType.LIMIT, Decimal(10), Decimal("0.5"), NOW, NOW
    )
    return replace(made, **terms)  # type: ignore[arg-type]


def report(
    client_id: str | None, event: OrderEvent, filled: int = 0, venue_id: str = "", **more: object
) -> OrderReport:
    return replace(
        OrderReport(client_id, venue_id or f"v{client_id}", CRV.symbol, event, Decimal(filled), NOW),
        **more,  # type: ignore[arg-type]
    )


def fill(client_id: str | None, trade_id: str, amount: int = 1, venue_id: str = "", **more: object) -> Fill:
    made = Fill(
        trade_id, venue_id or f"v{client_id}", client_id, CRV.symbol, Side.BUY, Decimal("0.5"), Decimal(amount),
        Decimal("0.001"), "USDT", True, NOW,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def books(*orders: Order) -> Books:
    made = Books(CRV, Ledger())
    for each in orders:
        made.intend(each)
    return made


def test_a_slot_never_holds_two_live_orders() -> None:
    held = books(order("a"))
    with pytest.raises(ValueError, match="held by a"):
        held.intend(order("b"))


def test_two_orders_that_may_rest_in_one_stored_slot_are_refused_as_a_double() -> None:
    resting = [order(name, status=OrderStatus.OPEN) for name in ("a", "b")]
    with pytest.raises(ValueError, match="held by a and by b"):
        Books.restore(CRV, Ledger(), resting, (), ())


@pytest.mark.parametrize("late_first", [True, False])
def test_a_finished_order_that_lacks_fills_gives_its_slot_to_the_one_that_rests(late_first: bool) -> None:
    late = order("a", status=OrderStatus.CANCELED, reported_filled=Decimal(3))
    resting = order("b", status=OrderStatus.OPEN)
    held = Books.restore(CRV, Ledger(), [late, resting] if late_first else [resting, late], (), ())
    assert held.live["c1.tp"] == resting
    assert held.unsettled == [late]


def test_a_fill_is_counted_once_however_it_is_heard() -> None:
    held = books(order("a"))
    held.fold_report(report("a", OrderEvent.ACCEPTED))
    assert held.fold_fill(fill("a", "t1", 4))
    assert not held.fold_fill(fill("a", "t1", 4))
    assert not held.fold_fill(fill(None, "t1", 4, "va"))
    assert held.ledger.position == 4


def test_a_trade_with_ourselves_is_two_fills_of_one_id() -> None:
    held = books(order("a", "bid"), order("b", "ask", side=Side.SELL))
    assert held.fold_fill(fill("a", "t1"))
    assert held.fold_fill(fill("b", "t1", side=Side.SELL))
    assert held.ledger.position == 0


def test_known_trades_are_not_counted_again_after_restore() -> None:
    resting = order("a", status=OrderStatus.OPEN, filled=Decimal(1), venue_id="va")
    held = Books.restore(CRV, Ledger(), [resting], (), {("a", "t1"), ("gone", "t0")})
    assert not held.fold_fill(fill("a", "t1"))
    assert not held.fold_fill(fill("gone", "t0"))
    assert not held.foreign_fills()
    assert not held.take_orphans()


def test_a_fill_waits_until_the_venue_id_is_known_and_counts_then() -> None:
    held = books(order("a"))
    assert not held.fold_fill(fill(None, "t1", 2, "v9"))
    assert held.ledger.position == 0
    assert [each.trade_id for each in held.foreign_fills()] == ["t1"]
    held.fold_report(report("a", OrderEvent.ACCEPTED, venue_id="v9"))
    assert held.ledger.position == 2
    assert not held.foreign_fills()


def test_a_stop_takes_the_fills_of_the_order_that_it_became() -> None:
    held = books(order("a", type=OrderType.STOP_MARKET, price=None, trigger_price=Decimal("0.4")))
    held.fold_fill(fill(None, "t1", 10, "x5"))
    held.fold_report(report("a", OrderEvent.FILLED, 10, "v1", execution_id="x5"))
    assert held.ledger.position == 10
    assert not held.live


def test_the_same_waiting_fill_told_in_other_words_waits_once() -> None:
    held = books()
    held.fold_fill(fill(None, "t1", 2, "v9"))
    held.fold_fill(fill(None, "t1", 2, "v9", maker=None, fee=Decimal(0)))
    assert len(held.foreign_fills()) == 1


def test_a_stranger_cannot_fill_our_memory() -> None:
    held = books()
    for number in range(MAX_WAITING_FILLS + 50):
        held.fold_fill(fill("hand", f"t{number}"))
    assert len(held.foreign_fills()) == MAX_WAITING_FILLS


def stop() -> Order:
    return order("s", "c1.sl", side=Side.SELL, type=OrderType.STOP_MARKET, price=None, trigger_price=Decimal("0.4"))


def test_a_trade_that_was_counted_as_another_hands_only_settles_its_order() -> None:
    held = books(stop())
    theirs = fill(None, "t1", 4, "x5", side=Side.SELL)
    held.fold_elsewhere(theirs)
    counted = held.ledger
    held.fold_report(report("s", OrderEvent.FILLED, 4, "v1", execution_id="x5"))
    assert held.unsettled
    for _ in range(2):
        assert not held.fold_fill(replace(theirs, client_id="s"))
        assert not held.fold_fill(theirs)
    assert (held.ledger, held.unsettled) == (counted, [])
    [done] = held.finals["c1.sl"]
    assert (done.filled, done.filled_cost) == (4, 2)
    changes = held.changes()
    assert [(each.client_id, each.trade_id) for each in changes.fills] == [("", "t1")]
    assert [(each.client_id, each.trade_id) for each in changes.claimed] == [("s", "t1")]
    held.stored(changes)
    assert not held.changes()


def test_after_a_restart_it_is_known_what_was_counted_as_another_hands() -> None:
    resting, theirs = replace(stop(), status=OrderStatus.OPEN), fill("", "t1", 4, "x5", side=Side.SELL)
    held = Books.restore(CRV, Ledger(), [resting], (), {("", "t1")}, elsewhere=[theirs])
    assert not held.fold_fill(replace(theirs, client_id="s"))
    assert held.ledger.position == 0
    assert held.live["c1.sl"].filled == 4


def test_our_side_of_a_trade_whose_other_side_was_made_by_hand_counts() -> None:
    held = books(order("a", "bid"))
    held.fold_elsewhere(fill(None, "t1", side=Side.SELL))
    assert held.fold_fill(fill("a", "t1"))
    assert held.ledger.position == 0


def test_a_late_fill_of_a_forgotten_order_is_looked_up_and_counted() -> None:
    held = books(order("a", "c1.level1"))
    held.fold_report(report("a", OrderEvent.CANCELED))
    [done] = held.finals["c1.level1"]
    held.drop_finals_outside("c2.")
    assert not held.fold_fill(fill("a", "t1", 3))
    assert [each.trade_id for each in held.take_orphans()] == ["t1"]
    assert not held.take_orphans()
    assert [each.trade_id for each in held.recall([done])] == ["t1"]
    assert held.ledger.position == 3
    assert held.recall([done]) == []


def test_a_finished_order_that_lacks_fills_is_not_forgotten() -> None:
    held = books(order("a", "c1.level1"))
    held.fold_report(report("a", OrderEvent.CANCELED))
    held.fold_report(report("a", OrderEvent.CANCELED, 2))
    held.drop_finals_outside("c2.")
    assert [each.client_id for each in held.unsettled] == ["a"]
    held.fold_fill(fill("a", "t1", 2))
    assert not held.unsettled


def test_fills_alone_do_not_end_an_order_that_may_have_been_enlarged() -> None:
    held = books(order("a"))
    held.fold_report(report("a", OrderEvent.ACCEPTED))
    held.fold_fill(fill("a", "t1", 10))
    assert held.live["c1.tp"].status is OrderStatus.PARTLY_FILLED
    held.fold_report(report("a", OrderEvent.PARTLY_FILLED, 10, amount=Decimal(12), price=Decimal("0.5")))
    assert held.live["c1.tp"].remaining == 2


def test_what_was_filled_during_a_change_makes_less_rest() -> None:
    held = books(order("a"))
    held.fold_report(report("a", OrderEvent.ACCEPTED))
    held.fold_fill(fill("a", "t1", 3))
    held.amended("a", Decimal("0.6"), Decimal(12), None, filled=Decimal(0))
    assert (held.live["c1.tp"].amount, held.live["c1.tp"].remaining) == (12, 9)


def test_a_change_that_is_answered_late_does_not_revive_an_order() -> None:
    held = books(order("a"))
    held.fold_report(report("a", OrderEvent.FILLED, 10))
    held.amended("a", Decimal("0.6"), Decimal(5), None)
    assert held.live["c1.tp"].price == Decimal("0.5")


def test_what_changed_while_a_commit_was_written_is_kept_for_the_next() -> None:
    held = books(order("a"))
    held.fold_fill(fill("a", "t1"))
    first = held.changes()
    held.fold_fill(fill("a", "t2"))
    held.fold_funding(Funding("f1", CRV.symbol, Decimal(1), NOW))
    held.stored(first)
    left = held.changes()
    assert [each.trade_id for each in left.fills] == ["t2"]
    assert [each.filled for each in left.orders] == [2]
    assert len(left.funding) == 1
    held.stored(left)
    assert not held.changes()


def test_funding_counts_once() -> None:
    held = books()
    paid = Funding("f1", CRV.symbol, Decimal(-2), NOW)
    assert [held.fold_funding(paid), held.fold_funding(paid)] == [True, False]
    assert held.ledger.funding == -2


def test_a_refused_order_leaves_its_slot_as_good_as_new() -> None:
    held = books(order("a", "c1.level0"))
    held.note("a", OrderEvent.SENT, NOW)
    held.note("a", OrderEvent.REFUSED, NOW, "other")
    assert not held.used_slots
    held.intend(order("b", "c1.level0"))
    assert held.used_slots == {"c1.level0"}


# The life of three orders as a venue would tell it, torn apart, repeated and mixed

STORY: dict[str, list[OrderReport | Fill]] = {
    "a": [
        report("a", OrderEvent.ACCEPTED),
        fill("a", "1", 4),
        report("a", OrderEvent.PARTLY_FILLED, 4),
        fill("a", "2", 6),
        report("a", OrderEvent.FILLED, 10),
    ],
    "b": [report("b", OrderEvent.ACCEPTED), fill(None, "3", 2, "vb"), report("b", OrderEvent.CANCELED, 2)],
    "c": [
        report("c", OrderEvent.ACCEPTED),
        fill(None, "4", 10, "xc", side=Side.SELL),
        report("c", OrderEvent.FILLED, 10, execution_id="xc"),
    ],
}
ALL = [event for events in STORY.values() for event in events]


def fresh() -> Books:
    stop = order("c", "stop", side=Side.SELL, type=OrderType.STOP_MARKET, price=None, trigger_price=Decimal("0.4"))
    return books(order("a", "l1"), order("b", "l2"), stop)


def hear(held: Books, events: list[OrderReport | Fill]) -> None:
    for event in events:
        held.fold_report(event) if isinstance(event, OrderReport) else held.fold_fill(event)
        for found in held.live.values():
            assert found.is_live
        slots = [found.client_id for found in held.live.values()]
        assert len(slots) == len(set(slots))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(ALL), max_size=40), st.permutations(ALL))
def test_any_order_loss_and_repetition_ends_in_the_same_books(
    heard: list[OrderReport | Fill], at_last: list[OrderReport | Fill]
) -> None:
    held = fresh()
    hear(held, heard)
    hear(held, at_last)
    assert not held.live
    assert not held.unsettled
    assert (held.ledger.position, held.ledger.cash) == (2, Decimal(-1))
    ends = {found[0].client_id: (found[0].status, found[0].filled) for found in held.finals.values()}
    filled, canceled = OrderStatus.FILLED, OrderStatus.CANCELED
    assert ends == {"a": (filled, 10), "b": (canceled, 2), "c": (filled, 10)}
    assert len(held.changes().fills) == 4


@settings(max_examples=100, deadline=None)
@given(st.permutations(ALL), st.integers(0, len(ALL)), st.integers(0, len(ALL)))
def test_a_restart_from_what_is_stored_at_any_moment_loses_and_doubles_nothing(
    events: list[OrderReport | Fill], stored_after: int, dies_after: int
) -> None:
    held = fresh()
    hear(held, events[: min(stored_after, dies_after)])
    orders = [*held.live.values(), *(one for many in held.finals.values() for one in many)]
    again = Books.restore(
        CRV,
        held.ledger,
        [one for one in orders if one.is_live],
        [one for one in orders if not one.is_live],
        held.known_trades,
    )
    hear(again, events)
    assert (again.ledger.position, again.ledger.cash) == (2, Decimal(-1))
    assert not again.live


@given(st.integers(0, 3))
def test_a_suspicious_event_is_noted_and_changes_nothing(times: int) -> None:
    held = books(order("a"))
    held.note("a", OrderEvent.SENT, NOW)
    for _ in range(times):
        held.note("a", OrderEvent.ABSENT, NOW + timedelta(seconds=1))
    assert len(held.defects) == times
    assert held.live["c1.tp"].status is OrderStatus.SENT
