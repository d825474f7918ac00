"""A Telegram that is slow, away, or answers nonsense: the bots trade on, and every notice arrives, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendMessage, TelegramMethod
from aiohttp import web

from tests.desk.place import ADMIN, OTHER, OWNER, Place, a_bot
from tests.tgbot.telegram import Telegram, bot_on, parsed
from tgbot.app import build_bot
from tgbot.middlewares.garbled import GarbledMiddleware
from tgbot.notifier import Notifier
from trading.core.notices import RateLimited
from trading.core.orders import Role
from trading.desk.desk import Desk
from trading.runtime.worker import Worker
from trading.storage import notices

Trouble = Callable[[TelegramMethod[Any], int], Exception | None]
"""What becomes of the call of this number; None: it is answered."""


def _storm(method: TelegramMethod[Any], number: int) -> Exception | None:
    return TelegramRetryAfter(method=method, message="slow", retry_after=7) if number % 3 else None


def _proxy(method: TelegramMethod[Any], number: int) -> Exception | None:
    return TelegramServerError(method=method, message="502") if number % 2 else None


def _fine(method: TelegramMethod[Any], number: int) -> Exception | None:
    return None


@dataclass
class FarTelegram(Telegram):
    """Each call takes ``delay`` seconds of the place's time; until ``away_until`` nobody answers."""

    place: Place | None = None
    delay: float = 0.0
    away_until: datetime | None = None
    trouble: Trouble = _fine
    blocked: set[int] = field(default_factory=set)
    asked: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        assert self.place is not None
        self.asked += 1
        await self.place.clock.sleep(self.delay)
        if self.away_until is not None and self.place.clock.now() < self.away_until:
            raise TelegramNetworkError(method=method, message="away")
        if isinstance(method, SendMessage) and method.chat_id in self.blocked:
            raise TelegramForbiddenError(method=method, message="bot was blocked by the user")
        if (error := self.trouble(method, self.asked)) is not None:
            raise error
        return await super().make_request(bot, method, timeout)

    def told(self, person: int) -> list[str]:
        return [parsed(each.text) for each in self.shown.values() if each.chat == person]


@asynccontextmanager
async def notifying(place: Place, telegram: FarTelegram) -> AsyncIterator[Desk]:
    async with place.open() as desk:
        telegram.place = place
        task = asyncio.create_task(Notifier(bot_on(telegram), desk, clock=place.clock, linger=0.01).run())
        try:
            yield desk
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def tell(place: Place, person: int, numbers: range) -> None:
    for number in numbers:
        await place.supervisor._outbox.tell(person, [RateLimited(venue=f"V{number:02}", seconds=1)])


async def until_told(place: Place, telegram: FarTelegram, person: int, count: int, seconds: float) -> None:
    deadline = place.clock.now() + timedelta(seconds=seconds)
    while len(telegram.told(person)) < count:
        assert place.clock.now() < deadline, telegram.told(person)
        await place.pass_time(1)


def numbers_in(texts: list[str]) -> list[int]:
    return [int(text.partition("V")[2][:2]) for text in texts]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "place"
    folder.mkdir()
    return Place(folder / "desk.db")


@pytest.mark.parametrize(
    ("facts", "seconds"),
    [
        ({"delay": 2.0}, 120),
        ({"trouble": _storm}, 300),
        ({"trouble": _proxy}, 120),
        ({"delay": 2.0, "trouble": _proxy}, 240),
    ],
    ids=["two seconds a call", "429 storms", "5xx", "slow and 5xx"],
)
async def test_all_arrive_in_order_each_once(place: Place, facts: dict[str, Any], seconds: float) -> None:
    telegram = FarTelegram(**facts)
    async with notifying(place, telegram):
        await tell(place, OWNER, range(1, 11))
        await until_told(place, telegram, OWNER, 10, seconds)
        await place.pass_time(20)
        assert numbers_in(telegram.told(OWNER)) == list(range(1, 11))


async def test_after_ten_minutes_away_everything_is_told_as_it_happened(place: Place) -> None:
    telegram = FarTelegram(away_until=place.clock.now() + timedelta(minutes=10))
    async with notifying(place, telegram):
        await tell(place, OWNER, range(1, 6))
        await place.pass_time(590)
        await tell(place, OWNER, range(6, 11))
        assert telegram.told(OWNER) == []
        asked = telegram.asked
        assert asked < 40
        await until_told(place, telegram, OWNER, 10, 120)
        assert numbers_in(telegram.told(OWNER)) == list(range(1, 11))


async def test_who_blocked_the_bot_holds_up_nobody_while_telegram_is_slow(place: Place) -> None:
    telegram = FarTelegram(delay=2.0, blocked={OTHER})
    async with notifying(place, telegram) as desk:
        await tell(place, OTHER, range(1, 21))
        await tell(place, OWNER, range(1, 4))
        await until_told(place, telegram, OWNER, 3, 35)
        deadline = place.clock.now() + timedelta(seconds=300)
        while await desk.waiting_notices():
            assert place.clock.now() < deadline
            await place.pass_time(1)
        assert (await desk.member(ADMIN, OTHER)).is_deaf


@pytest.mark.parametrize(
    "facts",
    [{"delay": 86_400.0}, {"trouble": lambda method, _: TelegramNetworkError(method=method, message="away")},
     {"trouble": lambda method, _: TelegramRetryAfter(method=method, message="slow", retry_after=7)}],
    ids=["a day a call", "away", "429"],
)  # fmt: skip
async def test_trading_never_waits_for_telegram(place: Place, facts: dict[str, Any]) -> None:
    """While not one message gets through, levels are taken and the take-profit follows the position."""
    telegram = FarTelegram(**facts)
    async with notifying(place, telegram) as desk:
        card = await a_bot(desk, place)
        worker = place.worker(card.id)
        await place.until(lambda: telegram.asked > 0)
        for price in ("0.48", "0.465"):
            held = place.held()
            place.price(price)
            await place.until(lambda held=held: place.held() > held)
            await place.until(lambda: _exit_amount(worker) == place.held())
        assert telegram.told(OWNER) == []
        assert await place.storage.read(notices.count_undelivered) > 3


def _exit_amount(worker: Worker) -> Decimal:
    return sum((each.amount for each in worker.bench.books.live.values() if each.role is Role.TAKE_PROFIT), Decimal(0))


async def test_a_proxys_page_is_trouble_on_the_way() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    bot = build_bot("1000000:token", f"http://127.0.0.1:{port}")
    bot.session.middleware(GarbledMiddleware())
    try:
        with pytest.raises(TelegramServerError):
            await bot.send_message(1, "hello")
    finally:
        await bot.session.close()
        await runner.cleanup()
