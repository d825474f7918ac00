"""Walks a bot through recorded candles, trades or books, from one price or time that matters to the next.

Candles: the price goes open, low, high, close when the candle closed higher, else open, high, low, close. On the way
it stands at every price where an order, a band of the last plan or the liquidation lies; nothing is computed between.
The market is one tick wide: falling, the ask is the price that trades; rising, the bid is. So a resting order fills
when the price goes through it, not when it is touched; and the market is always as deep as a taker wants.
Between the close of a candle and the open of the next nobody traded: where a stop or the liquidation lies between, the
price is at the open at once. A stop is filled there, as a real one would be; an order that rested at its own price.
Books and trades are taken as they are recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import datetime, timedelta
from decimal import Decimal

from pydantic import BaseModel

from trading.core.diff import AmendMode
from trading.core.instrument import Instrument
from trading.core.market import Book, BookLevel, Candle, Trade
from trading.core.planning import Strategy
from trading.core.risk import RiskLimits
from trading.core.simulated_engine import FUNDING_INTERVAL
from trading.core.simulated_exchange import SimulatedExchange
from trading.replay.bot import Bot, ReplayError
from trading.replay.result import ReplayResult
from trading.replay.sampling import Sampler
from trading.replay.walk import Stops, ends_rising, path, stops

__all__ = ["Event", "Replay", "ReplayError"]

Event = Candle | Trade | Book
_DEEP = Decimal(10) ** 15
_MOMENT = timedelta(microseconds=1)


class Replay:
    """A bot and a simulated account with ``balance`` (quote, or by currency), for one run.

    ``funding_rate`` is what longs pay every 8 hours (fraction). ``sample_every`` is the raster of the equity curve;
    the worst moment of each stretch is kept beside its end.
    """

    def __init__(
        self,
        strategy: Strategy,
        config: BaseModel,
        instrument: Instrument,
        balance: Decimal | Mapping[str, Decimal],
        *,
        seed: int = 0,
        limits: RiskLimits | None = None,
        amend: AmendMode = AmendMode.IN_PLACE,
        funding_rate: Decimal = Decimal("0.0001"),
        sample_every: timedelta = timedelta(hours=1),
    ) -> None:
        balances = {instrument.quote: balance} if isinstance(balance, Decimal) else dict(balance)
        self._balance = balances.get(instrument.quote, Decimal(0))
        self._instrument, self._tick = instrument, instrument.price_tick
        self._exchange = SimulatedExchange([instrument], balances, funding_rate=funding_rate)
        self._bot = Bot(
            strategy,
            config,
            instrument,
            self._exchange,
            seed=seed,
            limits=limits or RiskLimits(),
            amend=amend,
        )
        self._deposit = strategy.deposit(config)
        self._sampler = Sampler(self._balance, self._deposit, sample_every)
        self._book: Book | None = None
        self._price: Decimal | None = None
        self._rising = False
        self._stops = Stops()
        self._started: datetime | None = None
        self._now: datetime | None = None
        self._seen = 0

    def run(self, source: Iterable[Event], progress: Callable[[float], None] | None = None) -> ReplayResult:
        """Everything in ``source``, oldest first; ``progress`` hears shares from 0 to 1 where the source has a length.

        Raises ReplayError for a strategy that never comes to rest, ValueError for a source out of time order.
        """
        size = len(source) if isinstance(source, Sized) else 0
        every = max(1, size // 100)
        waiting: Candle | None = None
        interval = timedelta(minutes=1)
        for event in source:
            self._seen += 1
            if progress is not None and size and self._seen % every == 0:
                progress(self._seen / size)
            if isinstance(event, Candle):
                if waiting is not None:
                    _check_order(event.at, waiting.at)
                    interval = event.at - waiting.at
                    self._candle(waiting, interval)
                waiting = event
            else:
                self._live(event)
            if self._bot.finished is not None:
                waiting = None
                break
        if waiting is not None:
            self._candle(waiting, interval)
        if progress is not None:
            progress(1.0)
        return self._result()

    # Books and trades

    def _live(self, event: Trade | Book) -> None:
        self._forward(event.at)
        if isinstance(event, Book):
            self._book = event
            self._price = event.mid if event.mid is not None else self._price
            changed = self._bot.hear(self._exchange.on_book(event))
        else:
            self._price = event.price if self._book is None else self._price
            changed = self._bot.hear(self._exchange.on_trade(event))
        if changed or self._bot.is_awake(self._book, event.at):
            self._bot.settle(self._book, event.at)
        self._sample(event.at)

    # Candles

    def _candle(self, candle: Candle, interval: timedelta) -> None:
        """``interval`` is the time to the next candle."""
        self._forward(candle.at)
        end = candle.at + interval - _MOMENT
        if self._is_quiet(candle, end):
            self._quiet(candle, end)
        else:
            quarter = interval / 4
            for place, price in enumerate(path(candle)):
                self._walk(price, candle.at + quarter * place if place < 3 else end, is_gap=place == 0)
                if self._bot.finished is not None:
                    break

    def _quiet(self, candle: Candle, end: datetime) -> None:
        """A candle through which nothing happens."""
        rising = ends_rising(candle)
        if rising is not None:
            self._rising = rising
        elif candle.close != self._price:
            self._rising = self._price is not None and candle.close > self._price
        self._price, self._now = candle.close, end
        self._sampler.candle(candle, end, self._bot.books.ledger)

    def _is_quiet(self, candle: Candle, end: datetime) -> bool:
        """Nothing that matters lies within the candle, nor in its time."""
        due = self._bot.wakes_at
        return (
            self._book is not None
            and self._stops.is_quiet(candle.low, candle.high)
            and (due is None or due > end)
            and not self._funding_due(end)
        )

    def _walk(self, target: Decimal, at: datetime, *, is_gap: bool) -> None:
        """The price goes to ``target``, where it is at ``at``; first the times that lie before.

        ``is_gap``: it was nowhere between.
        """
        if self._price is None:
            self._step(target, at)
            return
        while (due := self._next_time(at)) is not None and self._bot.finished is None:
            self._step(self._price, due)
        self._now = at
        while self._price != target and self._bot.finished is None:
            self._rising = target > self._price
            is_jump = is_gap and self._stops.is_triggered(self._price, target)
            stop = target if is_jump else self._stops.next(self._price, target)
            if stop != target or not self._stops.is_quiet(target, target):
                self._step(stop, at)
            else:
                self._price = target
                self._sampler.at(at, target, self._bot.books.ledger)

    def _next_time(self, until: datetime) -> datetime | None:
        """The next time up to ``until`` that somebody waits for."""
        now = self._now or until
        due = self._bot.wakes_at
        times = [due] if due is not None and now < due <= until else []
        if self._funding_due(until):
            times.append(now + FUNDING_INTERVAL - _since_funding(now))
        return min(times, default=None)

    def _funding_due(self, until: datetime) -> bool:
        now = self._now
        return (
            now is not None
            and bool(self._exchange.account.positions)
            and now + FUNDING_INTERVAL - _since_funding(now) <= until
        )

    def _step(self, price: Decimal, at: datetime) -> None:
        """The market stands at ``price``; the bot acts on what that did."""
        book = self._narrow_book(price, at)
        if self._funding_due(at):
            # Funding is paid at the mark of its moment, so the exchange sees the price first.
            self._bot.hear(self._exchange.on_book(self._narrow_book(price, max(self._now or at, at - _MOMENT))))
        self._price, self._book, self._now = price, book, at
        changed = self._bot.hear(self._exchange.on_book(book))
        if changed or self._bot.is_awake(book, at):
            self._bot.settle(book, at)
        held = self._exchange.position(self._instrument.symbol)
        self._stops = stops(
            self._instrument,
            self._bot.books.live.values(),
            self._bot.wake,
            price,
            self._exchange.liquidation_price(self._instrument.symbol),
            long=held is not None and held.amount > 0,
        )
        self._sampler.at(at, price, self._bot.books.ledger)

    def _narrow_book(self, price: Decimal, at: datetime) -> Book:
        bid, ask = (price, price + self._tick) if self._rising else (price - self._tick, price)
        return Book(self._instrument.symbol, (BookLevel(bid, _DEEP),), (BookLevel(ask, _DEEP),), at)

    # Both

    def _forward(self, at: datetime) -> None:
        if self._now is not None:
            _check_order(at, self._now)
        self._started = self._started or at

    def _sample(self, at: datetime) -> None:
        self._now = at
        if self._price is not None:
            self._sampler.at(at, self._price, self._bot.books.ledger)

    def _result(self) -> ReplayResult:
        bot = self._bot
        if self._price is not None and self._now is not None:
            self._sampler.end(self._now, self._price, bot.books.ledger)
        return ReplayResult(
            cycles=tuple(bot.cycles),
            fills=tuple(bot.fills),
            ledger=bot.books.ledger,
            samples=tuple(self._sampler.samples),
            drawdown=self._sampler.deepest,
            liquidations=tuple(bot.liquidations),
            refusals=dict(sorted(bot.refusals.items())),
            orders_placed=bot.orders_placed,
            plans_made=bot.plans_made,
            events_seen=self._seen,
            balance=self._balance,
            deposit=self._deposit,
            wallet=self._exchange.balances().get(self._instrument.quote, Decimal(0)),
            insurance=self._exchange.insurance,
            last_price=self._price,
            started_at=self._started,
            ended_at=self._now,
            finished=bot.finished,
            final_state=bot.state,
        )


def _check_order(at: datetime, before: datetime) -> None:
    if at < before:
        raise ValueError(f"{at} comes after {before} in the source")


def _since_funding(now: datetime) -> timedelta:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (now - midnight) % FUNDING_INTERVAL
