"""A spot market of strangers and a bot that keeps its obligation there: plan -> difference -> risk -> orders, no I/O.

What the venue says waits in ``messages`` until it is heard, so that a test can look at the moments in between.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

from trading.core.bookkeeping import Books
from trading.core.client_ids import client_id
from trading.core.diff import Amend, AmendMode, Cancel, Place, Replace, difference
from trading.core.instrument import Instrument, MarketKind, Side, total
from trading.core.ledger import Ledger
from trading.core.market import Book, BookLevel
from trading.core.orders import Fill, Order, OrderEvent, OrderReport, OrderStatus, OrderType, Role, TimeInForce
from trading.core.planning import Mode, Plan, Sample, TargetOrder, View
from trading.core.risk import RiskLimits, committed_notional, notional, objection
from trading.core.telling import Notice
from trading.strategies.liquidity import LiquidityConfig, LiquidityState, LiquidityStrategy
from trading.strategies.liquidity.measures import with_orders

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SLACK = D("1.02")
"""Prices move between a plan and a fill."""


def coin(**rules: object) -> Instrument:
    given = {
        "venue": "mexc",
        "symbol": "ABC/USDT",
        "kind": MarketKind.SPOT,
        "base": "ABC",
        "quote": "USDT",
        "price_tick": D("0.0001"),
        "amount_step": D("0.01"),
        "min_cost": D(5),
        "maker_fee": D("0.001"),
    }
    return Instrument(**{**given, **rules})  # type: ignore[arg-type]  # a test may set any rule


def settings(**changes: object) -> LiquidityConfig:
    return LiquidityConfig.model_validate({"reference_symbol": "ABC/USDT", **changes})


def a_book(mid: str | D, half_spread: str | D = "0.01", amount: str | D = "1", *, at: datetime = BEGINNING) -> Book:
    """One level a side."""
    mid, half, size = D(mid), D(half_spread), D(amount)
    return Book("ABC/USDT", (BookLevel(mid - half, size),), (BookLevel(mid + half, size),), at)


@dataclass
class Market:
    """The strangers' book, ours in it, and the balances. Post-only orders that would cross are refused."""

    rules: Instrument = field(default_factory=coin)
    others: Book = field(default_factory=lambda: a_book("1", "0.05", "10"))
    balances: dict[str, D] = field(default_factory=lambda: {"USDT": D(5000), "ABC": D(5000)})
    resting: dict[str, Order] = field(default_factory=dict)
    messages: list[OrderReport | Fill] = field(default_factory=list)
    now: datetime = BEGINNING
    refuses: bool = False
    trades: int = 0

    @property
    def shown(self) -> Book:
        own = [(order.side, order.price or D(0), order.remaining) for order in self.resting.values()]
        return replace(with_orders(self.others, own), at=self.now)

    def place(self, order: Order) -> None:
        price = order.price or D(0)
        against = [other.price or D(0) for other in self.resting.values() if other.side is not order.side]
        assert all((other - price) * order.side.sign > 0 for other in against), "it would trade with itself"
        best = self.others.best(order.side.opposite)
        crosses = best is not None and (best - price) * order.side.sign <= 0
        if crosses or self.refuses or not self._is_covered(order):
            self._say(order, OrderEvent.REFUSED, "refused")
            return
        self.resting[order.client_id] = order
        self._say(order, OrderEvent.ACCEPTED)

    def cancel(self, order: Order) -> None:
        if order.client_id in self.resting:
            self._say(self.resting.pop(order.client_id), OrderEvent.CANCELED)

    def amend(self, order: Order, target: TargetOrder) -> bool:
        mine = self.resting.get(order.client_id)
        if mine is None:
            return False
        self.resting[order.client_id] = replace(mine, price=target.price, amount=mine.filled + target.amount)
        return True

    def fill(self, order: Order, amount: D) -> None:
        """Somebody takes this much of an order of ours."""
        order = self.resting.pop(order.client_id)
        amount, price = min(amount, order.remaining), order.price or D(0)
        order, fee = replace(order, filled=order.filled + amount), amount * price * self.rules.maker_fee
        self.balances["ABC"] += order.side.sign * amount
        self.balances["USDT"] -= order.side.sign * amount * price + fee
        self.trades += 1
        name = f"v{order.client_id}"
        self.messages.append(
            Fill(
                *(str(self.trades), name, order.client_id, order.symbol, order.side, price, amount),
                *(fee, "USDT", True, self.now),
            )
        )
        if order.remaining > 0:
            self.resting[order.client_id] = order
        self._say(order, OrderEvent.PARTLY_FILLED if order.remaining > 0 else OrderEvent.FILLED)

    def _is_covered(self, order: Order) -> bool:
        mine = [one for one in [*self.resting.values(), order] if one.side is order.side]
        if order.side is Side.SELL:
            return total([one.remaining for one in mine]) <= self.balances["ABC"]
        return total([one.remaining * (one.price or D(0)) for one in mine]) <= self.balances["USDT"]

    def _say(self, order: Order, event: OrderEvent, reason: str = "") -> None:
        report = OrderReport(
            *(order.client_id, f"v{order.client_id}", order.symbol, event, order.filled, self.now), reason=reason
        )
        self.messages.append(report)


