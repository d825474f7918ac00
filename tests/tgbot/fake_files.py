"""The desk's files and trials in memory. ``going`` may be cleared, so that they take as long as a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from trading.core.instrument import Instrument, MarketKind
from trading.desk.answers import BotCard, DeskError
from trading.desk.file_answers import ExportFile, Progress, Span, silent
from trading.desk.trial_answers import Recent, TrialReport, TrialSource
from trading.strategies import STRATEGIES

START = datetime(2026, 1, 1, tzinfo=UTC)
CRV = Instrument(
    "paper",
    "CRV/USDT:USDT",
    MarketKind.PERPETUAL,
    "CRV",
    "USDT",
    Decimal("0.0001"),
    Decimal("0.1"),
    min_cost=Decimal(5),
)


def a_trial(**facts: Any) -> TrialReport:
    known: dict[str, Any] = {
        "strategy": "grid",
        "symbol": CRV.symbol,
        "title": "CRV/USDT",
        "venue": "bitget",
        "instrument": CRV,
        "config": {},
        "candles": 1440,
        "missing": 0,
        "interval": timedelta(minutes=1),
        "started_at": START,
        "ended_at": START + timedelta(days=1),
        "low": Decimal("0.4712"),
        "high": Decimal("0.5123"),
        "mark": "0a1b2c3d4e",
        "deposit": Decimal(100),
        "drawdown": Decimal("12.345"),
        "drawdown_percent": Decimal("12.345"),
        "liquidations": 0,
        "net": Decimal("3.21"),
        "unrealized": Decimal("-1.5"),
        "position": Decimal("40.2"),
        "cycles": 7,
        "won": 6,
        "fills": 31,
        "orders": 55,
        "fees": Decimal("0.42"),
        "funding": Decimal("-0.03"),
        "finished": "",
        "picture": b"\x89PNG trial",
    }
    return TrialReport(**{**known, **facts})


class FakeFiles:
    """``file`` and ``trial`` are what comes of them; ``told`` are the stages that are told before."""

    asked_in: dict[str, tuple[tzinfo, str]]

    def __init__(self) -> None:
        super().__init__()
        self.file_rows, self.file_cut = 1, tuple[str, ...]()
        self.trial = a_trial()
        self.stages_told: list[tuple[str, float]] = []
        self.going = asyncio.Event()
        self.going.set()
        self.stopped = 0

    async def bot(self, user_id: int, bot_id: int) -> BotCard:
        raise NotImplementedError

    def check_settings(self, strategy: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        raise NotImplementedError

    def _fail(self, method: str) -> None:
        raise NotImplementedError

    async def export(
        self, user_id: int, bot_id: int, what: str, span: Span, *, progress: Progress = silent
    ) -> ExportFile:
        await self.bot(user_id, bot_id)
        self._fail("export")
        if what not in (*STRATEGIES["grid"].tables, "orders", "fills"):
            raise DeskError("unknown_export")
        await self._work(progress)
        self._note("export", user_id, bot_id, what, span)
        return ExportFile(f"grid-{bot_id}-{what}.csv", b"number,net\r\n1,2.5\r\n", self.file_rows, self.file_cut)

    async def export_workbook(
        self, user_id: int, bot_id: int | None, span: Span, *, labels: Mapping[str, str], progress: Progress = silent
    ) -> ExportFile:
        if bot_id is not None:
            await self.bot(user_id, bot_id)
        self._fail("export_workbook")
        await self._work(progress)
        self._note("workbook", user_id, bot_id, span, labels["contents"])
        return ExportFile(f"makergram-{bot_id or 'all'}.xlsx", b"PK", self.file_rows, self.file_cut)

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
        await self.bot(user_id, bot_id)
        self.asked_in["trial_of_bot"] = (tz, labels["times_paper"])
        return await self._try("trial_of_bot", user_id, bot_id, source, progress)

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
        self.check_settings(strategy, config)
        self.asked_in["trial_of_form"] = (tz, labels["times_paper"])
        return await self._try("trial_of_form", user_id, symbol, source, progress)

    async def _try(
        self, method: str, user_id: int, subject: int | str, source: TrialSource, progress: Progress
    ) -> TrialReport:
        self._fail(method)
        await self._work(progress)
        data = source.days if isinstance(source, Recent) else source.content
        self._note(method, user_id, subject, data)
        return self.trial

    async def _work(self, progress: Progress) -> None:
        for stage, share in self.stages_told:
            progress(stage, share)
        try:
            await self.going.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise

    def _note(self, *change: Any) -> None:
        raise NotImplementedError
