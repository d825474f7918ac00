"""How a bot ends when its owner says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.ledger import Ledger
from trading.core.market import Book, BookLevel
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import Mode, View
from trading.core.winding import closing_order, is_over

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PERPETUAL = Instrument(
    "paper", "CRV/USDT:USDT", MarketKind.PERPETUAL, "CRV", "USDT", Decimal("0.0001"), Decimal("0.1"),
    min_amount=Decimal("0.1"), min_cost=Decimal(5),
)  # fmt: skip
SPOT = replace(PERPETUAL, symbol="CRV/USDT", kind=MarketKind.SPOT)
BOOK = Book("CRV", (BookLevel(Decimal("0.5"), Decimal(1)),), (BookLevel(Decimal("0.51"), Decimal(1)),), NOW)


def order(slot: str, status: OrderStatus = OrderStatus.OPEN, filled: int = 0) -> Order:
    return Order(
        slot, 1, slot, Role.CLOSE, "CRV", Side.SELL, OrderType.MARKET, Decimal(10), None, NOW, NOW,
        one_shot=True, status=status, filled=Decimal(filled),
    )  # fmt: skip


def view(
    position: str,
    *,
    mode: Mode = Mode.CLOSE,
    orders: tuple[Order, ...] = (),
    past: tuple[Order, ...] = (),
    instrument: Instrument = PERPETUAL,
) -> View:
    finals: dict[str, list[Order]] = {}
    for each in past:
        finals.setdefault(each.slot, []).append(each)
    ledger = Ledger(position=Decimal(position), cost=Decimal(position) / 2)
    return View(NOW, instrument, mode, {"": BOOK}, {each.slot: each for each in orders}, finals, ledger)


@pytest.mark.parametrize(("position", "side"), [("10", Side.SELL), ("-10", Side.BUY)])
def test_closing_takes_the_whole_position_and_no_more(position: str, side: Side) -> None:
    closing = closing_order(view(position), "c1.")
    assert closing is not None
    assert (closing.side, closing.amount, closing.reduce_only, closing.one_shot) == (side, 10, True, True)
    assert closing.slot == "c1.close1"


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.CLOSE])
def test_only_a_close_closes(mode: Mode) -> None:
    assert closing_order(view("10", mode=mode), "c1.") is None


def test_nothing_is_closed_while_other_orders_rest() -> None:
    assert closing_order(view("10", orders=(order("c1.level1"),)), "c1.") is None
    assert not is_over(view("10", orders=(order("c1.level1"),)), "c1.")


def test_the_close_that_is_under_way_stays_wanted() -> None:
    closing = closing_order(view("4", orders=(order("c1.close2"),)), "c1.")
    assert closing is not None
    assert closing.slot == "c1.close2"


@pytest.mark.parametrize(
    ("past", "slot"),
    [
        ((order("c1.close1", OrderStatus.REJECTED),), "c1.close1"),
        ((order("c1.close1", OrderStatus.REJECTED), order("c1.close1", OrderStatus.REJECTED)), "c1.close1"),
        ((order("c1.close1", OrderStatus.EXPIRED, 4),), "c1.close2"),
        ((order("c1.close1", OrderStatus.EXPIRED), order("c1.close2", OrderStatus.REJECTED)), "c1.close2"),
    ],
)
def test_a_refused_close_waits_in_its_slot_and_a_spent_one_gives_way(past: tuple[Order, ...], slot: str) -> None:
    closing = closing_order(view("6", past=past), "c1.")
    assert closing is not None
    assert closing.slot == slot


@pytest.mark.parametrize(
    ("position", "instrument"),
    [("0", PERPETUAL), ("0.05", PERPETUAL), ("0.09", SPOT), ("9.9", SPOT)],
)
def test_dust_that_cannot_be_sold_does_not_keep_a_bot_alive(position: str, instrument: Instrument) -> None:
    assert is_over(view(position, instrument=instrument), "c1.")


def test_a_large_position_is_closed_in_pieces() -> None:
    closing = closing_order(view("100", instrument=replace(PERPETUAL, max_amount=Decimal(30))), "c1.")
    assert closing is not None
    assert closing.amount == 30


@pytest.mark.parametrize(("mode", "over"), [(Mode.CANCEL, True), (Mode.CLOSE, False), (Mode.RUNNING, False)])
def test_a_bot_that_only_cancels_leaves_the_position_to_its_owner(mode: Mode, over: bool) -> None:
    assert is_over(view("10", mode=mode), "c1.") is over
