"""From the cause to the message in a chat: what goes wrong outside is told once, to whom it concerns, with its end."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.desk.chats import PEOPLE, Room, causes
from tests.desk.place import BTC_SYMBOL, CRV_SYMBOL, GRID, OTHER, OWNER, SPOT_SYMBOL, FarKey, credentials
from trading.core.client_ids import client_id
from trading.core.instrument import Side
from trading.core.notices import (
    BookFresh,
    BookStale,
    BotPaused,
    BotResumed,
    BotStopped,
    BudgetUsedUp,
    Drawdown,
    ExitMissing,
    InsufficientFunds,
    KeyInvalid,
    OrderRefused,
    PositionGone,
    SetupRefused,
    TradingGoesOn,
    TradingStalled,
    UnknownOrders,
    VenueAway,
    VenueBack,
)
from trading.core.orders import OrderType, Role
from trading.core.planning import TargetOrder
from trading.desk.desk import Desk
from trading.exchanges.errors import BadCredentials, Crowded, Rejected, Throttled, Unavailable, VenueError
from trading.exchanges.gateway import NewOrder
from trading.exchanges.limiter import Limiter
from trading.runtime.accounts import AccountId
from trading.runtime.throttling import TELL_SECONDS, Throttling
from trading.strategies.grid.notices import CycleFinished, DrawdownAlert

AT_ONCE = {**GRID, "cooldown_seconds": 0}


def failing(room: Room, trouble: VenueError, *points: str) -> None:
    """From now on these requests fail, all of them where none is named."""

    async def meet(account: str, point: str) -> None:
        if not points or point in points:
            raise trouble

    room.meets = meet


def cut_streams(room: Room) -> None:
    for gateway in room.gateways.values():
        gateway.cut_streams()


async def both_settle(room: Room, desk: Desk, **settings: object) -> list[int]:
    """A grid for each of the two that holds its first level."""
    made = await room.both_begin(desk, "grid", CRV_SYMBOL, {**AT_ONCE, **settings})
    await room.until(lambda: all(room.resting(str(person)) == 5 for person in PEOPLE))
    return [made[person].id for person in PEOPLE]


@causes(VenueAway, VenueBack, TradingStalled, TradingGoesOn)
async def test_a_venue_that_is_away_for_long_is_told_and_how_long_when_it_is_back(room: Room) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        failing(room, Unavailable("502"))
        cut_streams(room)
        await room.both_hear(VenueAway, "Paper has no prices now", "На бумаге сейчас нет цен")
        await room.both_hear(TradingStalled, "No trading for 10 minutes", "Торговли нет 10 минут", within=660)
        await room.pass_time(120)
        room.meets = None
        await room.both_hear(VenueBack, "Paper has prices again, after 12:", "На бумаге снова есть цены, не было 12:")
        await room.both_hear(TradingGoesOn, "Trading goes on, after 1", "Торговля снова идёт, перерыв 1")
        await room.pass_time(120)


@causes(VenueAway, VenueBack)
async def test_a_venue_that_cannot_be_reached_at_a_restart_is_told_once_for_all_bots_and_acts(room: Room) -> None:
    """What its people ask for meanwhile is remembered, and each such wish tries to reach it."""
    async with room.hearing() as desk:
        await both_settle(room, desk)
    failing(room, Unavailable("502"))
    async with room.hearing() as desk:
        await room.both_hear(VenueAway, "Paper has no prices now", "На бумаге сейчас нет цен")
        for person in PEOPLE:
            await desk.panic(person, token=f"panic{person}")
        await room.pass_time(90)
        room.meets = None
        await room.both_hear(VenueBack, "Paper has prices again, after 1:", "На бумаге снова есть цены, не было 1:")
        await room.pass_time(60)


@causes(KeyInvalid)
async def test_a_key_that_was_refused_while_we_were_away_is_told_at_the_start_once_for_all_its_bots(room: Room) -> None:
    async with room.hearing() as desk:
        for person in PEOPLE:
            name = f"far-key-{person}"
            room.keys[name] = FarKey()
            key = await desk.add_key(person, "bitget", f"Main {person}", credentials(name))
            settings = {**AT_ONCE, "deposit": "300"}
            await desk.create(
                person, key.id, "grid", [CRV_SYMBOL, BTC_SYMBOL], settings, accept_danger=True, token=f"t{person}"
            )
        await room.pass_time(5)
    for person in PEOPLE:
        room.keys[f"far-key-{person}"].trouble = BadCredentials("40006 Invalid ACCESS_KEY")
    async with room.hearing() as desk:
        await room.both_hear(KeyInvalid, "Bitget refuses the key", "Bitget отклоняет ключ")
        await room.pass_time(100)
        assert {bot.cause for person in PEOPLE for bot in await desk.bots(person)} == {"credentials"}


@causes()
@pytest.mark.parametrize("trouble", [Throttled(1), Crowded("too many requests are waiting")], ids=["429", "own budget"])
async def test_a_venue_that_asks_for_patience_or_was_not_asked_is_not_called_away(
    trouble: VenueError, room: Room
) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        failing(room, trouble, "open_orders.before", "positions.before")
        await room.pass_time(60)
        assert not [each for each in room.heard if VenueAway in each.kinds]


@causes(BudgetUsedUp)
async def test_more_requests_than_the_budget_has_places_for_are_told_to_the_keys_owner_once_in_a_while(
    room: Room,
) -> None:
    async def answer() -> None:
        """As soon as it is asked."""

    async with room.hearing():
        throttling = Throttling(room.outbox, room.clock.now)
        room.timers.every("throttling", room.clock, TELL_SECONDS, throttling.tell)
        for person in PEOPLE:
            limiter = Limiter(
                room.clock, rate=6, on_throttled=lambda s, p=person: throttling.heard(AccountId(p, p), "bitget", s)
            )
            reads = [asyncio.create_task(limiter.read(answer)) for _ in range(12)]
            await room.pass_time(40)
            done = await asyncio.gather(*reads, return_exceptions=True)
            assert any(isinstance(each, Crowded) for each in done)
        await room.both_hear(BudgetUsedUp, "Too many requests for Bitget", "Слишком много запросов к Bitget")


@causes(BookStale, BookFresh)
async def test_a_price_that_is_not_confirmed_any_more_is_told_and_when_it_is_again(room: Room) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        failing(room, Unavailable("504"), "book.before", "watch_book.before")
        cut_streams(room)
        await room.both_hear(BookStale, "No fresh price for 2:", "Свежей цены нет уже 2:", within=180)
        await room.pass_time(200)
        room.meets = None
        await room.both_hear(BookFresh, "The price is fresh again, after 5:", "Цена снова свежая, её не было 5:")
        await room.pass_time(60)


@causes(OrderRefused, BotPaused, BotResumed)
async def test_more_than_five_errors_in_a_row_pause_a_bot_and_it_goes_on_when_it_is_resumed(room: Room) -> None:
    failing(room, Rejected("other", "45001", "System is busy"), "place.before")
    async with room.hearing() as desk:
        made = await room.both_begin(desk, "grid", CRV_SYMBOL, AT_ONCE)
        await room.both_hear(OrderRefused, "The exchange says: System is busy", "Ответ биржи: System is busy")
        await room.both_hear(BotPaused, "too many errors in a row", "слишком много ошибок подряд", within=300)
        await room.pass_time(300)
        room.meets = None
        for person in PEOPLE:
            await desk.resume(person, made[person].id)
        await room.both_hear(BotResumed, "Working again", "Снова работает")
        await room.until(lambda: all(room.resting(str(person)) == 5 for person in PEOPLE))


@causes(InsufficientFunds, CycleFinished)
async def test_money_that_left_the_account_is_missed_once_however_often_the_grid_follows_the_price(room: Room) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        for person in PEOPLE:
            await room.gateways[str(person)].set_balances({"USDT": Decimal(1)})
        room.price("0.52")
        await room.both_hear(CycleFinished, "Cycle 1 finished: take-profit", "Цикл 1 закончен: тейк-профит")
        await room.both_hear(InsufficientFunds, "Not enough money on the account", "На счёте не хватает денег")
        for price in ("0.53", "0.54"):
            room.price(price)
            await room.pass_time(15)
        for person in PEOPLE:
            await room.gateways[str(person)].set_balances({"USDT": Decimal(1000)})
        await room.until(lambda: all(room.resting(str(person)) == 5 for person in PEOPLE))


@causes(DrawdownAlert)
async def test_a_grid_that_is_far_under_water_says_so_once(room: Room) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        for price in ("0.48", "0.46", "0.44", "0.46", "0.44"):
            room.price(price)
            await room.pass_time(40)
        await room.both_hear(DrawdownAlert, "Drawdown", "Просадка")


@causes(Drawdown)
async def test_a_spot_bot_that_loses_a_fifth_of_its_deposit_says_so_once_and_again_after_it_recovered(
    room: Room,
) -> None:
    room.wallet = {"USDT": Decimal(1000), "CRV": Decimal(0)}
    settings = {"price": "0.5", "deviation": "0.01", "quote_order_limit": "400", "interval_seconds": 10}
    async with room.hearing() as desk:
        await room.both_begin(desk, "peg", SPOT_SYMBOL, settings)
        for price in ("0.48", "0.30", "0.29", "0.28"):
            room.price(price, SPOT_SYMBOL)
            await room.pass_time(70)
        await room.both_hear(Drawdown, "below its best", "ниже максимума")
        room.price("0.48", SPOT_SYMBOL)
        await room.pass_time(70)
        room.price("0.30", SPOT_SYMBOL)
        await room.both_hear(Drawdown, "below its best", "ниже максимума", within=120)


@causes(ExitMissing)
async def test_a_position_whose_take_profit_does_not_come_to_rest_is_told_once(room: Room) -> None:
    async def slow(account: str, point: str) -> None:
        if point == "place.before":
            await room.clock.sleep(6)

    room.meets = slow
    async with room.hearing() as desk:
        await room.both_begin(desk, "grid", CRV_SYMBOL, AT_ONCE)
        await room.both_hear(ExitMissing, "has had no take-profit for 2 s", "без тейк-профита уже 2 с")
        await room.pass_time(60)


@causes(SetupRefused)
async def test_an_account_that_cannot_be_set_up_is_told_once(room: Room) -> None:
    failing(room, Rejected("leverage", "40797", "Exceeded the maximum leverage"), "prepare.before")
    async with room.hearing() as desk:
        await room.both_begin(desk, "grid", CRV_SYMBOL, AT_ONCE)
        await room.both_hear(SetupRefused, "The leverage could not be set", "Плечо не удалось установить")
        await room.pass_time(100)
        room.meets = None
        await room.until(lambda: all(room.resting(str(person)) == 5 for person in PEOPLE))


@causes(PositionGone, CycleFinished)
async def test_a_position_that_its_owner_closed_on_the_exchange_is_told(room: Room) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        for person in PEOPLE:
            await room.by_hand(Side.SELL, str(room.held(str(person))), str(person))
        await room.both_hear(PositionGone, "it was closed outside the bot", "её закрыли помимо бота")
        await room.both_hear(CycleFinished, "Cycle 1 finished", "Цикл 1 закончен")
        await room.pass_time(60)


@causes(PositionGone, CycleFinished, BotStopped)
async def test_a_liquidation_is_told(room: Room) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        room.price("0.3")
        await room.both_hear(PositionGone, "Liquidated near 0.", "Ликвидация около 0.")
        await room.both_hear(CycleFinished, "finished: liquidation", "закончен: ликвидация")
        await room.both_hear(BotStopped, "Stopped: liquidation", "Остановлен: ликвидация")
        await room.pass_time(60)


@causes(UnknownOrders)
@pytest.mark.parametrize(
    ("epochs", "english", "russian"),
    [(0, "canceling", "снимаю"), (1, "from an older installation, left alone", "от прежней установки, не трогаю")],
)
async def test_an_order_of_ours_that_the_books_do_not_know_is_told_once(
    epochs: int, english: str, russian: str, room: Room
) -> None:
    async with room.hearing() as desk:
        for person, bot_id in zip(PEOPLE, await both_settle(room, desk), strict=True):
            target = TargetOrder("x", Role.ENTRY, Side.BUY, OrderType.LIMIT, Decimal(20), Decimal("0.4"))
            stray = NewOrder(client_id(room.storage.epoch + epochs, bot_id, 999), CRV_SYMBOL, target)
            await room.gateways[str(person)].place([stray])
        await room.both_hear(UnknownOrders, english, russian, within=90)
        await room.pass_time(200)
        assert all(room.resting(str(person)) == 5 + epochs for person in PEOPLE)


@causes(KeyInvalid, BotResumed)
async def test_a_key_that_the_venue_refuses_is_told_once_each_time_it_is_refused(room: Room) -> None:
    async with room.hearing() as desk:
        made = {}
        for person in PEOPLE:
            name = f"far-key-{person}"
            room.keys[name] = FarKey()
            key = await desk.add_key(person, "bitget", f"Main {person}", credentials(name))
            [bot] = await desk.create(
                person, key.id, "grid", [CRV_SYMBOL], AT_ONCE, accept_danger=True, token=f"t{person}"
            )
            made[person] = (key.id, bot.id)
        await room.until(lambda: all(room.resting(f"far-key-{person}") == 5 for person in PEOPLE))
        for is_seen_first in (False, True):
            for person, (key_id, _) in made.items():
                room.keys[f"far-key-{person}"].trouble = BadCredentials("40006 Invalid ACCESS_KEY")
                if is_seen_first:
                    assert (await desk.test_key(person, key_id)).problem == "bad_credentials"
            await room.hear(
                {OWNER: "Bitget refuses the key “Main 11”", OTHER: "Bitget отклоняет ключ «Main 12»"}, KeyInvalid, 90
            )
            await room.pass_time(200)
            for person, (key_id, bot_id) in made.items():
                room.keys[f"far-key-{person}"].trouble = None
                assert (await desk.bot(person, bot_id)).cause == "credentials"
                assert (await desk.test_key(person, key_id)).ok
                await desk.resume(person, bot_id)
            await room.both_hear(BotResumed, "Working again", "Снова работает")
            await room.until(lambda: all(room.resting(f"far-key-{person}") == 5 for person in PEOPLE))
