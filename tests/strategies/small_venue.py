"""A venue in a few folds, and a bot that trades on it: plan -> difference -> risk -> orders -> fills, without I/O.

What the venue says is kept in ``messages`` until it is delivered, so that a test can reorder, delay and repeat it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trading.core.bookkeeping import Books
from trading.core.client_ids import client_id
from trading.core.diff import Amend, AmendMode, Cancel, Command, Place, Replace, difference
from trading.core.instrument import ZERO, Instrument, MarketKind, Side
from trading.core.ledger import Ledger
from trading.core.market import Book, BookLevel
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderStatus, OrderType
from trading.core.planning import CycleResult, Mode, Plan, Surroundings, TargetOrder, View
from trading.core.risk import RiskLimits, committed_notional, notional, objection
from trading.core.telling import Notice
from trading.strategies.grid import GridConfig, GridState, GridStrategy

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
Message = OrderReport | Fill


def coin(**rules: object) -> Instrument:
    """A perpetual with the tick and step of a cheap coin."""
    given = {
        "venue": "paper",
        "symbol": "CRV/USDT:USDT",
        "kind": MarketKind.PERPETUAL,
        "base": "CRV",
        "quote": "USDT",
        "price_tick": Decimal("0.0001"),
        "amount_step": Decimal("0.1"),
        "min_amount": Decimal("0.1"),
        "min_cost": Decimal(5),
        "max_leverage": Decimal(125),
    }
    return Instrument(**{**given, **rules})  # type: ignore[arg-type]  # a test may set any rule


def money(equity: Decimal | None) -> Surroundings:
    """What a preview knows where the account holds so much USDT, or where that is not known."""
    return Surroundings({"USDT": equity} if equity is not None else {})


@dataclass
class SmallVenue:
    """Resting orders, one position, one best bid and ask. Resting orders fill at their own price."""

    instrument: Instrument
    bid: Decimal
    ask: Decimal
    now: datetime = BEGINNING
    resting: dict[str, Order] = field(default_factory=dict)
    position: Decimal = ZERO
    is_deserted: bool = False
    """Nobody is there for a market order: it expires."""
    messages: list[Message] = field(default_factory=list)
    trades: int = 0

    def move(self, bid: Decimal, ask: Decimal, most: Decimal | None = None) -> None:
        """New best prices. At most ``most`` of each order that they reach is filled."""
        self.bid, self.ask = bid, ask
        for order in sorted(self.resting.values(), key=_distance(bid)):
            if order.client_id in self.resting and self._is_reached(order):
                self._fill(order, self._price_of(order), most)

    def place(self, order: Order) -> None:
        if order.reduce_only and self._reducible(order) == 0:
            self._say(order, OrderEvent.REFUSED)
            return
        self.resting[order.client_id] = order
        self._say(order, OrderEvent.ACCEPTED)
        if self.is_deserted and order.type is OrderType.MARKET:
            self._say(self.resting.pop(order.client_id), OrderEvent.EXPIRED)
            return
        if order.type is OrderType.MARKET or self._is_reached(order):
            self._fill(order, self.bid if order.side is Side.SELL else self.ask, None)

    def cancel(self, order: Order) -> None:
        if order.client_id in self.resting:
            self._say(self.resting.pop(order.client_id), OrderEvent.CANCELED)

    def amend(self, order: Order, target: TargetOrder) -> bool:
        """Changed in place: what rests afterwards is the target's amount. False when it no longer rests."""
        mine = self.resting.get(order.client_id)
        if mine is None:
            return False
        self.resting[order.client_id] = replace(
            mine, price=target.price, trigger_price=target.trigger_price, amount=mine.filled + target.amount
        )
        if self._is_reached(self.resting[order.client_id]):
            self._fill(self.resting[order.client_id], self._price_of(mine), None)
        return True

    def _is_reached(self, order: Order) -> bool:
        if order.type is OrderType.STOP_MARKET:
            assert order.trigger_price is not None
            return self.bid <= order.trigger_price if order.side is Side.SELL else self.ask >= order.trigger_price
        assert order.price is not None
        return self.ask <= order.price if order.side is Side.BUY else self.bid >= order.price

    def _price_of(self, order: Order) -> Decimal:
        market = self.bid if order.side is Side.SELL else self.ask
        return market if order.price is None else order.price

    def _reducible(self, order: Order) -> Decimal:
        return max(ZERO, -order.side.sign * self.position)

    def _fill(self, order: Order, price: Decimal, most: Decimal | None) -> None:
        amount = order.amount - order.filled
        amount = amount if most is None else min(most, amount)
        amount = min(amount, self._reducible(order)) if order.reduce_only else amount
        order = replace(order, filled=order.filled + amount)
        self.resting[order.client_id] = order
        self.position += order.side.sign * amount
        self.trades += 1
        fee = amount * price * self.instrument.maker_fee
        self.messages.append(
            Fill(
                trade_id=str(self.trades),
                venue_order_id=f"v{order.client_id}",
                client_id=order.client_id,
                symbol=order.symbol,
                side=order.side,
                price=price,
                amount=amount,
                fee=fee,
                fee_currency=self.instrument.quote,
                maker=True,
                at=self.now,
            )
        )
        if order.filled == order.amount:
            del self.resting[order.client_id]
            self._say(order, OrderEvent.FILLED)
        else:
            self._say(order, OrderEvent.PARTLY_FILLED)
        self._drop_pointless()

    def _drop_pointless(self) -> None:
        for order in [order for order in self.resting.values() if order.reduce_only]:
            if not self._reducible(order):
                self.cancel(order)

    def _say(self, order: Order, event: OrderEvent) -> None:
        self.messages.append(
            OrderReport(order.client_id, f"v{order.client_id}", order.symbol, event, order.filled, self.now)
        )


