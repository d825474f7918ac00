"""Plans, differences and band checks of a grid with 15 levels and three fills."""

from __future__ import annotations

from decimal import Decimal as D

from tests.benchmarks.market import book, filled, resting, view
from tests.benchmarks.measure import line, seconds
from trading.core.diff import AmendMode, difference
from trading.core.ledger import Ledger
from trading.strategies.grid import GridConfig, GridState, GridStrategy

PLANS, DIFFERENCES, BANDS = 3_000, 10_000, 200_000


def run() -> None:
    strategy, config = GridStrategy(), GridConfig(deposit=D(1000), leverage=5)
    first = strategy.plan(config, GridState(), view())
    orders, ledger = [], Ledger()
    for number, target in enumerate(first.orders):
        order = resting(target, number)
        if number < 3:
            order, ledger = filled(order, ledger)
        orders.append(order)
    picture = view(orders, ledger)
    plan = strategy.plan(config, first.state, picture)

    bare = seconds(lambda: [(config, plan.state, picture) for _ in range(PLANS)])
    took = seconds(lambda: [strategy.plan(config, plan.state, picture) for _ in range(PLANS)])
    line("plans", PLANS, took, "a bare loop", bare)

    used = {order.slot for order in orders}
    wanted = {target.slot: target.amount for target in plan.orders}
    live = dict(picture.orders)
    bare = seconds(lambda: [{s: a for s, a in wanted.items() if s not in live} for _ in range(DIFFERENCES)])
    took = seconds(
        lambda: [
            difference(plan.orders, live, used=used, held=(), amend=AmendMode.IN_PLACE) for _ in range(DIFFERENCES)
        ]
    )
    line("differences of 13 orders", DIFFERENCES, took, "a bare dict difference", bare)

    shown = book("45999.9", "46000")
    bands = list(plan.wake.bands.items())

    def stands() -> bool:
        signals = {"bid": shown.bid, "ask": shown.ask, "mid": shown.mid}
        return all((value := signals[name]) is not None and band.holds(value) for name, band in bands)

    bare = seconds(lambda: [shown.bid == shown.ask for _ in range(BANDS)])
    line("books that change no mind", BANDS, seconds(lambda: [stands() for _ in range(BANDS)]), "one comparison", bare)
