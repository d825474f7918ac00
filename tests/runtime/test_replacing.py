"""A change on a venue that replaces: one request, two orders, one slot."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.runtime.bot import NOW, book, make_bench, order, report, target
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.orders import OrderEvent, OrderStatus
from trading.core.planning import Plan, TargetOrder
from trading.core.risk import RiskLimits
from trading.exchanges.errors import NotSent, OutcomeUnknown, Rejected, Throttled
from trading.exchanges.gateway import Accepted, Outcome
from trading.runtime.bench import Bench
from trading.runtime.deciding import Batch, close_difference, make_view
from trading.runtime.events import Asked, ReplaceAnswered
from trading.runtime.folding import fold

OLD = order().client_id
MOVED = target(price=Decimal("0.47"))


def decide(bench: Bench, *wanted: TargetOrder, seconds: float = 0) -> Batch:
    now = NOW + timedelta(seconds=seconds)
    bench.market[""] = (book(), now)
    view = make_view(bench, now, now, is_public=True)
    return close_difference(bench, Plan(bench.state, orders=wanted), view, AmendMode.REPLACE, RiskLimits())


def resting() -> Bench:
    bench = make_bench()
    bench.books.intend(order())
    bench.books.fold_report(report(OLD, OrderEvent.ACCEPTED))
    return bench


def asked() -> tuple[Bench, str]:
    """A bench whose order is being replaced, and the id of the successor."""
    bench = resting()
    [(_, successor, _)] = decide(bench, MOVED).replaces
    bench.books.note(successor.client_id, OrderEvent.SENT, NOW)
    return bench, successor.client_id


def answer(bench: Bench, canceled: Outcome, placed: Outcome) -> None:
    old, successor = bench.books.live["tp"], bench.books.successors["tp"]
    fold(bench, ReplaceAnswered(old, canceled, successor, placed), NOW)


def gone(client_id: str) -> Accepted:
    return Accepted("v1", report(client_id, OrderEvent.CANCELED))


def test_a_moved_quote_is_replaced_and_the_successor_is_stored_before_it_is_sent() -> None:
    bench = resting()
    batch = decide(bench, MOVED)
    [(old, successor, wanted)] = batch.replaces
    assert (old.client_id, wanted) == (OLD, MOVED)
    assert {each.client_id for each in bench.books.changes().orders} == {OLD, successor.client_id}
    assert not batch.places
    assert not batch.cancels


def test_while_it_is_under_way_nothing_else_is_asked_for() -> None:
    bench, _ = asked()
    for wanted in ([MOVED], [target()], [target(price=Decimal("0.46"))], []):
        assert decide(bench, *wanted) == Batch()


def test_what_it_came_to_holds_the_slot() -> None:
    bench, successor = asked()
    answer(bench, gone(OLD), Accepted("v2"))
    assert (bench.books.live["tp"].client_id, bench.books.live["tp"].status) == (successor, OrderStatus.OPEN)
    assert not bench.books.successors
    assert decide(bench, MOVED) == Batch()


def test_a_successor_that_the_venue_refused_leaves_an_empty_slot_that_waits() -> None:
    bench, _ = asked()
    answer(bench, gone(OLD), Rejected("insufficient_funds"))
    assert not bench.books.live
    assert bench.backoffs.held(NOW)


@pytest.mark.parametrize(
    ("canceled", "placed"),
    [
        (NotSent("no route"), NotSent("no route")),
        (Throttled(2), Throttled(2)),
        (Rejected("not_found"), Rejected("not_attempted")),
        (Rejected("other"), Rejected("not_attempted")),
    ],
)
def test_a_successor_that_was_not_tried_is_never_sent_by_itself(canceled: Outcome, placed: Outcome) -> None:
    bench, successor = asked()
    answer(bench, canceled, placed)
    assert bench.books.live["tp"].client_id == OLD
    assert bench.books.find(successor).status is OrderStatus.REJECTED  # type: ignore[union-attr]  # it is there
    assert not bench.air.unsent
    assert not bench.backoffs.held(NOW)
    assert bench.errors_in_a_row == 0
    fold(bench, Asked(OLD), NOW)
    later = decide(bench, MOVED, seconds=5)
    assert [old.client_id for old, _, _ in later.replaces] == [OLD]


def test_while_neither_outcome_is_known_both_are_kept_and_the_old_one_may_be_canceled() -> None:
    bench, successor = asked()
    answer(bench, OutcomeUnknown("timeout"), OutcomeUnknown("timeout"))
    assert bench.books.find(successor).status is OrderStatus.UNKNOWN  # type: ignore[union-attr]  # it is there
    fold(bench, Asked(OLD), NOW)
    assert decide(bench, target(price=Decimal("0.46"))) == Batch(), "a second successor would be a second order"
    assert [each.client_id for each in decide(bench).cancels] == [OLD]


def test_the_risk_checks_see_the_successor_too() -> None:
    bench, successor = asked()
    bench.books.fold_report(report(successor, OrderEvent.ACCEPTED))
    ask = target("ask", side=Side.SELL, price=Decimal("0.47"))
    assert not decide(bench, MOVED, ask).places
    assert bench.backoffs.held(NOW) == {"ask"}


def test_an_order_and_its_successor_take_the_budget_once() -> None:
    bench, _ = asked()
    big = target("bid2", amount=Decimal(100_000 * 2 - 50), price=Decimal("0.5"))
    assert decide(bench, MOVED, big).places
