"""One bot on a real database with a venue of a few lines: what the runtime does is looked at from close by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from tests.clocks import ManualClock
from tests.simulation.world import CRV, SYMBOL
from trading.core.bookkeeping import Books
from trading.core.diff import AmendMode
from trading.core.instrument import Side
from trading.core.ledger import Funding, Ledger
from trading.core.market import Book, BookLevel
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderType, Role
from trading.core.planning import Doing, Mode, Plan, TargetOrder, View, Wake
from trading.core.telling import Notice
from trading.exchanges.gateway import Accepted, Capabilities, NewOrder, Outcome, Position
from trading.runtime.backoffs import Backoffs
from trading.runtime.bench import Bench
from trading.storage.records import BotRecord

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
WINDOW = timedelta(seconds=10)
CAPABILITIES = Capabilities(AmendMode.IN_PLACE, 50, 50, WINDOW, False, True, True, False, False)


class Nothing(BaseModel):
    """Settings or state of a strategy that has none."""

    number: int = 0


@dataclass
class Wanting:
    """A strategy that wants what the test tells it to."""

    wanted: tuple[TargetOrder, ...] = ()
    plans: list[View] = field(default_factory=list)
    also: Callable[[View], Plan] | None = None
    name: str = "wanting"
    config_model: type[BaseModel] = Nothing
    state_model: type[BaseModel] = Nothing
    market_kinds: frozenset[str] = frozenset({"perpetual"})
    notices: tuple[type[Notice], ...] = ()
    keeps_exits: bool = False
    checked_every: float | None = None
    wake: Wake = field(default_factory=Wake)

    def plan(self, config: Any, state: Any, view: View) -> Plan:
        self.plans.append(view)
        return self.also(view) if self.also else Plan(state, orders=self.wanted, wake=self.wake)

    def doing(self, state: Any) -> Doing:
        return Doing()

    def references(self, config: Any) -> tuple[()]:
        return ()

    def status_check_seconds(self, config: Any) -> float | None:
        return self.checked_every

    def scope(self, state: Any) -> str:
        return ""

    def carried(self, state: Any) -> tuple[()]:
        return ()

    def budget(self, config: Any, state: Any) -> Decimal:
        return Decimal(100_000)

    def deposit(self, config: Any) -> Decimal:
        return Decimal(100)

    def started(self, state: Any) -> Any:
        return state

    def reduced(self, state: Any, view: View) -> Any:
        return state


def record(**more: Any) -> BotRecord:
    made = BotRecord(
        id=1, user_id=11, key_id=None, venue="far", symbol=SYMBOL, strategy="wanting", name="w", config="{}",
        active=True, mode=Mode.RUNNING, created_at=NOW, updated_at=NOW, started_at=NOW,
    )  # fmt: skip
    return replace(made, **more)


def make_bench(strategy: Wanting | None = None, *live: Order, **more: Any) -> Bench:
    books = Books.restore(CRV, Ledger(), live, (), ())
    wanting: Any = strategy or Wanting()
    return Bench.restore(record(**more), wanting, books, Backoffs(1), epoch=7, errors_before_pause=5)


def target(slot: str = "tp", **more: Any) -> TargetOrder:
    made = TargetOrder(slot, Role.QUOTE, Side.BUY, OrderType.LIMIT, Decimal(20), Decimal("0.48"))
    return replace(made, **more)


def order(client_id: str = "mg000700001000000a", slot: str = "tp", **more: Any) -> Order:
    made = Order(
        client_id, 1, slot, Role.QUOTE, SYMBOL, Side.BUY, OrderType.LIMIT, Decimal(20), Decimal("0.48"), NOW, NOW
    )
    return replace(made, **more)


def report(client_id: str, event: OrderEvent, filled: int = 0) -> OrderReport:
    return OrderReport(client_id, f"v{client_id}", SYMBOL, event, Decimal(filled), NOW)


def fill(client_id: str | None, trade_id: str, amount: int, side: Side = Side.BUY, **more: Any) -> Fill:
    made = Fill(
        trade_id, f"v{client_id}", client_id, SYMBOL, side, Decimal("0.48"), Decimal(amount), Decimal(0), "USDT", True,
        NOW,
    )  # fmt: skip
    return replace(made, **more)


def book(price: str = "0.5") -> Book:
    at = Decimal(price)
    return Book(SYMBOL, (BookLevel(at - CRV.price_tick, Decimal(9)),), (BookLevel(at, Decimal(9)),), NOW)


@dataclass
class FarSide:
    """The far side of the wire: answers what the test put there, and notes what it was asked."""

    capabilities: Capabilities = CAPABILITIES
    venue: str = "far"
    known: dict[str, OrderReport] = field(default_factory=dict)
    listed: list[OrderReport] = field(default_factory=list)
    history: list[OrderReport] = field(default_factory=list)
    trades: list[Fill] = field(default_factory=list)
    held: list[Position] = field(default_factory=list)
    paid: list[Funding] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Accepted("v1"))
    trouble: Exception | None = None
    asked: list[str] = field(default_factory=list)
    placed: list[NewOrder] = field(default_factory=list)

    def _hear(self, name: str) -> None:
        self.asked.append(name)
        if self.trouble is not None:
            raise self.trouble

    async def order(self, asked: Order) -> OrderReport | None:
        self._hear("order")
        return self.known.get(asked.client_id)

    async def open_orders(self, symbols: Sequence[str]) -> Sequence[OrderReport]:
        self._hear("open_orders")
        return self.listed

    async def order_history(self, symbol: str, since: datetime) -> Sequence[OrderReport]:
        self._hear("order_history")
        return self.history

    async def fills(self, symbol: str, since: datetime) -> Sequence[Fill]:
        self._hear("fills")
        return [trade for trade in self.trades if trade.at >= since]

    async def order_fills(self, asked: Order) -> Sequence[Fill]:
        self._hear("order_fills")
        return [trade for trade in self.trades if trade.client_id == asked.client_id]

    async def funding(self, symbol: str, since: datetime) -> Sequence[Funding]:
        self._hear("funding")
        return self.paid

    async def positions(self) -> Sequence[Position]:
        self._hear("positions")
        return self.held

    async def place(self, orders: Sequence[NewOrder]) -> Sequence[Outcome]:
        self.asked.append("place")
        self.placed.extend(orders)
        return [self.outcome for _ in orders]

    async def cancel(self, orders: Sequence[Order]) -> Sequence[Outcome]:
        self.asked.append("cancel")
        return [self.outcome for _ in orders]

    async def amend(self, changed: Order, wanted: TargetOrder) -> Outcome:
        self.asked.append("amend")
        return self.outcome


def later(seconds: float) -> ManualClock:
    return ManualClock(NOW + timedelta(seconds=seconds))