@dataclass
class Bot:
    """One liquidity bot. Every plan is made from stored state and checked."""

    config: LiquidityConfig = field(default_factory=settings)
    market: Market = field(default_factory=Market)
    reference: Book | None = field(default_factory=lambda: a_book("1", "0.001", "10000"))
    amend: AmendMode = AmendMode.NONE
    mode: Mode = Mode.RUNNING
    state: LiquidityState = field(default_factory=LiquidityState)
    has_book: bool = True
    knows_balances: bool = True
    strategy: LiquidityStrategy = field(default_factory=LiquidityStrategy)
    notices: list[Notice] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    held: set[str] = field(default_factory=set)
    sequence: int = 0
    is_reference_live: bool = True
    books: Books = field(init=False)

    def __post_init__(self) -> None:
        self.books = Books(self.market.rules, Ledger())

    @property
    def view(self) -> View:
        market = self.market
        books = {"": market.shown} if self.has_book else {}
        if self.reference is not None:
            books["reference"] = replace(self.reference, at=market.now) if self.is_reference_live else self.reference
        return View(
            now=market.now,
            instrument=market.rules,
            mode=self.mode,
            books=books,
            orders=dict(self.books.live),
            finals=self.books.view_of_finals(),
            ledger=self.books.ledger,
            balances=dict(market.balances) if self.knows_balances else {},
        )

    def act(self) -> int:
        """Plan once and do it; how many commands left."""
        view = self.view
        plan = self.strategy.plan(self.config, LiquidityState.model_validate_json(self.state.model_dump_json()), view)
        check_plan(self, view, plan)
        self.state = plan.state
        self.notices.extend(plan.notices)
        self.samples.extend(plan.samples)
        self.plans.append(plan)
        self.books.drop_finals_outside(self.strategy.scope(self.state))
        committed, done = committed_notional(view), 0
        budget = self.strategy.budget(self.config, self.state)
        for command in difference(
            plan.orders, self.books.live, used=self.books.used_slots, held=self.held, amend=self.amend
        ):
            done += 1
            self.sent[type(command).__name__] += 1
            match command:
                case Place(target):
                    why = None if view.book is None else objection(target, view, budget, RiskLimits(), committed)
                    assert why is None, (why, target)
                    committed += notional(target, view)
                    self._place(target)
                case Cancel(order):
                    self.books.request_cancel(order.client_id)
                    self.market.cancel(order)
                case Replace(order, target):
                    self._replace(order, target)
                case Amend(order, target):
                    if self.market.amend(order, target):
                        self.books.amended(order.client_id, target.price, target.amount, None)
        return done

    def hear(self, most: int | None = None) -> int:
        messages = self.market.messages[:most]
        del self.market.messages[: len(messages)]
        for message in messages:
            if isinstance(message, Fill):
                self.books.fold_fill(message)
            else:
                self.books.fold_report(message)
        assert not self.books.defects
        return len(messages)

    def restart(self) -> None:
        """The process died and came back: of finished orders it knows what is loaded for the stored state."""
        carried, scope = self.strategy.carried(self.state), self.strategy.scope(self.state)
        loaded = {slot: past[-1:] for slot, past in self.books.finals.items() if slot in carried}
        self.books.drop_finals_outside(scope)
        self.books.finals.update(loaded)

    def settle(self) -> None:
        """Plan and hear until nothing changes any more."""
        for _ in range(120):
            if not self.act() + self.hear():
                return
        raise AssertionError("the bot does not come to rest")

    def wait(self, seconds: int = 1) -> None:
        """Time passes second by second; after each the bot does what it wants."""
        for _ in range(seconds):
            self.market.now += timedelta(seconds=1)
            if self.market.refuses:
                self.act()
                self.hear()
            else:
                self.settle()

    def move(self, mid: str | D) -> None:
        """The reference goes there, and the strangers with it."""
        mid = D(mid)
        if self.reference is not None:
            self.reference = a_book(mid, mid / 1000, "10000", at=self.market.now)
        self.market.others = a_book(mid, mid * D("0.05"), "10")

    def quotes(self, side: Side) -> list[Order]:
        """What rests on the venue, nearest first."""
        mine = [order for order in self.market.resting.values() if order.side is side]
        return sorted(mine, key=lambda order: -side.sign * (order.price or D(0)))

    def worth(self, side: Side) -> D:
        return total([order.remaining * (order.price or D(0)) for order in self.quotes(side)])

    def told(self, kind: str) -> list[Notice]:
        return [notice for notice in self.notices if notice.kind == kind]

    def last_sample(self) -> Sample:
        return next(sample for sample in reversed(self.samples) if sample.kind == "obligation")

    def _place(self, target: TargetOrder) -> None:
        order = self._made(target)
        self.books.intend(order)
        self.market.place(order)

    def _replace(self, order: Order, target: TargetOrder) -> None:
        """One request: only an order of which nothing was filled goes, and only then its successor comes."""
        successor = self._made(target)
        self.books.succeed(successor)
        mine = self.market.resting.get(order.client_id)
        if mine is None or mine.filled:
            self.books.note(successor.client_id, OrderEvent.REFUSED, self.market.now, "not_attempted")
            return
        self.market.cancel(order)
        self.market.place(successor)

    def _made(self, target: TargetOrder) -> Order:
        self.sequence += 1
        return Order(
            client_id=client_id(1, 1, self.sequence),
            bot_id=1,
            slot=target.slot,
            role=target.role,
            symbol=self.market.rules.symbol,
            side=target.side,
            type=target.type,
            amount=target.amount,
            price=target.price,
            time_in_force=target.time_in_force,
            created_at=self.market.now,
            updated_at=self.market.now,
            status=OrderStatus.SENT,
        )


