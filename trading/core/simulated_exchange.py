"""A whole exchange account in memory: orders, executions, positions, margin, funding, liquidation. Pure.

Books, trades and time come in as arguments, events go out as return values; nothing else moves it. Paper trading,
replay and the venue servers of the tests all stand round this one machine.

Decisions where real venues differ:

- The mark price is the mid of the last book. Between two books the price is taken to have passed every price between:
  resting orders, stop triggers and liquidations come in the order in which that path meets them.
- What a market order does not find in the visible book expires, as the rest of an immediate-or-cancel order does.
- A reduce-only order is cut to the position when it is taken; while resting reduce-only orders add up to more than
  the position, the oldest are canceled. Waiting stops are not counted; they are cut when they are triggered.
- A stop whose trigger is already passed executes at once. It reserves no margin while it waits.
- A liquidation closes at the bankruptcy price, taker fee included: all collateral is lost, and nothing beyond it.
- An entry reserves initial margin and the taker fee at its price; what would reduce the position reserves nothing.
- Own orders may meet each other (venues call that self-trade; a front that forbids it must refuse it before).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, MarketKind, Side
from trading.core.ledger import Funding
from trading.core.margin import bankruptcy_price
from trading.core.market import Book, Trade
from trading.core.matching import OrderMatcher, Resting
from trading.core.orders import Fill, OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_account import SimulatedAccount, SpotFee
from trading.core.simulated_orders import (
    BalancesMoved,
    ExchangeEvent,
    HeldPosition,
    Liquidated,
    PositionMoved,
    Refused,
    VenueOrder,
)
from trading.core.simulated_state import ExchangeState

FUNDING_INTERVAL = timedelta(hours=8)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SimulatedExchange:
    """One account. ``balances`` are by currency; ``funding_rate`` is what longs pay each 8 hours UTC (fraction)."""

    def __init__(
        self,
        instruments: Iterable[Instrument],
        balances: Mapping[str, Decimal],
        *,
        spot_fee: SpotFee = SpotFee.RECEIVED,
        funding_rate: Decimal = Decimal("0.0001"),
    ) -> None:
        self.instruments = {instrument.symbol: instrument for instrument in instruments}
        self.account = SimulatedAccount(self.instruments, balances, spot_fee)
        self.insurance = ZERO
        """What was paid in where losses went beyond the collateral (quote)."""
        self._funding_rate = funding_rate
        self._matchers: dict[str, OrderMatcher] = {}
        self._marks: dict[str, Decimal] = {}
        self._orders: dict[str, VenueOrder] = {}
        self._by_client: dict[str, str] = {}
        self._open: dict[str, None] = {}
        self._fills: list[Fill] = []
        self._funding: list[Funding] = []
        self._numbers = 0
        self._now: datetime | None = None
        self._out: list[ExchangeEvent] = []
        self._moved: set[str] = set()

    # The market and time

    def on_book(self, book: Book) -> list[ExchangeEvent]:
        """The market shows a new book: passed orders fill, passed stops trigger, doomed positions are taken over."""
        self._advance(book.at)
        matcher = self._matcher(book.symbol)
        matcher.show(book)
        old, new = self._marks.get(book.symbol), book.mid
        if self._open:
            for price, venue_id in self._path(matcher, old, new):
                self._marks[book.symbol] = price
                self._liquidate(book.symbol)
                self._meet(matcher, venue_id)
        if new is not None:
            self._marks[book.symbol] = new
            self._liquidate(book.symbol)
        return self._flush()

    def on_trade(self, trade: Trade) -> list[ExchangeEvent]:
        """Somebody traded: those ahead of us are eaten first, then we are, as far as the traded amount goes."""
        self._advance(trade.at)
        matcher = self._matcher(trade.symbol)
        if matcher.book is None:
            self._marks[trade.symbol] = trade.price
        for venue_id, amount in matcher.trade(trade):
            order = self._orders[venue_id]
            if order.created_at <= trade.at:
                self._execute(order, order.price or trade.price, amount, maker=True)
        self._liquidate(trade.symbol)
        return self._flush()

    def on_time(self, now: datetime) -> list[ExchangeEvent]:
        """Time passes: funding is paid at every 00:00, 08:00 and 16:00 UTC that lies between."""
        self._advance(now)
        return self._flush()

    # Requests

    def place(
        self,
        *,
        client_id: str,
        symbol: str,
        side: Side,
        type: OrderType,
        amount: Decimal,
        now: datetime,
        price: Decimal | None = None,
        trigger_price: Decimal | None = None,
        reduce_only: bool = False,
        time_in_force: TimeInForce = TimeInForce.GTC,
        margin_mode: MarginMode | None = None,
    ) -> list[ExchangeEvent]:
        """Take an order. Raises Refused, and then nothing has changed.

        ``margin_mode``, where given, must be the one that holds for the symbol.
        """
        if client_id in self._by_client:
            raise Refused("duplicate_id", client_id)
        if symbol not in self.instruments:
            raise Refused("invalid_order", f"no market {symbol}")
        if margin_mode is not None and margin_mode is not self.account.mode(symbol):
            raise Refused("margin_mode", f"{symbol} is {self.account.mode(symbol)}")
        order = VenueOrder(
            venue_id=str(self._numbers + 1),
            client_id=client_id,
            symbol=symbol,
            side=side,
            type=type,
            amount=amount,
            price=price,
            trigger_price=trigger_price,
            reduce_only=reduce_only,
            time_in_force=time_in_force,
            created_at=now,
            updated_at=now,
        )
        order = self._checked(order)
        self._advance(now)
        self._numbers += 1
        self._by_client[client_id] = order.venue_id
        self._open[order.venue_id] = None
        self._put(order)
        self._start(order)
        return self._flush()

    def cancel(
        self, *, now: datetime, client_id: str | None = None, venue_id: str | None = None
    ) -> list[ExchangeEvent]:
        """Take a resting order away. Raises Refused("not_found") for one that is unknown or finished."""
        order = self._resting_order(client_id, venue_id)
        self._advance(now)
        self._end(order, OrderStatus.CANCELED)
        return self._flush()

    def amend(
        self,
        *,
        now: datetime,
        client_id: str | None = None,
        venue_id: str | None = None,
        price: Decimal | None = None,
        amount: Decimal | None = None,
        trigger_price: Decimal | None = None,
    ) -> list[ExchangeEvent]:
        """Change a resting order in place. ``amount`` is the whole amount, what is filled included (base).

        A smaller amount at the same price keeps its place in the queue; any other change goes behind it. Raises
        Refused, and then the order stays as it is.
        """
        old = self._resting_order(client_id, venue_id)
        changed = replace(
            old,
            price=old.price if price is None else price,
            amount=old.amount if amount is None else amount,
            trigger_price=old.trigger_price if trigger_price is None else trigger_price,
            updated_at=now,
        )
        if changed.remaining <= 0:
            raise Refused("invalid_order", f"{old.filled} is filled already")
        changed = self._checked(changed)
        self._advance(now)
        matcher = self._matcher(old.symbol)
        if changed.type is OrderType.LIMIT and changed.price == old.price and changed.amount <= old.amount:
            matcher.shrink(changed.venue_id, changed.remaining)
            self._put(changed)
        else:
            matcher.leave(changed.venue_id)
            self._put(changed)
            self._start(changed)
        return self._flush()

    def set_leverage(self, symbol: str, leverage: Decimal) -> None:
        """Set a perpetual's leverage. Raises Refused("leverage") beyond the market's or while it is in use."""
        if not 1 <= leverage <= self.instruments[symbol].max_leverage:
            raise Refused("leverage", f"{symbol} allows 1 to {self.instruments[symbol].max_leverage}")
        if leverage != self.account.leverage(symbol) and self._is_in_use(symbol):
            raise Refused("leverage", f"{symbol} has open orders or a position")
        self.account.leverages[symbol] = leverage

    def set_margin_mode(self, symbol: str, mode: MarginMode) -> None:
        """Set a perpetual's margin mode. Raises Refused("margin_mode") while it is in use."""
        if mode is not self.account.mode(symbol) and self._is_in_use(symbol):
            raise Refused("margin_mode", f"{symbol} has open orders or a position")
        self.account.modes[symbol] = mode

    # Pictures

    @property
    def now(self) -> datetime | None:
        """The latest time it has heard of."""
        return self._now

    def order(self, *, client_id: str | None = None, venue_id: str | None = None) -> VenueOrder | None:
        """One order, open or finished, by either id (a triggered stop's execution id is not one)."""
        found = self._by_client.get(client_id) if client_id is not None else venue_id
        return self._orders.get(found) if found is not None else None

    def open_orders(self, symbol: str | None = None) -> list[VenueOrder]:
        """Resting orders and waiting stops, oldest first."""
        return [
            order for venue_id in self._open if (order := self._orders[venue_id]).symbol == (symbol or order.symbol)
        ]

    def finished_orders(self, symbol: str | None = None, since: datetime | None = None) -> list[VenueOrder]:
        """Finished orders that ended at or after ``since``, oldest first, as far as they were not pruned."""
        return [
            order
            for order in self._orders.values()
            if not order.is_open
            and (symbol is None or order.symbol == symbol)
            and (since is None or order.updated_at >= since)
        ]

    def fills(self, symbol: str | None = None, since: datetime | None = None) -> list[Fill]:
        """Executions at or after ``since``, oldest first."""
        return [
            fill
            for fill in self._fills
            if (symbol is None or fill.symbol == symbol) and (since is None or fill.at >= since)
        ]

    def order_fills(self, order: VenueOrder) -> list[Fill]:
        ids = {order.venue_id, order.execution_id}
        return [fill for fill in self._fills if fill.venue_order_id in ids]

    def funding_payments(self, symbol: str | None = None, since: datetime | None = None) -> list[Funding]:
        return [
            paid
            for paid in self._funding
            if (symbol is None or paid.symbol == symbol) and (since is None or paid.at >= since)
        ]

    def positions(self) -> list[HeldPosition]:
        return list(self.account.positions.values())

    def position(self, symbol: str) -> HeldPosition | None:
        return self.account.positions.get(symbol)

    def mark(self, symbol: str) -> Decimal | None:
        return self._marks.get(symbol)

    def liquidation_price(self, symbol: str) -> Decimal | None:
        """Where the position would be taken over now (quote), all else unchanged."""
        held = self.account.positions.get(symbol)
        return self.account.liquidation_price(held, self._marks) if held else None

    def balances(self) -> dict[str, Decimal]:
        """What is in the wallet, by currency, before unrealized profit."""
        return dict(self.account.balances)

    def free(self, currency: str) -> Decimal:
        """What new orders may use; never shown below zero."""
        return max(ZERO, self._free(currency))

    def equity(self, currency: str, prices: Mapping[str, Decimal] | None = None) -> Decimal:
        """Wallet and unrealized profit in ``currency``, other coins at ``prices`` (coin -> currency) where known."""
        coins = sum(
            (amount * (prices or {}).get(coin, ZERO) for coin, amount in self.balances().items() if coin != currency),
            ZERO,
        )
        return self.account.total(currency) + self.account.unrealized(self._marks) + coins

    def shown_book(self, symbol: str, depth: int | None = None) -> Book | None:
        """The book as others see it: with our orders in it, without what we took. None before the first book."""
        return self._matcher(symbol).shown(depth)

    def ahead(self, client_id: str) -> Decimal | None:
        """What stands before a resting order in its queue (base); None: unknown, or not resting."""
        order = self.order(client_id=client_id)
        return self._matcher(order.symbol).ahead(order.venue_id) if order else None

    def set_balance(self, currency: str, amount: Decimal) -> None:
        """Deposit or withdraw, by setting what the wallet holds."""
        self.account.balances[currency] = amount

    def prune(self, before: datetime, keep: int) -> None:
        """Forget finished orders, fills and funding older than ``before`` or beyond the newest ``keep`` of each.

        Ids of forgotten orders may be used again, as on real venues.
        """
        finished = self.finished_orders()
        for index, order in enumerate(finished):
            if order.updated_at < before or index < len(finished) - keep:
                del self._orders[order.venue_id]
                if order.client_id is not None:
                    del self._by_client[order.client_id]
        self._fills = [fill for fill in self._fills[-keep:] if fill.at >= before]
        self._funding = [paid for paid in self._funding[-keep:] if paid.at >= before]

    # Across restarts

    def state(self) -> ExchangeState:
        """Everything that is needed to go on, books aside."""
        return ExchangeState(
            balances=dict(self.account.balances),
            positions=tuple(self.account.positions.values()),
            leverages=dict(self.account.leverages),
            modes=dict(self.account.modes),
            orders=tuple(self._orders.values()),
            queues={venue_id: ahead for venue_id in self._open if (ahead := self._ahead(venue_id)) is not None},
            fills=tuple(self._fills),
            funding=tuple(self._funding),
            marks=dict(self._marks),
            numbers=self._numbers,
            now=self._now,
            insurance=self.insurance,
        )

    def restore(self, state: ExchangeState) -> None:
        """Take over a stored state; this exchange must be new."""
        self.account.balances = dict(state.balances)
        self.account.positions = {held.symbol: held for held in state.positions}
        self.account.leverages, self.account.modes = dict(state.leverages), dict(state.modes)
        self._fills, self._funding = list(state.fills), list(state.funding)
        self._marks, self._numbers, self._now = dict(state.marks), state.numbers, state.now
        self.insurance = state.insurance
        for order in state.orders:
            self._orders[order.venue_id] = order
            if order.client_id is not None:
                self._by_client[order.client_id] = order.venue_id
            if order.is_open:
                self._open[order.venue_id] = None
                if order.price is not None:
                    self._matcher(order.symbol).restore(_resting(order, state.queues.get(order.venue_id)))

    def dump(self) -> str:
        """The state as JSON."""
        return self.state().to_json()

    @classmethod
    def load(
        cls,
        instruments: Iterable[Instrument],
        text: str,
        *,
        spot_fee: SpotFee = SpotFee.RECEIVED,
        funding_rate: Decimal = Decimal("0.0001"),
    ) -> SimulatedExchange:
        """The exchange that ``dump`` wrote. Raises ValueError for text that is not one."""
        exchange = cls(instruments, {}, spot_fee=spot_fee, funding_rate=funding_rate)
        exchange.restore(ExchangeState.from_json(text))
        return exchange

    # Checks

    def _checked(self, order: VenueOrder) -> VenueOrder:
        """The order as it would be taken, cut to the position if it is reduce-only. Raises Refused."""
        instrument = self.instruments[order.symbol]
        _check_shape(order, instrument)
        got, cost = self._matcher(order.symbol).estimate(order.side, order.remaining, order.price)
        if order.type is OrderType.MARKET and not got:
            raise Refused("other", f"nothing to {order.side} in {order.symbol}")
        reference = order.price or order.trigger_price or instrument.nearest_price(cost / got)
        objection = instrument.objection(price=reference, amount=order.amount, reduce_only=order.reduce_only)
        if objection:
            raise Refused(objection, f"{order.amount} at {reference}")
        if order.trigger_price is not None and order.trigger_price % instrument.price_tick:
            raise Refused("off_tick", str(order.trigger_price))
        if order.time_in_force is TimeInForce.POST_ONLY and got:
            raise Refused("post_only_would_take", str(order.price))
        if order.type is OrderType.STOP_MARKET and instrument.kind is MarketKind.PERPETUAL:
            return order
        if order.reduce_only:
            return self._cut(order)
        worst = max(reference, cost / got) if got and order.side is Side.SELL else reference
        if order.type is OrderType.MARKET:
            worst = cost / got
        self._check_funds(order, replace(order, price=worst, type=OrderType.LIMIT))
        return order

    def _cut(self, order: VenueOrder) -> VenueOrder:
        closable = self._closable(order)
        if closable <= 0:
            raise Refused("reduce_only", f"no position that a {order.side} would reduce")
        return replace(order, amount=order.filled + min(order.remaining, closable))

    def _check_funds(self, order: VenueOrder, priced: VenueOrder) -> None:
        """``priced`` is the order as a limit order at the worst price it would get."""
        instrument = self.instruments[order.symbol]
        spends_base = instrument.kind is MarketKind.SPOT and order.side is Side.SELL
        currency = instrument.base if spends_base else instrument.quote
        others = [other for other in self.open_orders() if other.venue_id != order.venue_id]
        needed = self.account.locked(currency, [*others, priced]) - self.account.locked(currency, others)
        if needed > 0 and needed > self.account.free(currency, others, self._marks):
            raise Refused("insufficient_funds", f"{needed.normalize():f} {currency} needed")

    def _closable(self, order: VenueOrder) -> Decimal:
        """How much of the position the order may reduce (base)."""
        held = self.account.positions.get(order.symbol)
        return max(ZERO, -order.side.sign * held.amount) if held else ZERO

    def _is_in_use(self, symbol: str) -> bool:
        return symbol in self.account.positions or bool(self.open_orders(symbol))

    # Executions

    def _start(self, order: VenueOrder) -> None:
        """Let an accepted order take what it may, then rest, wait or expire."""
        if order.type is OrderType.STOP_MARKET:
            if self._is_triggered(order, self._marks.get(order.symbol)):
                self._trigger(order)
            return
        if order.reduce_only and order.type is OrderType.LIMIT:
            self._cancel_excess(order.symbol)
            order = self._orders[order.venue_id]
        self._take(order)
        order = self._orders[order.venue_id]
        if order.is_open and (order.type is OrderType.MARKET or order.time_in_force is TimeInForce.IOC):
            self._end(order, OrderStatus.EXPIRED)
        elif order.is_open and order.price is not None:
            matcher = self._matcher(order.symbol)
            matcher.join(order.venue_id, order.side, order.price, order.remaining, order.sequence)
        self._liquidate(order.symbol)

    def _take(self, order: VenueOrder) -> None:
        if not order.is_open:
            return
        for match in self._matcher(order.symbol).take(order.side, order.remaining, order.price):
            if match.maker_id is not None:
                self._execute(self._orders[match.maker_id], match.price, match.amount, maker=True)
            self._execute(self._orders[order.venue_id], match.price, match.amount, maker=False)

    def _trigger(self, order: VenueOrder) -> None:
        """A stop becomes a market order under an id of its own."""
        amount = min(order.amount, self._closable(order)) if order.reduce_only else order.amount
        if amount <= 0:
            self._end(order, OrderStatus.CANCELED, "reduce_only")
            return
        self._numbers += 1
        order = replace(order, execution_id=str(self._numbers), amount=amount)
        got, cost = self._matcher(order.symbol).estimate(order.side, amount, None)
        if got and not order.reduce_only:
            try:
                self._check_funds(order, replace(order, price=cost / got, type=OrderType.LIMIT, trigger_price=None))
            except Refused as refused:
                self._end(order, OrderStatus.CANCELED, refused.reason)
                return
        self._orders[order.venue_id] = order
        self._take(order)
        order = self._orders[order.venue_id]
        if order.is_open:
            self._end(order, OrderStatus.EXPIRED)

    def _is_triggered(self, order: VenueOrder, mark: Decimal | None) -> bool:
        """A sell stop waits below the market, a buy stop above it."""
        if not order.waits_for_trigger or mark is None or order.trigger_price is None:
            return False
        return (mark - order.trigger_price) * order.side.sign >= 0

    def _path(self, matcher: OrderMatcher, old: Decimal | None, new: Decimal | None) -> list[tuple[Decimal, str]]:
        """What the price met on its way from ``old`` to ``new``, nearest first: (price, venue id)."""
        met = [(resting.price, resting.sequence, resting.venue_id) for resting in matcher.crossed()]
        met += [
            (order.trigger_price, order.sequence, order.venue_id)
            for order in self.open_orders(matcher.symbol)
            if order.trigger_price is not None and self._is_triggered(order, new)
        ]
        start = old if old is not None else new
        return [
            (price, venue_id) for price, _, venue_id in sorted(met, key=lambda m: (abs(m[0] - (start or ZERO)), m[1]))
        ]

    def _meet(self, matcher: OrderMatcher, venue_id: str) -> None:
        order = self._orders[venue_id]
        if not order.is_open:
            return
        if order.type is OrderType.STOP_MARKET:
            self._trigger(order)
            return
        hit = matcher.hit_by_book(venue_id)
        if hit > 0 and order.price is not None:
            self._execute(order, order.price, hit, maker=True)

    def _execute(self, order: VenueOrder, price: Decimal, amount: Decimal, *, maker: bool) -> None:
        instrument = self.instruments[order.symbol]
        rate = instrument.maker_fee if maker else instrument.taker_fee
        settled = self.account.settle(instrument, order.side, price, amount, rate)
        self.insurance += settled.insurance
        self._absorb_debt(instrument)
        self._numbers += 1
        fill = Fill(
            trade_id=str(self._numbers),
            venue_order_id=order.execution_id or order.venue_id,
            client_id=order.client_id,
            symbol=order.symbol,
            side=order.side,
            price=price,
            amount=amount,
            fee=settled.fee,
            fee_currency=settled.currency,
            maker=maker,
            at=self._time,
        )
        self._fills.append(fill)
        self._out.append(fill)
        filled = order.filled + amount
        status = OrderStatus.FILLED if filled >= order.amount else OrderStatus.PARTLY_FILLED
        order = replace(
            order,
            filled=filled,
            filled_cost=order.filled_cost + amount * price,
            status=status,
            updated_at=self._time,
        )
        self._put(order)
        if instrument.kind is MarketKind.PERPETUAL:
            self._moved.add(order.symbol)
            self._cancel_excess(order.symbol)

    def _absorb_debt(self, instrument: Instrument) -> None:
        """A wallet that a gap drove below what isolated positions hold is filled up, once no cross position is left."""
        debt = self.account.cross_wallet(instrument.quote)
        if (
            instrument.kind is MarketKind.PERPETUAL
            and debt < 0
            and instrument.symbol not in self.account.positions
            and not self.account.cross_positions(instrument.quote)
        ):
            self.account.add(instrument.quote, -debt)
            self.insurance -= debt

    def _cancel_excess(self, symbol: str) -> None:
        """Cancel the oldest reduce-only orders while together they exceed the position."""
        resting = [order for order in self.open_orders(symbol) if order.reduce_only and order.type is OrderType.LIMIT]
        for side in Side:
            orders = [order for order in resting if order.side is side]
            excess = sum((order.remaining for order in orders), ZERO)
            for order in orders:
                if excess <= self._closable(order):
                    break
                excess -= order.remaining
                self._end(order, OrderStatus.CANCELED, "reduce_only")

    def _put(self, order: VenueOrder) -> None:
        """Store what became of an order and tell it."""
        self._orders[order.venue_id] = order
        matcher = self._matcher(order.symbol)
        if not order.is_open:
            self._open.pop(order.venue_id, None)
            matcher.leave(order.venue_id)
        elif matcher.is_resting(order.venue_id):
            matcher.shrink(order.venue_id, order.remaining)
        self._out.append(order.report())

    def _end(self, order: VenueOrder, status: OrderStatus, reason: str = "") -> None:
        self._put(order.ended(status, self._time, reason))

    # Margin calls and funding

    def _liquidate(self, symbol: str) -> None:
        """Take over the symbol's position if its equity is gone; for a cross one, all cross positions of the wallet."""
        held = self.account.positions.get(symbol)
        if held is None or not self.account.is_doomed(held, self._marks):
            return
        doomed = [held]
        if held.margin_mode is MarginMode.CROSS:
            doomed = sorted(
                self.account.cross_positions(self.instruments[symbol].quote),
                key=lambda one: abs(one.amount) * self.account.mark(one, self._marks),
            )
        for one in doomed:
            for order in self.open_orders(one.symbol):
                self._end(order, OrderStatus.CANCELED, "liquidation")
        for one in doomed[:-1]:
            self._take_over(one, self.account.mark(one, self._marks))
        last = self.account.positions[doomed[-1].symbol]
        mark = self.account.mark(last, self._marks)
        fee = self.instruments[last.symbol].taker_fee
        price = bankruptcy_price(last.amount, last.cost, self.account.collateral(last, self._marks), fee)
        self._take_over(last, mark if price is None else price)

    def _take_over(self, held: HeldPosition, price: Decimal) -> None:
        self._numbers += 1
        order = VenueOrder(
            venue_id=str(self._numbers),
            client_id=None,
            symbol=held.symbol,
            side=Side.SELL if held.amount > 0 else Side.BUY,
            type=OrderType.MARKET,
            amount=abs(held.amount),
            price=None,
            trigger_price=None,
            reduce_only=True,
            time_in_force=TimeInForce.IOC,
            created_at=self._time,
            updated_at=self._time,
            refusal="liquidation",
        )
        self._execute(order, price, order.amount, maker=False)
        self._out.append(Liquidated(held.symbol, held.amount, price, self._fills[-1].fee, self._time))

    def _advance(self, now: datetime) -> None:
        """Time only goes forward; every funding time that was passed is paid for at the last mark."""
        if self._now is None or now <= self._now:
            self._now = self._now or now
            return
        due = _EPOCH + ((self._now - _EPOCH) // FUNDING_INTERVAL + 1) * FUNDING_INTERVAL
        while due <= now and self.account.positions:
            self._now = due
            for symbol in list(self.account.positions):
                self._pay_funding(symbol, due)
            due += FUNDING_INTERVAL
        self._now = now

    def _pay_funding(self, symbol: str, at: datetime) -> None:
        held = self.account.positions.get(symbol)
        if held is None:
            return
        instrument, mark = self.instruments[symbol], self.account.mark(held, self._marks)
        paid = self.account.pay_funding(instrument, mark, self._funding_rate, self._free(instrument.quote))
        payment = Funding(f"{symbol}@{at:%Y-%m-%dT%H}", symbol, paid, at)
        self._funding.append(payment)
        self._out.append(payment)
        self._liquidate(symbol)

    # Inside

    @property
    def _time(self) -> datetime:
        if self._now is None:
            raise RuntimeError("no time has been told yet")
        return self._now

    def _free(self, currency: str) -> Decimal:
        return self.account.free(currency, self.open_orders(), self._marks)

    def _matcher(self, symbol: str) -> OrderMatcher:
        if symbol not in self._matchers:
            if symbol not in self.instruments:
                raise KeyError(symbol)
            self._matchers[symbol] = OrderMatcher(symbol)
        return self._matchers[symbol]

    def _resting_order(self, client_id: str | None, venue_id: str | None) -> VenueOrder:
        order = self.order(client_id=client_id, venue_id=venue_id)
        if order is None or not order.is_open:
            raise Refused("not_found", "unknown order" if order is None else f"order is {order.status}")
        return order

    def _ahead(self, venue_id: str) -> Decimal | None:
        return self._matcher(self._orders[venue_id].symbol).ahead(venue_id)

    def _flush(self) -> list[ExchangeEvent]:
        """What happened since the request came in, with what that did to positions and balances behind it."""
        events, self._out = self._out, []
        moved, self._moved = sorted(self._moved), set()
        for symbol in moved:
            held = self.account.positions.get(symbol)
            events.append(PositionMoved(symbol, held.amount if held else ZERO, self._time))
        if events:
            events.append(BalancesMoved(self._time))
        return events


def _resting(order: VenueOrder, ahead: Decimal | None) -> Resting:
    return Resting(order.venue_id, order.side, order.price or ZERO, order.remaining, order.sequence, ahead)


def _check_shape(order: VenueOrder, instrument: Instrument) -> None:
    """Refuse fields that do not go together."""
    wants_price = order.type is OrderType.LIMIT
    wants_trigger = order.type is OrderType.STOP_MARKET
    if (order.price is not None) is not wants_price or (order.trigger_price is not None) is not wants_trigger:
        raise Refused("invalid_order", f"a {order.type} order with price {order.price}, trigger {order.trigger_price}")
    if any(number is not None and number <= 0 for number in (order.price, order.trigger_price)):
        raise Refused("invalid_order", "prices are above zero")
    if order.reduce_only and instrument.kind is MarketKind.SPOT:
        raise Refused("invalid_order", "nothing to reduce on spot")
    if order.time_in_force is TimeInForce.POST_ONLY and not wants_price:
        raise Refused("invalid_order", f"a {order.type} order cannot be post-only")
