"""Settings tried over candles: the same strategy, replayed in a process of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from trading.core.instrument import Instrument
from trading.core.market import Candle
from trading.core.planning import Strategy
from trading.desk.answers import DeskError
from trading.desk.candles import collect
from trading.desk.exports import ExportsRoom
from trading.desk.file_answers import Progress, silent
from trading.desk.house import House
from trading.desk.refusals import venue_error
from trading.desk.titles import title_of_market
from trading.desk.trial_answers import (
    FEWEST_CANDLES,
    FUNDING_RATE,
    MOST_CANDLES,
    MOST_FILE_BYTES,
    MOST_UNPACKED_BYTES,
    Recent,
    TrialReport,
    TrialSource,
)
from trading.exchanges.errors import VenueError
from trading.exchanges.gateway import Gateway
from trading.replay import BadCandles, Job, ReplayError, ReplayResult, candles_of, replay_apart
from trading.reports.profit import figures
from trading.runtime.accounts import AccountId

log = logging.getLogger(__name__)

LONGEST_SECONDS = 600.0
MOST_RECENT_DAYS = 31
_CURVE_POINTS = 400


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is tried. ``instrument`` None: as the venue tells it now."""

    strategy: Strategy
    config: BaseModel
    symbol: str
    account: AccountId
    instrument: Instrument | None = None


@dataclass(frozen=True, slots=True)
class _Data:
    """``venue`` is "" for a file."""

    candles: Sequence[Candle]
    venue: str
    instrument: Instrument

    @property
    def interval(self) -> timedelta:
        """Between most candles."""
        return Counter(later.at - earlier.at for earlier, later in pairwise(self.candles)).most_common(1)[0][0]


@dataclass(frozen=True, slots=True)
class _Look:
    """Of the picture."""

    labels: Mapping[str, str]
    dark: bool
    tz: tzinfo


