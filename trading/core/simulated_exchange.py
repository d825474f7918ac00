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

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from trading.core.instrument import Instrument, MarketKind, Side
from trading.core.market import Book, Trade
from trading.core.orders import OrderStatus, OrderType, TimeInForce
from trading.core.planning import MarginMode
from trading.core.simulated_engine import SimulatedEngine
from trading.core.simulated_orders import ExchangeEvent, Refused, VenueOrder


class SimulatedExchange(SimulatedEngine):
    """One account. ``balances`` are by currency; ``funding_rate`` is what longs pay each 8 hours UTC (fraction)."""

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

    def _is_in_use(self, symbol: str) -> bool:
        return symbol in self.account.positions or bool(self.open_orders(symbol))

    def _resting_order(self, client_id: str | None, venue_id: str | None) -> VenueOrder:
        order = self.order(client_id=client_id, venue_id=venue_id)
        if order is None or not order.is_open:
            raise Refused("not_found", "unknown order" if order is None else f"order is {order.status}")
        return order


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
