"""Admins and the machine: maintenance of all trading, the end of the log, a copy of the database."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.types import BufferedInputFile, CallbackQuery

from tgbot.callbacks import Go, Page, SendBackup, SendLog, SwitchMaintenance, new_token
from tgbot.cards.system import LOG_LINES, backup_card, log_card, log_file, maintenance_card, switched_card
from tgbot.logtail import LogTail
from tgbot.middlewares.admins import only_for_admins
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, show
from tgbot.words import Words
from trading.desk.answers import Person
from trading.desk.protocol import DeskProtocol


def system_router() -> Router:
    router = Router(name="system")
    only_for_admins(router)
    only_in_private(router)
    router.callback_query.register(go_maintenance, Go.filter(F.page == Page.MAINTENANCE))
    router.callback_query.register(switch_maintenance, SwitchMaintenance.filter())
    router.callback_query.register(go_log, Go.filter(F.page == Page.LOG))
    router.callback_query.register(send_log, SendLog.filter())
    router.callback_query.register(go_backup, Go.filter(F.page == Page.BACKUP))
    router.callback_query.register(send_backup, SendBackup.filter())
    return router


async def go_maintenance(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, maintenance_card(words, await desk.maintenance(), new_token(person.id)))


async def switch_maintenance(
    press: CallbackQuery,
    callback_data: SwitchMaintenance,
    desk: DeskProtocol,
    person: Person,
    words: Words,
) -> None:
    switch = desk.begin_maintenance if callback_data.on else desk.end_maintenance
    bots = await switch(person.id, token=callback_data.token)
    await show(press, switched_card(words, on=callback_data.on, bots=bots))


async def go_log(press: CallbackQuery, words: Words, toast: Toast, log_tail: LogTail) -> None:
    if not await show(press, log_card(words, log_tail.last(LOG_LINES))):
        toast.say(words.plain("up-to-date"))


async def send_log(press: CallbackQuery, bot: Bot, person: Person, words: Words, log_tail: LogTail) -> None:
    lines = log_tail.last()
    log = BufferedInputFile(log_file(words, lines), filename="makergram-log.txt")
    await bot.send_document(person.id, log, caption=words("log-file", count=len(lines)))


async def go_backup(press: CallbackQuery, person: Person, words: Words) -> None:
    await show(press, backup_card(words, new_token(person.id)))


async def send_backup(
    press: CallbackQuery,
    callback_data: SendBackup,
    bot: Bot,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
) -> None:
    """To the admin's own chat by the admin's id, wherever the button was pressed."""
    await toast.now(words.plain("backup-begun"))
    name, copy = await desk.backup(person.id, token=callback_data.token)
    await bot.send_document(person.id, BufferedInputFile(copy, filename=name), caption=words("backup-file"))
