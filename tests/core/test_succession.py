"""An order and the one that replaces it share a slot: never both in the view, never a second successor."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.core.test_bookkeeping import CRV, books, fill, order, report
from trading.core.bookkeeping import Books
from trading.core.ledger import Ledger
from trading.core.orders import OrderEvent, OrderStatus

SLOT = "c1.tp"


def replaced() -> Books:
    """``a`` rests and is asked to be replaced by ``b``."""
    held = books(order("a"))
    held.fold_report(report("a", OrderEvent.ACCEPTED))
    held.succeed(order("b"))
    held.note("b", OrderEvent.SENT, order("b").created_at)
    return held


def test_a_successor_waits_behind_the_order_that_holds_the_slot() -> None:
    held = replaced()
    assert held.live[SLOT].client_id == "a"
    assert held.live[SLOT].cancel_requested
    assert [each.client_id for each in held.in_flight] == ["b"]
    assert {each.client_id for each in held.changes().orders} == {"a", "b"}


def test_the_slot_passes_on_when_its_holder_has_ended() -> None:
    held = replaced()
    held.fold_report(report("a", OrderEvent.CANCELED))
    assert held.live[SLOT].client_id == "b"
    assert not held.successors
    held.fold_report(report("b", OrderEvent.ACCEPTED))
    held.fold_report(report("b", OrderEvent.CANCELED))
    assert not held.live


def test_a_refused_successor_leaves_the_slot_with_its_holder() -> None:
    held = replaced()
    held.note("b", OrderEvent.REFUSED, order("b").created_at, "not_attempted")
    assert held.live[SLOT].client_id == "a"
    assert not held.successors
    held.succeed(order("c"))
    assert held.successors[SLOT].client_id == "c"


def test_a_holder_that_lacks_fills_keeps_the_slot_until_they_are_here() -> None:
    held = replaced()
    held.fold_report(report("a", OrderEvent.CANCELED, 3))
    assert held.live[SLOT].client_id == "a"
    held.fold_fill(fill("a", "t1", 3))
    assert held.live[SLOT].client_id == "b"


def test_only_what_holds_a_slot_has_a_successor_and_only_one() -> None:
    with pytest.raises(ValueError, match="nothing to be replaced by b"):
        books().succeed(order("b"))
    with pytest.raises(ValueError, match="nothing to be replaced by c"):
        replaced().succeed(order("c"))


@pytest.mark.parametrize("told", list(itertools.permutations(["a canceled", "b accepted", "b partly", "fill"])))
def test_whatever_order_the_messages_come_in_the_books_end_alike(told: tuple[str, ...]) -> None:
    held = replaced()
    for message in told:
        match message:
            case "a canceled":
                held.fold_report(report("a", OrderEvent.CANCELED))
            case "b accepted":
                held.fold_report(report("b", OrderEvent.ACCEPTED))
            case "b partly":
                held.fold_report(report("b", OrderEvent.PARTLY_FILLED, 4))
            case _:
                held.fold_fill(fill("b", "t1", 4))
    assert (held.live[SLOT].client_id, held.live[SLOT].status) == ("b", OrderStatus.PARTLY_FILLED)
    assert [each.client_id for each in held.finals[SLOT]] == ["a"]
    assert held.ledger.position == 4


@pytest.mark.parametrize("status", [OrderStatus.INTENDED, OrderStatus.SENT, OrderStatus.UNKNOWN, OrderStatus.OPEN])
def test_stored_books_come_back_with_the_successor_in_its_place(status: OrderStatus) -> None:
    stored = [
        order("b", status=status),
        order("a", status=OrderStatus.OPEN, cancel_requested=True),
    ]
    held = Books.restore(CRV, Ledger(), stored, (), ())
    assert (held.live[SLOT].client_id, held.successors[SLOT].client_id) == ("a", "b")
    with pytest.raises(ValueError, match="held by a and by c"):
        Books.restore(CRV, Ledger(), [*stored, order("c", status=OrderStatus.OPEN)], (), ())


def test_a_stored_successor_of_an_order_that_has_ended_holds_the_slot() -> None:
    ended = replace(order("a", status=OrderStatus.CANCELED), reported_filled=Decimal(2))
    held = Books.restore(CRV, Ledger(), [ended, order("b", status=OrderStatus.UNKNOWN)], (), ())
    assert held.live[SLOT].client_id == "b"
    assert held.unsettled == [ended]
