"""The equity curve of a replay: the first moment of all, and the worst, best and last of every stretch of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO
from trading.core.ledger import Ledger
from trading.core.market import Candle
from trading.replay.walk import path
from trading.reports.profit import Drawdown, EquitySample

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sampler:
    """Equity is ``balance`` plus the ledger's net and open profit (quote). Stretches are aligned to the clock."""

    def __init__(self, balance: Decimal, deposit: Decimal, every: timedelta) -> None:
        self.samples: list[EquitySample] = []
        self.deepest = Drawdown(ZERO, ZERO, None, None)
        self._balance, self._deposit, self._every = balance, deposit, every
        self._peak: EquitySample | None = None
        self._ends: datetime | None = None
        self._worst: EquitySample | None = None
        self._best: EquitySample | None = None
        self._last: EquitySample | None = None

    def at(self, at: datetime, price: Decimal, ledger: Ledger) -> None:
        """The price at a moment."""
        self._begin_stretch(at)
        self._note(EquitySample(at, self._balance + ledger.net + ledger.unrealized(price)))

    def candle(self, candle: Candle, end: datetime, ledger: Ledger) -> None:
        """A candle through which the position did not change: where its price went, as if it had been walked."""
        if ledger.position:
            standing, position, cost = self._balance + ledger.net, ledger.position, ledger.cost
            for place, price in enumerate(path(candle)[:3]):
                equity = standing + (position * price - cost)
                if self._matters(equity, end):
                    at = candle.at + (end - candle.at) / 4 * place
                    self._begin_stretch(at)
                    self._note(EquitySample(at, equity))
        self.at(end, candle.close, ledger)

    def end(self, at: datetime, price: Decimal, ledger: Ledger) -> None:
        self.at(at, price, ledger)
        self._close_stretch()

    def _begin_stretch(self, at: datetime) -> None:
        if self._ends is None or at >= self._ends:
            self._close_stretch()
            self._ends = _EPOCH + ((at - _EPOCH) // self._every + 1) * self._every

    def _matters(self, equity: Decimal, end: datetime) -> bool:
        """It is the worst or the best of its stretch, or the deepest fall, or its stretch ends before ``end``.

        Most prices of most candles are none of it, and this is asked for each of them.
        """
        if self._worst is None or self._best is None or self._peak is None or self._ends is None or end >= self._ends:
            return True
        is_between = self._worst.equity <= equity <= self._best.equity
        return not is_between or self._peak.equity - equity > self.deepest.loss

    def _note(self, sample: EquitySample) -> None:
        if not self.samples:
            self.samples.append(sample)
        if self._peak is None or sample.equity > self._peak.equity:
            self._peak = sample
        elif self._peak.equity - sample.equity > self.deepest.loss:
            loss = self._peak.equity - sample.equity
            self.deepest = Drawdown(loss, loss / self._deposit * 100, self._peak.at, sample.at)
        if self._worst is None or sample.equity < self._worst.equity:
            self._worst = sample
        if self._best is None or sample.equity > self._best.equity:
            self._best = sample
        self._last = sample

    def _close_stretch(self) -> None:
        kept = {sample for sample in (self._worst, self._best, self._last) if sample is not None}
        self.samples += sorted(kept - {self.samples[-1]} if self.samples else kept, key=_moment)
        self._worst = self._best = self._last = None


def _moment(sample: EquitySample) -> tuple[datetime, Decimal]:
    return sample.at, sample.equity
