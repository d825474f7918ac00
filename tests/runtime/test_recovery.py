"""What is asked of the venue, and what counts as proven."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.clocks import ManualClock
from tests.runtime.bot import CAPABILITIES, NOW, WINDOW, FarSide, fill, later, order, report
from tests.simulation.world import SYMBOL
from trading.core.client_ids import client_id
from trading.core.orders import OrderEvent, OrderReport, OrderStatus
from trading.exchanges.errors import Unavailable
from trading.runtime.recovery import (
    ABSENCE_MARGIN,
    LISTS_GOOD_FOR,
    Inquiry,
    OrderAbsent,
    PositionSeen,
    StrayOrder,
    recover,
)

LOST = order(status=OrderStatus.UNKNOWN)
A = LOST.client_id
AFTER = (WINDOW + ABSENCE_MARGIN).total_seconds()


async def asked(far: Any, clock: ManualClock, of: Any = LOST) -> Any:
    return list(await Inquiry(far, clock).ask(of))


async def test_an_order_is_not_absent_before_the_receive_window_is_over() -> None:
    far = FarSide()
    assert await asked(far, later(AFTER - 0.001)) == []
    assert far.asked == ["order"]


async def test_an_order_is_absent_when_it_was_asked_twice_and_is_in_no_list() -> None:
    far = FarSide()
    assert await asked(far, later(AFTER)) == [OrderAbsent(A, NOW + timedelta(seconds=AFTER))]
    assert far.asked == ["order", "open_orders", "order_history", "fills", "order"]


async def test_a_batch_that_is_missed_together_is_looked_for_in_the_same_lists() -> None:
    far = FarSide()
    inquiry = Inquiry(far, later(AFTER))  # type: ignore[arg-type]  the far side has what is asked of it
    batch = [order(client_id(7, 1, number), status=OrderStatus.UNKNOWN) for number in range(15)]
    found = await asyncio.gather(*(inquiry.ask(each) for each in batch))
    assert [[type(event) for event in events] for events in found] == [[OrderAbsent]] * 15
    assert {name: far.asked.count(name) for name in ("order", "open_orders", "order_history", "fills")} == {
        "order": 30,
        "open_orders": 1,
        "order_history": 1,
        "fills": 1,
    }


async def test_lists_that_were_read_before_an_order_could_have_arrived_prove_nothing() -> None:
    far, clock = FarSide(), later(AFTER)
    inquiry = Inquiry(far, clock)  # type: ignore[arg-type]  the far side has what is asked of it
    await inquiry.ask(LOST)
    younger = order(client_id(7, 1, 99), status=OrderStatus.UNKNOWN, updated_at=clock.now())
    assert await inquiry.ask(younger) == []
    await clock.advance(AFTER)
    assert isinstance((await inquiry.ask(younger))[0], OrderAbsent)
    assert far.asked.count("open_orders") == 2


async def test_lists_serve_others_only_for_some_seconds() -> None:
    far, clock = FarSide(), later(AFTER)
    inquiry = Inquiry(far, clock)  # type: ignore[arg-type]  the far side has what is asked of it
    await inquiry.ask(LOST)
    far.trades = [fill(A, "t1", 5)]
    await clock.advance(LISTS_GOOD_FOR.total_seconds())
    assert isinstance((await inquiry.ask(LOST))[0], OrderAbsent)
    await clock.advance(1)
    assert await inquiry.ask(LOST) == far.trades


REACH = timedelta(days=7)
FORGETFUL = replace(CAPABILITIES, history_reach=REACH)


@pytest.mark.parametrize("status", [OrderStatus.UNKNOWN, OrderStatus.OPEN])
async def test_an_order_older_than_the_lists_reach_is_never_proven_absent(
    status: OrderStatus, caplog: pytest.LogCaptureFixture
) -> None:
    far, clock = FarSide(FORGETFUL), later(REACH.total_seconds())
    inquiry = Inquiry(far, clock)  # type: ignore[arg-type]  the far side has what is asked of it
    # Since a restart it is noted as lost, which says nothing of when it ended.
    lost_at = clock.now() - timedelta(hours=1) if status.is_in_flight else NOW
    old = order(status=status, updated_at=lost_at, venue_id="v1")
    for _ in range(3):
        assert await inquiry.ask(old) == []
        await clock.advance(60)
    assert far.asked.count("fills") == 1
    assert caplog.text.count("cannot be known any more") == 1


async def test_what_the_lists_still_tell_of_an_old_order_is_believed() -> None:
    far = FarSide(FORGETFUL, trades=[fill(A, "t1", 5)])
    old = order(status=OrderStatus.OPEN)
    assert await asked(far, later(REACH.total_seconds()), old) == far.trades


async def test_an_old_order_that_was_seen_resting_lately_can_be_proven_absent() -> None:
    far, clock = FarSide(FORGETFUL), later(REACH.total_seconds())
    inquiry = Inquiry(far, clock)  # type: ignore[arg-type]  the far side has what is asked of it
    old = order(status=OrderStatus.OPEN, venue_id="v1")
    far.listed = [report(A, OrderEvent.ACCEPTED)]
    await everything(far, old, inquiry=inquiry, clock=clock)
    far.listed = []
    asking = asyncio.ensure_future(inquiry.ask(old))
    await clock.advance(60)
    assert isinstance((await asking)[0], OrderAbsent)


@pytest.mark.parametrize("where", ["listed", "history"])
async def test_an_order_that_is_in_a_list_is_not_absent(where: str) -> None:
    found = report(A, OrderEvent.ACCEPTED)
    far = FarSide(**{where: [found]})
    assert await asked(far, later(AFTER)) == [found]


async def test_an_order_with_a_fill_is_not_absent() -> None:
    far = FarSide(trades=[fill(A, "t1", 5)])
    assert await asked(far, later(AFTER)) == far.trades


async def test_an_order_that_comes_up_at_the_second_question_is_not_absent() -> None:
    class Slow(FarSide):
        async def order(self, asked: Any) -> OrderReport | None:
            first = "order" not in self.asked
            self.asked.append("order")
            return None if first else report(A, OrderEvent.ACCEPTED)

    assert await asked(Slow(), later(AFTER)) == [report(A, OrderEvent.ACCEPTED)]


async def test_nothing_is_proven_by_a_list_that_could_not_be_read() -> None:
    with pytest.raises(Unavailable):
        await asked(FarSide(trouble=Unavailable("502")), later(AFTER))


async def test_an_order_that_the_venue_once_knew_is_given_time_before_it_is_missed() -> None:
    far, clock = FarSide(), later(AFTER)
    asking = asyncio.ensure_future(asked(far, clock, order(status=OrderStatus.OPEN, venue_id="v1")))
    await clock.advance(ABSENCE_MARGIN.total_seconds() - 1)
    assert not asking.done()
    await clock.advance(1)
    assert isinstance((await asking)[0], OrderAbsent)


async def test_fills_that_we_lack_come_with_the_report_and_before_it() -> None:
    told, lacking = report(A, OrderEvent.PARTLY_FILLED, 5), fill(A, "t1", 5)
    assert await asked(FarSide(known={A: told}, trades=[lacking]), later(0)) == [lacking, told]


async def everything(
    far: Any, *live: Any, funding: bool = False, inquiry: Inquiry | None = None, clock: ManualClock | None = None
) -> list[Any]:
    found = await recover(
        inquiry=inquiry or Inquiry(far, later(60)),
        gateway=far,
        clock=clock or later(60),
        symbol=SYMBOL,
        live=live,
        fills_since=NOW,
        funding_since=NOW if funding else None,
    )
    return list(found)


async def test_recovery_reads_orders_then_fills_then_the_position() -> None:
    far = FarSide()
    found = await everything(far, funding=True)
    assert far.asked == ["open_orders", "fills", "funding", "positions"]
    assert isinstance(found[-1], PositionSeen)


async def test_an_order_of_ours_that_is_not_listed_is_asked_for_and_one_in_flight_is_left_alone() -> None:
    gone, resting = order(status=OrderStatus.OPEN), order("mg000700001000000b", "bid", status=OrderStatus.OPEN)
    far = FarSide(
        known={gone.client_id: report(gone.client_id, OrderEvent.CANCELED)},
        listed=[report(resting.client_id, OrderEvent.ACCEPTED)],
    )
    found = await everything(far, gone, resting, order("mg000700001000000c", "x", status=OrderStatus.SENT))
    assert [each.event for each in found if isinstance(each, OrderReport)] == [OrderEvent.ACCEPTED, OrderEvent.CANCELED]
    assert far.asked.count("order") == 1


async def test_orders_without_our_prefix_are_nobodys_business() -> None:
    far = FarSide(listed=[report("web-1", OrderEvent.ACCEPTED), report(client_id(7, 1, 9), OrderEvent.ACCEPTED)])
    strays = [each for each in await everything(far) if isinstance(each, StrayOrder)]
    assert [each.report.client_id for each in strays] == [client_id(7, 1, 9)]
