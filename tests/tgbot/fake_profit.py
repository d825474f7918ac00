"""Profit, statistics and pictures of the desk in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from trading.desk.answers import BotCard, DeskError, Person
from trading.desk.profit_answers import (
    Budget,
    CallFigures,
    Period,
    ProfitPart,
    ProfitReport,
    ProfitRow,
    ProfitView,
    Spread,
    Statistics,
    SystemFigures,
    TradingFigures,
    Unit,
)

NOW = datetime(2026, 1, 8, 12, 0, tzinfo=UTC)
CHART = b"\x89PNG chart"


def part(quote: str = "USDT", *, is_paper: bool = False, rows: int = 2, **facts: Any) -> ProfitPart:
    made = ProfitPart(
        is_paper=is_paper,
        quote=quote,
        since=NOW - timedelta(days=3),
        now=NOW,
        rows=tuple(
            ProfitRow(n, "CRV/USDT", Decimal(n), Decimal("0.1"), Decimal("-0.01"), Decimal("-2.5")) for n in range(rows)
        ),
        gross=Decimal("14.5"),
        fees=Decimal("2.2"),
        funding=Decimal("-0.3"),
        net=Decimal("12.0"),
        other_fees={"<BGB>": Decimal("0.0123456")},
        volume=Decimal(1000),
        open_profit=Decimal("-3.1"),
        deposit=Decimal(200),
        drawdown=Decimal("11.2"),
        drawdown_percent=Decimal("5.6"),
        sharpe=1.234,
        profit_factor=None,
        fills=20,
        rounds=5,
        unit=Unit.DAY,
    )
    return replace(made, **facts)


def trading(whole: ProfitPart) -> TradingFigures:
    return TradingFigures(
        whole=whole,
        profits={period: Decimal(place) for place, period in enumerate(Period, 1)},
        active_orders=9,
        orders_ended=40,
        filled_share=0.25,
        take_profits=3,
        mean_take_profit=Decimal("1.5"),
        rounds_a_day=2.25,
        requotes=17,
        maker_share=0.8,
    )


SYSTEM = SystemFigures(
    calls=(
        CallFigures("bitget", "place", 1200, 3, Spread(0.12, 0.34, 1.5)),
        CallFigures("paper", "book", 7, 0, Spread(0.0012, 0.002, 0.003)),
    ),
    budgets=(Budget("20/3", "bitget", "rest", 37.0, 100.0, 2, 1, 0.0),),
    gaps={("bitget", "private"): 2},
    lag=Spread(0.0004, 0.003, 0.05),
    memory_bytes=123_000_000,
    database_bytes=4_500_000,
    writes_waiting=1,
    notices_waiting=6,
    bots_active=2,
)


class ProfitOnDesk:
    """``parts`` are what every person has."""

    people: dict[int, Person]
    bot: Callable[[int, int], Awaitable[BotCard]]
    parts: tuple[ProfitPart, ...] = ()
    profit_picture: bytes | None = CHART
    pictured: list[tuple[Any, ...]]
    asked_in: dict[str, tuple[tzinfo, str]]
    """What pictures were asked for: what, how, dark or light."""

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
        chosen = next((each for each in self.parts if each.key == part), self.parts[0] if self.parts else None)
        self.pictured.append((period, view, chosen and chosen.key, dark))
        self.asked_in["profit"] = (tz, labels["times_paper"])
        return ProfitReport(period, view, self.parts, chosen, self.profit_picture if chosen else None)

    async def statistics(self, user_id: int, *, tz: tzinfo = UTC) -> Statistics:
        system = SYSTEM if self.people[user_id].is_admin else None
        return Statistics(tuple(map(trading, self.parts)), system)

    async def chart(
        self, user_id: int, bot_id: int, *, labels: Mapping[str, str], dark: bool = False, tz: tzinfo = UTC
    ) -> bytes:
        card = await self.bot(user_id, bot_id)
        if card.price is None:
            raise DeskError("no_price", symbol=card.title)
        self.pictured.append(("chart", bot_id, dark))
        self.asked_in["chart"] = (tz, labels["times_paper"])
        return CHART

    async def set_dark_pictures(self, user_id: int, dark: bool) -> Person:
        self.people[user_id] = replace(self.people[user_id], dark_pictures=dark)
        return self.people[user_id]
