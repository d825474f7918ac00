"""From the bench to what must be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.runtime.bot import NOW, Wanting, book, make_bench, order, report, target
from tests.simulation.world import SYMBOL
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.notices import ExitMissing
from trading.core.orders import Order, OrderEvent, OrderStatus, OrderType, Role, TimeInForce
from trading.core.planning import MarginMode, Mode, Plan, Reference, Setup, TargetOrder
from trading.core.risk import RiskLimits
from trading.exchanges.errors import NotSent, OutcomeUnknown, Throttled
from trading.exchanges.gateway import Accepted
from trading.runtime.bench import Bench
from trading.runtime.deciding import AMEND_AGAIN_AFTER, Batch, close_difference, make_plan, make_view
from trading.runtime.events import AmendAnswered, PlaceAnswered
from trading.runtime.exit_watch import watch_exit
from trading.runtime.folding import fold
from trading.strategies import STRATEGIES

A = order().client_id


def decide(bench: Bench, *wanted: TargetOrder, seconds: float = 0, setup: Setup | None = None) -> Batch:
    now = NOW + timedelta(seconds=seconds)
    bench.market[""] = (book(), now)
    view = make_view(bench, now, now, is_public=True)
    plan = Plan(bench.state, orders=wanted, setup=setup)
    return close_difference(bench, plan, view, AmendMode.IN_PLACE, RiskLimits())


def resting() -> Bench:
    bench = make_bench()
    bench.books.intend(order())
    bench.books.fold_report(report(A, OrderEvent.ACCEPTED))
    return bench


def test_every_order_that_will_be_sent_is_in_the_books_with_its_id() -> None:
    bench = make_bench()
    batch = decide(bench, target("bid1"), target("bid2"))
    assert [each.client_id for each, _ in batch.places] == ["mg000700001" + f"{n:07}" for n in range(2)]
    assert bench.books.live.keys() == {"bid1", "bid2"}
    assert bench.record.next_sequence == 2


def test_the_same_plan_again_asks_for_nothing() -> None:
    bench = make_bench()
    decide(bench, target())
    assert decide(bench, target()) == Batch()


def test_an_order_that_never_left_goes_again_under_its_own_id_when_it_is_due() -> None:
    bench = make_bench()
    [(sent, _)] = decide(bench, target()).places
    bench.books.note(sent.client_id, OrderEvent.SENT, NOW)
    fold(bench, PlaceAnswered(sent, NotSent("no route")), NOW)
    assert not decide(bench, target(), seconds=0.5).places
    [(again, _)] = decide(bench, target(), seconds=1).places
    assert again.client_id == sent.client_id


def test_an_order_that_never_left_and_is_not_wanted_any_more_is_forgotten() -> None:
    bench = make_bench()
    [(sent, _)] = decide(bench, target()).places
    bench.books.note(sent.client_id, OrderEvent.SENT, NOW)
    fold(bench, PlaceAnswered(sent, NotSent("no route")), NOW)
    [(other, _)] = decide(bench, target(price=Decimal("0.47")), seconds=2).places
    assert other.client_id != sent.client_id


STOP = target("sl", role=Role.STOP_LOSS, side=Side.SELL, type=OrderType.STOP_MARKET, price=None, reduce_only=True,
              trigger_price=Decimal("0.4"))  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        replace(STOP, trigger_price=Decimal("0.41")),
        replace(STOP, side=Side.BUY),
        replace(STOP, type=OrderType.MARKET, trigger_price=None),
        replace(STOP, reduce_only=False),
        replace(STOP, time_in_force=TimeInForce.IOC),
    ],
)
def test_an_order_that_never_left_is_made_anew_when_anything_of_it_is_wanted_otherwise(other: TargetOrder) -> None:
    bench = make_bench()
    [(sent, _)] = decide(bench, STOP).places
    bench.books.note(sent.client_id, OrderEvent.SENT, NOW)
    fold(bench, PlaceAnswered(sent, NotSent("no route")), NOW)
    [(again, wanted)] = decide(bench, other, seconds=2).places
    assert again.client_id != sent.client_id
    assert (again.trigger_price, again.side, again.type) == (wanted.trigger_price, wanted.side, wanted.type)
    assert bench.books.live["sl"] == again


def test_an_order_that_never_left_is_checked_again_before_it_goes() -> None:
    bench = make_bench()
    [(sent, _)] = decide(bench, target()).places
    bench.books.note(sent.client_id, OrderEvent.SENT, NOW)
    fold(bench, PlaceAnswered(sent, NotSent("no route")), NOW)
    bench.books.intend(order(slot="ask", side=Side.SELL, price=Decimal("0.47")))
    bench.books.fold_report(report(A, OrderEvent.ACCEPTED))
    asks = target("ask", side=Side.SELL, price=Decimal("0.47"))
    assert not decide(bench, target(), asks, seconds=2).places
    assert [fact.reason for fact in bench.notices if hasattr(fact, "reason")] == ["crosses_own_order"]
    assert "tp" not in bench.books.live


def test_an_entry_that_never_left_does_not_go_once_entries_are_not_allowed() -> None:
    bench = make_bench()
    [(sent, _)] = decide(bench, target()).places
    bench.books.note(sent.client_id, OrderEvent.SENT, NOW)
    fold(bench, PlaceAnswered(sent, Throttled(1)), NOW)
    bench.set_mode(Mode.NO_ENTRIES, "user")
    assert not decide(bench, target(), seconds=2).places
    assert not bench.books.live


def test_an_order_with_an_unknown_end_holds_its_slot_for_ever() -> None:
    bench = make_bench()
    [(sent, _)] = decide(bench, target()).places
    bench.books.note(sent.client_id, OrderEvent.SENT, NOW)
    fold(bench, PlaceAnswered(sent, OutcomeUnknown("timeout")), NOW)
    assert decide(bench, target(price=Decimal("0.4")), seconds=10**6) == Batch()


def test_a_change_is_asked_for_once_and_a_cancel_too() -> None:
    bench = resting()
    assert len(decide(bench, target(price=Decimal("0.47"))).amends) == 1
    assert decide(bench, target(price=Decimal("0.47"))) == Batch()
    bench = resting()
    assert len(decide(bench).cancels) == 1
    assert decide(bench) == Batch()


def test_a_change_that_the_venue_took_and_does_not_show_is_not_asked_for_without_end() -> None:
    bench, wanted = resting(), target(amount=Decimal(30))
    [amend] = decide(bench, wanted).amends
    fold(bench, AmendAnswered(amend.order, wanted, Accepted("v1")), NOW)
    fold(bench, replace(report(A, OrderEvent.ACCEPTED), amount=Decimal(20)), NOW)
    assert decide(bench, wanted) == Batch()
    assert bench.air.next_moment(NOW) == NOW + AMEND_AGAIN_AFTER
    assert decide(bench, wanted, seconds=1) == Batch()
    assert len(decide(bench, wanted, seconds=2).amends) == 1


def test_what_the_venue_refuses_to_change_is_canceled_instead() -> None:
    bench = resting()
    bench.air.rigid.add(A)
    batch = decide(bench, target(price=Decimal("0.47")))
    assert not batch.amends
    assert [each.client_id for each in batch.cancels] == [A]


def test_a_change_is_checked_like_a_new_order() -> None:
    bench = resting()
    batch = decide(bench, target(price=Decimal("0.9")))
    assert batch == Batch()
    assert [fact.reason for fact in bench.notices if hasattr(fact, "reason")] == ["price_too_good"]
    assert decide(bench, target(price=Decimal("0.9")), seconds=1) == Batch()
    assert bench.errors_in_a_row == 1


def test_a_refused_slot_waits_longer_each_time() -> None:
    bench, waits = make_bench(), []
    for _ in range(9):
        bench.backoffs.refuse("bid", "other", NOW)
        waits.append((bench.backoffs.next_end(NOW) or NOW) - NOW)
    assert [wait.total_seconds() for wait in waits] == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert not decide(bench, target("bid"), seconds=599).places
    assert decide(bench, target("bid"), seconds=600).places


def test_what_changed_of_a_backoff_while_it_was_stored_is_stored_next() -> None:
    backoffs = make_bench().backoffs
    backoffs.refuse("bid", "other", NOW)
    changes = backoffs.changes()
    backoffs.clear("bid")
    backoffs.stored(changes)
    assert backoffs.changes() == {"bid": None}


def test_entries_wait_for_the_account_to_be_set_up_and_exits_do_not() -> None:
    bench, setup = make_bench(), Setup(5, MarginMode.ISOLATED)
    exit_order = target("out", role=Role.TAKE_PROFIT, side=Side.SELL, price=Decimal("0.6"), reduce_only=True)
    batch = decide(bench, target("in"), exit_order, setup=setup)
    assert batch.setup == setup
    assert [each.slot for each, _ in batch.places] == ["out"]
    assert decide(bench, target("in"), exit_order, setup=setup) == Batch()


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.RUNNING])
def test_no_entry_leaves_in_any_mode_but_running(mode: Mode) -> None:
    bench = make_bench(mode=mode)
    assert not decide(bench, target()).places
    assert not bench.notices


def test_no_entry_leaves_without_a_fresh_book() -> None:
    bench = make_bench()
    view = make_view(bench, NOW, NOW, is_public=True)
    plan = Plan(bench.state, orders=(target(),))
    assert close_difference(bench, plan, view, AmendMode.NONE, RiskLimits()) == Batch()


def test_a_process_that_goes_down_withdraws_entries_without_changing_what_its_owner_chose() -> None:
    strategy = Wanting((target(),))
    bench = make_bench(strategy)
    bench.is_withdrawing = True
    make_plan(bench, make_view(bench, NOW, NOW, is_public=True))
    assert strategy.plans[-1].mode is Mode.NO_ENTRIES
    assert bench.record.mode is Mode.RUNNING


def test_a_position_without_its_take_profit_is_told_once_after_two_seconds() -> None:
    bench, most = make_bench(), timedelta(seconds=2)
    plan = Plan(bench.state, orders=(target(role=Role.TAKE_PROFIT),))
    for second in (0, 1.9, 2, 5):
        watch_exit(bench, plan, NOW + timedelta(seconds=second), most)
    assert [type(fact) for fact in bench.notices] == [ExitMissing]
    bench.books.intend(replace(order(), role=Role.TAKE_PROFIT, type=OrderType.LIMIT))
    bench.books.fold_report(report(A, OrderEvent.ACCEPTED))
    watch_exit(bench, plan, NOW + timedelta(seconds=6), most)
    assert bench.exit_missing_since is None


EXIT = order(role=Role.TAKE_PROFIT, side=Side.SELL, reduce_only=True, status=OrderStatus.OPEN)


def holding(amount: int = 20, *live: Order, keeps_exits: bool = True, **more: Any) -> Bench:
    """A bot with a position whose picture is not whole: no plan can be made."""
    bench = make_bench(Wanting(keeps_exits=keeps_exits), *live, **more)
    bench.books.ledger = replace(bench.books.ledger, position=Decimal(amount))
    return bench


def watched(bench: Bench, plan: Plan | None = None) -> list[Decimal]:
    """The positions of which it is told that they lack their take-profit."""
    for second in (0, 1.9, 2, 5):
        watch_exit(bench, plan, NOW + timedelta(seconds=second), timedelta(seconds=2))
    return [fact.position for fact in bench.notices if isinstance(fact, ExitMissing)]


@pytest.mark.parametrize("live", [(), (replace(EXIT, status=OrderStatus.UNKNOWN),), (
    order(slot="sl", role=Role.STOP_LOSS, type=OrderType.STOP_MARKET, status=OrderStatus.OPEN),
)])  # fmt: skip
def test_a_position_without_its_take_profit_is_told_while_no_plan_can_be_made(live: tuple[Order, ...]) -> None:
    assert watched(holding(20, *live)) == [20]


def test_what_was_filled_and_is_not_listed_yet_is_a_position_without_take_profit() -> None:
    bench = holding(0)
    bench.books.intend(order(slot="level1"))
    bench.books.fold_report(report(A, OrderEvent.FILLED, 20))
    assert bench.books.ledger.position == 0
    assert watched(bench) == [20]


def test_a_take_profit_that_has_filled_is_not_missed_before_its_fills_are_listed() -> None:
    bench = holding(20, EXIT)
    bench.books.fold_report(report(A, OrderEvent.FILLED, 20))
    assert watched(bench) == []


@pytest.mark.parametrize(
    "bench",
    [
        holding(0),
        holding(20, EXIT),
        holding(20, keeps_exits=False),
        holding(20, mode=Mode.CANCEL),
        holding(20, mode=Mode.CLOSE),
        holding(20, active=False),
    ],
)
def test_no_take_profit_is_missed_where_none_belongs_or_one_rests(bench: Bench) -> None:
    assert watched(bench) == []


def test_a_position_for_which_the_last_plan_wanted_no_exit_is_not_missed_when_the_picture_breaks() -> None:
    bench = holding(1)
    assert watched(bench, Plan(bench.state)) == []
    assert watched(bench) == []
    bench.books.ledger = replace(bench.books.ledger, position=Decimal(21))
    assert watched(bench) == [21]


def test_only_the_grid_keeps_exits() -> None:
    assert [name for name, strategy in STRATEGIES.items() if strategy.keeps_exits] == ["grid"]


def test_a_coin_that_the_venue_does_not_name_is_not_there() -> None:
    bench = make_bench()
    assert bench.balances == {}, "nothing is known before it was asked for"
    assert bench.note_balances({"USDT": Decimal(100)}, NOW)
    assert bench.balances == {"USDT": 100, "CRV": 0}
    assert not bench.note_balances({"USDT": Decimal(100)}, NOW)


@pytest.mark.parametrize(
    ("filled", "asked", "are_settled"), [(None, None, False), (None, 0, True), (0, 0.5, False), (0, 1, True)]
)
def test_balances_are_settled_once_they_were_asked_for_after_the_last_fill(
    filled: float | None, asked: float | None, are_settled: bool
) -> None:
    bench = make_bench()
    if filled is not None:
        bench.last_fill_at = NOW + timedelta(seconds=filled)
    if asked is not None:
        bench.note_balances({}, NOW + timedelta(seconds=asked))
    assert make_view(bench, NOW, NOW, is_public=True).balances_are_settled is are_settled


@pytest.mark.parametrize(("named", "followed"), [("", SYMBOL), ("CRV/USDC", "CRV/USDC")])
def test_a_reference_without_a_symbol_is_of_the_bots_own_pair(named: str, followed: str) -> None:
    class Referring(Wanting):
        def references(self, config: Any) -> tuple[Reference, ...]:  # type: ignore[override]  # it has one
            return (Reference("reference", "kucoin", named),)

    assert make_bench(Referring()).references == (Reference("reference", "kucoin", followed),)
