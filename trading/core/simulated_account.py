"""The money of a simulated account: balances, positions, what resting orders hold back, settlement of executions.

One wallet serves spot and perpetuals. Spot fees are taken from what is received (the base currency when buying) or
always in the quote currency; perpetual fees and profits are quote currency. Every number is exact, apart from
quotients, which are cut at ``margin.QUANTUM`` once and then kept, so that the sum of all cash flows is the change of
the wallet to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from trading.core.instrument import ONE, ZERO, Instrument, MarketKind, Side
from trading.core.margin import QUANTUM, initial_margin, liquidation_price, maintenance_margin
from trading.core.orders import OrderType
from trading.core.planning import MarginMode
from trading.core.simulated_orders import HeldPosition, VenueOrder


class SpotFee(StrEnum):
    RECEIVED = "received"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one execution cost: ``fee`` in ``currency``, and ``insurance`` (quote) paid in where a loss went too far."""

    fee: Decimal
    currency: str
    insurance: Decimal = ZERO


class SimulatedAccount:
    """Balances and positions of one account. ``leverages`` and ``modes`` are per symbol, for the next position."""

    def __init__(
        self, instruments: Mapping[str, Instrument], balances: Mapping[str, Decimal], spot_fee: SpotFee
    ) -> None:
        self._instruments = instruments
        self._spot_fee = spot_fee
        self.balances: dict[str, Decimal] = dict(balances)
        self.positions: dict[str, HeldPosition] = {}
        self.leverages: dict[str, Decimal] = {}
        self.modes: dict[str, MarginMode] = {}

    # Settings

    def leverage(self, symbol: str) -> Decimal:
        """What the next entry uses; 10 or the market's most, until it is set."""
        return self.leverages.get(symbol, min(Decimal(10), self._instruments[symbol].max_leverage))

    def mode(self, symbol: str) -> MarginMode:
        return self.modes.get(symbol, MarginMode.CROSS)

    # Executions

    def settle(self, instrument: Instrument, side: Side, price: Decimal, amount: Decimal, rate: Decimal) -> Settlement:
        """Move the money of one execution. ``rate`` is the fee rate that applies."""
        if instrument.kind is MarketKind.SPOT:
            return self._settle_spot(instrument, side, price, amount, rate)
        return self._settle_perpetual(instrument, side.sign * amount, price, rate)

    def _settle_spot(
        self, instrument: Instrument, side: Side, price: Decimal, amount: Decimal, rate: Decimal
    ) -> Settlement:
        cost = amount * price
        if side is Side.BUY and self._spot_fee is SpotFee.RECEIVED:
            fee, currency = amount * rate, instrument.base
        else:
            fee, currency = cost * rate, instrument.quote
        self.add(instrument.base, side.sign * amount)
        self.add(instrument.quote, -side.sign * cost)
        self.add(currency, -fee)
        return Settlement(fee, currency)

    def _settle_perpetual(self, instrument: Instrument, signed: Decimal, price: Decimal, rate: Decimal) -> Settlement:
        """Average-cost method: reducing realizes profit against the average, growing moves the average."""
        symbol, currency = instrument.symbol, instrument.quote
        held = self.positions.pop(symbol, None)
        before = held.amount if held else ZERO
        closing = -before if abs(signed) > abs(before) else signed
        if before == 0 or (before > 0) == (signed > 0):
            closing = ZERO
        insurance = ZERO
        if held and closing:
            held, insurance = self._reduce(held, closing, price, currency)
        opening = signed - closing
        if opening:
            held = self._grow(held, symbol, opening, price)
        if held:
            self.positions[symbol] = held
        fee = abs(signed) * price * rate
        self.add(currency, -fee)
        return Settlement(fee, currency, insurance)

    def _reduce(
        self, held: HeldPosition, closing: Decimal, price: Decimal, currency: str
    ) -> tuple[HeldPosition | None, Decimal]:
        after = held.amount + closing
        cost = (held.cost * after / held.amount).quantize(QUANTUM, ROUND_HALF_EVEN) if after else ZERO
        margin = (held.margin * after / held.amount).quantize(QUANTUM, ROUND_HALF_EVEN) if after else ZERO
        profit = cost - held.cost - closing * price
        insurance = ZERO
        if held.margin_mode is MarginMode.ISOLATED:
            insurance = max(ZERO, -(held.margin - margin) - profit)
        self.add(currency, profit + insurance)
        return (replace(held, amount=after, cost=cost, margin=margin) if after else None), insurance

    def _grow(self, held: HeldPosition | None, symbol: str, opening: Decimal, price: Decimal) -> HeldPosition:
        base = held or HeldPosition(symbol, ZERO, ZERO, self.mode(symbol), self.leverage(symbol))
        cost = opening * price
        margin = initial_margin(cost, base.leverage) if base.margin_mode is MarginMode.ISOLATED else ZERO
        return replace(base, amount=base.amount + opening, cost=base.cost + cost, margin=base.margin + margin)

    def pay_funding(self, instrument: Instrument, mark: Decimal, rate: Decimal, free: Decimal) -> Decimal:
        """Pay or receive funding of a position (quote; positive when received): longs pay when ``rate`` is positive.

        It leaves the wallet; what is not free there leaves an isolated position's own margin.
        """
        held = self.positions[instrument.symbol]
        payment = -held.amount * mark * rate
        self.add(instrument.quote, payment)
        short = max(ZERO, -payment - max(ZERO, free))
        if held.margin_mode is MarginMode.ISOLATED and short:
            self.positions[instrument.symbol] = replace(held, margin=max(ZERO, held.margin - short))
        return payment

    def add(self, currency: str, amount: Decimal) -> None:
        self.balances[currency] = self.balances.get(currency, ZERO) + amount

    # Pictures

    def total(self, currency: str) -> Decimal:
        return self.balances.get(currency, ZERO)

    def free(self, currency: str, orders: Iterable[VenueOrder], marks: Mapping[str, Decimal]) -> Decimal:
        """What new orders may use: the wallet less locked money, margins, and the losses of cross positions."""
        held = sum((self._margin(position) for position in self._in(currency)), ZERO)
        losses = min(ZERO, self._cross_unrealized(currency, marks))
        return self.total(currency) - held - self.locked(currency, orders) + losses

    def locked(self, currency: str, orders: Iterable[VenueOrder]) -> Decimal:
        """What open orders hold back in ``currency``: money or coins on spot, margin and fee on perpetuals."""
        locked = ZERO
        closable: dict[str, Decimal] = {}
        for order in orders:
            instrument = self._instruments[order.symbol]
            if instrument.kind is MarketKind.SPOT:
                locked += self._locked_spot(instrument, order, currency)
            elif instrument.quote == currency and order.type is not OrderType.STOP_MARKET and not order.reduce_only:
                locked += self.entry_margin(instrument, order.side, order.remaining, order.price or ZERO, closable)
        return locked

    def _locked_spot(self, instrument: Instrument, order: VenueOrder, currency: str) -> Decimal:
        if order.side is Side.SELL:
            return order.remaining if currency == instrument.base else ZERO
        if currency != instrument.quote:
            return ZERO
        price = order.price or order.trigger_price or ZERO
        rate = instrument.taker_fee if self._spot_fee is SpotFee.QUOTE else ZERO
        return order.remaining * price * (ONE + rate)

    def entry_margin(
        self, instrument: Instrument, side: Side, amount: Decimal, price: Decimal, closable: dict[str, Decimal]
    ) -> Decimal:
        """Initial margin and taker fee (quote) of an entry. What reduces the position first needs no margin:
        ``closable`` remembers how much of each position is not yet spoken for.
        """
        symbol = instrument.symbol
        held = self.positions.get(symbol)
        if held and (held.amount > 0) is (side is Side.SELL):
            left = closable.get(symbol, abs(held.amount))
            part = min(left, amount)
            closable[symbol] = left - part
            amount -= part
        cost = amount * price
        return initial_margin(cost, self.leverage(symbol)) + cost * instrument.taker_fee

    def collateral(self, held: HeldPosition, marks: Mapping[str, Decimal]) -> Decimal:
        """What stands behind a position (quote): its margin, or the wallet with all that the other cross positions
        add or need."""
        if held.margin_mode is MarginMode.ISOLATED:
            return held.margin
        currency = self._instruments[held.symbol].quote
        others = [other for other in self._cross(currency) if other.symbol != held.symbol]
        swing = sum(
            (other.unrealized(self.mark(other, marks)) - self.maintenance(other, marks) for other in others), ZERO
        )
        return self.cross_wallet(currency) + swing

    def cross_wallet(self, currency: str) -> Decimal:
        """The wallet without what isolated positions have set aside."""
        return self.total(currency) - sum((held.margin for held in self._in(currency)), ZERO)

    def maintenance(self, held: HeldPosition, marks: Mapping[str, Decimal]) -> Decimal:
        mark = self.mark(held, marks)
        return maintenance_margin(held.amount, mark, self.rate(held, mark))

    def rate(self, held: HeldPosition, mark: Decimal) -> Decimal:
        return self._instruments[held.symbol].maintenance_rate(abs(held.amount) * mark)

    def liquidation_price(self, held: HeldPosition, marks: Mapping[str, Decimal]) -> Decimal | None:
        rate = self.rate(held, self.mark(held, marks))
        return liquidation_price(held.amount, held.cost, self.collateral(held, marks), rate)

    def is_doomed(self, held: HeldPosition, marks: Mapping[str, Decimal]) -> bool:
        """Whether the equity behind a position is down to its maintenance margin."""
        equity = self.collateral(held, marks) + held.unrealized(self.mark(held, marks))
        return equity <= self.maintenance(held, marks)

    def unrealized(self, marks: Mapping[str, Decimal]) -> Decimal:
        return sum((held.unrealized(self.mark(held, marks)) for held in self.positions.values()), ZERO)

    def mark(self, held: HeldPosition, marks: Mapping[str, Decimal]) -> Decimal:
        """The mark price; the average entry until the first book."""
        return marks.get(held.symbol, held.average)

    def _margin(self, held: HeldPosition) -> Decimal:
        return held.margin if held.margin_mode is MarginMode.ISOLATED else initial_margin(held.cost, held.leverage)

    def _in(self, currency: str) -> list[HeldPosition]:
        return [held for held in self.positions.values() if self._instruments[held.symbol].quote == currency]

    def _cross(self, currency: str) -> list[HeldPosition]:
        return [held for held in self._in(currency) if held.margin_mode is MarginMode.CROSS]

    def cross_positions(self, currency: str) -> list[HeldPosition]:
        return self._cross(currency)

    def _cross_unrealized(self, currency: str, marks: Mapping[str, Decimal]) -> Decimal:
        return sum((held.unrealized(self.mark(held, marks)) for held in self._cross(currency)), ZERO)
