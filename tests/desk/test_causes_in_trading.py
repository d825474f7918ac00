"""From the cause to the message in a chat: what bots do, and what their strategies have to tell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.desk.chats import PEOPLE, Room, causes
from tests.desk.place import CRV_SYMBOL, GRID, OTHER, OWNER, SPOT, SPOT_SYMBOL, FarKey, credentials
from tests.simulation.spot import SpotMarket
from trading.core.notices import BotPaused, BotResumed, BotStarted, BotStopped, Restored
from trading.desk.answers import StopChoice
from trading.exchanges.errors import Unavailable
from trading.exchanges.paper_venue import PaperVenue
from trading.storage import bots
from trading.strategies.grid.notices import CycleFinished, CycleStarted, EntryFilled, TakeProfitPlaced
from trading.strategies.liquidity.notices import (
    ObligationBreached,
    ObligationRestored,
    PriceSourcesApart,
    QuoteFilled,
    QuotesRestored,
    QuotesWithdrawn,
    ReferenceStale,
    SideReduced,
)
from trading.strategies.peg.notices import BandQuoteFilled, SelfTradeRefused, SweepFilled
from trading.strategies.pingpong.notices import BalanceShort, LegExecuted

TWIN = replace(SPOT, symbol="CRV/USDC", quote="USDC")
OBLIGED = {"deposit": "700", "min_depth": "500", "max_order": "200", "reference_venue": "kucoin"}
PEGGED = {
    "price": "0.5",
    "deviation": "0.002",
    "quote_order_limit": "100",
    "base_order_limit": "200",
    "interval_seconds": 10,
}


def thin_market(room: Room) -> SpotMarket:
    """A spot market that needs a maker, and its twin in another currency; everybody has money and coins for it."""
    thin = SpotMarket(SPOT, Decimal("0.5"), ticks=40, depth=Decimal(100), gap=10)
    twin = SpotMarket(TWIN, Decimal("0.5"), depth=Decimal(5000))
    room.wallet = {"USDT": Decimal(5000), "USDC": Decimal(5000), "CRV": Decimal(8000)}
    room.markets |= {SPOT_SYMBOL: thin, TWIN.symbol: twin}  # type: ignore[dict-item]
    room.venue = PaperVenue(room.clock, list(room.markets.values()))
    return thin


@causes(BotStarted, BotPaused, BotResumed, BotStopped, Restored)
@causes(CycleStarted, CycleFinished, EntryFilled, TakeProfitPlaced)
async def test_a_grid_tells_its_life_from_start_to_stop(room: Room) -> None:
    room.often = {EntryFilled, TakeProfitPlaced}
    settings = {**GRID, "cooldown_seconds": 0, "max_cycles": 2}
    async with room.hearing() as desk:
        made = await room.both_begin(desk, "grid", CRV_SYMBOL, settings)
        await room.both_hear(BotStarted, "Started", "Запущен")
        await room.both_hear(CycleStarted, "Cycle 1 began at 0.5000: 5 orders", "Цикл 1 начат по 0.5000: 5 ордеров")
        await room.both_hear(EntryFilled, "bought 55.2 at 0.5000", "куплено 55.2 по 0.5000")
        await room.both_hear(TakeProfitPlaced, "Take-profit placed at 0.5100", "Тейк-профит поставлен на 0.5100")
        room.price("0.485")
        await room.both_hear(EntryFilled, "bought 71.8 at 0.4875", "куплено 71.8 по 0.4875")
        await room.both_hear(TakeProfitPlaced, "Take-profit moved to 0.5028", "Тейк-профит перенесён на 0.5028")
        for person in PEOPLE:
            await desk.pause(person, made[person].id)
        await room.both_hear(BotPaused, "Paused: you asked for it", "На паузе: по вашей команде")
        for person in PEOPLE:
            await desk.resume(person, made[person].id)
        await room.both_hear(BotResumed, "Working again", "Снова работает")
    room.price("0.474")
    await room.pass_time(5)
    async with room.hearing() as desk:
        await room.both_hear(Restored, "One bot restored: 3 orders adopted, one fill caught up, 0 lost",
                             "Восстановлен 1 бот: ордеров принято 3, исполнений учтено 1, потеряно 0")  # fmt: skip
        await room.both_hear(EntryFilled, "bought 93.4 at 0.4750", "куплено 93.4 по 0.4750")
        room.price("0.51")
        await room.both_hear(CycleFinished, "Cycle 1 finished: take-profit", "Цикл 1 закончен: тейк-профит")
        await room.both_hear(CycleStarted, "Cycle 2 began", "Цикл 2 начат")
        for person in PEOPLE:
            await desk.stop(person, made[person].id, StopChoice.CLOSE_ALL, token=f"stop{person}")
        await room.both_hear(CycleFinished, "Cycle 2 finished: closed by you", "Цикл 2 закончен: закрыто вами")
        await room.both_hear(BotStopped, "Stopped: you asked for it", "Остановлен: по вашей команде")


@causes(ReferenceStale, QuotesWithdrawn, ObligationBreached, QuotesRestored, ObligationRestored)
async def test_a_reference_that_is_not_heard_withdraws_the_quotes_and_all_of_it_is_told_with_its_end(
    room: Room,
) -> None:
    thin_market(room)

    async def deaf_to_kucoin(account: str, point: str) -> None:
        if account == "kucoin":
            raise Unavailable("503")

    async with room.hearing() as desk:
        await room.both_begin(desk, "liquidity", SPOT_SYMBOL, OBLIGED)
        await room.until(lambda: all(room.resting(str(person)) == 10 for person in PEOPLE))
        await room.pass_time(20)
        room.meets = deaf_to_kucoin
        room.gateways["kucoin"].cut_streams()
        await room.both_hear(
            ReferenceStale, "The price on KuCoin cannot be trusted: the reference price is out of date",
            "Цене на KuCoin нельзя верить: опорная цена устарела",
        )  # fmt: skip
        await room.both_hear(QuotesWithdrawn, "Quotes withdrawn: the reference price is gone",
                             "Котировки сняты: опорная цена пропала")  # fmt: skip
        await room.both_hear(ObligationBreached, "Obligation not kept", "Обязательство не соблюдается")
        await room.pass_time(90)
        room.meets = None
        await room.both_hear(QuotesRestored, "Quoting again, after 2:", "Снова котирую, спустя 2:")
        await room.both_hear(ObligationRestored, "Obligation kept again, after ", "Обязательство снова соблюдается")
        await room.pass_time(60)


@causes(PriceSourcesApart, QuotesWithdrawn, QuotesRestored, QuoteFilled)
async def test_markets_that_are_too_far_apart_are_told_once_and_a_quote_that_is_taken(room: Room) -> None:
    thin = thin_market(room)
    settings = {**OBLIGED, "reference_venue": "paper", "reference_symbol": TWIN.symbol}
    async with room.hearing() as desk:
        await room.both_begin(desk, "liquidity", SPOT_SYMBOL, settings)
        await room.until(lambda: all(room.resting(str(person)) == 10 for person in PEOPLE))
        thin.price = Decimal("0.53")
        await room.both_hear(PriceSourcesApart, "The two markets differ by 5.", "Рынки расходятся на 5.")
        await room.both_hear(QuotesWithdrawn, "prices are too far apart", "слишком далеко друг от друга")
        await room.hear({OWNER: "sold", OTHER: "продано"}, QuoteFilled, often=True)
        await room.pass_time(90)
        thin.price = Decimal("0.5")
        await room.both_hear(QuotesRestored, "Quoting again, after 2:", "Снова котирую, спустя 2:")


@causes(SideReduced, ObligationBreached)
async def test_coins_that_left_the_account_are_missed_once(room: Room) -> None:
    thin_market(room)
    async with room.hearing() as desk:
        await room.both_begin(desk, "liquidity", SPOT_SYMBOL, OBLIGED)
        await room.until(lambda: all(room.resting(str(person)) == 10 for person in PEOPLE))
        for person in PEOPLE:
            await room.gateways[str(person)].set_balances({"CRV": Decimal(300)})
        await room.both_hear(SideReduced, "Asks show less than they should: not enough money or coin",
                             "Асков меньше, чем нужно: не хватает денег или монеты")  # fmt: skip
        await room.both_hear(ObligationBreached, "not enough money or coin", "не хватает денег или монеты")
        await room.pass_time(120)


@causes(SweepFilled, BandQuoteFilled)
async def test_a_peg_tells_what_it_pushed_back_and_who_took_its_quotes(room: Room) -> None:
    thin = thin_market(room)
    thin.ticks = 10
    async with room.hearing() as desk:
        await room.both_begin(desk, "peg", SPOT_SYMBOL, {**PEGGED, "activity": "quotes"})
        for price in ("0.4988", "0.5", "0.5012", "0.5") * 20:
            thin.price = Decimal(price)
            await room.pass_time(6)
            if all(room.told(person, BandQuoteFilled) for person in PEOPLE):
                break
        await room.hear({OWNER: " CRV at 0.", OTHER: " CRV по 0."}, BandQuoteFilled, often=True)
        thin.price = Decimal("0.49")
        await room.hear({OWNER: "Price pushed back", OTHER: "Цена возвращена в коридор"}, SweepFilled, often=True)


@causes(SelfTradeRefused)
async def test_self_trade_that_stands_in_the_settings_of_a_live_bot_is_refused_once(room: Room) -> None:
    thin_market(room)
    made = []
    async with room.hearing() as desk:
        for person in PEOPLE:
            name = f"far-key-{person}"
            room.keys[name] = FarKey(usdt=Decimal(5000))
            key = await desk.add_key(person, "kucoin", "Main", credentials(name))
            made += await desk.create(
                person, key.id, "peg", [SPOT_SYMBOL], PEGGED, accept_danger=True, token=f"t{person}"
            )
        await room.pass_time(10)
    async with room.open():
        for bot in made:
            await room.storage.write(lambda c, bot=bot: _with_self_trade(c, bot.id))
    async with room.hearing():
        await room.both_hear(SelfTradeRefused, "Self-trading is refused", "Сделки с самим собой отклонены")
        await room.pass_time(60)


def _with_self_trade(connection: Any, bot_id: int) -> None:
    found = bots.find_bot(connection, bot_id)
    assert found is not None
    config = found.config.replace('"activity":"off"', '"activity":"self-trade"')
    assert config != found.config
    bots.update_bot(connection, replace(found, config=config))


@causes(LegExecuted, BalanceShort)
async def test_a_float_tells_its_legs_and_once_that_a_fee_left_it_short_of_coins(room: Room) -> None:
    thin = thin_market(room)
    thin.ticks = 4
    room.wallet = {"USDT": Decimal(5000), "CRV": Decimal(0)}
    async with room.hearing() as desk:
        await room.both_begin(desk, "pingpong", SPOT_SYMBOL, {"order_size": "50", "budget": "300"})
        await room.pass_time(5)
        thin.price = Decimal("0.499")
        await room.hear({OWNER: "1: bought 100 at", OTHER: "1: куплено 100 по"}, LegExecuted, often=True)
        await room.both_hear(BalanceShort, "Not enough CRV to sell: 100 needed, 99.98 there",
                             "Не хватает CRV, чтобы продать: нужно 100, есть 99.98")  # fmt: skip
        await room.pass_time(60)
        for person in PEOPLE:
            await room.gateways[str(person)].set_balances({"CRV": Decimal(100)})
        await room.pass_time(10)
        thin.price = Decimal("0.501")
        await room.hear({OWNER: "2: sold 100 at", OTHER: "2: продано 100 по"}, LegExecuted, often=True)
