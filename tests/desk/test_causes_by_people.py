"""From the cause to the message in a chat: what people and admins do, what comes at its time, and the system itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any, Literal

from tests.desk.chats import ADMINS, PEOPLE, RUSSIAN_ADMIN, Room, causes
from tests.desk.place import ADMIN, CRV_SYMBOL, GRID, OTHER, OWNER
from trading.core.hearing import QuietHours
from trading.core.notices import (
    AccessDecided,
    AccessRemoved,
    AccessRequested,
    AccessRestored,
    AccessSuspended,
    BotPaused,
    BotStopped,
    ClosingDelayed,
    InviteUsed,
    MaintenanceBegan,
    MaintenanceEnded,
    OrdersLeft,
    OrderTakenOff,
    PanicReport,
    PositionReduced,
    Restored,
    SystemTrouble,
    TroubleOver,
)
from trading.core.orders import Role
from trading.core.summaries import DailyReport, Digest
from trading.core.telling import Notice, Topic, UnknownNotice
from trading.desk.answers import StopChoice
from trading.desk.desk import Desk
from trading.desk.manual_answers import order_number
from trading.exchanges.errors import Unavailable
from trading.metering import Meter
from trading.runtime.machine import MachineWatch
from trading.runtime.troubles import Troubles
from trading.storage import Storage, bots
from trading.strategies.grid.notices import CycleFinished, EntryFilled

GUEST, LATE = 77, 78


async def both_settle(room: Room, desk: Desk) -> dict[int, int]:
    made = await room.both_begin(desk, "grid", CRV_SYMBOL, GRID)
    await room.until(lambda: all(room.resting(str(person)) == 5 for person in PEOPLE))
    await room.pass_time(5)
    return {person: bot.id for person, bot in made.items()}


@causes(PositionReduced, OrderTakenOff, PanicReport, BotStopped)
async def test_what_is_done_by_hand_is_told_when_the_venue_has_confirmed_it(room: Room) -> None:
    async with room.hearing() as desk:
        made = await both_settle(room, desk)
        for person, bot_id in made.items():
            await desk.reduce(person, bot_id, 50, token=f"r{person}")
        await room.both_hear(
            PositionReduced, "Closed 27.6 CRV at 0.4999 by hand", "Закрыто вручную: 27.6 CRV по 0.4999"
        )
        for person, bot_id in made.items():
            shown = await desk.orders(person, bot_id)
            entry = min((each for each in shown.live if each.role is Role.ENTRY), key=lambda each: each.price or 0)
            number = order_number(entry)
            assert number is not None
            await desk.cancel_order(person, bot_id, number, token=f"c{person}")
        await room.both_hear(OrderTakenOff, "Canceled by hand: buy 157.9 CRV at 0.4500",
                             "Снято вручную: покупка 157.9 CRV по 0.4500")  # fmt: skip
        for person in PEOPLE:
            await desk.panic(person, token=f"p{person}")
        await room.both_hear(PanicReport, "Panic done: 4 orders canceled, closed 27.6 CRV",
                             "Паника выполнена: снято 4 ордера, закрыто 27.6 CRV")  # fmt: skip
        await room.both_hear(BotStopped, "Stopped: panic", "Остановлен: паника")


@causes(ClosingDelayed, PanicReport)
async def test_a_panic_that_the_venue_does_not_answer_is_told_at_once_and_when_it_is_done(room: Room) -> None:
    async def away(account: str, point: str) -> None:
        raise Unavailable("502")

    async with room.hearing() as desk:
        await both_settle(room, desk)
        room.meets = away
        for person in PEOPLE:
            await desk.panic(person, token=f"p{person}")
        await room.both_hear(
            ClosingDelayed,
            "Not everything is canceled and closed yet: 5 orders and a position of 55.2",
            "Ещё не всё снято и закрыто: осталось 5 ордеров и позиция 55.2",
        )
        await room.pass_time(60)
        room.meets = None
        await room.both_hear(
            PanicReport, "Panic done: 5 orders canceled", "Паника выполнена: снято 5 ордеров", within=200
        )


@causes(BotPaused, Restored, OrdersLeft, BotStopped)
async def test_a_bot_that_cannot_be_taken_up_again_is_told_and_is_not_said_to_be_restored(room: Room) -> None:
    async with room.hearing() as desk:
        made = await both_settle(room, desk)
    # Nobody is at home meanwhile, who would restore them as they were.
    storage = await Storage.open(f"sqlite+aiosqlite:///{room.path}", now=room.clock.now)
    for bot_id in made.values():
        await storage.write(lambda c, bot_id=bot_id: _with_garbage(c, bot_id))
    await storage.close()
    room.expected.clear()
    async with room.hearing() as desk:
        await room.both_hear(BotPaused, "an error of ours; orders stay as they are\nValidationError",
                             "наша ошибка; ордера остаются как есть\nValidationError")  # fmt: skip
        await room.both_hear(Restored, "0 bots restored: 0 orders adopted, 0 fills caught up, 1 lost",
                             "Восстановлено 0 ботов: ордеров принято 0, исполнений учтено 0, потеряно 1")  # fmt: skip
        room.meets = _unknown_market
        for person, bot_id in made.items():
            await desk.stop(person, bot_id, StopChoice.CANCEL_ORDERS, token=f"s{person}")
        await room.both_hear(
            OrdersLeft,
            "the exchange does not say what became of 5 of its orders",
            "биржа не говорит, что стало с 5 его ордерами",
            within=200,
        )
        await room.both_hear(BotStopped, "Stopped", "Остановлен")


async def _unknown_market(account: str, point: str) -> None:
    if point.split(".", maxsplit=1)[0] in ("cancel", "order", "open_orders"):
        raise KeyError("the market is gone")


def _with_garbage(connection: Any, bot_id: int) -> None:
    found = bots.find_bot(connection, bot_id)
    assert found is not None
    bots.update_bot(connection, replace(found, config='{"deposit": "many"}'))


@causes(AccessRequested, AccessDecided, InviteUsed)
async def test_who_knocks_is_told_to_the_admins_and_what_they_decide_to_who_knocked(room: Room) -> None:
    async with room.hearing() as desk:
        for person, language in ((GUEST, "en"), (LATE, "ru")):
            await desk.arrive(person, f"Gus {person}", None, language)
            await desk.arrive(person, f"Gus {person}", None, language)
            await room.admins_hear(AccessRequested, f"Gus {person} ({person}) asks to use the bot",
                                   f"Gus {person} ({person}) просит доступ к боту")  # fmt: skip
        await desk.decide_access(ADMIN, GUEST, approve=True)
        await desk.decide_access(ADMIN, LATE, approve=False)
        await room.hear({GUEST: "You may use the bot now", LATE: "Админы отказали в доступе"}, AccessDecided)
        invites = {admin: await desk.make_invite(admin, None) for admin in ADMINS}
        for number, (admin, invite) in enumerate(invites.items()):
            await desk.enter(90 + number, "Ivy", None, "en", invite.code)
            said = "Ivy (90) came in by your invite" if admin == ADMIN else "Ivy (91): вход по вашему приглашению"
            await room.hear({admin: said}, InviteUsed)


@causes(AccessSuspended, AccessRestored, AccessRemoved, MaintenanceBegan, MaintenanceEnded)
async def test_what_admins_do_to_people_is_told_to_them(room: Room) -> None:
    async with room.hearing() as desk:
        await both_settle(room, desk)
        await desk.begin_maintenance(ADMIN, token="m")
        everybody = {OWNER: "Your bot takes no new entries", OTHER: "1 ваш бот больше не входит в рынок",
                     ADMIN: "Until it is over, nothing", RUSSIAN_ADMIN: "запускать ничего нельзя"}  # fmt: skip
        await room.hear(everybody, MaintenanceBegan)
        await desk.end_maintenance(ADMIN, token="e")
        everybody = {OWNER: "Your bot trades again", OTHER: "1 ваш бот снова торгует",
                     ADMIN: "You can start bots again", RUSSIAN_ADMIN: "можно запускать"}  # fmt: skip
        await room.hear(everybody, MaintenanceEnded)
        for person in PEOPLE:
            await desk.suspend(ADMIN, person, token=f"s{person}")
        await room.both_hear(
            AccessSuspended, "The admins have suspended your access", "Админы приостановили ваш доступ"
        )
        for person in PEOPLE:
            await desk.let_back(ADMIN, person, token=f"b{person}")
        await room.both_hear(AccessRestored, "One bot is still paused", "1 бот пока на паузе")
        await _remove(room, desk)
        await room.both_hear(
            AccessSuspended, "The admins have suspended your access", "Админы приостановили ваш доступ"
        )
        await room.both_hear(AccessRemoved, "The admins have removed you", "Админы удалили вас")


async def _remove(room: Room, desk: Desk) -> None:
    for person in PEOPLE:
        for bot in await desk.bots(person):
            await desk.panic(person, token=f"p{person}")
            await room.until(lambda bot=bot: room.supervisor.worker(bot.id) is None)
        await desk.remove_member(ADMIN, person, token=f"r{person}")


@causes(Digest, DailyReport)
async def test_after_a_quiet_night_there_is_one_digest_and_once_a_day_a_report(room: Room) -> None:
    async with room.hearing() as desk:
        for person in PEOPLE:
            await desk.set_quiet_hours(person, QuietHours(12 * 60 + 1, 12 * 60 + 3))
            await desk.set_report_time(person, 12 * 60 + 4)
        await both_settle(room, desk)
        await room.pass_time(65)
        for price in ("0.485", "0.52"):
            room.price(price)
            await room.pass_time(20)
        assert not [each for each in room.heard if CycleFinished in each.kinds]
        await room.both_hear(Digest, "Paper, one finished cycle", "Бумага, 1 цикл завершён", within=120)
        await room.both_hear(DailyReport, "Daily report", "Отчёт за день", within=120)
        await room.pass_time(150)


@causes(SystemTrouble, TroubleOver)
async def test_a_database_that_takes_no_writes_is_told_to_the_admins_at_once_and_its_end(room: Room) -> None:
    room.busy_seconds = 0.01
    async with room.hearing() as desk:
        await both_settle(room, desk)
        with closing(sqlite3.connect(room.path)) as somebody_else:
            somebody_else.execute("BEGIN IMMEDIATE")
            room.price("0.485")
            await room.admins_hear(SystemTrouble, "the database cannot be written; trading waits",
                                   "не удаётся писать в базу данных; торговля ждёт")  # fmt: skip
            await room.pass_time(60)
            assert room.resting() == 4, "the take-profit waits for what it must be stored with"
        await room.admins_hear(TroubleOver, "It is over, after 1:", "Неполадка прошла, длилась 1:")
        await room.until(lambda: room.exits() == [room.held()])
        for person, kind in ((OWNER, EntryFilled), (OTHER, EntryFilled)):
            assert len(room.told(person, kind)) == 2


@causes(SystemTrouble, TroubleOver)
async def test_a_backup_that_fails_again_and_again_is_told_once_and_when_one_was_made(room: Room) -> None:
    in_the_way = room.path.parent / "backups"
    in_the_way.write_text("in the way")
    async with room.hearing():
        await room.admins_hear(SystemTrouble, "the backup failed", "резервная копия не удалась", within=90)
        for _ in range(3):
            await room.keeping.look()
        await room.pass_time(30)
        in_the_way.unlink()
        await room.keeping.look()
        await room.admins_hear(TroubleOver, "the backup failed", "резервная копия не удалась")


@causes(SystemTrouble, TroubleOver)
async def test_a_disk_that_is_nearly_full_and_a_loop_that_is_late_are_told_once_and_their_end(room: Room) -> None:
    free, meter = [10 * 1024**3], Meter()
    async with room.hearing():
        watch = MachineWatch(Troubles(room.outbox, room.clock.now), meter, room.path.parent, lambda _: free[-1])
        watch.begin(room.timers, room.clock)
        await room.pass_time(120)
        assert not [each for each in room.heard if SystemTrouble in each.kinds]
        free.append(100 * 1024**2)
        await room.admins_hear(SystemTrouble, "the disk is nearly full\n100 MiB", "диск почти заполнен\n100 MiB", 90)
        free.append(210 * 1024**2)
        await room.pass_time(300)
        free.append(10 * 1024**3)
        await room.admins_hear(TroubleOver, "the disk is nearly full", "диск почти заполнен", 90)
        for _ in range(600):
            meter.lagged(1.5)
        await room.admins_hear(SystemTrouble, "the event loop is late\n1.5 s", "цикл событий отстаёт\n1.5 s", 90)
        for _ in range(600):
            meter.lagged(0.01)
        await room.admins_hear(TroubleOver, "the event loop is late", "цикл событий отстаёт", 90)


class OfAnotherVersion(Notice):
    kind: Literal["of_another_version"] = "of_another_version"
    topic = Topic.SYSTEM


@causes(UnknownNotice)
async def test_what_another_version_left_to_be_told_is_named(room: Room) -> None:
    async with room.hearing():
        for person in PEOPLE:
            await room.outbox.tell(person, [OfAnotherVersion()])
        await room.both_hear(
            UnknownNotice, "does not understand: of_another_version", "не понимает: of_another_version"
        )
