"""/test: a bot's settings, or those of a form that is open, over recent candles or over a file of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from tgbot.callbacks import BotAct, DraftAct, Go, OnBot, OnDraft, Page, TrialFile, TrialRecent
from tgbot.cards.card import Card
from tgbot.cards.home import plain_card
from tgbot.cards.trials import (
    DAYS,
    NO_BOT,
    days_words,
    trial_bots_card,
    trial_caption,
    trial_days_card,
    trial_done_card,
    trial_file_card,
    trial_labels,
    trial_title,
    trial_unfit_card,
)
from tgbot.handlers.draft_middleware import DraftMiddleware
from tgbot.handlers.draft_room import DraftRoom
from tgbot.making import Draft
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, send, show
from tgbot.states import Ask
from tgbot.words import Html, Words
from tgbot.works import Works
from trading.core.hearing import zone_of
from trading.desk.answers import DeskError, Person
from trading.desk.file_answers import Progress
from trading.desk.protocol import DeskProtocol
from trading.desk.trial_answers import MOST_FILE_BYTES, CandleFile, Recent, TrialReport, TrialSource


def trials_router() -> Router:
    router = Router(name="trials")
    only_in_private(router)
    router.message.middleware(DraftMiddleware())
    router.callback_query.middleware(DraftMiddleware())
    router.message.register(open_trials, Command("test"))
    router.callback_query.register(go_trials, Go.filter(F.page == Page.TRIALS))
    router.callback_query.register(ask_days_of_bot, OnBot.filter(F.act == BotAct.TRIAL))
    router.callback_query.register(ask_days_of_form, OnDraft.filter(F.act == DraftAct.TRIAL))
    router.callback_query.register(try_recent, TrialRecent.filter(F.days.in_(DAYS)))
    router.callback_query.register(ask_file, TrialFile.filter())
    router.message.register(read_file, Ask.candles, F.document)
    return router


@dataclass(frozen=True, slots=True)
class _Subject:
    """A bot by its number, or a form by its draft; ``lack`` is what candles do not hold of what it lives on."""

    bot: int
    draft: Draft | None
    title: str
    lack: str

    @property
    def mark(self) -> str:
        return self.draft.mark if self.draft else ""


async def open_trials(message: Message, desk: DeskProtocol, person: Person, words: Words) -> None:
    await answer(message, trial_bots_card(words, await desk.bots(person.id), desk.strategies()))


async def go_trials(press: CallbackQuery, desk: DeskProtocol, person: Person, words: Words) -> None:
    await show(press, trial_bots_card(words, await desk.bots(person.id), desk.strategies()))


async def ask_days_of_bot(
    press: CallbackQuery, callback_data: OnBot, desk: DeskProtocol, person: Person, words: Words
) -> None:
    subject = await _of_bot(desk, person, callback_data.bot)
    await show(press, _days_card(words, subject))


async def ask_days_of_form(press: CallbackQuery, draft: Draft, desk: DeskProtocol, words: Words) -> None:
    """Below the form, which stays open with its preview."""
    if press.bot is not None and press.message is not None:
        await send(press.bot, press.message.chat.id, _days_card(words, _of_draft(desk, draft)))


async def try_recent(
    press: CallbackQuery,
    callback_data: TrialRecent,
    room: DraftRoom,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    works: Works,
    toast: Toast,
) -> None:
    subject = await _subject(room, desk, person, callback_data.bot, callback_data.draft)
    message = press.message
    if press.bot is None or message is None:
        return
    if subject.lack:
        await show(press, _days_card(words, subject))
        return
    number = message.message_id if isinstance(message, Message) and message.text is not None else None
    trial = _Trial(desk, person, words, press.bot, message.chat.id, subject, days_words(words, callback_data.days))
    trial.begin(works, number, Recent(callback_data.days))
    toast.say(words.plain("report-begun"))


async def ask_file(
    press: CallbackQuery,
    callback_data: TrialFile,
    room: DraftRoom,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
) -> None:
    subject = await _subject(room, desk, person, callback_data.bot, callback_data.draft)
    if subject.lack:
        await show(press, _days_card(words, subject))
        return
    await show(press, trial_file_card(words, subject.title))
    await state.set_state(Ask.candles)
    await state.update_data(trial={"bot": subject.bot, "draft": subject.mark})


async def read_file(
    message: Message,
    bot: Bot,
    room: DraftRoom,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    state: FSMContext,
    works: Works,
) -> None:
    asked = (await state.get_data()).get("trial")
    document = message.document
    if not isinstance(asked, dict) or document is None:
        await state.set_state(None)
        await answer(message, plain_card(words, words("form-lost")))
        return
    subject = await _subject(room, desk, person, int(asked["bot"]), str(asked["draft"]))
    if document.file_size is None or document.file_size > MOST_FILE_BYTES:
        # Not even fetched.
        problem = words("error-candles_large", megabytes=str(MOST_FILE_BYTES // 1_000_000))
        await answer(message, trial_file_card(words, subject.title, problem))
        return
    if works.is_busy(person.id):
        raise DeskError("work_busy")
    content = BytesIO()
    await bot.download(document, content)
    trial = _Trial(desk, person, words, bot, message.chat.id, subject, words.plain("trial-own-file"))
    trial.begin(works, None, CandleFile(content.getvalue()))


class _Trial:
    """One trial on its way. ``told`` is over what, in words."""

    def __init__(
        self, desk: DeskProtocol, person: Person, words: Words, bot: Bot, chat_id: int, subject: _Subject, told: str
    ) -> None:
        self._desk, self._person, self._words = desk, person, words
        self._bot, self._chat_id = bot, chat_id
        self._subject, self._told = subject, told

    @property
    def _title(self) -> Html:
        return trial_title(self._words, self._subject.title, self._told)

    def begin(self, works: Works, message: int | None, source: TrialSource) -> None:
        act = partial(self._act, source)
        works.begin(self._bot, self._chat_id, message, self._person.id, self._words, self._title, act)

    async def _act(self, source: TrialSource, progress: Progress) -> Card:
        report = await self._run(source, trial_labels(self._words, self._told), progress)
        picture = BufferedInputFile(report.picture, filename="test.png")
        caption = trial_caption(self._words, report, self._desk.venues())
        await self._bot.send_photo(self._chat_id, picture, caption=str(caption))
        return trial_done_card(self._words, self._title)

    async def _run(self, source: TrialSource, labels: Mapping[str, str], progress: Progress) -> TrialReport:
        draft, own = self._subject.draft, self._person.id
        if draft is None:
            return await self._desk.trial_of_bot(
                own,
                self._subject.bot,
                source,
                labels=labels,
                dark=self._person.dark_pictures,
                tz=zone_of(self._person.time_zone),
                progress=progress,
            )
        symbol, config = _shown(draft), dict[str, Any](draft.config)
        return await self._desk.trial_of_form(
            own,
            draft.key,
            draft.strategy,
            symbol,
            config,
            source,
            labels=labels,
            dark=self._person.dark_pictures,
            tz=zone_of(self._person.time_zone),
            progress=progress,
        )


def _days_card(words: Words, subject: _Subject) -> Card:
    if subject.lack:
        return trial_unfit_card(words, subject.title, subject.lack)
    return trial_days_card(words, subject.title, subject.bot, subject.mark)


async def _subject(room: DraftRoom, desk: DeskProtocol, person: Person, bot: int, mark: str) -> _Subject:
    """Checked again at every press. Raises DeskError: another's bot, a form that is not open any more."""
    if bot != NO_BOT:
        return await _of_bot(desk, person, bot)
    draft = await room.find(mark)
    if draft is None:
        raise DeskError("form_gone")
    return _of_draft(desk, draft)


async def _of_bot(desk: DeskProtocol, person: Person, number: int) -> _Subject:
    bot = await desk.bot(person.id, number)
    return _Subject(number, None, f"#{number} {bot.title}", _lack(desk, bot.strategy))


def _of_draft(desk: DeskProtocol, draft: Draft) -> _Subject:
    return _Subject(NO_BOT, draft, _shown(draft).split(":", maxsplit=1)[0], _lack(desk, draft.strategy))


def _shown(draft: Draft) -> str:
    """The pair that its preview shows. Raises DeskError("form_gone") for a form without any."""
    if not draft.symbols:
        raise DeskError("form_gone")
    return draft.symbols[min(draft.shown, len(draft.symbols) - 1)]


def _lack(desk: DeskProtocol, strategy: str) -> str:
    return next((each.candles_lack for each in desk.strategies() if each.name == strategy), "")
