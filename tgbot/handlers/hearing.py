"""The pages behind /settings: notifications, quiet hours, time zone, daily report."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import HearPage, OnHearing, SetLevel, SetQuiet, SetReport, SetZone
from tgbot.cards.card import Card
from tgbot.cards.hearing import levels_card, quiet_card, report_card, topic_name, zone_card
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show, take_buttons
from tgbot.states import Ask
from tgbot.times import hours_text, read_hours, read_time, time_text, zone_text
from tgbot.words import Words
from trading.core.hearing import QuietHours
from trading.desk.answers import DeskError, Person
from trading.desk.hearing_answers import HearingCard
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")


def hearing_router() -> Router:
    router = Router(name="hearing")
    only_in_private(router)
    router.callback_query.register(open_page, OnHearing.filter())
    router.callback_query.register(choose_level, SetLevel.filter())
    router.callback_query.register(choose_quiet, SetQuiet.filter())
    router.callback_query.register(choose_zone, SetZone.filter())
    router.callback_query.register(choose_report, SetReport.filter())
    router.message.register(type_quiet, Ask.quiet, F.text, ~_COMMAND)
    router.message.register(type_zone, Ask.zone, F.text, ~_COMMAND)
    router.message.register(type_report, Ask.report, F.text, ~_COMMAND)
    return router


_ASKED: dict[HearPage, State] = {HearPage.QUIET: Ask.quiet, HearPage.ZONE: Ask.zone, HearPage.REPORT: Ask.report}
"""Pages on which an answer may be typed besides being pressed."""


async def open_page(
    press: CallbackQuery, callback_data: OnHearing, desk: DeskProtocol, person: Person, words: Words, state: FSMContext
) -> None:
    hearing = await desk.hearing(person.id)
    await show(press, _page(words, callback_data.page, hearing))
    if callback_data.page in _ASKED:
        await _await_answer(state, callback_data.page, press.message.message_id if press.message else None)


async def choose_level(
    press: CallbackQuery, callback_data: SetLevel, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    try:
        hearing = await desk.set_level(person.id, callback_data.topic, callback_data.level)
    except DeskError as error:
        if error.code != "unknown_topic":
            raise
        # A button of a strategy that there is no more.
        toast.say(words.plain("button-stale"), alert=True)
        return
    await show(press, levels_card(words, hearing))
    name = topic_name(words, callback_data.topic)
    toast.say(words.plain("level-set", topic=name, level=callback_data.level.value))


async def choose_quiet(
    press: CallbackQuery, callback_data: SetQuiet, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    try:
        quiet = None if callback_data.begins < 0 else QuietHours(callback_data.begins, callback_data.ends)
    except ValueError:
        toast.say(words.plain("button-stale"), alert=True)
        return
    hearing = await desk.set_quiet_hours(person.id, quiet)
    await show(press, quiet_card(words, hearing))
    toast.say(_quiet_said(words, quiet))


async def choose_zone(
    press: CallbackQuery, callback_data: SetZone, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    hearing = await desk.set_time_zone(person.id, callback_data.zone)
    await show(press, zone_card(words, hearing))
    toast.say(words.plain("zone-set", zone=zone_text(hearing.time_zone, hearing.now)))


async def choose_report(
    press: CallbackQuery, callback_data: SetReport, desk: DeskProtocol, person: Person, words: Words, toast: Toast
) -> None:
    minute = None if callback_data.minute < 0 else callback_data.minute
    hearing = await desk.set_report_time(person.id, minute)
    await show(press, report_card(words, hearing))
    toast.say(_report_said(words, minute))


async def type_quiet(
    message: Message, desk: DeskProtocol, person: Person, words: Words, state: FSMContext, bot: Bot
) -> None:
    quiet = read_hours(message.text or "")
    if quiet is None:
        card = quiet_card(words, await desk.hearing(person.id), words("quiet-wrong"))
    else:
        hearing = await desk.set_quiet_hours(person.id, quiet)
        card = quiet_card(words, hearing, words("quiet-set", hours=hours_text(quiet)))
    await _answer(message, card, state, bot, HearPage.QUIET)


async def type_zone(
    message: Message, desk: DeskProtocol, person: Person, words: Words, state: FSMContext, bot: Bot
) -> None:
    typed = (message.text or "").strip()
    found = desk.find_time_zones(_city(words, typed))
    if len(found) == 1:
        hearing = await desk.set_time_zone(person.id, found[0])
        said = words("zone-set", zone=zone_text(hearing.time_zone, hearing.now))
        card = zone_card(words, hearing, said=said)
    else:
        hearing = await desk.hearing(person.id)
        card = zone_card(words, hearing, found=found, said=None if found else words("zone-unknown", text=typed))
    await _answer(message, card, state, bot, HearPage.ZONE)


async def type_report(
    message: Message, desk: DeskProtocol, person: Person, words: Words, state: FSMContext, bot: Bot
) -> None:
    minute = read_time(message.text or "")
    if minute is None:
        card = report_card(words, await desk.hearing(person.id), words("daily-wrong"))
    else:
        hearing = await desk.set_report_time(person.id, minute)
        card = report_card(words, hearing, words("daily-set", time=time_text(minute)))
    await _answer(message, card, state, bot, HearPage.REPORT)


async def _answer(message: Message, card: Card, state: FSMContext, bot: Bot, page: HearPage) -> None:
    """The page goes on below what was typed, and goes on listening."""
    await take_buttons(bot, message.chat.id, (await state.get_data()).get("hearing"))
    sent = await answer(message, card)
    await _await_answer(state, page, sent.message_id)


async def _await_answer(state: FSMContext, page: HearPage, message_id: int | None) -> None:
    await state.update_data(hearing=message_id)
    await state.set_state(_ASKED[page])


def _page(words: Words, page: HearPage, hearing: HearingCard) -> Card:
    cards = {
        HearPage.LEVELS: levels_card,
        HearPage.QUIET: quiet_card,
        HearPage.ZONE: zone_card,
        HearPage.REPORT: report_card,
    }
    return cards[page](words, hearing)


def _city(words: Words, typed: str) -> str:
    """The zone of a city that has none of its own name, or is called otherwise in this language."""
    wanted = typed.casefold().replace("ё", "е")
    for pair in words.plain("zone-cities").split(";"):
        city, _, zone = pair.partition("=")
        if city.strip().casefold().replace("ё", "е") == wanted:
            return zone.strip()
    return typed


def _quiet_said(words: Words, quiet: QuietHours | None) -> str:
    return words.plain("quiet-set", hours=hours_text(quiet)) if quiet else words.plain("quiet-unset")


def _report_said(words: Words, minute: int | None) -> str:
    return words.plain("daily-set", time=time_text(minute)) if minute is not None else words.plain("daily-unset")
