"""Profit figures from cycles, fills and equity samples. Money is Decimal quote currency; statistics are float."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from trading.core.instrument import ZERO, total
from trading.core.orders import Fill
from trading.core.planning import CycleResult

DAYS_A_YEAR = 365
"""Crypto markets never close."""
SMALLEST_SHARPE_SAMPLE = 5
"""Daily returns below which a Sharpe ratio would be noise with decimals."""


class Period(StrEnum):
    """Calendar periods, as people ask for them."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"

    def begins(self, now: datetime, tz: tzinfo = UTC) -> datetime | None:
        """When the period that holds ``now`` began by the calendar of ``tz``; weeks on Monday. None: since ever."""
        midnight = now.astimezone(tz).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        match self:
            case Period.DAY:
                return midnight
            case Period.WEEK:
                return midnight - timedelta(days=midnight.weekday())
            case Period.MONTH:
                return midnight.replace(day=1)
            case Period.ALL:
                return None


@dataclass(frozen=True, slots=True)
class EquitySample:
    """What an account or a bot was worth at a moment: deposit, realized profit and open profit together (quote)."""

    at: datetime
    equity: Decimal


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest fall from a peak of equity to a later trough. ``loss`` (quote) is not negative."""

    loss: Decimal
    percent_of_deposit: Decimal
    peak_at: datetime | None
    trough_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Finished cycles in numbers. Money in quote currency, net of fees and funding unless named gross.

    ``profit_factor`` is the sum of winning cycles over the sum of losing ones (both net), None without a loss;
    ``win_rate`` is the share of cycles with a positive net, 0 to 1, None without a cycle.
    """

    gross: Decimal
    fees: Decimal
    funding: Decimal
    net: Decimal
    volume: Decimal
    cycles: int
    wins: int
    losses: int
    best: Decimal | None
    worst: Decimal | None
    profit_factor: float | None
    win_rate: float | None


@dataclass(frozen=True, slots=True)
class Execution:
    """Fills in numbers. ``volume`` and ``fees`` in quote currency; ``other_fees`` counts fills paid in another coin.

    ``maker_share`` is the maker part of the volume whose liquidity the venue told, 0 to 1.
    """

    fills: int
    volume: Decimal
    fees: Decimal
    other_fees: int
    maker_share: float | None


def in_period(
    cycles: Iterable[CycleResult], since: datetime | None, until: datetime | None = None
) -> list[CycleResult]:
    """Cycles that ended at or after ``since`` and before ``until``."""
    return [
        cycle
        for cycle in cycles
        if (since is None or cycle.ended_at >= since) and (until is None or cycle.ended_at < until)
    ]


def figures(cycles: Sequence[CycleResult]) -> Figures:
    """The figures of finished cycles, summed exactly."""
    nets = [cycle.net for cycle in cycles]
    wins, losses = sum(net > 0 for net in nets), sum(net < 0 for net in nets)
    return Figures(
        gross=total([cycle.gross for cycle in cycles]),
        fees=total([cycle.fees for cycle in cycles]),
        funding=total([cycle.funding for cycle in cycles]),
        net=total(nets),
        volume=total([cycle.volume for cycle in cycles]),
        cycles=len(cycles),
        wins=wins,
        losses=losses,
        best=max(nets, default=None),
        worst=min(nets, default=None),
        profit_factor=profit_factor(nets),
        win_rate=wins / len(cycles) if cycles else None,
    )


def profit_factor(results: Iterable[Decimal]) -> float | None:
    """What the winning results add up to over what the losing ones do; None without a loss.

    Above 1 is a profit: J. D. Schwager, "Schwager on Futures: Technical Analysis" (1996), where it is the gross profit
    over the gross loss of all trades. 8.5 won and 4.5 lost make 1.89.
    """
    nets = list(results)
    won, lost = total([net for net in nets if net > 0]), -total([net for net in nets if net < 0])
    return float(won / lost) if lost else None


def execution(fills: Iterable[Fill], *, quote: str, base: str) -> Execution:
    """The figures of executions; a fee in base currency is counted at its fill's price."""
    count, volume, fees, others = 0, ZERO, ZERO, 0
    told, by_maker = ZERO, ZERO
    for fill in fills:
        worth = fill.price * fill.amount
        count, volume = count + 1, volume + worth
        if fill.fee_currency == quote:
            fees += fill.fee
        elif fill.fee_currency == base:
            fees += fill.fee * fill.price
        else:
            others += bool(fill.fee)
        if fill.maker is not None:
            told += worth
            by_maker += worth if fill.maker else ZERO
    return Execution(count, volume, fees, others, float(by_maker / told) if told else None)


def drawdown(samples: Iterable[EquitySample], deposit: Decimal) -> Drawdown:
    """The maximum drawdown of the samples, which must be in time order: the largest of peak - value over all times.

    The percent is of ``deposit`` (quote), not of the peak: profits are not put to work again, so that the deposit is
    what the fall eats. 100, 120, 90, 130 with a deposit of 200 fell by 30, which is 15 %. No deposit: 0 %.
    """
    peak: EquitySample | None = None
    deepest = Drawdown(ZERO, ZERO, None, None)
    for sample in samples:
        if peak is None or sample.equity > peak.equity:
            peak = sample
        elif peak.equity - sample.equity > deepest.loss:
            loss = peak.equity - sample.equity
            deepest = Drawdown(loss, loss / deposit * 100 if deposit else ZERO, peak.at, sample.at)
    return deepest


def daily_closes(samples: Iterable[EquitySample], tz: tzinfo = UTC) -> list[EquitySample]:
    """The last sample of every day of ``tz``; a day without one takes over the day before."""
    closes: list[EquitySample] = []
    for sample in samples:
        day = sample.at.astimezone(tz).date()
        while closes and closes[-1].at.astimezone(tz).date() < day - timedelta(days=1):
            # By the calendar and not by 24 hours: days in which clocks are changed are longer or shorter.
            next_day = closes[-1].at.astimezone(tz) + timedelta(days=1)
            closes.append(EquitySample(next_day, closes[-1].equity))
        if closes and closes[-1].at.astimezone(tz).date() == day:
            closes[-1] = sample
        else:
            closes.append(sample)
    return closes


def sharpe(samples: Iterable[EquitySample], deposit: Decimal, tz: tzinfo = UTC) -> float | None:
    """The annualised Sharpe ratio of daily returns, or None for fewer than SMALLEST_SHARPE_SAMPLE of them.

    mean(r) / stdev(r) * sqrt(365) with r = change of the daily (``tz``) closing equity over the deposit (which does not
    grow: profits are not put to work again), sample deviation, risk-free rate 0: W. F. Sharpe, "The Sharpe Ratio",
    Journal of Portfolio Management 21 (1994), ex-post form. Scaling by the square root of time holds for returns
    without autocorrelation (A. W. Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58, 2002).

    r of the first day is its close less the first sample, which is what stood at the beginning: of the calendar day, or
    of the bot within it. So all that was earned and lost counts; a first or last day that is not whole counts as one,
    which makes the mean rather smaller than larger.
    """
    taken = list(samples)
    if not deposit or not taken:
        return None
    values = [taken[0].equity, *(close.equity for close in daily_closes(taken, tz))]
    returns = [float((later - earlier) / deposit) for earlier, later in itertools.pairwise(values)]
    if len(returns) < SMALLEST_SHARPE_SAMPLE:
        return None
    deviation = statistics.stdev(returns)
    return statistics.fmean(returns) / deviation * math.sqrt(DAYS_A_YEAR) if deviation else None
