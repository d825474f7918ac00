"""Settings tried over candles by way of the desk."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.desk.place import CRV_SYMBOL, GRID, OTHER, OWNER, SPOT_SYMBOL, Place, a_bot, refused
from tests.replay.test_replay import synthetic
from trading.desk.answers import DeskError
from trading.desk.candles import PAGE, collect, timeframe_for
from trading.desk.desk import Desk
from trading.desk.house import DeskLimits
from trading.desk.trial_answers import MOST_FILE_BYTES, CandleFile, Recent, TrialReport
from trading.exchanges.gateway import Gateway
from trading.strategies import STRATEGIES

PNG = b"\x89PNG\r\n\x1a\n"


def a_file(count: int = 600, scale: str = "0.00001") -> bytes:
    """Candles of a market near 0.46, as CSV."""
    lines = ["timestamp,open,high,low,close,volume"]
    for candle in synthetic(count):
        prices = [f"{price * Decimal(scale):.4f}" for price in (candle.open, candle.high, candle.low, candle.close)]
        lines.append(",".join([candle.at.isoformat(), *prices, "1"]))
    return "\n".join(lines).encode()


BUSY = {**GRID, "take_profit_percent": "0.3", "coverage_percent": "8", "cooldown_seconds": 90}


async def of_form(desk: Desk, source: Any, user: int = OWNER, **more: Any) -> TrialReport:
    return await desk.trial_of_form(user, None, "grid", CRV_SYMBOL, BUSY, source, labels={}, **more)


async def test_a_form_is_tried_over_a_file_and_gives_the_same_to_the_last_digit(place: Place) -> None:
    async with place.open() as desk:
        told: list[str] = []
        found = await of_form(desk, CandleFile(a_file()), progress=lambda stage, share: told.append(stage))
        assert found.picture.startswith(PNG)
        assert (found.venue, found.candles, found.missing) == ("", 600, 0)
        assert found.started_at == datetime(2026, 1, 1, tzinfo=UTC)
        assert found.ended_at - found.started_at == timedelta(minutes=600)
        assert found.cycles and found.fills > found.cycles
        assert found.drawdown > 0 and found.fees > 0
        assert list(dict.fromkeys(told)) == ["replaying", "drawing"]
        again = await of_form(desk, CandleFile(gzip.compress(a_file())))
        assert replace(again, picture=b"") == replace(found, picture=b"")
        other = await desk.trial_of_form(
            OWNER, None, "grid", CRV_SYMBOL, {**BUSY, "leverage": 4}, CandleFile(a_file()), labels={}
        )
        assert other.mark != found.mark


async def test_a_bot_is_tried_over_its_venues_candles(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        stages: list[tuple[str, float]] = []
        found = await desk.trial_of_bot(
            OWNER, bot.id, Recent(1), labels={}, progress=lambda stage, share: stages.append((stage, share))
        )
        assert (found.venue, found.title, found.candles) == ("paper", "CRV/USDT", 1440)
        assert found.interval == timedelta(minutes=1)
        assert found.ended_at <= place.clock.now()
        assert len([stage for stage, _ in stages if stage == "collecting"]) == -(-1440 // (PAGE - 1)) + 1
        assert bot.config == (await desk.bot(OWNER, bot.id)).config


async def test_what_is_anothers_is_not_there(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        async with refused("not_found"):
            await desk.trial_of_bot(OTHER, bot.id, Recent(1), labels={})
        async with refused("not_found"):
            await desk.trial_of_form(OWNER, 99, "grid", CRV_SYMBOL, BUSY, Recent(1), labels={})
        async with refused("not_found"):
            await of_form(desk, Recent(400))


@pytest.mark.parametrize("strategy", [name for name, each in STRATEGIES.items() if each.candles_lack])
async def test_what_candles_say_too_little_of_is_refused_with_what_they_lack(place: Place, strategy: str) -> None:
    model = STRATEGIES[strategy].config_model
    required = {name: "1" for name, each in model.model_fields.items() if each.is_required()}
    config = {**required, **({"low": "0.4", "high": "0.6"} if "low" in required else {})}
    async with place.open() as desk:
        with pytest.raises(DeskError) as error:
            await desk.trial_of_form(OWNER, None, strategy, SPOT_SYMBOL, config, Recent(1), labels={})
        assert error.value.code == "not_replayable"
        assert error.value.values["lacks"] == STRATEGIES[strategy].candles_lack


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "candles_header", None),
        (b"time,price\n1,2\n", "candles_header", None),
        (b"\xff\xfe\x00\x01", "candles_header", None),
        (b"\x1f\x8bnot gzip at all", "candles_header", None),
        (a_file(20).replace(b"T00:05:00", b"T00:02:00"), "candles_unordered", "7"),
        (a_file(20).replace(b"T00:05:00", b"T99:05:00"), "candles_unreadable", "7"),
        (a_file(20) + b"\n2026-01-02T00:00:00Z,NaN,1,1,1,1", "candles_unreadable", "22"),
        (a_file(20) + b"\n2026-01-02T00:00:00Z,1,Infinity,1,1,1", "candles_unreadable", "22"),
        (a_file(20) + b"\n2026-01-02T00:00:00Z,1,1,2,1,1", "candles_unreadable", "22"),
        (a_file(20) + b"\n2026-01-02T00:00:00Z,1,1,1,1,-1", "candles_unreadable", "22"),
        (a_file(20) + b"\n2026-01-02T00:00:00Z,1,1", "candles_unreadable", "22"),
        (a_file(20) + b"\n0001-01-02T00:00:00Z,1,1,1,1,1", "candles_unreadable", "22"),
        (a_file(20) + b"\n2026-01-02T00:00:00Z,1," + b"9" * 500 + b",1,1,1", "candles_unreadable", "22"),
        (a_file(9), "candles_few", None),
        (b"x" * (MOST_FILE_BYTES + 1), "candles_large", None),
        (gzip.compress(b"0" * 50_000_000), "candles_large", None),
        (b"timestamp,open,high,low,close,volume\n" + b"".join(b"%d,1,1,1,1,1\n" % (1_700_000_000 + n * 60)
         for n in range(100_001)), "candles_many", None),
    ],
)  # fmt: skip
async def test_a_file_is_checked_strictly(place: Place, content: bytes, code: str, line: str | None) -> None:
    async with place.open() as desk:
        with pytest.raises(DeskError) as error:
            await of_form(desk, CandleFile(content))
        assert error.value.code == code
        assert line is None or error.value.values["line"] == line


async def test_times_may_be_seconds_or_milliseconds(place: Place) -> None:
    head = "timestamp,open,high,low,close,volume\n"
    seconds = head + "".join(f"{1_700_000_000 + n * 60},0.5,0.5,0.5,0.5,1\n" for n in range(20))
    milliseconds = head + "".join(f"{(1_700_000_000 + n * 60) * 1000},0.5,0.5,0.5,0.5,1\n" for n in range(20))
    async with place.open() as desk:
        first, second = [await of_form(desk, CandleFile(text.encode())) for text in (seconds, milliseconds)]
        assert first.started_at == second.started_at == datetime.fromtimestamp(1_700_000_000, UTC)


async def begun(desk: Desk, user: int) -> asyncio.Task[TrialReport]:
    started = asyncio.Event()

    def hear(stage: str, share: float) -> None:
        if stage == "replaying":
            started.set()

    task = asyncio.create_task(of_form(desk, CandleFile(a_file(20_000)), user, progress=hear))
    await asyncio.wait_for(started.wait(), 60)
    return task


async def test_one_of_a_person_few_of_all_and_a_canceled_one_makes_room(place: Place) -> None:
    place.limits = DeskLimits(max_trials=1)
    async with place.open() as desk:
        going = await begun(desk, OWNER)
        async with refused("trial_running"):
            await of_form(desk, CandleFile(a_file()))
        async with refused("too_many_trials"):
            await of_form(desk, CandleFile(a_file()), OTHER)
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going
        assert (await of_form(desk, CandleFile(a_file()), OTHER)).candles == 600


async def test_missing_candles_are_counted(place: Place) -> None:
    lines = a_file(100).splitlines()
    async with place.open() as desk:
        found = await of_form(desk, CandleFile(b"\n".join(lines[:40] + lines[50:])))
        assert (found.candles, found.missing) == (90, 10)


class Scant:
    """A gateway's candles only: at most ``most`` in an answer, none before ``first``; every request is noted."""

    venue = "scant"

    def __init__(self, inner: Gateway, most: int, first: datetime) -> None:
        self.inner, self.most, self.first = inner, most, first
        self.asked = 0

    async def candles(self, symbol: str, timeframe: str, limit: int, since: datetime | None = None) -> Any:
        self.asked += 1
        found = await self.inner.candles(symbol, timeframe, min(limit, self.most), since)
        return [each for each in found if each.at >= self.first]


@pytest.mark.parametrize("most", [50, 199, 1000])
async def test_candles_are_collected_whole_whatever_a_page_holds(place: Place, most: int) -> None:
    async with place.open() as desk:
        await a_bot(desk, place)
        now = place.clock.now()
        whole = now.replace(second=0, microsecond=0)
        scant = Scant(place.gateways[str(OWNER)], most, whole - timedelta(hours=20))
        found = await collect(scant, CRV_SYMBOL, 1, now, lambda share: None)  # type: ignore[arg-type]  only candles
        assert len(found) == 20 * 60
        assert {later.at - earlier.at for earlier, later in pairwise(found)} == {timedelta(minutes=1)}
        assert found[-1].at + timedelta(minutes=1) <= now


def test_a_month_is_some_thousand_candles() -> None:
    assert {days: timeframe_for(days) for days in (1, 3, 7, 30)} == {1: "1m", 3: "1m", 7: "5m", 30: "5m"}
