"""A strategy that only tests know, from the form to a told notice: it brings its folder and its words, and that is all.

The desk, the runtime, the paper exchange, the dispatcher and the notifier are the real ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fluent.runtime import FluentResource

from tests.simulation.world import OWNER, SYMBOL, World, _Standing
from tests.strategies.toy.strategy import ToyBought, ToyStrategy
from tests.tgbot.telegram import Telegram, Visitor, bot_on, parsed
from tgbot.app import build_dispatcher
from tgbot.callbacks import BotAct, OnBot
from tgbot.notifier import Notifier
from tgbot.words import LANGUAGES, sentences, words_for
from trading.core.telling import UnknownNotice
from trading.desk.desk import Desk
from trading.strategies import STRATEGIES

TOY = ToyStrategy()
WITH_TOY = {**STRATEGIES, TOY.name: TOY}
_WORDS = Path(__file__).parents[1] / "strategies" / "toy"

BUTTONS = {
    "en": {"paper": "Paper", "done": "Done", "preview": "Preview", "start": "Start", "statistics": "Statistics"},
    "ru": {"paper": "Бумага", "done": "Готово", "preview": "Предпр", "start": "Старт", "statistics": "Статистика"},
}
SAID = {
    "en": ("Waits at 0.4950 USDT", "It is one toy.", "Waiting at 0.4949 to buy CRV", "Fills of the toy: 1"),
    "ru": ("Ждёт на 0.4950 USDT", "Это 1 игрушка.", "Ждёт на 0.4949, чтобы купить CRV", "Сделок игрушки: 1"),
}
TOLD = {
    "en": "Toy bought 40.4 CRV at 0.4949 USDT, 1 % cheaper, by luck",
    "ru": "Игрушка: куплено 40.4 CRV по 0.4949 USDT, на 1 % дешевле, причина — удача",
}


@pytest.fixture(scope="module", autouse=True)
def _toy_words() -> None:
    for language in LANGUAGES:
        text = (_WORDS / f"{language}.ftl").read_text(encoding="utf-8")
        sentences().locales[language].add_resource(FluentResource(text))


async def while_time_passes(world: World, work: Coroutine[Any, Any, object]) -> None:
    """Virtual time, with real time between: pictures are drawn in threads."""
    task = asyncio.ensure_future(work)
    while not task.done():
        await world.pass_time(0.25)
        await asyncio.wait({task}, timeout=0.01)
    await task


@asynccontextmanager
async def carried(world: World, desk: Desk, telegram: Telegram) -> AsyncIterator[None]:
    """A notifier at work."""
    task = asyncio.create_task(Notifier(bot_on(telegram), desk, clock=world.clock).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def standing_in(world: World) -> AsyncIterator[_Standing]:
    standing = await world.build(strategies=WITH_TOY)
    try:
        yield standing
    finally:
        await world.close(standing)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_new_strategy_is_made_in_the_chat_and_tells_of_itself(tmp_path: Path, language: str) -> None:
    world, telegram, labels = World(tmp_path / "m.db"), Telegram(), BUTTONS[language]
    preview, finding, doing, statistics = SAID[language]
    async with standing_in(world) as standing:
        desk, bot = standing.desk, bot_on(telegram)
        await desk.set_language(OWNER, language)
        dispatcher = build_dispatcher(desk, monotonic=lambda: 0.0, burst=1_000_000)
        owner = Visitor(dispatcher, bot, telegram, OWNER, language=language)

        async def press(label: str) -> None:
            await while_time_passes(world, owner.press(label))

        await while_time_passes(world, owner.say("/new"))
        for label in (words_for(language).plain("strategy-toy"), labels["paper"], "CRV/USDT", labels["done"]):
            await press(label)
        assert words_for(language).plain("field-pocket_money") in owner.text
        await press("20")
        await press(labels["preview"])
        assert preview in owner.text
        assert finding in owner.text
        await press(labels["start"])
        [card] = await desk.bots(OWNER)
        assert (card.strategy, card.symbol, card.deposit) == ("toy", SYMBOL, Decimal(20))
        resting = world.gateways[OWNER].books_of_the_venue.open_orders
        await world.until(lambda: len(resting()) == 1)
        await while_time_passes(world, owner.press_data(OnBot(act=BotAct.OPEN, bot=card.id).pack()))
        assert doing in owner.text

        await desk.notices_delivered([each.id for each in await desk.waiting_notices()])
        world.market.price = Decimal("0.49")
        await world.until(lambda: not resting())
        await world.pass_time(5)
        async with carried(world, desk, telegram):
            await world.pass_time(5)
        assert TOLD[language] in parsed(owner.last.text)
        assert owner.last.silent
        await while_time_passes(world, owner.press_data(OnBot(act=BotAct.OPEN, bot=card.id).pack()))
        await press(labels["statistics"])
        assert statistics in owner.text


async def test_what_a_strategy_told_before_it_was_taken_away_holds_up_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "m.db")
    told = ToyBought(
        symbol=SYMBOL, side="buy", amount=Decimal(1), price=Decimal(1), patience=Decimal(1), cause="toy_luck"
    )
    async with standing_in(world) as standing:
        await standing.desk._house.outbox.tell(OWNER, [told])
        assert [each.notice for each in await standing.desk.waiting_notices()] == [told]
    async with world.house() as (desk, _):
        [stored] = await desk.waiting_notices()
        assert stored.notice == UnknownNotice(name="toy_bought")
        telegram = Telegram()
        async with carried(world, desk, telegram):
            await world.pass_time(5)
        assert ["toy_bought" in each.text for each in telegram.shown.values()] == [True]
        assert await desk.waiting_notices() == []
