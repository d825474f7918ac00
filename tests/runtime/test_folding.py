"""How each event changes the bench."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.runtime.bot import NOW, book, fill, make_bench, order, report, target
from trading.core.client_ids import client_id
from trading.core.instrument import Side
from trading.core.notices import BotPaused, OrderRefused, PositionGone, SetupRefused, UnknownOrders
from trading.core.orders import OrderEvent, OrderStatus, OrderType
from trading.core.planning import MarginMode, Mode, Setup
from trading.exchanges.errors import BadCredentials, NotSent, OutcomeUnknown, Rejected, Throttled, Unavailable
from trading.exchanges.gateway import Accepted, Outcome
from trading.runtime.bench import Bench
from trading.runtime.deciding import make_view
from trading.runtime.events import (
    AmendAnswered,
    Asked,
    CancelAnswered,
    GapOpened,
    PlaceAnswered,
    Recovered,
    SetupAnswered,
    Wish,
)
from trading.runtime.folding import fold
from trading.runtime.recovery import OrderAbsent, PositionSeen, StrayOrder

A = order().client_id


def sent() -> Bench:
    bench = make_bench()
    bench.books.intend(order())
    bench.books.note(A, OrderEvent.SENT, NOW)
    return bench


def resting() -> Bench:
    bench = sent()
    bench.books.fold_report(report(A, OrderEvent.ACCEPTED))
    return bench


@pytest.mark.parametrize(
    ("outcome", "status", "is_held"),
    [
        (Accepted("v1"), OrderStatus.OPEN, False),
        (Rejected("insufficient_funds"), None, True),
        (Rejected("duplicate_id"), OrderStatus.UNKNOWN, False),
        (OutcomeUnknown("timeout"), OrderStatus.UNKNOWN, False),
        (Unavailable("?"), OrderStatus.UNKNOWN, False),
        (NotSent("no route"), OrderStatus.INTENDED, False),
        (Throttled(3), OrderStatus.INTENDED, False),
        (BadCredentials("bad key"), None, True),
    ],
)
def test_a_slot_is_free_only_where_the_answer_proves_it(
    outcome: Outcome, status: OrderStatus | None, is_held: bool
) -> None:
    bench = sent()
    fold(bench, PlaceAnswered(order(), outcome), NOW)
    live = bench.books.live.get("tp")
    assert (live.status if live else None) is status
    assert bool(bench.backoffs.held(NOW)) is is_held


@pytest.mark.parametrize(("outcome", "seconds"), [(NotSent("no route"), 1), (Throttled(3), 3)])
def test_what_never_left_may_be_sent_again_when_it_was_waited_for(outcome: Outcome, seconds: int) -> None:
    bench = sent()
    fold(bench, PlaceAnswered(order(), outcome), NOW)
    assert bench.air.unsent == {A: NOW + timedelta(seconds=seconds)}


def test_an_answer_that_comes_behind_the_stream_changes_nothing() -> None:
    bench = sent()
    fold(bench, report(A, OrderEvent.FILLED, 20), NOW)
    fold(bench, fill(A, "t1", 20), NOW)
    for outcome in (Accepted("v1"), OutcomeUnknown("timeout"), NotSent("?")):
        fold(bench, PlaceAnswered(order(), outcome), NOW)
    assert not bench.books.live
    assert bench.books.ledger.position == 20


@pytest.mark.parametrize("outcome", [NotSent("no route"), Throttled(2)])
def test_a_cancel_or_change_that_never_left_waits_before_it_is_tried_again(outcome: Outcome) -> None:
    bench = resting()
    bench.air.canceling.add(A)
    bench.air.amending.add(A)
    fold(bench, CancelAnswered(order(), outcome), NOW)
    fold(bench, AmendAnswered(order(), target(), outcome), NOW)
    assert bench.air.out_of_reach(A, NOW)
    assert not bench.air.out_of_reach(A, NOW + timedelta(seconds=2))


def test_a_cancel_with_an_unknown_end_is_out_of_reach_until_it_was_asked_for() -> None:
    bench = resting()
    bench.air.canceling.add(A)
    fold(bench, CancelAnswered(order(), OutcomeUnknown("timeout")), NOW)
    assert bench.air.out_of_reach(A, NOW)
    fold(bench, Asked(A), NOW)
    assert not bench.air.out_of_reach(A, NOW)


def test_an_order_that_the_venue_does_not_change_is_canceled_next() -> None:
    bench = resting()
    fold(bench, AmendAnswered(order(), target(), Rejected("other")), NOW)
    assert A in bench.air.rigid


@pytest.mark.parametrize(
    ("reason", "is_error"),
    [("other", True), ("invalid_order", True), ("not_found", False), ("post_only_would_take", False)],
)
def test_a_change_that_the_market_has_overtaken_is_no_error(reason: str, is_error: bool) -> None:
    bench = resting()
    for second in range(10):
        answer = AmendAnswered(order(), target(), Rejected(reason, "paper", "order is filled"))
        fold(bench, answer, NOW + timedelta(seconds=second))
    assert bool(bench.record.last_error) is is_error
    assert (bench.record.mode is Mode.NO_ENTRIES) is is_error
    assert A in bench.air.rigid


def test_an_order_that_never_arrived_frees_its_slot_and_one_that_vanished_ends() -> None:
    bench = sent()
    bench.books.note(A, OrderEvent.LOST, NOW)
    fold(bench, OrderAbsent(A, NOW), NOW)
    assert bench.books.finals["tp"][0].status is OrderStatus.REJECTED
    bench = resting()
    fold(bench, OrderAbsent(A, NOW), NOW)
    assert bench.books.finals["tp"][0].status is OrderStatus.EXPIRED


def test_more_than_five_failures_in_a_row_pause_and_a_batch_is_one() -> None:
    bench = make_bench()
    for _ in range(20):
        bench.failed("timeout", NOW)
    assert bench.errors_in_a_row == 1
    for second in range(1, 6):
        bench.failed("timeout", NOW + timedelta(seconds=second))
    assert bench.record.mode is Mode.NO_ENTRIES
    assert [type(fact) for fact in bench.notices] == [BotPaused]


def test_the_same_refusal_of_a_slot_is_told_once() -> None:
    bench = make_bench()
    for number in range(3):
        each = order(f"mg00070000100000{number:02}")
        bench.books.intend(each)
        bench.books.note(each.client_id, OrderEvent.SENT, NOW)
        fold(bench, PlaceAnswered(each, Rejected("other", detail="no")), NOW)
    assert [type(fact) for fact in bench.notices] == [OrderRefused]


def test_a_refused_setup_is_told_once_and_tried_again_later() -> None:
    bench, setup = make_bench(), Setup(5, MarginMode.ISOLATED)
    for minute in range(3):
        fold(bench, SetupAnswered(setup, Rejected("leverage")), NOW + timedelta(minutes=minute))
    assert [type(fact) for fact in bench.notices] == [SetupRefused]
    assert bench.air.setup_retry_at == NOW + timedelta(minutes=2, seconds=30)


def test_a_stream_that_broke_stops_planning_until_the_picture_is_whole() -> None:
    bench = make_bench()
    fold(bench, Recovered(NOW, with_funding=False), NOW)
    assert (bench.is_recovered, bench.whole_until, bench.funded_until) == (True, NOW, None)
    fold(bench, GapOpened(), NOW)
    assert not bench.is_recovered


def with_position(amount: int = 20) -> Bench:
    bench = resting()
    fold(bench, report(A, OrderEvent.FILLED, amount), NOW)
    fold(bench, fill(A, "t1", amount), NOW)
    return bench


def seen(amount: int, second: int, began: float | None = None) -> PositionSeen:
    at = NOW + timedelta(seconds=second)
    return PositionSeen(Decimal(amount), Decimal("0.4"), at if began is None else NOW + timedelta(seconds=began), at)


def test_a_position_counts_as_gone_when_that_was_seen_twice() -> None:
    bench = with_position()
    fold(bench, seen(0, 1), NOW)
    assert bench.books.ledger.position == 20
    fold(bench, seen(0, 4), NOW)
    assert bench.books.ledger.position == 0
    [gone] = bench.notices
    assert isinstance(gone, PositionGone)
    assert (gone.expected, gone.found, gone.price) == (20, 0, Decimal("0.4"))


@pytest.mark.parametrize("began", [-5, 0, 1.9])
def test_a_picture_that_was_begun_before_or_with_the_first_sighting_makes_nothing_certain(began: float) -> None:
    bench = with_position()
    fold(bench, seen(0, 1, began=-5), NOW)
    fold(bench, seen(0, 3, began), NOW + timedelta(seconds=3))
    assert bench.books.ledger.position == 20
    fold(bench, seen(0, 4, began=2), NOW + timedelta(seconds=4))
    assert bench.books.ledger.position == 0


def test_a_fill_that_was_taken_for_another_hands_counts_once_when_its_order_is_known() -> None:
    """A stop that has fired, and whose new id the venue did not tell for so long."""
    bench = with_position()
    stop = order("mg000700001000000b", "sl", side=Side.SELL, type=OrderType.STOP_MARKET, venue_id="p1")
    bench.books.intend(replace(stop, status=OrderStatus.OPEN))
    heard = fill(None, "t2", 20, Side.SELL, venue_order_id="x5")
    fold(bench, heard, NOW)
    fold(bench, seen(0, 1), NOW)
    fold(bench, seen(0, 4), NOW)
    assert bench.books.ledger.position == 0
    known = replace(report(stop.client_id, OrderEvent.FILLED, 20), venue_id="p1", execution_id="x5")
    fold(bench, known, NOW)
    fold(bench, replace(heard, client_id=stop.client_id), NOW)
    fold(bench, heard, NOW)
    assert bench.books.ledger.position == 0
    assert bench.books.live.keys() == set()
    assert [type(fact) for fact in bench.notices] == [PositionGone]


@pytest.mark.parametrize("is_forced", [True, False])
def test_a_position_that_the_venue_closed_by_force_was_liquidated(is_forced: bool) -> None:
    bench = with_position()
    foreign = replace(fill(None, "t9", 20, Side.SELL), venue_order_id="theirs", liquidation=is_forced)
    fold(bench, foreign, NOW)
    fold(bench, seen(0, 1), NOW)
    fold(bench, seen(0, 4), NOW)
    [gone] = bench.notices
    assert isinstance(gone, PositionGone)
    assert gone.liquidated is is_forced
    assert make_view(bench, NOW, NOW, is_public=True).was_liquidated is is_forced
    bench.books.intend(order("mg000700001000000b", "bid2"))
    fold(bench, fill("mg000700001000000b", "t2", 5), NOW)
    assert not make_view(bench, NOW, NOW, is_public=True).was_liquidated


def test_a_fill_between_two_looks_makes_them_worthless() -> None:
    bench = with_position()
    fold(bench, seen(0, 1), NOW)
    bench.books.intend(order("mg000700001000000b", "bid2"))
    fold(bench, report("mg000700001000000b", OrderEvent.FILLED, 5), NOW)
    fold(bench, fill("mg000700001000000b", "t2", 5), NOW + timedelta(seconds=2))
    fold(bench, seen(0, 1), NOW)
    fold(bench, seen(0, 4), NOW)
    assert bench.books.ledger.position == 25


def test_the_venues_own_fills_say_what_a_close_by_hand_was_worth() -> None:
    bench = with_position()
    fold(bench, fill("web-17", "h1", 7, Side.SELL, at=NOW - timedelta(hours=1)), NOW)
    fold(bench, fill(None, "h2", 12, Side.SELL, venue_order_id="x", price=Decimal("0.45")), NOW)
    fold(bench, fill(None, "h3", 8, Side.SELL, venue_order_id="x", price=Decimal("0.45")), NOW)
    fold(bench, seen(0, 1), NOW)
    fold(bench, seen(0, 4), NOW)
    assert bench.books.ledger.realized == Decimal("0.45") * 20 - Decimal("0.48") * 20
    assert [each.trade_id for each in bench.books.foreign_fills()] == ["h1"]


@pytest.mark.parametrize("found", [30, -5])
def test_a_position_that_grew_or_turned_by_another_hand_is_not_ours(found: int) -> None:
    bench = with_position()
    fold(bench, seen(found, 1), NOW)
    fold(bench, seen(found, 4), NOW)
    assert bench.books.ledger.position == 20
    assert not bench.notices


def test_a_fill_of_another_bot_of_ours_is_not_even_foreign() -> None:
    bench = make_bench()
    fold(bench, fill(client_id(7, 2, 1), "t9", 5), NOW)
    assert not bench.books.foreign_fills()


@pytest.mark.parametrize(
    ("epoch", "bot_id", "outcome", "canceled"),
    [(7, 1, "canceled", True), (8, 1, "foreign_epoch", False), (8, 2, "foreign_epoch", False), (7, 2, None, False)],
)
def test_an_unknown_order_of_ours_is_canceled_and_told_once(
    epoch: int, bot_id: int, outcome: str | None, canceled: bool
) -> None:
    bench = make_bench()
    stray = StrayOrder(report(client_id(epoch, bot_id, 77), OrderEvent.ACCEPTED))
    for _ in range(2):
        bench.strays.clear()
        fold(bench, stray, NOW)
        assert bool(bench.strays) is canceled
    assert [fact.outcome for fact in bench.notices if isinstance(fact, UnknownOrders)] == ([outcome] if outcome else [])


def test_an_order_that_rests_though_we_hold_it_for_finished_is_canceled() -> None:
    bench = with_position()
    fold(bench, StrayOrder(report(A, OrderEvent.PARTLY_FILLED, 20)), NOW)
    assert A in bench.strays
    assert not bench.notices


async def test_a_wish_changes_mode_and_config_and_an_invalid_one_nothing() -> None:
    bench = make_bench()
    fold(bench, Wish(mode=Mode.NO_ENTRIES, cause="user", config='{"number": 3}'), NOW)
    assert (bench.record.mode, bench.record.cause, bench.config.number) == (Mode.NO_ENTRIES, "user", 3)
    with pytest.raises(ValueError, match="number"):
        fold(bench, Wish(config='{"number": "many"}'), NOW)
    assert bench.config.number == 3
    await asyncio.sleep(0)


def test_a_book_is_shown_to_a_strategy_only_while_it_is_fresh() -> None:
    bench = make_bench()
    bench.market[""] = (book(), NOW)
    assert bench.fresh_books(NOW)
    assert not bench.fresh_books(NOW + timedelta(seconds=1))


def test_a_post_only_order_that_came_too_late_is_tried_again_at_once_and_is_nobodys_error() -> None:
    bench = sent()
    fold(bench, PlaceAnswered(order(), Rejected("post_only_would_take")), NOW)
    slot = order().slot
    assert bench.backoffs.held(NOW) == {slot}
    assert bench.backoffs.held(NOW + timedelta(milliseconds=250)) == set()
    assert (bench.notices, bench.errors_in_a_row) == ([], 0)


def test_a_no_of_an_unproven_venue_is_told_once_its_order_is_proven_absent() -> None:
    bench = sent()
    fold(bench, PlaceAnswered(order(), OutcomeUnknown("InvalidOrder 12", refusal="the size is too odd")), NOW)
    assert bench.books.find(A).status is OrderStatus.UNKNOWN
    assert (bench.notices, bench.errors_in_a_row) == ([], 0)
    fold(bench, OrderAbsent(A, NOW + timedelta(seconds=70)), NOW)
    [told] = bench.notices
    assert isinstance(told, OrderRefused)
    assert (told.reason, told.detail) == ("unproven_refusal", "the size is too odd")
    assert bench.backoffs.held(NOW + timedelta(seconds=70)) == {order().slot}
    assert bench.errors_in_a_row == 1


def test_a_no_that_was_none_is_not_told() -> None:
    bench = sent()
    fold(bench, PlaceAnswered(order(), OutcomeUnknown("InvalidOrder 12", refusal="the size is too odd")), NOW)
    fold(bench, report(A, OrderEvent.ACCEPTED), NOW)
    fold(bench, report(A, OrderEvent.CANCELED), NOW)
    assert not any(isinstance(told, OrderRefused) for told in bench.notices)
    assert bench.air.said_no == {}