def is_bridge(slot: str) -> bool:
    return slot.rpartition(".")[2] in ("bid0", "ask0")


def check_plan(bot: Bot, view: View, plan: Plan) -> None:
    """What is true of every plan."""
    again = bot.strategy.plan(bot.config, plan.state, view)
    assert again.state == plan.state
    assert (again.orders, again.wake, again.finished) == (plan.orders, plan.wake, plan.finished)
    assert not again.notices
    assert not again.samples
    assert bot.strategy.plan(bot.config, bot.state, view) == plan
    assert len({target.slot for target in plan.orders}) == len(plan.orders)
    assert plan.wake.at is not None and timedelta(0) < plan.wake.at - view.now <= timedelta(seconds=1)
    check_rules(bot, view, plan)
    check_limits(bot, view, plan)


def check_rules(bot: Bot, view: View, plan: Plan) -> None:
    """The venue's rules and ours; post-only; it neither crosses the market nor itself."""
    others = bot.market.others if bot.has_book else None
    for target in plan.orders:
        assert (target.role, target.type) == (Role.QUOTE, OrderType.LIMIT)
        assert target.time_in_force is TimeInForce.POST_ONLY
        assert target.price is not None
        live = view.orders.get(target.slot)
        if live is not None and (live.price, live.remaining) == (target.price, target.amount):
            continue
        assert bot.market.rules.objection(price=target.price, amount=target.amount) is None
        assert bot.config.min_order <= target.price * target.amount <= bot.config.max_order
        best = others.best(target.side.opposite) if others else None
        assert best is None or (best - target.price) * target.side.sign > 0, "it would take"
        assert view.book is not None, "nothing new without a book"
    bids = [target.price for target in plan.orders if target.side is Side.BUY and target.price]
    asks = [target.price for target in plan.orders if target.side is Side.SELL and target.price]
    assert not bids or not asks or max(bids) < min(asks)
    for side in Side:
        mine = [target for target in plan.orders if target.side is side]
        bridges = [target for target in mine if is_bridge(target.slot)]
        assert len(mine) - len(bridges) <= bot.config.orders_per_side
        assert len(bridges) <= 1


def check_limits(bot: Bot, view: View, plan: Plan) -> None:
    """Deposit and balances, once the new orders are there; what rests already is measured where something is added."""
    live = {(order.slot, order.price, order.remaining) for order in view.orders.values()}
    if all((target.slot, target.price, target.amount) in live for target in plan.orders):
        return
    by_side = {side: [target for target in plan.orders if target.side is side] for side in Side}
    bids, asks = (
        total([target.amount * (target.price or D(0)) for target in by_side[side]]) for side in (Side.BUY, Side.SELL)
    )
    # What rests since the deposit was larger may be moved, and not made more.
    resting = total([order.remaining * (order.price or D(0)) for order in view.orders.values()])
    free = bot.strategy.budget(bot.config, plan.state) - abs(view.ledger.cost)
    assert bids + asks <= max(free, resting) * SLACK
    if any((target.slot, target.price, target.amount) not in live for target in by_side[Side.BUY]):
        assert bids <= view.balances["USDT"]
    if any((target.slot, target.price, target.amount) not in live for target in by_side[Side.SELL]):
        assert total([target.amount for target in by_side[Side.SELL]]) <= view.balances["ABC"]


def started(**changes: object) -> Bot:
    """A bot whose quotes rest."""
    bot = Bot(settings(**changes))
    bot.settle()
    bot.wait()
    return bot
