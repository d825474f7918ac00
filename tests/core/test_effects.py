"""How a person counts a round of commands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.tgbot.fake_desk import order
from trading.core.diff import AmendMode, difference
from trading.core.effects import effect_of
from trading.core.instrument import Side
from trading.core.orders import Order, OrderType, Role
from trading.core.planning import TargetOrder


def target(slot: str, price: str, role: Role = Role.QUOTE) -> TargetOrder:
    return TargetOrder(slot, role, Side.BUY, OrderType.LIMIT, Decimal("12.3"), Decimal(price))


def resting(slot: str, price: str, role: Role = Role.QUOTE) -> Order:
    return replace(order(1, slot, Decimal(price), role=role), slot=slot)


@pytest.mark.parametrize("amend", list(AmendMode))
def test_a_move_is_a_move_however_the_venue_makes_it(amend: AmendMode) -> None:
    live = {each.slot: each for each in (resting("a", "1"), resting("b", "2"), resting("c", "3"))}
    targets = [target("a", "1"), target("b", "2.5"), target("d", "4")]
    effect = effect_of(difference(targets, live, used=(), held=(), amend=amend), targets)
    assert [(move.order.slot, move.prices) for move in effect.moved] == [("b", (Decimal(2), Decimal("2.5")))]
    assert [each.slot for each in effect.canceled] == ["c"]
    assert [each.slot for each in effect.placed] == ["d"]
    assert effect.exits == ()
    assert effect


def test_an_exit_is_told_by_itself_when_its_price_moves_and_not_when_its_amount_does() -> None:
    live = {"tp": resting("tp", "5", Role.TAKE_PROFIT)}
    for price, told in (("6", 1), ("5", 0)):
        wanted = [replace(target("tp", price, Role.TAKE_PROFIT), amount=Decimal(20))]
        effect = effect_of(difference(wanted, live, used=(), held=(), amend=AmendMode.IN_PLACE), wanted)
        assert (len(effect.moved), len(effect.exits)) == (1, told)


def test_nothing_is_no_effect() -> None:
    assert not effect_of([], [])
