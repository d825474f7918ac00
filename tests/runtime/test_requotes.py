"""What counts as a re-quote."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.runtime.bot import order, target
from trading.core.diff import Amend
from trading.core.orders import Role
from trading.core.planning import Plan
from trading.runtime.deciding import Batch, requotes_in

QUOTE, EXIT = order(slot="bid1"), order(slot="tp", role=Role.TAKE_PROFIT)
MOVED = target("bid1", price=Decimal("0.47"))
PLAN = Plan(None, orders=(MOVED, target("tp", role=Role.TAKE_PROFIT)))


@pytest.mark.parametrize(
    ("batch", "count"),
    [
        (Batch(amends=[Amend(QUOTE, MOVED)]), 1),
        (Batch(replaces=[(QUOTE, replace(QUOTE, client_id="next"), MOVED)]), 1),
        (Batch(cancels=[QUOTE]), 1),
        (Batch(places=[(QUOTE, MOVED)]), 0),
        (Batch(), 0),
        # A take-profit that follows the position is no quote.
        (Batch(amends=[Amend(EXIT, MOVED)], cancels=[EXIT]), 0),
        # A cancel whose slot is not wanted any more takes a quote away, it does not move it.
        (Batch(cancels=[order(slot="ask7")]), 0),
    ],
)
def test_quotes_that_move_are_counted(batch: Batch, count: int) -> None:
    assert requotes_in(batch, PLAN) == count
    assert requotes_in(batch, None) == 0
