"""Moments in which the picture is behind the venue."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from tests.strategies.small_venue import Bot, start
from trading.core.ledger import Ledger
from trading.core.orders import OrderEvent, OrderReport, OrderStatus
from trading.strategies.grid import Phase
from trading.strategies.grid.exits import ideal_take_profit


def take_off(bot: Bot, slot: str) -> None:
    """Somebody cancels an order of ours on the exchange."""
    bot.venue.cancel(bot.live(slot))
    bot.hear()


def test_no_entry_meets_our_own_take_profit() -> None:
    bot = start(take_profit_percent="0.3")
    bot.venue.move(Decimal("0.4499"), Decimal("0.45"))
    deepest = bot.live("level5").client_id
    # The deepest fill is heard first: for a moment the levels above it seem to rest over the new take-profit.
    bot.venue.messages = [message for message in bot.venue.messages if message.client_id == deepest]
    bot.hear()
    bot.think()
    goal = next(target.price for target in bot.plans[-1].orders if target.slot == "c1.tp")
    assert goal is not None
    assert goal < Decimal("0.49")
    assert all((target.price or 0) < goal for target in bot.plans[-1].orders if not target.role.is_exit)


def test_a_left_over_position_is_not_forgotten_while_its_take_profit_is_refused() -> None:
    bot = start()
    bot.venue.move(Decimal("0.52"), Decimal("0.5201"))
    bot.venue.move(Decimal("0.4899"), Decimal("0.49"))
    bot.settle()
    take_off(bot, "tp")
    assert not bot.books.live
    assert len(bot.think()) == 1
    assert bot.state.phase is Phase.CLOSING
    assert not bot.cycles


def test_no_entry_is_made_while_the_stop_is_being_executed() -> None:
    bot = start(stop_loss_percent=50)
    order = bot.live("stop")
    report = OrderReport(order.client_id, "v", order.symbol, OrderEvent.PARTLY_FILLED, Decimal(10), bot.venue.now)
    bot.books.fold_report(report)
    bot.think()
    assert [target.role.is_exit for target in bot.plans[-1].orders] == [True, True]


def test_the_last_digits_of_a_division_do_not_move_the_take_profit() -> None:
    bot = start(direction="short")
    bot.config = bot.config.model_copy(update={"take_profit_percent": Decimal(40)})
    view = replace(bot.view, ledger=Ledger(position=Decimal(-3), cost=Decimal(-4)))
    assert view.ledger.average is not None
    assert view.ledger.average * Decimal("0.6") < Decimal("0.8"), "by the 28th digit"
    assert ideal_take_profit(bot.config, view) == Decimal("0.8")


def test_fills_in_any_order_and_twice_give_the_same_end() -> None:
    ends = []
    for seed in range(8):
        bot = start()
        bot.venue.move(Decimal("0.4699"), Decimal("0.47"))
        bot.hear(random.Random(seed), twice=True)
        bot.settle(random.Random(seed))
        ends.append((bot.books.ledger, bot.live("tp").price, bot.live("tp").remaining, bot.slots()))
    assert all(end == ends[0] for end in ends)


def test_a_level_comes_back_without_what_the_venue_says_was_filled() -> None:
    bot = start()
    level = bot.live("level3")
    withdrawn = replace(
        level, status=OrderStatus.CANCELED, cancel_requested=True, reported_filled=Decimal(100), filled=Decimal(0)
    )
    del bot.books.live[level.slot]
    bot.books.finals[level.slot] = [withdrawn]
    bot.think()
    again = next(target for target in bot.plans[-1].orders if target.slot == "c1.level3.r1")
    assert again.amount == level.amount - 100