class TrialsRoom(ExportsRoom):
    """One trial of a person at a time, and few of all, because each takes a processor."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._trying: set[int] = set()

    async def trial_of_bot(
        self,
        user_id: int,
        bot_id: int,
        source: TrialSource,
        *,
        labels: Mapping[str, str],
        dark: bool = False,
        tz: tzinfo = UTC,
        progress: Progress = silent,
    ) -> TrialReport:
        record = await self._own_bot(user_id, bot_id)
        strategy = self._strategy(record.strategy)
        subject = _Subject(
            strategy,
            self._config(record.strategy, json.loads(record.config)),
            record.symbol,
            AccountId.of(record),
            await self._rules_of(record),
        )
        return await self._try(user_id, subject, source, _Look(labels, dark, tz), progress)

    async def trial_of_form(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbol: str,
        config: Mapping[str, Any],
        source: TrialSource,
        *,
        labels: Mapping[str, str],
        dark: bool = False,
        tz: tzinfo = UTC,
        progress: Progress = silent,
    ) -> TrialReport:
        checked = self._config(strategy, config)
        subject = _Subject(self._strategy(strategy), checked, symbol, await self._account(user_id, key_id))
        return await self._try(user_id, subject, source, _Look(labels, dark, tz), progress)

    async def _try(
        self, user_id: int, subject: _Subject, source: TrialSource, look: _Look, progress: Progress
    ) -> TrialReport:
        if subject.strategy.candles_lack:
            raise DeskError("not_replayable", strategy=subject.strategy.name, lacks=subject.strategy.candles_lack)
        async with self._place(user_id):
            data = await self._data(subject, source, progress)
            job = _job(subject, data)
            progress("replaying", 0.0)
            try:
                async with asyncio.timeout(LONGEST_SECONDS):
                    result = await replay_apart(job, data.candles, lambda share: progress("replaying", share))
            except TimeoutError as late:
                raise DeskError("trial_long", minutes=f"{LONGEST_SECONDS / 60:.0f}") from late
            except ReplayError as problem:
                log.exception("%s could not be replayed", job.strategy)
                raise DeskError("trial_failed") from problem
            progress("drawing", 0.0)
            return await self._report_of(subject, data, job, result, look)

    @asynccontextmanager
    async def _place(self, user_id: int) -> AsyncIterator[None]:
        if user_id in self._trying:
            raise DeskError("trial_running")
        if len(self._trying) >= self._house.limits.max_trials:
            raise DeskError("too_many_trials")
        self._trying.add(user_id)
        try:
            yield
        finally:
            self._trying.discard(user_id)

    async def _data(self, subject: _Subject, source: TrialSource, progress: Progress) -> _Data:
        if isinstance(source, Recent):
            data = await self._recent(subject, source, progress)
        else:
            candles = await asyncio.to_thread(_read, source.content)
            data = _Data(candles, "", subject.instrument or await self._rules_now(subject))
        if len(data.candles) < FEWEST_CANDLES:
            raise DeskError("candles_few", found=str(len(data.candles)), fewest=str(FEWEST_CANDLES))
        return data

    async def _recent(self, subject: _Subject, source: Recent, progress: Progress) -> _Data:
        if not 1 <= source.days <= MOST_RECENT_DAYS:
            raise DeskError("not_found")
        gateway = (await self._station(subject.account)).gateway
        instrument = subject.instrument or await self._rules_at(gateway, subject)
        now = (
            self._house.connections.paper.clock_of(subject.account.user_id).now()
            if gateway.capabilities.is_paper
            else self._house.now()
        )
        try:
            candles = await collect(
                gateway, subject.symbol, source.days, now, lambda share: progress("collecting", share)
            )
        except VenueError as problem:
            raise venue_error(gateway.venue, problem) from problem
        return _Data(candles, gateway.venue, instrument)

    async def _rules_now(self, subject: _Subject) -> Instrument:
        return await self._rules_at((await self._station(subject.account)).gateway, subject)

    async def _rules_at(self, gateway: Gateway, subject: _Subject) -> Instrument:
        """The market with its margin tiers."""
        self._instrument(gateway, subject.symbol, subject.strategy)
        try:
            return await gateway.instrument(subject.symbol)
        except VenueError as problem:
            raise venue_error(gateway.venue, problem) from problem

    async def _report_of(
        self, subject: _Subject, data: _Data, job: Job, result: ReplayResult, look: _Look
    ) -> TrialReport:
        is_paper = subject.account.key_id is None
        picture = await asyncio.to_thread(_picture, data, result, look, title_of_market(subject.symbol), is_paper)
        found, candles = figures(result.cycles), data.candles
        return TrialReport(
            strategy=job.strategy,
            symbol=subject.symbol,
            title=title_of_market(subject.symbol),
            venue=data.venue,
            instrument=data.instrument,
            config=subject.config.model_dump(mode="json"),
            candles=len(candles),
            missing=max(0, (candles[-1].at - candles[0].at) // data.interval + 1 - len(candles)),
            interval=data.interval,
            started_at=candles[0].at,
            ended_at=candles[-1].at + data.interval,
            low=min(candle.low for candle in candles),
            high=max(candle.high for candle in candles),
            mark=await asyncio.to_thread(_mark, job, candles),
            deposit=result.deposit,
            drawdown=result.drawdown.loss,
            drawdown_percent=result.drawdown.percent_of_deposit,
            liquidations=len(result.liquidations),
            net=result.net,
            unrealized=result.unrealized,
            position=result.ledger.position,
            cycles=found.cycles,
            won=found.wins,
            fills=len(result.fills),
            orders=result.orders_placed,
            fees=result.fees,
            funding=result.funding,
            finished=result.finished or "",
            picture=picture,
            is_paper=is_paper,
            refusals=result.refusals,
        )


def _job(subject: _Subject, data: _Data) -> Job:
    length = data.candles[-1].at - data.candles[0].at
    return Job(
        strategy=subject.strategy.name,
        config=subject.config.model_dump_json(),
        instrument=data.instrument,
        balance=subject.strategy.deposit(subject.config),
        funding_rate=FUNDING_RATE,
        seed=0,
        sample_every=max(timedelta(minutes=1), length / _CURVE_POINTS),
        count=len(data.candles),
    )


def _read(content: bytes) -> Sequence[Candle]:
    if len(content) > MOST_FILE_BYTES:
        raise DeskError("candles_large", megabytes=str(MOST_FILE_BYTES // 1_000_000))
    try:
        return candles_of(content, most_bytes=MOST_UNPACKED_BYTES, most_candles=MOST_CANDLES)
    except BadCandles as problem:
        # What a cell holds is not repeated to anybody; the line is enough to find it.
        values = {"line": str(problem.line), "most": str(MOST_CANDLES)}
        raise DeskError(problem.code, **values, megabytes=str(MOST_UNPACKED_BYTES // 1_000_000)) from problem


def _mark(job: Job, candles: Sequence[Candle]) -> str:
    """A short print of all that the result depends on."""
    told = hashlib.sha256(repr((job.strategy, job.config, job.instrument, job.balance, job.seed)).encode())
    for candle in candles:
        told.update(f"{candle.at.isoformat()} {candle.open} {candle.high} {candle.low} {candle.close}\n".encode())
    return told.hexdigest()[:10]


def _picture(data: _Data, result: ReplayResult, look: _Look, title: str, is_paper: bool) -> bytes:
    # matplotlib is heavy: it is not wanted before the first picture is.
    from trading.reports import charts  # noqa: PLC0415

    return charts.trial_chart(
        data.candles,
        result.fills,
        result.samples,
        deposit=result.balance,
        currency=data.instrument.quote,
        worst=result.drawdown,
        liquidations=len(result.liquidations),
        labels=look.labels,
        dark=look.dark,
        title=title,
        is_paper=is_paper,
        tz=look.tz,
    )
