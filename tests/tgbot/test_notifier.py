"""Notices reach their people: in order, merged in bursts, slower when asked, and past those who blocked the bot."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendMessage, TelegramMethod

from tests.clocks import ManualClock
from tests.kinds import KINDS
from tests.tgbot.fake_desk import ADMIN, GUEST, NOW, FakeDesk
from tests.tgbot.telegram import Telegram, bot_on, parsed
from tgbot.cards.card import length
from tgbot.cards.notices import About, notice_card
from tgbot.notifier import Notifier
from tgbot.pacing import Pacer
from tgbot.words import LANGUAGES, words_for
from trading.core import notices as told
from trading.core.instrument import Side
from trading.core.summaries import CyclesProfit, DailyReport, DayOfBot, DayOfBots, Digest, TopicCount
from trading.core.telling import Notice, UnknownNotice
from trading.desk.answers import DeskError
from trading.strategies.grid.notices import CycleFinished, CycleStarted, DrawdownAlert, EntryFilled, TakeProfitPlaced
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

SYMBOL = "CRV/USDT:USDT"


def fill(price: str = "0.4857") -> EntryFilled:
    return EntryFilled(
        symbol=SYMBOL,
        side=Side.BUY,
        slot="c1.level1",
        amount=Decimal("3.1"),
        price=Decimal(price),
        position=Decimal("5.5"),
        average=Decimal("0.4912345"),
    )


def take_profit(price: str = "0.5", *, moved: bool = True) -> TakeProfitPlaced:
    return TakeProfitPlaced(
        symbol=SYMBOL, amount=Decimal("5.5"), price=Decimal(price), average=Decimal("0.49"), moved=moved
    )


def day_of_bots(*, is_paper: bool) -> DayOfBots:
    return DayOfBots(
        quote="USDT",
        is_paper=is_paper,
        deposit=Decimal(200),
        net=Decimal("3.25"),
        open_profit=Decimal(-2),
        drawdown=Decimal(5),
        drawdown_percent=Decimal("2.5"),
        fills=21,
        seconds=864_000 if is_paper else 86_400,
    )


NOTICES: tuple[Notice, ...] = (
    LegExecuted(
        symbol=SYMBOL, number=1, side=Side.BUY, amount=Decimal(3), price=Decimal("0.5"), seconds=Decimal(7), orders=2
    ),
    BalanceShort(symbol=SYMBOL, side=Side.SELL, currency="CRV", needed=Decimal(5), held=Decimal(1)),
    SelfTradeRefused(symbol=SYMBOL),
    ObligationBreached(
        symbol=SYMBOL,
        cause="market",
        spread_percent=None,
        bid_depth=Decimal(5),
        ask_depth=Decimal(6),
        max_spread_percent=Decimal(2),
        min_depth=Decimal(1000),
    ),
    ObligationRestored(symbol=SYMBOL, cause="market", seconds=61),
    ReferenceStale(symbol=SYMBOL, venue="kucoin", cause="reference_gone", seconds=20),
    PriceSourcesApart(
        symbol=SYMBOL,
        target_mid=Decimal(1),
        reference_mid=Decimal(2),
        percent=Decimal(100),
        limit_percent=Decimal(3),
    ),
    QuotesWithdrawn(symbol=SYMBOL, cause="sources_apart"),
    QuotesRestored(symbol=SYMBOL, cause="sources_apart", seconds=9),
    SideReduced(symbol=SYMBOL, side=Side.BUY, cause="our_balance"),
    fill(),
    take_profit(),
    take_profit(moved=False),
    CycleStarted(symbol=SYMBOL, number=2, price=Decimal("0.5"), orders=15),
    CycleFinished(
        symbol=SYMBOL,
        number=2,
        cause="take_profit",
        gross=Decimal("1.5"),
        fees=Decimal("0.2"),
        funding=Decimal("-0.01"),
        net=Decimal("1.29"),
        percent_of_position=Decimal("1.8"),
        percent_of_deposit=Decimal("12.9"),
        cooldown_seconds=60,
    ),
    told.BotStarted(symbol=SYMBOL),
    told.BotPaused(symbol=SYMBOL, cause="errors", detail="<b>bad</b>"),
    told.BotResumed(symbol=SYMBOL),
    told.BotStopped(symbol=SYMBOL, cause="user", position=Decimal(4)),
    told.OrderRefused(
        symbol=SYMBOL,
        slot="c1.level2",
        side=Side.SELL,
        amount=Decimal(1),
        price=None,
        reason="never_heard_of",
        detail="x" * 5000,
    ),
    told.SetupRefused(symbol=SYMBOL, reason="position_mode"),
    DrawdownAlert(symbol=SYMBOL, loss=Decimal("2.1"), percent_of_deposit=Decimal(21)),
    told.ExitMissing(symbol=SYMBOL, position=Decimal(4), seconds=3),
    told.PositionGone(symbol=SYMBOL, expected=Decimal(4), found=Decimal(0), price=Decimal("0.47")),
    told.PositionGone(symbol=SYMBOL, expected=Decimal(4), found=Decimal(0), price=Decimal("0.47"), liquidated=True),
    told.KeyInvalid(venue="Bitget", label="<main>"),
    told.InsufficientFunds(symbol=SYMBOL),
    told.RateLimited(venue="Bitget", seconds=9),
    told.VenueAway(venue="Bitget"),
    told.VenueBack(venue="Bitget", seconds=3700),
    told.TradingStalled(symbol=SYMBOL, minutes=11),
    told.BudgetUsedUp(venue="bitget"),
    told.TradingGoesOn(symbol=SYMBOL, seconds=700),
    told.UnknownOrders(symbol=SYMBOL, outcome="canceled", client_ids=tuple(f"mg{n}" for n in range(200))),
    told.Restored(bots=2, orders=31, fills=1, lost=0),
    told.ClosingDelayed(symbol=SYMBOL, orders=2, position=Decimal(5), detail="venue_away"),
    told.PositionReduced(
        symbol=SYMBOL,
        wanted=Decimal(5),
        closed=Decimal(5),
        price=Decimal("0.48"),
        net=Decimal("-0.3"),
        left=Decimal("2.5"),
    ),
    told.OrderTakenOff(
        symbol=SYMBOL,
        side=Side.BUY,
        amount=Decimal(5),
        price=Decimal("0.47"),
        filled=Decimal(1),
        was_filled=False,
        returns=False,
    ),
    SweepFilled(
        symbol=SYMBOL,
        side=Side.BUY,
        amount=Decimal(5),
        price=Decimal("0.48"),
        cost=Decimal("2.4"),
        edge=Decimal("0.49"),
    ),
    BandQuoteFilled(symbol=SYMBOL, side=Side.SELL, amount=Decimal(5), price=Decimal("0.5")),
    QuoteFilled(symbol=SYMBOL, side=Side.SELL, amount=Decimal(5), price=Decimal("0.5")),
    told.PanicReport(symbol=SYMBOL, canceled=12, closed=Decimal(400), price=Decimal("0.48"), net=Decimal(-3)),
    told.OrdersLeft(
        symbol=SYMBOL,
        orders=(told.LeftOrder(side=Side.SELL, amount=Decimal(5), price=Decimal("0.5"), client_id="mg1"),),
    ),
    told.SystemTrouble(what="database", detail="disk full"),
    told.TroubleOver(what="database", seconds=35),
    told.AccessRequested(person_id=30, name="Eve </b>"),
    told.AccessDecided(approved=True),
    told.AccessDecided(approved=False),
    told.Drawdown(symbol=SYMBOL, loss=Decimal(21), percent_of_deposit=Decimal("20.5")),
    told.BookStale(symbol=SYMBOL, seconds=121),
    told.BookFresh(symbol=SYMBOL, seconds=300),
    Digest(
        since=NOW,
        counts=(TopicCount(topic="fills", count=12), TopicCount(topic="never_heard_of", count=1)),
        profits=(CyclesProfit(quote="USDT", is_paper=True, net=Decimal("-1.5"), cycles=2),),
        important=(1,),
    ),
    DailyReport(
        day=NOW.date(),
        groups=(day_of_bots(is_paper=False), day_of_bots(is_paper=True)),
        bots=(
            DayOfBot(bot_id=3, symbol=SYMBOL, quote="USDT", is_paper=False, net=Decimal("1.5"), fills=1),
            *(
                DayOfBot(bot_id=4 + n, symbol=SYMBOL, quote="USDT", is_paper=True, net=Decimal(n), fills=n)
                for n in range(40)
            ),
        ),
    ),
    UnknownNotice(name="heard_of_later"),
    UnknownNotice(),
    told.AccessSuspended(bots=0),
    told.AccessSuspended(bots=3),
    told.AccessRestored(bots=1),
    told.AccessRemoved(language="ru"),
    told.InviteUsed(person_id=30, name="Eve <b>"),
    told.MaintenanceBegan(bots=2),
    told.MaintenanceEnded(bots=0),
)


def test_the_samples_hold_every_kind_of_notice() -> None:
    assert {type(each) for each in NOTICES} == set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("notice", NOTICES, ids=lambda each: each.kind)
def test_every_notice_is_worded_with_a_button(notice: Notice, known: bool, language: str) -> None:
    bot = FakeDesk().give_bot(GUEST) if known else None
    card = notice_card(About(words_for(language), bot.id if bot else None, bot), [notice])
    text = parsed(card.text)
    assert text.strip()
    assert length(card.text) < 2000
    assert "notice-" not in text
    assert card.markup is not None
    if known and hasattr(notice, "symbol"):
        assert "📄" in text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [("0.0854", "85 ms"), ("1", "1.0 s"), ("59.94", "59.9 s"), ("60", "1:00"), ("3725.2", "1:02:05")],
)
def test_a_leg_says_how_long_it_took_also_when_that_is_a_moment(seconds: str, shown: str) -> None:
    leg = LegExecuted(
        symbol="CRV/USDT",
        number=7,
        side=Side.BUY,
        amount=Decimal(10),
        price=Decimal("0.5"),
        seconds=Decimal(seconds),
        orders=2,
    )
    assert f"7: bought 10 at 0.5 · {shown}, 2 orders" in notice_card(About(words_for("en")), [leg]).text


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ("12.3", "stays on the account: <b>12.3 CRV</b>"),
        ("0.04", "It holds nothing any more"),
        ("0", "It holds nothing any more"),
        ("-0.04", "It holds nothing any more"),
        ("-0.5", "<b>0.5 CRV</b> more than it bought"),
    ],
)
def test_a_stopped_float_says_what_it_leaves_and_never_a_nothing(position: str, said: str) -> None:
    bot = FakeDesk().give_bot(GUEST, "CRV/USDT", strategy="pingpong", config={})
    stopped = told.BotStopped(symbol="CRV/USDT", cause="max_legs", position=Decimal(position))
    assert said in notice_card(About(words_for("en"), bot.id, bot), [stopped]).text


class Post:
    """A notifier at work on a clock of its own."""

    def __init__(self, desk: FakeDesk, telegram: Telegram, clock: ManualClock) -> None:
        self.desk, self.telegram, self.clock = desk, telegram, clock
        self.sent_at: list[tuple[int, datetime]] = []

    def texts(self, user_id: int) -> list[str]:
        return [parsed(each.text) for each in self.telegram.shown.values() if each.chat == user_id]

    def fail_with(self, *errors: Callable[[TelegramMethod[Any]], Exception], chat: int = GUEST) -> None:
        left = list(errors)

        def failing(method: TelegramMethod[Any]) -> None:
            if isinstance(method, SendMessage):
                self.sent_at.append((int(method.chat_id), self.clock.now()))
                if method.chat_id == chat and left:
                    raise left.pop(0)(method)

        self.telegram.failing = failing


@asynccontextmanager
async def notifying(desk: FakeDesk | None = None, **settings: Any) -> AsyncIterator[Post]:
    post = Post(desk or FakeDesk(), Telegram(), ManualClock(NOW))
    post.fail_with()
    notifier = Notifier(bot_on(post.telegram), post.desk, clock=post.clock, **settings)
    task = asyncio.create_task(notifier.run())
    try:
        yield post
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Forgetful(FakeDesk):
    """Its database takes no marks for a while."""

    failures = 0

    async def notices_delivered(self, ids: Sequence[int]) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        await super().notices_delivered(ids)


async def test_what_was_told_and_cannot_be_marked_is_marked_later_and_not_told_again() -> None:
    desk = Forgetful()
    async with notifying(desk) as post:
        desk.failures = 6
        first = desk.tell(GUEST, told.VenueAway(venue="bitget"))
        await post.clock.advance(5)
        second = desk.tell(GUEST, told.KeyInvalid(venue="bitget", label="Main"))
        await post.clock.advance(300)
        assert len(post.texts(GUEST)) == 2
        assert sorted(desk.delivered) == [first, second]


async def test_notices_come_in_order_and_are_marked_when_telegram_took_them() -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    ids = [
        desk.tell(GUEST, told.BotStarted(symbol=SYMBOL), bot.id),
        desk.tell(GUEST, told.BotResumed(symbol=SYMBOL), bot.id),
        desk.tell(GUEST, told.BotStopped(symbol=SYMBOL, cause="user", position=Decimal(0)), bot.id),
    ]
    async with notifying(desk) as post:
        await post.clock.advance(5)
        assert ["Started" in text or "again" in text or "Stopped" in text for text in post.texts(GUEST)] == [True] * 3
        assert desk.delivered == ids


async def test_a_burst_of_fills_and_moves_of_one_bot_is_one_message() -> None:
    desk = FakeDesk()
    one, other = desk.give_bot(GUEST), desk.give_bot(GUEST, "BTC/USDT:USDT")
    for price in ("0.48", "0.47", "0.46"):
        desk.tell(GUEST, fill(price), one.id)
        desk.tell(GUEST, take_profit(price), one.id)
    desk.tell(GUEST, fill("94000"), other.id)
    desk.tell(GUEST, told.BotPaused(symbol=SYMBOL, cause="user"), one.id)
    desk.tell(GUEST, fill("0.45"), one.id)
    async with notifying(desk) as post:
        await post.clock.advance(10)
        first, second, third, fourth = post.texts(GUEST)
    assert "3 entries filled" in first
    assert "moved to 0.4600" in first
    assert "0.4800" in first
    assert "BTC/USDT" in second
    assert "Paused" in third
    assert "Entry filled" in fourth
    assert len(desk.delivered) == 9


async def test_only_a_take_profit_by_itself_makes_no_sound() -> None:
    desk = FakeDesk()
    bot = desk.give_bot(GUEST)
    desk.tell(GUEST, take_profit(), bot.id)
    desk.tell(GUEST, told.BotResumed(symbol=SYMBOL), bot.id)
    desk.tell(GUEST, fill(), bot.id)
    async with notifying(desk) as post:
        await post.clock.advance(5)
        assert [each.silent for each in post.telegram.shown.values()] == [True, False, False]


async def test_a_chat_gets_a_message_a_second_after_a_small_burst() -> None:
    desk = FakeDesk()
    for _ in range(8):
        desk.tell(GUEST, told.VenueAway(venue="Bitget"))
    async with notifying(desk) as post:
        await post.clock.advance(20)
    gaps = [at - NOW for _, at in post.sent_at]
    assert len(gaps) == 8
    for start in range(4):
        assert gaps[start + 4] - gaps[start] >= timedelta(seconds=1)
    assert gaps[7] - gaps[3] >= timedelta(seconds=4)


def test_all_chats_together_stay_below_the_limit() -> None:
    pacer, clock = Pacer(), ManualClock(NOW)
    waits = [pacer.total(clock.now()) for _ in range(100)]
    assert waits[24] == 0
    assert waits[99] == pytest.approx(3.0)


async def test_retry_after_is_obeyed_and_the_order_kept_while_others_go_on() -> None:
    desk = FakeDesk()
    first = desk.tell(GUEST, told.VenueAway(venue="Bitget"))
    desk.tell(GUEST, told.VenueBack(venue="Bitget", seconds=9))
    desk.tell(ADMIN, told.VenueAway(venue="Bitget"))
    async with notifying(desk) as post:
        post.fail_with(lambda method: TelegramRetryAfter(method=method, message="slow", retry_after=30))
        await post.clock.advance(5)
        assert len(post.texts(ADMIN)) == 1
        assert post.texts(GUEST) == []
        assert desk.postponed[first] >= NOW + timedelta(seconds=30)
        await post.clock.advance(40)
        assert [text[:1] for text in post.texts(GUEST)] == ["📡", "📡"]
        assert "after 0:09" in post.texts(GUEST)[1]


async def test_a_person_who_blocked_the_bot_breaks_nobody_else() -> None:
    desk = FakeDesk()
    blocked = desk.tell(GUEST, told.VenueAway(venue="Bitget"))
    desk.tell(ADMIN, told.VenueAway(venue="Bitget"))
    async with notifying(desk) as post:
        post.fail_with(lambda method: TelegramForbiddenError(method=method, message="bot was blocked by the user"))
        await post.clock.advance(5)
        assert desk.failed == {blocked: "bot was blocked by the user"}
        assert desk.deaf == {GUEST}
        assert len(post.texts(ADMIN)) == 1
        assert desk.waiting == {}


async def test_while_telegram_is_away_it_is_tried_again_ever_more_slowly() -> None:
    desk = FakeDesk()
    desk.tell(GUEST, told.VenueAway(venue="Bitget"))
    async with notifying(desk, pacer=Pacer(chat_rate=100, chat_burst=100)) as post:
        away = [lambda method: TelegramNetworkError(method=method, message="down")] * 4
        post.fail_with(*away, lambda method: TelegramServerError(method=method, message="502"))
        await post.clock.advance(60)
        assert len(post.texts(GUEST)) == 1
    times = [at for _, at in post.sent_at]
    assert [round((later - sooner).total_seconds()) for sooner, later in itertools.pairwise(times)] == [
        1, 2, 4, 8, 16,
    ]  # fmt: skip


async def test_a_notice_that_comes_while_waiting_is_carried_once() -> None:
    desk = FakeDesk()
    desk.tell(GUEST, told.VenueAway(venue="Bitget"))
    async with notifying(desk, linger=0.01) as post:
        for second in range(30):
            await post.clock.advance(0.2)
            if second % 10 == 0:
                desk.tell(GUEST, told.VenueBack(venue="Bitget", seconds=second))
        await post.clock.advance(20)
        assert len(post.texts(GUEST)) == 4


async def test_an_outbox_that_cannot_be_read_is_asked_again() -> None:
    desk = FakeDesk()
    desk.tell(GUEST, told.VenueAway(venue="Bitget"))
    desk.failing["waiting_notices"] = DeskError("storage")
    async with notifying(desk) as post:
        await post.clock.advance(3)
        del desk.failing["waiting_notices"]
        await post.clock.advance(10)
        assert len(post.texts(GUEST)) == 1


async def test_a_notice_of_a_deleted_bot_is_still_told() -> None:
    desk = FakeDesk()
    desk.tell(GUEST, told.BotStopped(symbol=SYMBOL, cause="user", position=Decimal(0)), 4711)
    async with notifying(desk) as post:
        await post.clock.advance(2)
        (text,) = post.texts(GUEST)
    assert "CRV/USDT" in text


async def test_notices_speak_the_persons_language_and_open_the_bot() -> None:
    desk = FakeDesk("ru")
    bot = desk.give_bot(GUEST)
    desk.tell(GUEST, fill(), bot.id)
    async with notifying(desk) as post:
        await post.clock.advance(2)
        (shown,) = post.telegram.shown.values()
    assert "Исполнен 1 вход" in shown.text
    assert shown.buttons == {"Открыть": f"b:o:{bot.id}"}


async def test_who_was_removed_hears_it_in_their_language_though_nothing_else_is_known_of_them() -> None:
    desk = FakeDesk()
    desk.tell(404, told.AccessRemoved(language="ru"))
    async with notifying(desk) as post:
        await post.clock.advance(2)
        (shown,) = post.telegram.shown.values()
    assert "Админы удалили вас" in shown.text
    assert shown.buttons == {"🏠 Меню": "go:home"}


async def test_an_access_request_carries_the_decision() -> None:
    desk = FakeDesk()
    desk.people[30] = replace(desk.people[GUEST], id=30, status="pending")
    desk.tell(ADMIN, told.AccessRequested(person_id=30, name="Eve <b>"))
    async with notifying(desk) as post:
        await post.clock.advance(2)
        (shown,) = post.telegram.shown.values()
    assert set(shown.buttons.values()) == {"acc:30:1", "acc:30:0"}
