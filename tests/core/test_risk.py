"""What may leave and what may not, as one table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.ledger import Ledger
from trading.core.market import Book, BookLevel
from trading.core.orders import Order, OrderStatus, OrderType, Role
from trading.core.planning import Mode, TargetOrder, View
from trading.core.risk import RiskLimits, committed_notional, notional, objection

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MARKET = Instrument(
    "paper", "A/B", MarketKind.PERPETUAL, "A", "B", Decimal("0.01"), Decimal("0.1"), min_cost=Decimal(5)
)
LEVELS = {"bids": (BookLevel(Decimal("1.99"), Decimal(9)),), "asks": (BookLevel(Decimal("2.00"), Decimal(9)),)}
BOOK = Book("A/B", at=NOW, **LEVELS)


def view(mode: Mode = Mode.RUNNING, book: Book | None = BOOK, ledger: Ledger | None = None, *orders: Order) -> View:
    return View(
        now=NOW,
        instrument=MARKET,
        mode=mode,
        books={"": book} if book else {},
        orders={order.slot: order for order in orders},
        finals={},
        ledger=ledger or Ledger(),
    )


def entry(price: str | None = "1.95", amount: str = "5", **changes: object) -> TargetOrder:
    kind = OrderType.LIMIT if price else OrderType.MARKET
    wanted = TargetOrder("a", Role.ENTRY, Side.BUY, kind, Decimal(amount), Decimal(price) if price else None)
    return replace(wanted, **changes)  # type: ignore[arg-type]  # a test may change any field


def take_profit(price: str = "2.05", amount: str = "1", **changes: object) -> TargetOrder:
    return entry(price, amount, role=Role.TAKE_PROFIT, side=Side.SELL, reduce_only=True, **changes)


def stop(trigger: str) -> TargetOrder:
    return entry(
        None, "1", role=Role.STOP_LOSS, side=Side.SELL, type=OrderType.STOP_MARKET, reduce_only=True,
        trigger_price=Decimal(trigger),
    )  # fmt: skip


def resting(price: str | None, side: Side = Side.BUY, amount: str = "5", **changes: object) -> Order:
    order = Order(
        client_id="mg1",
        bot_id=1,
        slot=f"{side}{price}",
        role=Role.ENTRY,
        symbol="A/B",
        side=side,
        type=OrderType.LIMIT if price else OrderType.MARKET,
        amount=Decimal(amount),
        price=Decimal(price) if price else None,
        created_at=NOW,
        updated_at=NOW,
        status=OrderStatus.OPEN,
    )
    return replace(order, **changes)  # type: ignore[arg-type]  # a test may change any field


@pytest.mark.parametrize(
    ("target", "picture", "why"),
    [
        (entry(), view(), None),
        (entry(None), view(), None),
        (entry(), view(Mode.NO_ENTRIES), "entries_not_allowed"),
        (entry(), view(Mode.WIND_DOWN), "entries_not_allowed"),
        (entry(role=Role.QUOTE), view(Mode.NO_ENTRIES), "entries_not_allowed"),
        (take_profit(), view(Mode.NO_ENTRIES), None),
        (take_profit(), view(Mode.WIND_DOWN), None),
        (stop("1.5"), view(Mode.NO_ENTRIES), None),
        (entry(None), view(book=None), "no_price"),
        (entry(None, reduce_only=True), view(book=None), None),
        (entry("1.955"), view(), "off_tick"),
        (entry(amount="5.05"), view(), "off_step"),
        (entry(amount="2"), view(), "below_min_cost"),
        (take_profit(amount="0.1"), view(), None),
        (entry("2.10"), view(), None),
        (entry("2.11"), view(), "price_too_good"),
        (take_profit("1.90"), view(), None),
        (take_profit("1.85"), view(), "price_too_good"),
        (entry("0.50", "20"), view(), None),
        (entry("1.95"), view(Mode.RUNNING, BOOK, None, resting("1.95", Side.SELL)), "crosses_own_order"),
        (entry("1.95"), view(Mode.RUNNING, BOOK, None, resting("1.96", Side.SELL)), None),
        (take_profit("2.00"), view(Mode.RUNNING, BOOK, None, resting("2.00")), "crosses_own_order"),
        (stop("1.50"), view(Mode.RUNNING, BOOK, None, resting("1.60")), None),
        (entry(amount="50"), view(), None),
        (entry(amount="52"), view(), "over_budget"),
        (take_profit(amount="500"), view(), None),
    ],
)
def test_what_may_leave(target: TargetOrder, picture: View, why: str | None) -> None:
    assert objection(target, picture, Decimal(100), RiskLimits(), committed_notional(picture)) == why


def test_position_and_resting_entries_share_the_budget() -> None:
    held = Ledger(position=Decimal(20), cost=Decimal(40))
    picture = view(Mode.RUNNING, BOOK, held, resting("1.90", amount="20"))
    assert committed_notional(picture) == 78
    assert objection(entry(amount="11"), picture, Decimal(100), RiskLimits(), Decimal(78)) is None
    assert objection(entry(amount="12"), picture, Decimal(100), RiskLimits(), Decimal(78)) == "over_budget"


def test_exits_commit_nothing() -> None:
    exit_order = resting("2.05", Side.SELL, reduce_only=True)
    assert committed_notional(view(Mode.RUNNING, BOOK, None, exit_order)) == 0
    assert notional(take_profit(amount="500"), view()) == 0


def test_market_orders_are_committed_at_the_market() -> None:
    assert notional(entry(None, "10"), view()) == 20
    assert committed_notional(view(Mode.RUNNING, BOOK, None, resting(None, amount="10"))) == 20
    assert notional(entry(None, "10"), view(book=None)) == 0


def test_a_bot_has_no_more_orders_than_its_limit() -> None:
    picture = view(Mode.RUNNING, BOOK, None, resting("1.90"), resting("1.91"))
    limits = RiskLimits(max_orders=2)
    assert objection(entry(), picture, Decimal(1000), limits, Decimal(0)) == "too_many_orders"
    assert objection(take_profit(), picture, Decimal(1000), limits, Decimal(0)) is None


def test_an_exit_on_spot_takes_nothing_of_the_budget() -> None:
    """A spot venue knows no reduce-only orders; what was bought at the budget's limit must still be sold."""
    held = view(Mode.NO_ENTRIES, BOOK, Ledger(position=Decimal(50), cost=Decimal(100)))
    sale = entry("2.00", "50", role=Role.CLOSE, side=Side.SELL)
    assert objection(sale, held, Decimal(100), RiskLimits(), committed_notional(held)) is None
    assert notional(sale, held) == 0
    selling = resting("2.00", Side.SELL, amount="50", role=Role.CLOSE)
    assert committed_notional(view(Mode.RUNNING, BOOK, None, selling)) == 0


@pytest.mark.parametrize(("is_public", "why"), [(True, "crosses_own_order"), (False, None)])
def test_own_orders_meet_only_where_no_public_is_deceived(is_public: bool, why: str | None) -> None:
    looked = replace(view(Mode.RUNNING, BOOK, None, resting("1.99", Side.SELL)), is_public=is_public)
    taking = entry("1.99", may_meet_own=True)
    assert objection(taking, looked, Decimal(1000), RiskLimits(), Decimal(0)) == why
    assert objection(entry("1.99"), looked, Decimal(1000), RiskLimits(), Decimal(0)) == "crosses_own_order"