def _distance(price: Decimal) -> Callable[[Order], Decimal]:
    """Limits by price priority, those nearest to where the market came from first."""
    return lambda order: -order.price * order.side.sign if order.price is not None else price * 1000


@dataclass
class Bot:
    """One grid bot on a small venue. Every plan is checked: idempotent, on the rules, within budget."""

    config: GridConfig
    venue: SmallVenue
    amend: AmendMode = AmendMode.IN_PLACE
    mode: Mode = Mode.RUNNING
    state: GridState = field(default_factory=GridState)
    strategy: GridStrategy = field(default_factory=GridStrategy)
    notices: list[Notice] = field(default_factory=list)
    cycles: list[CycleResult] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    sequence: int = 0
    books: Books = field(init=False)
    finished: str | None = None
    has_book: bool = True
    was_liquidated: bool = False

    def __post_init__(self) -> None:
        self.books = Books(self.venue.instrument, Ledger())

    @property
    def view(self) -> View:
        venue = self.venue
        book = Book(
            venue.instrument.symbol,
            (BookLevel(venue.bid, Decimal(10**6)),),
            (BookLevel(venue.ask, Decimal(10**6)),),
            venue.now,
        )
        return View(
            now=venue.now,
            instrument=venue.instrument,
            mode=self.mode,
            books={"": book} if self.has_book else {},
            orders=dict(self.books.live),
            finals=self.books.view_of_finals(),
            ledger=self.books.ledger,
            was_liquidated=self.was_liquidated and not self.books.ledger.position,
        )

    def think(self) -> list[Command]:
        """Plan once and remember it; what would have to be done."""
        view = self.view
        # A restart between any two plans must change nothing, so every plan is made from what was stored.
        state = GridState.model_validate_json(self.state.model_dump_json())
        assert state == self.state
        plan = self.strategy.plan(self.config, state, view)
        check_plan(self.strategy, self.config, view, plan)
        self.state = plan.state
        self.notices.extend(plan.notices)
        self.cycles.extend(plan.cycles)
        self.plans.append(plan)
        self.finished = plan.finished
        if plan.finished is not None:
            return []
        commands = difference(plan.orders, self.books.live, used=self.books.used_slots, held=(), amend=self.amend)
        return self._allowed(commands, view)

    def act(self) -> int:
        """Plan once and do it; how many commands left."""
        commands = self.think()
        for command in commands:
            match command:
                case Place(target):
                    self._place(target)
                case Cancel(order):
                    self.books.request_cancel(order.client_id)
                    self.venue.cancel(order)
                case Replace(order, target):
                    self._replace(order, target)
                case Amend(order, target):
                    if self.venue.amend(order, target):
                        self.books.amended(order.client_id, target.price, target.amount, target.trigger_price)
        return len(commands)

    def hear(self, shuffle: random.Random | None = None, twice: bool = False, most: int | None = None) -> int:
        """Deliver what the venue said, in its order or in any; ``most`` leaves the rest for later."""
        messages, self.venue.messages = self.venue.messages, []
        if shuffle is not None:
            shuffle.shuffle(messages)
        if most is not None:
            messages, self.venue.messages = messages[:most], messages[most:]
        for message in messages * (2 if twice else 1):
            if isinstance(message, Fill):
                self.books.fold_fill(message)
            else:
                self.books.fold_report(message)
        assert not self.books.defects
        return len(messages)

    def settle(self, shuffle: random.Random | None = None) -> None:
        """Plan and hear until nothing changes any more."""
        for _ in range(60):
            if not self.act() + self.hear(shuffle):
                return
        raise AssertionError("the bot does not come to rest")

    def move(self, price: str | Decimal, most: Decimal | None = None, shuffle: random.Random | None = None) -> None:
        """The market goes to ``price`` (bid and ask a tick apart), and the bot does what it wants about it."""
        bid = self.venue.instrument.nearest_price(Decimal(price))
        self.venue.move(bid, bid + self.venue.instrument.price_tick, most)
        self.hear(shuffle)
        self.settle(shuffle)

    def wait(self, seconds: int) -> None:
        self.venue.now += timedelta(seconds=seconds)
        self.settle()

    def told(self, kind: str) -> list[Notice]:
        return [notice for notice in self.notices if notice.kind == kind]

    def live(self, slot: str) -> Order:
        return self.books.live[f"{self.state.scope}{slot}"]

    def slots(self) -> set[str]:
        return {slot.removeprefix(self.state.scope) for slot in self.books.live}

    def _allowed(self, commands: list[Command], view: View) -> list[Command]:
        allowed: list[Command] = []
        committed = committed_notional(view)
        budget = self.strategy.budget(self.config, self.state)
        for command in commands:
            if isinstance(command, Place):
                if view.book is None and not command.target.role.is_exit:
                    continue  # as the runtime does: no entry leaves on a stale price
                why = objection(command.target, view, budget, RiskLimits(), committed)
                assert why in (None, "crosses_own_order", "no_price"), (why, command.target)
                if why:
                    continue
                committed += notional(command.target, view)
            allowed.append(command)
        return allowed

    def _place(self, target: TargetOrder) -> None:
        order = self._made(target)
        self.books.intend(order)
        self.venue.place(order)

    def _replace(self, order: Order, target: TargetOrder) -> None:
        """One request: only an order of which nothing was filled goes, and only then its successor comes."""
        successor = self._made(target)
        self.books.succeed(successor)
        mine = self.venue.resting.get(order.client_id)
        if mine is None or mine.filled:
            self.books.note(successor.client_id, OrderEvent.REFUSED, self.venue.now, "not_attempted")
            return
        self.venue.cancel(order)
        self.venue.place(successor)

    def _made(self, target: TargetOrder) -> Order:
        self.sequence += 1
        return Order(
            client_id=client_id(1, 1, self.sequence),
            bot_id=1,
            slot=target.slot,
            role=target.role,
            symbol=self.venue.instrument.symbol,
            side=target.side,
            type=target.type,
            amount=target.amount,
            price=target.price,
            trigger_price=target.trigger_price,
            reduce_only=target.reduce_only,
            one_shot=target.one_shot,
            created_at=self.venue.now,
            updated_at=self.venue.now,
            status=OrderStatus.SENT,
        )


