"""A bot on a simulated spot account, without I/O: plan -> difference -> risk -> requests -> events.

What the exchange says is kept in ``messages`` until it is delivered, so that a test can reorder, delay and repeat it.
The book that the bot sees is the one of the last ``show``: with our orders of that moment in it, as a venue shows it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from trading.core.bookkeeping import Books
from trading.core.client_ids import client_id
from trading.core.diff import Amend, AmendMode, Cancel, Command, Place, Replace, difference
from trading.core.instrument import ZERO, Instrument, MarketKind, Side
from trading.core.ledger import Ledger
from trading.core.market import Book, BookLevel, Trade
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderStatus
from trading.core.planning import CycleResult, Mode, Plan, Sample, Strategy, TargetOrder, View
from trading.core.risk import RiskLimits, committed_notional, notional, objection
from trading.core.simulated_account import SpotFee
from trading.core.simulated_exchange import SimulatedExchange
from trading.core.simulated_orders import ExchangeEvent, Refused
from trading.core.telling import Notice

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
Levels = Sequence[tuple[str, str]]
Check = Callable[["SpotBot", View, Plan], None]


def market(**rules: object) -> Instrument:
    """BTC/USDT as Binance rules it, at a fee of 0.1 %."""
    given = {
        "venue": "paper",
        "symbol": "BTC/USDT",
        "kind": MarketKind.SPOT,
        "base": "BTC",
        "quote": "USDT",
        "price_tick": Decimal("0.01"),
        "amount_step": Decimal("0.00001"),
        "min_amount": Decimal("0.00001"),
        "min_cost": Decimal(5),
        "maker_fee": Decimal("0.001"),
        "taker_fee": Decimal("0.001"),
    }
    return Instrument(**{**given, **rules})  # type: ignore[arg-type]  # a test may set any rule


def levels(rows: Levels) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(Decimal(price), Decimal(amount)) for price, amount in rows)


@dataclass
class SpotBot:
    """One bot on one account. Every plan is made from a stored state and must be the same when made again."""

    strategy: Strategy
    config: Any
    instrument: Instrument
    balances: dict[str, Decimal]
    amend: AmendMode = AmendMode.IN_PLACE
    spot_fee: SpotFee = SpotFee.QUOTE
    is_public: bool = True
    mode: Mode = Mode.RUNNING
    check: Check | None = None
    now: datetime = BEGINNING
    other_books: dict[str, Book] = field(default_factory=dict)
    knows_balances: bool = True
    stale_balances: dict[str, Decimal] | None = None
    notices: list[Notice] = field(default_factory=list)
    cycles: list[CycleResult] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    placed: list[TargetOrder] = field(default_factory=list)
    amended: list[tuple[datetime, Decimal]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    denials: list[str] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    finished: str | None = None
    seen: Book | None = None
    sequence: int = 0
    seed: int = 7
    messages: list[ExchangeEvent] = field(default_factory=list)
    state: Any = None
    held: dict[str, datetime] = field(default_factory=dict)
    intervals: dict[str, str] = field(default_factory=dict)
    """The scope in which each order was placed, by client id."""

    def __post_init__(self) -> None:
        self.exchange = SimulatedExchange([self.instrument], self.balances, spot_fee=self.spot_fee)
        self.books = Books(self.instrument, Ledger())
        self.state = self.state or self.strategy.state_model()

    # The market

    def show(self, bids: Levels, asks: Levels, *, seconds: str = "1") -> None:
        """A new book of the others, ``seconds`` later; the bot does not know of it yet what it was not told."""
        self.now += timedelta(milliseconds=int(Decimal(seconds) * 1000))
        book = Book(self.instrument.symbol, levels(bids), levels(asks), self.now)
        self.messages.extend(self.exchange.on_book(book))
        self.look()

    def look(self) -> None:
        """See the book as it is now, our own orders in it."""
        book = self.exchange.shown_book(self.instrument.symbol)
        if book is not None:
            self.seen = Book(book.symbol, book.bids, book.asks, self.now)

    def trade(self, side: Side, price: str | Decimal, amount: str | Decimal) -> None:
        """Somebody takes: ``side`` is theirs."""
        self.now += timedelta(milliseconds=10)
        trade = Trade(self.instrument.symbol, side, Decimal(price), Decimal(amount), self.now)
        self.messages.extend(self.exchange.on_trade(trade))

    # The bot

    @property
    def view(self) -> View:
        return View(
            now=self.now,
            instrument=self.instrument,
            mode=self.mode,
            books={**({"": self.seen} if self.seen else {}), **self.other_books},
            orders=dict(self.books.live),
            finals=self.books.view_of_finals(),
            ledger=self.books.ledger,
            balances=(self.stale_balances or self.exchange.balances()) if self.knows_balances else {},
            balances_are_settled=self.knows_balances and self.stale_balances is None,
            seed=self.seed + self.sequence,
            is_public=self.is_public,
        )

    def think(self) -> list[Command]:
        """Plan once and remember it; what would have to be done."""
        if self.books.unsettled:
            return []  # the runtime plans only from a whole picture
        view = self.view
        state = self.strategy.state_model.model_validate_json(self.state.model_dump_json())
        assert state == self.state
        plan = self.strategy.plan(self.config, state, view)
        check_plan(self, view, plan)
        if self.check is not None:
            self.check(self, view, plan)
        self.state = plan.state
        self.notices.extend(plan.notices)
        self.cycles.extend(plan.cycles)
        self.samples.extend(plan.samples)
        self.plans.append(plan)
        self.books.drop_finals_outside(self.strategy.scope(self.state))
        if plan.finished is not None and not self.books.live:
            self.finished = plan.finished
            return []
        held = {slot for slot, until in self.held.items() if until > self.now}
        commands = difference(plan.orders, self.books.live, used=self.books.used_slots, held=held, amend=self.amend)
        return self._allowed(commands, view)

    def act(self) -> int:
        commands = self.think()
        for command in commands:
            match command:
                case Place(target):
                    self._place(target)
                case Cancel(order):
                    self.books.request_cancel(order.client_id)
                    self.take_off(order)
                case Replace(order, target):
                    self._replace(order, target)
                case Amend(order, target):
                    self._amend(order, target)
        return len(commands)

    def hear(self, shuffle: random.Random | None = None, *, twice: bool = False, most: int | None = None) -> int:
        """Deliver what the exchange said, in its order or in any; ``most`` leaves the rest for later."""
        messages, self.messages = self.messages, []
        if shuffle is not None:
            shuffle.shuffle(messages)
        if most is not None:
            messages, self.messages = messages[:most], messages[most:]
        for message in messages * (2 if twice else 1):
            if isinstance(message, Fill):
                if self.books.fold_fill(message):
                    self.fills.append(message)
            elif isinstance(message, OrderReport):
                self.books.fold_report(message)
        assert not self.books.defects
        return len(messages)

    def settle(self, shuffle: random.Random | None = None) -> None:
        """Plan and hear until nothing changes any more."""
        for _ in range(80):
            if self.finished is not None or not self.act() + self.hear(shuffle):
                return
        raise AssertionError("the bot does not come to rest")

    def wait(self, seconds: str = "1", *, looks: bool = True) -> None:
        self.now += timedelta(milliseconds=int(Decimal(seconds) * 1000))
        if looks:
            self.look()
        self.settle()

    def restart(self) -> None:
        """Stopped or finished, it begins again."""
        self.state = self.strategy.started(self.state)
        self.finished, self.mode = None, Mode.RUNNING
        self.settle()

    def take_off(self, order: Order) -> None:
        """A cancel, by us or by somebody else."""
        try:
            self.messages.extend(self.exchange.cancel(now=self.now, client_id=order.client_id))
        except Refused as refused:
            self.refusals.append(refused.reason)

    @property
    def resting(self) -> list[Order]:
        return [order for order in self.books.live.values() if not order.status.is_final]

    def only(self) -> Order:
        (order,) = self.resting
        return order

    def told(self, kind: str) -> list[Any]:
        return [notice for notice in self.notices if notice.kind == kind]

    def rows(self, kind: str) -> list[Sample]:
        return [sample for sample in self.samples if sample.kind == kind]

    def _allowed(self, commands: list[Command], view: View) -> list[Command]:
        allowed: list[Command] = []
        committed = committed_notional(view)
        budget = self.strategy.budget(self.config, self.state)
        for command in commands:
            if isinstance(command, Place):
                why = objection(command.target, view, budget, RiskLimits(), committed)
                if why is not None:
                    self.denials.append(why)
                    continue
                committed += notional(command.target, view)
            allowed.append(command)
        return allowed

    def _place(self, target: TargetOrder) -> None:
        order = self._made(target)
        self.books.intend(order)
        self._send(order, target)

    def _replace(self, order: Order, target: TargetOrder) -> None:
        """One request: only an order of which nothing was filled goes, and only then its successor comes."""
        successor = self._made(target)
        self.books.succeed(successor)
        mine = self.exchange.order(client_id=order.client_id)
        if mine is None or not mine.is_open or mine.filled:
            self.books.note(successor.client_id, OrderEvent.REFUSED, self.now, "not_attempted")
            return
        self.take_off(order)
        assert target.price is not None
        self.amended.append((self.now, target.price))
        self._send(successor, target)

    def _made(self, target: TargetOrder) -> Order:
        self.sequence += 1
        return intent(target, self.instrument.symbol, client_id(1, 1, self.sequence), self.now)

    def _send(self, order: Order, target: TargetOrder) -> None:
        self.placed.append(target)
        self.intervals[order.client_id] = target.slot.split(".", maxsplit=1)[0]
        try:
            events = self.exchange.place(
                client_id=order.client_id,
                symbol=order.symbol,
                side=order.side,
                type=order.type,
                amount=order.amount,
                price=order.price,
                time_in_force=order.time_in_force,
                now=self.now,
            )
        except Refused as refused:
            self.refusals.append(refused.reason)
            self.books.note(order.client_id, OrderEvent.REFUSED, self.now, refused.reason)
            self.held[target.slot] = self.now + timedelta(seconds=5)
        else:
            self.messages.extend(events)

    def _amend(self, order: Order, target: TargetOrder) -> None:
        known = order.filled
        try:
            events = self.exchange.amend(
                now=self.now, client_id=order.client_id, price=target.price, amount=known + target.amount
            )
        except Refused as refused:
            self.refusals.append(refused.reason)
            return
        assert target.price is not None
        self.amended.append((self.now, target.price))
        self.books.amended(order.client_id, target.price, target.amount, None, filled=known)
        self.messages.extend(events)


def intent(target: TargetOrder, symbol: str, own_id: str, now: datetime) -> Order:
    return Order(
        client_id=own_id,
        bot_id=1,
        slot=target.slot,
        role=target.role,
        symbol=symbol,
        side=target.side,
        type=target.type,
        amount=target.amount,
        price=target.price,
        reduce_only=target.reduce_only,
        time_in_force=target.time_in_force,
        one_shot=target.one_shot,
        created_at=now,
        updated_at=now,
        status=OrderStatus.SENT,
    )


def check_plan(bot: SpotBot, view: View, plan: Plan) -> None:
    """What is true of every plan: it stands when made again, is on the venue's rules and never meets its own orders."""
    again = bot.strategy.plan(bot.config, plan.state, view)
    assert again.state == plan.state
    assert (again.orders, again.wake, again.finished) == (plan.orders, plan.wake, plan.finished)
    assert not (again.notices or again.cycles or again.samples)
    assert len({target.slot for target in plan.orders}) == len(plan.orders)
    for target in plan.orders:
        live = view.orders.get(target.slot)
        if live is not None and (target.price, target.amount) == (live.price, live.remaining):
            continue
        assert target.price is not None
        why = view.instrument.objection(price=target.price, amount=target.amount)
        assert why is None or (target.one_shot and live is not None), (why, target)
    if any(target.may_meet_own for target in plan.orders):
        assert not view.is_public
        return
    buys = [target.price for target in plan.orders if target.side is Side.BUY and target.price]
    sells = [target.price for target in plan.orders if target.side is Side.SELL and target.price]
    assert not buys or not sells or max(buys) < min(sells), "it would trade with itself"


def worth(bot: SpotBot, price: Decimal) -> Decimal:
    """What the account holds in quote at ``price``."""
    held = bot.exchange.balances()
    return held.get(bot.instrument.quote, ZERO) + held.get(bot.instrument.base, ZERO) * price
