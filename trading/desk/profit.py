"""What a person's bots earned: by period, by bot and in sum, with a picture."""

from __future__ import annotations

import asyncio
import importlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from threading import Lock
from types import ModuleType

from trading.core.instrument import ZERO, Instrument, MarketKind
from trading.core.ledger import Funding
from trading.core.orders import Fill
from trading.core.planning import Sample
from trading.desk.house import House
from trading.desk.profit_answers import Period, ProfitPart, ProfitReport, ProfitRow, ProfitView
from trading.desk.reports import PAGE, ReportsRoom
from trading.desk.titles import quote_of, title_of_market
from trading.reports.books import Account, BotBooks, Folding, account
from trading.reports.calendar import pieces, unit_for
from trading.reports.profit import EquitySample
from trading.storage import bots, cycles, fills, history, samples
from trading.storage.history import Extent
from trading.storage.records import BotRecord

MOST_STEPS = 200_000
"""Steps that are kept in memory between two questions; bots that were not asked about for longest are folded anew."""
BEFORE_A_PERIOD = timedelta(hours=2)
"""Of old equity one sample an hour is kept: within that time there is one to measure the period's beginning by."""
_ANY_STEP = Decimal("1e-8")
_PICTURED = ("drawdown", "best", "worst", "paper", "times", "times_paper")


@dataclass(slots=True)
class _Folded:
    """How far a bot's records are folded."""

    folding: Folding
    fill_row: int = 0
    payment_row: int = 0
    lock: Lock = field(default_factory=Lock)

    def take(self, executed: Sequence[tuple[int, Fill]], paid: Sequence[tuple[int, Funding]]) -> None:
        """Fold what was not folded yet. A caller that is canceled leaves a thread behind that still folds."""
        with self.lock:
            for row, fill in executed:
                if row > self.fill_row:
                    self.folding.fill(fill)
                    self.fill_row = row
            for row, payment in paid:
                if row > self.payment_row:
                    self.folding.pay(payment)
                    self.payment_row = row


class ProfitRoom(ReportsRoom):
    """Folds each fill once, however often it is asked; reckons and draws in threads, for one person at a time."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._folded: OrderedDict[int, _Folded] = OrderedDict()

    async def profit(
        self,
        user_id: int,
        period: Period,
        view: ProfitView = ProfitView.EQUITY,
        *,
        part: tuple[bool, str] | None = None,
        labels: Mapping[str, str],
        dark: bool = False,
        tz: tzinfo = UTC,
    ) -> ProfitReport:
        async with self._reporting:
            found = await self._accounts(user_id, period, tz)
            keys = list(found)
            chosen = part if part in found else keys[0] if keys else None
            picture = None
            if chosen is not None:
                picture = await asyncio.to_thread(_draw, found[chosen], chosen[0], view, labels, dark, tz)
        parts = tuple(part_of(books, is_paper) for (is_paper, _), books in found.items())
        return ProfitReport(period, view, parts, parts[keys.index(chosen)] if chosen else None, picture)

    async def _accounts(self, user_id: int, period: Period, tz: tzinfo) -> Mapping[tuple[bool, str], Account]:
        """A person's bots by what may be added; live before paper."""
        found: dict[tuple[bool, str], Account] = {}
        for (is_paper, quote), records in (await self._parts(user_id)).items():
            now = self._clock_of(records[0])
            since = period.begins(now, tz)
            books = [await self._books(record, since) for record in records]
            found[is_paper, quote] = await asyncio.to_thread(account, books, quote=quote, since=since, now=now, tz=tz)
        return found

    async def _parts(self, user_id: int) -> Mapping[tuple[bool, str], Sequence[BotRecord]]:
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
        parts: dict[tuple[bool, str], list[BotRecord]] = {}
        for record in sorted(owned, key=lambda bot: (bot.key_id is None, quote_of(bot.symbol), bot.id)):
            parts.setdefault((record.key_id is None, quote_of(record.symbol)), []).append(record)
        return parts

    async def _books(self, record: BotRecord, since: datetime | None) -> BotBooks:
        """A bot's books, with equity from shortly before ``since``. The lock must be held."""
        folded = await self._fold(record)
        rounds = await self._house.storage.read(lambda c: cycles.cycles_of(c, record.id, record.user_id))
        extent = Extent(record.id, record.user_id, since and since - BEFORE_A_PERIOD)
        sampled = await self._all(lambda c, mark: history.samples_before(c, extent, samples.EQUITY, mark, PAGE))
        return BotBooks(
            bot_id=record.id,
            title=title_of_market(record.symbol),
            quote=quote_of(record.symbol),
            deposit=record.deposit,
            created_at=record.created_at,
            steps=folded.folding.steps,
            cycles=[each.result for each in rounds],
            worth=await asyncio.to_thread(_worth, sampled),
            open_profit=self._open_profit(record),
            is_active=record.active,
        )

    def _open_profit(self, record: BotRecord) -> Decimal | None:
        worker = self._house.supervisor.worker(record.id)
        ledger = worker.bench.books.ledger if worker else record.ledger
        if not ledger.position:
            return ZERO
        book = worker.bench.market.get("") if worker else None
        mid = book[0].mid if book else None
        return None if mid is None else ledger.unrealized(mid)

    async def _fold(self, record: BotRecord) -> _Folded:
        """Take up what was stored since the last time."""
        folded = self._folded.setdefault(record.id, _Folded(Folding(_coins_of(record))))
        self._folded.move_to_end(record.id)
        more = True
        while more:
            rows = folded.fill_row, folded.payment_row
            executed, paid = await self._house.storage.read(
                lambda c, rows=rows: (  # type: ignore[misc]  # a default is how a loop's value is kept
                    fills.fills_after(c, record.id, rows[0], PAGE),
                    fills.funding_after(c, record.id, rows[1], PAGE),
                )
            )
            await asyncio.to_thread(folded.take, executed, paid)
            more = PAGE in (len(executed), len(paid))
        while len(self._folded) > 1 and sum(len(each.folding) for each in self._folded.values()) > MOST_STEPS:
            self._folded.popitem(last=False)
        return folded


