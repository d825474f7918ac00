"""How a simulated exchange executes: takers and triggers, margin calls and funding."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO, Instrument, MarketKind, Side
from trading.core.ledger import Funding
from trading.core.margin import bankruptcy_price
from trading.core.matching import OrderMatcher
from trading.core.orders import Fill, OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_orders import (
    BalancesMoved,
    ExchangeEvent,
    HeldPosition,
    Liquidated,
    PositionMoved,
    Refused,
    VenueOrder,
)
from trading.core.simulated_records import SimulatedRecords

FUNDING_INTERVAL = timedelta(hours=8)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SimulatedEngine(SimulatedRecords):
    """Changes the records; every change is told through ``_flush``."""

    def _start(self, order: VenueOrder) -> None:
        """Let an accepted order take what it may, then rest, wait or expire."""
        if order.type is OrderType.STOP_MARKET:
            if self._is_triggered(order, self._marks.get(order.symbol)):
                self._trigger(order)
                self._liquidate(order.symbol)
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
            liquidation=order.refusal == "liquidation",
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
