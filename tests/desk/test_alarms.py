"""What is wrong is told, from its cause to the message: throttling, melting deposits, stale prices."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.clocks import ManualClock
from tests.desk.place import OWNER, SPOT_SYMBOL, Place, a_bot
from tests.desk.test_on_bitget import KEY, desk_on, eventually
from tests.kinds import BOOK
from tests.tgbot.telegram import parsed
from tests.venues.bitget.faults import FaultKind
from tests.venues.bitget.server import BitgetVenue
from tgbot.cards.notices import About, notice_card
from tgbot.words import words_for
from trading.core.notices import RateLimited
from trading.desk.desk import Desk
from trading.runtime.accounts import AccountId
from trading.runtime.outbox import Outbox
from trading.runtime.throttling import Throttling
from trading.storage import Storage
from trading.vault import new_master_key


async def texts(desk: Desk, language: str = "en") -> list[str]:
    words = words_for(language)
    return [parsed(notice_card(About(words), [each.notice]).text) for each in await desk.waiting_notices(1000)]


async def test_a_key_is_told_of_its_limit_at_most_once_in_ten_minutes(tmp_path: Path) -> None:
    clock = ManualClock()
    storage = await Storage.open(f"sqlite+aiosqlite:///{tmp_path}/m.db", now=clock.now)
    outbox = Outbox(storage, (), clock.now, BOOK)
    throttling = Throttling(outbox, clock.now)
    mine, other = AccountId(1, 5), AccountId(2, 6)
    for _ in range(30):
        throttling.heard(mine, "bitget", 3.2)
        await throttling.tell()
        await clock.advance(15)
    throttling.heard(other, "bitget", 1)
    await throttling.tell()
    assert [(each.user_id, each.notice) for each in await outbox.waiting(50)] == [
        (1, RateLimited(venue="bitget", seconds=3)), (2, RateLimited(venue="bitget", seconds=1)),
    ]  # fmt: skip
    await clock.advance(timedelta(minutes=3).total_seconds())
    throttling.heard(mine, "bitget", 7)
    await throttling.tell()
    assert len(await outbox.waiting(50)) == 3
    await storage.close()


async def test_a_venue_that_asks_for_fewer_requests_is_told_to_the_keys_owner(tmp_path: Path) -> None:
    async with BitgetVenue() as venue, desk_on(tmp_path, venue, new_master_key()) as desk:
        key = await desk.add_key(OWNER, "bitget", "Main", KEY)
        await desk.notices_delivered([each.id for each in await desk.waiting_notices()])
        venue.fault(FaultKind.TOO_MANY, "account/accounts", count=2, seconds=1)
        reading = asyncio.create_task(desk.preview(OWNER, key.id, "grid", "CRV/USDT:USDT", {"deposit": "50"}))

        async def is_told() -> bool:
            return any("Bitget asks for fewer requests" in text for text in await texts(desk))

        await eventually(is_told, 30)
        assert any("Bitget просит реже" in text for text in await texts(desk, "ru"))
        await asyncio.gather(reading, return_exceptions=True)


async def test_a_price_that_stays_stale_is_told_once_and_when_it_is_back(place: Place) -> None:
    async with place.open() as desk:
        bot = await a_bot(desk, place)
        worker = place.worker(bot.id)
        assert worker.bench.market
        worker.bench.lacks_price = True
        old = place.clock.now() - worker.limits.stale_after - worker.limits.stale_told_after
        worker.bench.market[""] = (worker.bench.market[""][0], old)
        await place.supervisor.watchdog()
        await place.supervisor.watchdog()
        told = [text for text in await texts(desk) if "No fresh price" in text]
        assert len(told) == 1
        worker.bench.market[""] = (worker.bench.market[""][0], place.clock.now())
        await place.supervisor.watchdog()
        assert sum("fresh again" in text for text in await texts(desk)) == 1


async def test_a_melting_deposit_is_told_once_whatever_the_strategy(place: Place) -> None:
    async with place.open() as desk:
        config = {"budget": "100"}
        [bot] = await desk.create(OWNER, None, "pingpong", [SPOT_SYMBOL], config, accept_danger=True, token="made")
        worker = place.worker(bot.id)
        await place.until(lambda: bool(worker.bench.market))
        deposit = worker.bench.record.deposit
        assert deposit > 0
        await place.supervisor.watchdog()
        before = worker.bench.books.ledger
        for part, told in (("0.19", 0), ("0.25", 1), ("0.30", 1), ("0.10", 1), ("0.25", 2)):
            worker.bench.books.ledger = replace(before, cash=before.cash - deposit * Decimal(part))
            await place.supervisor.watchdog()
            assert sum("of the deposit" in text for text in await texts(desk)) == told
        assert any("Просадка 25 % депозита" in text for text in await texts(desk, "ru"))
