"""A person's day from the measurements of their bots: pure, exact, one kind of money at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from trading.core.instrument import ZERO, total
from trading.core.summaries import CurvePoint, DayOfBot, DayOfBots
from trading.reports.profit import EquitySample, drawdown

MOST_POINTS = 240
_CENT = Decimal("0.01")

Money = tuple[bool, str]
"""Whether it is paper, and the currency."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a bot had earned at a moment (quote currency): realized net, and what its open position would bring."""

    at: datetime
    net: Decimal
    unrealized: Decimal

    @property
    def worth(self) -> Decimal:
        return self.net + self.unrealized


@dataclass(frozen=True, slots=True)
class BotDay:
    """One bot's day: what it had at its beginning, the measurements within it, what it has now."""

    bot_id: int
    symbol: str
    quote: str
    is_paper: bool
    deposit: Decimal
    begin: Measured
    samples: Sequence[Measured]
    end: Measured
    fills: int
    length: timedelta
    """By the bot's own clock."""

    @property
    def net(self) -> Decimal:
        return self.end.net - self.begin.net


def day_of_bot(day: BotDay) -> DayOfBot:
    return DayOfBot(
        bot_id=day.bot_id, symbol=day.symbol, quote=day.quote, is_paper=day.is_paper, net=day.net, fills=day.fills
    )


def groups_of(days: Sequence[BotDay]) -> Mapping[Money, Sequence[BotDay]]:
    """Bots by kind of money: what is real before paper, and the most bots first."""
    found: defaultdict[Money, list[BotDay]] = defaultdict(list)
    for day in days:
        found[day.is_paper, day.quote].append(day)
    return dict(sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1])))


def day_of_bots(days: Sequence[BotDay]) -> DayOfBots:
    """The sums of one group, which must not be empty."""
    deposit = total([day.deposit for day in days])
    worst = drawdown(curve_of(days), deposit or Decimal(1))
    return DayOfBots(
        quote=days[0].quote,
        is_paper=days[0].is_paper,
        deposit=deposit,
        net=total([day.net for day in days]),
        open_profit=total([day.end.unrealized for day in days]),
        drawdown=worst.loss,
        drawdown_percent=worst.percent_of_deposit.quantize(_CENT) if deposit else ZERO,
        fills=sum(day.fills for day in days),
        seconds=round(max(day.length for day in days).total_seconds()),
    )


def curve_of(days: Sequence[BotDay]) -> list[EquitySample]:
    """What the bots were worth together; all their deposits at the beginning of the day.

    Bots are measured at moments of their own: between two of its measurements a bot is worth what it was last.
    """
    deposit = total([day.deposit for day in days])
    gained = {day.bot_id: ZERO for day in days}
    steps = sorted(
        (each.at, day.bot_id, each.worth - day.begin.worth) for day in days for each in (*day.samples, day.end)
    )
    start = min(day.begin.at for day in days)
    curve = [EquitySample(start, deposit)]
    for at, bot_id, worth in steps:
        gained[bot_id] = worth
        curve.append(EquitySample(at, deposit + total(list(gained.values()))))
    return curve


def thinned(curve: Sequence[EquitySample]) -> tuple[CurvePoint, ...]:
    """Few enough points to be kept: of each stretch its lowest and its highest, so that no spike is lost."""
    stretch = max(1, -(-len(curve) * 2 // MOST_POINTS))
    kept = [curve[0]] if curve else []
    for start in range(1, len(curve) - 1, stretch):
        part = curve[start : min(start + stretch, len(curve) - 1)]
        ends = {min(part, key=lambda each: each.equity), max(part, key=lambda each: each.equity)}
        kept += sorted(ends, key=lambda each: each.at)
    kept += [curve[-1]] if len(curve) > 1 else []
    return tuple(CurvePoint(at=each.at, equity=each.equity) for each in kept)