def check_plan(strategy: GridStrategy, config: GridConfig, view: View, plan: Plan) -> None:
    """What is true of every plan of a grid."""
    again = strategy.plan(config, plan.state, view)
    assert again.state == plan.state
    assert (again.orders, again.wake, again.setup, again.finished) == (
        plan.orders,
        plan.wake,
        plan.setup,
        plan.finished,
    )
    assert not again.notices
    assert not again.cycles
    assert len({target.slot for target in plan.orders}) == len(plan.orders)
    check_rules(view, plan)
    check_exits(view, plan)


def check_rules(view: View, plan: Plan) -> None:
    for target in plan.orders:
        price = target.price or target.trigger_price or view.instrument.nearest_price(_touch(view, target.side))
        live = view.orders.get(target.slot)
        if live is None or target.amount not in (live.amount, live.remaining):
            why = view.instrument.objection(price=price, amount=target.amount, reduce_only=target.reduce_only)
            assert why is None, (why, target)
    buys = [target.price for target in plan.orders if target.side is Side.BUY and target.price]
    sells = [target.price for target in plan.orders if target.side is Side.SELL and target.price]
    assert not buys or not sells or max(buys) < min(sells), "it would trade with itself"


def check_exits(view: View, plan: Plan) -> None:
    exits = [target for target in plan.orders if target.role.is_exit]
    assert all(target.amount <= abs(view.ledger.position) for target in exits)
    assert all(target.reduce_only for target in exits)
    assert all(target.side.sign * view.ledger.position < 0 for target in exits)
    assert len([target for target in exits if target.type is OrderType.LIMIT]) <= 1


def _touch(view: View, side: Side) -> Decimal:
    price = view.book.best(side.opposite) if view.book else None
    return price if price is not None else Decimal(1)


def start(
    *,
    price: str = "0.5",
    instrument: Instrument | None = None,
    amend: AmendMode = AmendMode.IN_PLACE,
    **settings: object,
) -> Bot:
    """A bot that has just begun its first cycle at ``price``: the ask of a long, the bid of a short."""
    instrument = instrument or coin()
    config = GridConfig.model_validate({"deposit": 100, "grid_levels": 6, "coverage_percent": 10, **settings})
    at = Decimal(price)
    tick = instrument.price_tick
    is_long = config.entry is Side.BUY
    venue = SmallVenue(instrument, at - tick if is_long else at, at if is_long else at + tick)
    bot = Bot(config, venue, amend)
    bot.settle()
    return bot
