"""Profit, statistics and charts by way of the desk, from what bots have really done."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.desk.place import (
    ADMIN,
    CRV_SYMBOL,
    GRID,
    OTHER,
    OWNER,
    SPOT_SYMBOL,
    FarKey,
    Place,
    a_bot,
    credentials,
    refused,
)
from trading.core.instrument import Side
from trading.desk.answers import StopChoice
from trading.desk.desk import Desk
from trading.desk.monitoring import monitoring
from trading.desk.profit_answers import Period, ProfitPart, ProfitView
from trading.storage import fills, samples
from trading.storage.records import SampleRecord

PNG = b"\x89PNG\r\n\x1a\n"


async def profit(desk: Desk, period: Period = Period.ALL, user_id: int = OWNER) -> tuple[ProfitPart, ...]:
    return (await desk.profit(user_id, period, labels={})).parts


async def a_take_profit(place: Place) -> None:
    """The price rises over the take-profit, and the next cycle is not begun yet."""
    place.price("0.512")
    await place.pass_time(10)


async def test_profit_is_what_the_bots_ledger_says(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await place.supervisor.sample()
        await a_take_profit(place)
        await place.supervisor.sample()
        [part] = await profit(desk)
        ledger = place.worker(bot.id).bench.books.ledger
        assert part.net == ledger.net > 0
        assert (part.gross, part.fees, part.funding) == (ledger.realized, ledger.fees, ledger.funding)
        assert part.volume == ledger.volume
        assert (part.is_paper, part.quote, part.rounds) == (True, "USDT", 1)
        [row] = part.rows
        assert (row.bot_id, row.net, row.fees) == (bot.id, ledger.net, ledger.fees)
        again = await profit(desk)
        assert again[0].net == part.net, "what was folded once is not folded again"


async def test_new_fills_are_added_to_what_was_folded_before(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        before = (await profit(desk))[0]
        await a_take_profit(place)
        after = (await profit(desk))[0]
        assert after.fills > before.fills
        assert after.net == place.worker(bot.id).bench.books.ledger.net


async def test_paper_and_live_are_two_parts_and_another_person_has_none(place: Place) -> None:
    place.keys["key-aaaa-1111"] = FarKey()
    async with place.open() as desk:
        key = await desk.add_key(OWNER, "bitget", "main", credentials("key-aaaa-1111"))
        await a_bot(desk, place, press="live", key_id=key.id)
        await a_bot(desk, place, press="paper")
        await a_take_profit(place)
        report = await desk.profit(OWNER, Period.DAY, labels={})
        assert [(part.is_paper, len(part.rows)) for part in report.parts] == [(False, 1), (True, 1)]
        assert report.chosen == report.parts[0]
        paper = await desk.profit(OWNER, Period.DAY, part=(True, "USDT"), labels={})
        assert paper.chosen is not None
        assert paper.chosen.is_paper
        none = await desk.profit(OTHER, Period.DAY, labels={})
        assert (none.parts, none.chosen, none.picture) == ((), None, None)


async def test_days_are_those_of_the_persons_time_zone(place: Place) -> None:
    async with place.open() as desk:
        await a_bot(desk, place)
        now = place.clock.now()
        ahead = timezone(timedelta(hours=-(now.hour + 1) % 24))
        for tz in (UTC, ahead, ZoneInfo("Asia/Kathmandu")):
            report = await desk.profit(OWNER, Period.DAY, labels={}, tz=tz)
            midnight = place.clock.now().astimezone(tz).replace(hour=0, minute=0, second=0, microsecond=0)
            assert report.parts[0].since == midnight


async def test_drawdown_is_of_what_was_sampled_in_the_period(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        day = timedelta(days=1)
        worths = [(-2 * day, "40"), (-day, "-10"), (timedelta(0), "3"), (timedelta(minutes=1), "-1")]
        now = place.clock.now()
        taken = [
            SampleRecord(bot.id, OWNER, samples.EQUITY, now + ago, {"net": "0", "unrealized": worth, "price": "0.5"})
            for ago, worth in worths
        ]
        await place.storage.write(lambda c: samples.add_samples(c, taken))
        await place.clock.advance(120)
        [today] = await profit(desk, Period.DAY)
        assert today.drawdown == Decimal(4)
        assert today.drawdown_percent == Decimal(8)


@pytest.mark.parametrize("view", list(ProfitView))
@pytest.mark.parametrize("dark", [False, True])
async def test_pictures_are_drawn_of_what_there_is(place: Place, view: ProfitView, dark: bool) -> None:
    async with place.open() as desk:
        await a_bot(desk, place)
        await place.supervisor.sample()
        await a_take_profit(place)
        await place.supervisor.sample()
        report = await desk.profit(OWNER, Period.WEEK, view, labels={"title": "Все боты"}, dark=dark)
        assert report.picture is not None
        assert report.picture.startswith(PNG)


async def test_the_chart_of_a_running_and_of_a_stopped_bot(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        running = await desk.chart(OWNER, bot.id, labels={})
        assert running.startswith(PNG)
        async with refused("not_found"):
            await desk.chart(OTHER, bot.id, labels={})
        await desk.stop(OWNER, bot.id, StopChoice.CLOSE_ALL, token="stop")
        await place.ended(bot.id)
        stopped = await desk.chart(OWNER, bot.id, labels={}, dark=True)
        assert stopped.startswith(PNG)
        assert stopped != running


async def test_a_spot_bot_has_a_chart_of_its_quotes(place: Place) -> None:
    async with place.open() as desk:
        config = {"order_size": "20", "budget": "200"}
        [bot] = await desk.create(OWNER, None, "pingpong", [SPOT_SYMBOL], config, accept_danger=True, token="spot")
        await place.until(lambda: bool(place.worker(bot.id).bench.books.live))
        assert (await desk.chart(OWNER, bot.id, labels={})).startswith(PNG)


async def test_dark_pictures_are_remembered(place: Place) -> None:
    async with place.open() as desk:
        assert (await desk.set_dark_pictures(OWNER, dark=True)).dark_pictures
    async with place.open() as desk:
        person = await desk.person(OWNER)
        assert person is not None
        assert person.dark_pictures


async def test_statistics_count_what_the_bots_did(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await a_take_profit(place)
        await place.pass_time(60)
        await place.settled(bot.id)
        found = await desk.statistics(OWNER)
        [part] = found.parts
        assert found.system is None, "the process is its admins' business"
        assert part.active_orders == 5
        assert part.take_profits == 1
        assert part.mean_take_profit is not None
        assert part.mean_take_profit > 0
        assert part.rounds_a_day == pytest.approx(1.0)
        # Two market entries and one take-profit were filled; the levels of the first cycle were canceled.
        assert part.filled_share == pytest.approx(3 / part.orders_ended)
        assert part.profits[Period.ALL] == part.whole.net == part.profits[Period.DAY]
        assert part.maker_share is not None
        assert 0 < part.maker_share < 1


async def test_a_monitor_is_told_the_same_as_an_admin_in_chat(place: Place) -> None:
    async with place.open() as desk:
        await a_bot(desk, place)
        await desk.arrive(ADMIN, "Ann", None, "en")
        await desk.create(ADMIN, None, "grid", [CRV_SYMBOL], GRID, accept_danger=True, token="admin")
        await a_take_profit(place)
        place.supervisor.meter.lagged(0.25)
        place.supervisor.meter.gaps["paper", "book"] += 3
        with place.supervisor.meter.call("bitget", "place"):
            pass
        async with monitoring(desk, 0) as port, aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                assert answer.status == 200
                text = await answer.text()
            async with session.get(f"http://127.0.0.1:{port}/metrics", headers={"Host": "evil.example"}) as answer:
                assert answer.status == 403
        told = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        shown = await desk.statistics(ADMIN)

        def value(name: str, **labels: str) -> float:
            return told[f"makergram_{name}", frozenset(labels.items())]

        system = shown.system
        assert system is not None
        for call in system.calls:
            names = {"venue": call.venue, "call": call.call}
            assert value("calls_total", **names) == call.count
            assert value("calls_failed_total", **names) == call.failed
            assert value("call_seconds", **names, quantile="0.5") == call.latency.p50
            assert value("call_seconds", **names, quantile="0.95") == call.latency.p95
        assert value("loop_lag_seconds", quantile="1") == 0.25
        assert value("stream_gaps_total", venue="paper", stream="book") == 3
        for name in ("database_bytes", "writes_waiting", "notices_waiting", "bots_active"):
            assert value(name) == getattr(system, name)
        assert value("memory_bytes") > 1_000_000
        [part] = shown.parts
        owner = {"person": str(ADMIN), "account": "paper", "quote": "USDT"}
        for name in ("active_orders", "orders_ended", "filled_share", "take_profits", "requotes"):
            assert value(name, **owner) == getattr(part, name)
        for name in ("net", "fees", "funding", "volume", "drawdown", "drawdown_percent"):
            assert value(name, **owner) == pytest.approx(float(getattr(part.whole, name)))
        for period, net in part.profits.items():
            assert value("profit", **owner, period=period.value) == pytest.approx(float(net))
        assert any(dict(labels).get("person") == str(OWNER) for _, labels in told)


async def test_who_stops_asking_half_way_makes_nothing_count_twice(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        await a_take_profit(place)
        for turns in range(40):
            asking = asyncio.create_task(profit(desk))
            for _ in range(turns):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.wait([asking])
        [part] = await profit(desk)
        assert part.net == place.worker(bot.id).bench.books.ledger.net
        assert part.fills == len(await place.storage.read(lambda c: fills.fills_of(c, bot.id)))


async def test_trades_by_hand_are_in_the_profit_too(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        held = place.held()
        place.price("0.505")
        await place.by_hand(Side.SELL, str(held))
        await place.until(lambda: place.worker(bot.id).bench.books.ledger.realized != 0)
        [part] = await profit(desk)
        assert part.net == place.worker(bot.id).bench.books.ledger.net