def _coins_of(record: BotRecord) -> Instrument:
    """The two currencies, which is all that a ledger looks at: a market that is gone has them too."""
    base, _, quote = title_of_market(record.symbol).partition("/")
    return Instrument(record.venue, record.symbol, MarketKind.SPOT, base, quote, _ANY_STEP, _ANY_STEP)


def _worth(sampled: Sequence[Sample]) -> list[EquitySample]:
    return [
        EquitySample(sample.at, Decimal(sample.body["net"]) + Decimal(sample.body["unrealized"])) for sample in sampled
    ]


def part_of(books: Account, is_paper: bool) -> ProfitPart:
    sums = books.sums
    return ProfitPart(
        is_paper=is_paper,
        quote=books.quote,
        since=books.since,
        now=books.now,
        rows=tuple(
            ProfitRow(bot.bot_id, bot.title, bot.sums.net, bot.sums.fees, bot.sums.funding, bot.open_profit)
            for bot in books.bots
        ),
        gross=sums.gross,
        fees=sums.fees,
        funding=sums.funding,
        net=sums.net,
        other_fees=sums.other_fees,
        volume=sums.volume,
        open_profit=books.open_profit,
        deposit=books.deposit,
        drawdown=books.drawdown.loss,
        drawdown_percent=books.drawdown.percent_of_deposit,
        sharpe=books.sharpe,
        profit_factor=sums.profit_factor,
        fills=sums.fills,
        rounds=sums.rounds,
        unit=unit_for(books.since, books.now),
    )


def _draw(
    books: Account, is_paper: bool, view: ProfitView, labels: Mapping[str, str], dark: bool, tz: tzinfo
) -> bytes | None:
    """In the house's style and the person's time. None where there is nothing to draw."""
    # matplotlib is heavy: it is not wanted before the first picture is.
    charts: ModuleType = importlib.import_module("trading.reports.charts")
    unit = unit_for(books.since, books.now)
    subtitle = [labels.get("period", ""), labels.get(f"by_{unit}", "") if view is ProfitView.BARS else ""]
    common = {
        "currency": books.quote,
        "labels": {
            **{key: labels[key] for key in _PICTURED if key in labels},
            "subtitle": " · ".join(filter(None, subtitle)),
            "profit": labels.get(f"profit_{view}", ""),
        },
        "dark": dark,
        "title": labels.get("title", ""),
        "is_paper": is_paper,
    }
    if view is ProfitView.BARS:
        bars: bytes = charts.bars_chart(pieces(books.steps, books.since, books.now, unit, tz), unit, **common)
        return bars
    if len(books.curve) < 2:
        return None
    curve = [replace(point, at=point.at.astimezone(tz), equity=point.equity + books.deposit) for point in books.curve]
    equity: bytes = charts.equity_chart(curve, deposit=books.deposit, **common)
    return equity
