"""What bots earned in a time: every fill and funding payment folded once, equity as it was sampled between.

Bots are summed only where that means something: live with live, paper with paper, one quote currency at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from heapq import merge
from itertools import accumulate, islice

from trading.core.instrument import ZERO, Instrument, total
from trading.core.ledger import Funding, Ledger
from trading.core.orders import Fill
from trading.core.planning import CycleResult
from trading.reports.profit import Drawdown, EquitySample, drawdown, profit_factor, sharpe

QUARTER = timedelta(minutes=15)
"""Every time zone's day begins on a quarter of an hour, so that nothing finer needs to be kept."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOGETHER = timedelta(seconds=5)
"""Samples nearer to each other than that are of one look at all bots; a sum is taken when each has been looked at."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the fills and funding payments of a quarter of an hour add up to. Quote currency; fees positive when paid.

    ``won`` and ``lost`` (not negative) are the sums of what each changed the net by; ``told`` is the volume of which
    the venue told whether it was maker or taker. ``other_fees`` were paid in third currencies and are not in ``net``.
    """

    at: datetime
    gross: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    volume: Decimal = ZERO
    told: Decimal = ZERO
    by_maker: Decimal = ZERO
    won: Decimal = ZERO
    lost: Decimal = ZERO
    fills: int = 0
    other_fees: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def net(self) -> Decimal:
        return self.gross - self.fees + self.funding

    def is_of(self, since: datetime) -> bool:
        """A quarter of an hour belongs to the period in which it ends: a bot's first one begins before the bot does."""
        return self.at + QUARTER > since


class Folding:
    """One bot's steps, made as its records come. Fills come in the order in which the bot folded them."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument, self._ledger = instrument, Ledger()
        self._steps: dict[datetime, Step] = {}

    @property
    def ledger(self) -> Ledger:
        return self._ledger

    @property
    def steps(self) -> tuple[Step, ...]:
        """In the order of their time."""
        return tuple(sorted(self._steps.values(), key=lambda step: step.at))

    def __len__(self) -> int:
        return len(self._steps)

    def fill(self, fill: Fill) -> None:
        before, after = self._ledger, self._ledger.apply(fill, self._instrument)
        self._ledger = after
        step = self._step(fill.at)
        volume = after.volume - before.volume
        moved = replace(
            step,
            gross=step.gross + after.realized - before.realized,
            fees=step.fees + after.fees - before.fees,
            volume=step.volume + volume,
            told=step.told + (ZERO if fill.maker is None else volume),
            by_maker=step.by_maker + (volume if fill.maker else ZERO),
            fills=step.fills + 1,
            other_fees=_added(step.other_fees, _new_fees(before, after)),
        )
        self._note(moved, after.net - before.net)

    def pay(self, funding: Funding) -> None:
        self._ledger = self._ledger.apply_funding(funding)
        step = self._step(funding.at)
        self._note(replace(step, funding=step.funding + funding.amount), funding.amount)

    def _step(self, at: datetime) -> Step:
        begin = at - (at - _EPOCH) % QUARTER
        return self._steps.get(begin) or Step(begin)

    def _note(self, step: Step, net: Decimal) -> None:
        self._steps[step.at] = replace(step, won=step.won + max(net, ZERO), lost=step.lost + max(-net, ZERO))


@dataclass(frozen=True, slots=True)
class BotBooks:
    """One bot's records, each kind in the order of its time. Money in ``quote``.

    ``worth`` is realized and open profit together, as sampled. ``open_profit`` is that of ``now``, None where no price
    is known. ``now`` is the bot's own: paper time runs ahead of the machine's.
    """

    bot_id: int
    title: str
    quote: str
    deposit: Decimal
    created_at: datetime
    steps: Sequence[Step] = ()
    cycles: Sequence[CycleResult] = ()
    worth: Sequence[EquitySample] = ()
    open_profit: Decimal | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Sums:
    """Money in quote currency. ``net`` is realized profit after fees and funding.

    ``won`` and ``lost`` are what the profit factor is of: finished rounds (net) where the strategy has them, else each
    fill and funding payment by itself.
    """

    gross: Decimal
    fees: Decimal
    funding: Decimal
    volume: Decimal
    fills: int
    rounds: int
    maker_share: float | None
    other_fees: Mapping[str, Decimal]
    won: Decimal
    lost: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.fees + self.funding

    @property
    def profit_factor(self) -> float | None:
        return profit_factor((self.won, -self.lost))


@dataclass(frozen=True, slots=True)
class BotProfit:
    """One bot in a period. ``open_profit`` is of now, not of the period."""

    bot_id: int
    title: str
    sums: Sums
    open_profit: Decimal | None


@dataclass(frozen=True, slots=True)
class Account:
    """Several bots of one kind of account and one quote currency in a period.

    ``curve`` is profit over time, realized and open, 0 where the period or the first bot began; ``drawdown`` and
    ``sharpe`` are of it, measured by ``deposit``: those of the bots that were alive in the period.
    """

    quote: str
    since: datetime
    now: datetime
    bots: tuple[BotProfit, ...]
    sums: Sums
    open_profit: Decimal | None
    deposit: Decimal
    curve: tuple[EquitySample, ...] = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)
    drawdown: Drawdown
    sharpe: float | None


def account(
    bots: Sequence[BotBooks], *, quote: str, since: datetime | None, now: datetime, tz: tzinfo = UTC
) -> Account:
    """The sum of ``bots`` from ``since`` (None: from the first one's beginning) to ``now``.

    Raises ValueError for a bot with another quote currency.
    """
    if any(bot.quote != quote for bot in bots):
        raise ValueError(f"only what is in {quote} can be added")
    begin = since or min((bot.created_at for bot in bots), default=now)
    rows = tuple(BotProfit(bot.bot_id, bot.title, _sums_of(bot, begin), bot.open_profit) for bot in bots)
    # Days before the first bot have no profit: a Sharpe ratio of them would be made up.
    first = max(begin, min((bot.created_at for bot in bots), default=begin))
    curve = tuple(profit_curve(bots, first, now))
    deposit = total([bot.deposit for bot in bots if _is_alive(bot, begin)])
    opens = [bot.open_profit for bot in bots if bot.open_profit is not None]
    return Account(
        quote=quote,
        since=begin,
        now=now,
        bots=rows,
        sums=_together([row.sums for row in rows], [step for bot in bots for step in _since(bot.steps, begin)]),
        open_profit=total(opens) if opens else None,
        deposit=deposit,
        curve=curve,
        steps=tuple(merge(*(_since(bot.steps, begin) for bot in bots), key=lambda step: step.at)),
        drawdown=drawdown(curve, deposit),
        sharpe=sharpe(curve, deposit, tz),
    )


def profit_curve(bots: Sequence[BotBooks], since: datetime, now: datetime) -> Iterable[EquitySample]:
    """The bots' worth together, less what it was at ``since``: from there to ``now``, each bot's last word standing."""
    lines = [_line(bot, since, now) for bot in bots]
    values = [line[0].equity for line in lines]
    base = total(values)
    yield EquitySample(since, ZERO)
    spoken = merge(*([(point.at, place, point.equity) for point in line[1:]] for place, line in enumerate(lines)))
    last: datetime | None = None
    for at, place, value in spoken:
        if last is not None and at - last >= _TOGETHER:
            yield EquitySample(last, total(values) - base)
        values[place], last = value, at
    if last is not None:
        yield EquitySample(last, total(values) - base)


def _line(bot: BotBooks, since: datetime, now: datetime) -> list[EquitySample]:
    """One bot's worth: what it was at ``since``, and every word after that. Without samples it is realized profit."""
    start = total([step.net for step in bot.steps if not step.is_of(since)])
    if bot.worth:
        before = [point.equity for point in bot.worth if point.at < since]
        start = before[-1] if before else start
        after = [point for point in bot.worth if since <= point.at <= now]
    else:
        steps = [step for step in _since(bot.steps, since) if step.at <= now]
        nets = accumulate([step.net for step in steps], initial=start)
        after = [EquitySample(max(step.at, since), net) for step, net in zip(steps, islice(nets, 1, None), strict=True)]
    if bot.open_profit is not None:
        after.append(EquitySample(now, total([step.net for step in bot.steps]) + bot.open_profit))
    return [EquitySample(since, start), *after]


def _is_alive(bot: BotBooks, since: datetime) -> bool:
    was_busy = bool(bot.steps) and bot.steps[-1].is_of(since)
    return bot.is_active or was_busy or (bool(bot.worth) and bot.worth[-1].at >= since)


def _since(steps: Sequence[Step], since: datetime) -> Sequence[Step]:
    return [step for step in steps if step.is_of(since)]


def _sums_of(bot: BotBooks, since: datetime) -> Sums:
    steps = _since(bot.steps, since)
    ended = [cycle.net for cycle in bot.cycles if cycle.ended_at >= since]
    won, lost = total([step.won for step in steps]), total([step.lost for step in steps])
    if bot.cycles:
        won, lost = total([net for net in ended if net > 0]), -total([net for net in ended if net < 0])
    return _sums(steps, len(ended), won, lost)


def _together(rows: Sequence[Sums], steps: Sequence[Step]) -> Sums:
    rounds = sum(row.rounds for row in rows)
    return _sums(steps, rounds, total([row.won for row in rows]), total([row.lost for row in rows]))


def _sums(steps: Sequence[Step], rounds: int, won: Decimal, lost: Decimal) -> Sums:
    told = total([step.told for step in steps])
    other_fees: Mapping[str, Decimal] = {}
    for step in steps:
        other_fees = _added(other_fees, step.other_fees)
    return Sums(
        gross=total([step.gross for step in steps]),
        fees=total([step.fees for step in steps]),
        funding=total([step.funding for step in steps]),
        volume=total([step.volume for step in steps]),
        fills=sum(step.fills for step in steps),
        rounds=rounds,
        maker_share=float(total([step.by_maker for step in steps]) / told) if told else None,
        other_fees=other_fees,
        won=won,
        lost=lost,
    )


def _new_fees(before: Ledger, after: Ledger) -> Mapping[str, Decimal]:
    return {} if after.other_fees is before.other_fees else after.since(before).other_fees


def _added(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    return {coin: one.get(coin, ZERO) + other.get(coin, ZERO) for coin in {**one, **other}} if other else one
