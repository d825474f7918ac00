"""Making a bot, step by step. Each press and each typed answer changes the draft and shows its next step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from tgbot.banner import Banner
from tgbot.callbacks import DraftAct, Go, OnDraft, Page, StartDraft
from tgbot.cards.fields import answer_problem, settings_problem
from tgbot.cards.home import plain_card
from tgbot.cards.making import gone_card, made_card
from tgbot.cards.offers import changes_text
from tgbot.coins import Coins
from tgbot.forms import WrongAnswer, find_field, read_answer
from tgbot.handlers import draft_presets
from tgbot.handlers.draft_middleware import DraftMiddleware
from tgbot.handlers.draft_room import DraftRoom
from tgbot.handlers.errors import error_toast
from tgbot.making import (
    MOST_PAIRS,
    Draft,
    Step,
    answered,
    editing,
    new_draft,
    next_question,
    one_back,
    takes_one_pair,
    with_account,
    with_pair_toggled,
    with_pairs,
    with_values,
)
from tgbot.middlewares.private import only_in_private
from tgbot.screen import Toast, answer, show
from tgbot.states import Ask
from tgbot.words import Words
from trading.desk.answers import DeskError, InvalidSettings, Person
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")
_LONGEST_SEARCH = 20


def create_router() -> Router:
    router = Router(name="create")
    only_in_private(router)
    router.message.middleware(DraftMiddleware())
    router.callback_query.middleware(DraftMiddleware())
    router.message.register(open_new, Command("new"))
    router.callback_query.register(go_new, Go.filter(F.page == Page.NEW))
    for act, handler in (
        (DraftAct.STRATEGY, choose_strategy),
        (DraftAct.ACCOUNT, choose_account),
        (DraftAct.PAIR, toggle_pair),
        (DraftAct.PAIRS_BUSIEST, show_busiest),
        (DraftAct.PAIRS_DONE, finish_pairs),
        (DraftAct.VALUE, choose_value),
        (DraftAct.EDIT, edit_setting),
        (DraftAct.SUMMARY, show_summary),
        (DraftAct.ADVANCED, show_advanced),
        (DraftAct.PREVIEW, preview),
        (DraftAct.SHOW, show_other_pair),
        (DraftAct.OFFER, take_offer),
        (DraftAct.BACK, back),
        (DraftAct.CANCEL, cancel),
    ):
        router.callback_query.register(handler, OnDraft.filter(F.act == act))
    router.callback_query.register(start, StartDraft.filter())
    router.message.register(type_pair, Ask.pairs, F.text, ~_COMMAND)
    draft_presets.register(router)
    router.message.register(type_value, Ask.setting, F.text, ~_COMMAND)
    return router


async def open_new(message: Message, room: DraftRoom, desk: DeskProtocol) -> None:
    await room.put(new_draft([each.name for each in desk.strategies()]), below=True)


async def go_new(press: CallbackQuery, room: DraftRoom, desk: DeskProtocol) -> None:
    """In the pressed message where it can be edited, else below it."""
    draft = new_draft([each.name for each in desk.strategies()])
    message = press.message
    if isinstance(message, Message) and message.text is not None:
        draft = replace(draft, message=message.message_id)
    await room.put(draft)


async def choose_strategy(
    press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom, desk: DeskProtocol
) -> None:
    names = [each.name for each in desk.strategies()]
    if not 0 <= callback_data.option < len(names):
        raise DeskError("not_found")
    chosen = names[callback_data.option]
    if chosen != draft.strategy:
        draft = replace(draft, strategy=chosen, symbols=(), config={})
    await room.put(replace(draft, step=Step.ACCOUNT))


async def choose_account(
    press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom, desk: DeskProtocol, person: Person
) -> None:
    key = callback_data.option or None
    if key is not None and key not in {each.id for each in await desk.keys(person.id)}:
        raise DeskError("not_found")
    await room.put(with_account(draft, key))


async def toggle_pair(
    press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom, words: Words, toast: Toast
) -> None:
    if not 0 <= callback_data.option < len(draft.matches):
        raise DeskError("not_found")
    symbol, settings = draft.matches[callback_data.option], room.view.settings(draft)
    if takes_one_pair(settings):
        await room.put(next_question(with_pairs(draft, settings, (symbol,)), settings))
        return
    if len(draft.symbols) >= MOST_PAIRS and symbol not in draft.symbols:
        toast.say(words.plain("make-pairs-most", count=MOST_PAIRS), alert=True)
        return
    await room.put(replace(with_pair_toggled(draft, settings, symbol), step=Step.PAIRS))


async def show_busiest(press: CallbackQuery, draft: Draft, room: DraftRoom) -> None:
    await room.put(replace(draft, sought="", step=Step.PAIRS))


async def finish_pairs(press: CallbackQuery, draft: Draft, room: DraftRoom, words: Words, toast: Toast) -> None:
    if not draft.symbols:
        toast.say(words.plain("make-pairs-first"), alert=True)
        return
    await room.put(next_question(draft, room.view.settings(draft)))


async def type_pair(message: Message, room: DraftRoom, words: Words) -> None:
    draft = await room.find()
    if draft is None:
        await answer(message, plain_card(words, words("form-lost")))
        return
    sought = "".join((message.text or "").split())[:_LONGEST_SEARCH]
    await room.put(replace(draft, sought=sought, step=Step.PAIRS), below=True)


async def choose_value(press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom) -> None:
    if not 0 <= callback_data.option < len(draft.options):
        raise DeskError("not_found")
    await _accept(draft, draft.options[callback_data.option], room, below=False)


async def type_value(message: Message, room: DraftRoom, words: Words) -> None:
    draft = await room.find()
    setting = find_field(room.view.strategy(draft).config_model, draft.setting) if draft else None
    if draft is None or setting is None:
        await answer(message, plain_card(words, words("form-lost")))
        return
    try:
        value = read_answer(setting, message.text or "")
    except WrongAnswer as wrong:
        await room.put(draft, below=True, problem=answer_problem(words, setting, wrong))
        return
    await _accept(draft, value, room, below=True)


async def _accept(draft: Draft, value: Any, room: DraftRoom, *, below: bool) -> None:
    """Take the answer, unless it does not fit with the others. What the market would refuse is said, not forbidden:
    another setting may mend it too.
    """
    try:
        room.check(with_values(draft, {draft.setting: value}))
    except InvalidSettings as error:
        blame = {name: told for name, told in error.problems.items() if name in ("", draft.setting)}
        if blame:
            problem = settings_problem(room.words, blame, room.view.settings(draft))
            await room.put(draft, below=below, problem=problem)
            return
    taken = answered(draft, room.view.settings(draft), value)
    await room.put(taken, below=below, problem=await room.view.objection(taken, draft.setting))


async def edit_setting(press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom) -> None:
    settings = room.view.settings(draft)
    if not 0 <= callback_data.option < len(settings):
        raise DeskError("not_found")
    await room.put(editing(draft, settings[callback_data.option].name))


async def show_summary(press: CallbackQuery, draft: Draft, room: DraftRoom) -> None:
    await room.put(replace(draft, step=Step.SUMMARY))


async def show_advanced(press: CallbackQuery, draft: Draft, room: DraftRoom) -> None:
    await room.put(replace(draft, step=Step.ADVANCED))


async def preview(press: CallbackQuery, draft: Draft, room: DraftRoom, words: Words, toast: Toast) -> None:
    if not draft.symbols:
        toast.say(words.plain("make-pairs-first"), alert=True)
        return
    room.check(draft)
    await toast.now(words.plain("preview-making"))
    await room.put(replace(draft, step=Step.PREVIEW))


async def show_other_pair(press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom) -> None:
    if draft.step is not Step.PREVIEW or not 0 <= callback_data.option < len(draft.symbols):
        raise DeskError("not_found")
    await room.put(replace(draft, shown=callback_data.option))


async def take_offer(
    press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom, words: Words, toast: Toast
) -> None:
    if not 0 <= callback_data.option < len(draft.offers):
        raise DeskError("not_found")
    changes = draft.offers[callback_data.option]
    mended = with_values(draft, changes)
    room.check(mended)
    told = changes_text(words, changes, room.view.settings(draft), Coins.of(*draft.symbols), draft.config, most=150)
    await toast.now(words.plain("offer-taken", changes=told))
    await room.put(mended)


async def back(press: CallbackQuery, draft: Draft, room: DraftRoom, desk: DeskProtocol, words: Words) -> None:
    settings = room.view.settings(draft)
    before = one_back(draft, settings, [each.name for each in desk.strategies()])
    if before is not None:
        await room.put(before)
        return
    await _leave(press, draft, room, words)


async def cancel(press: CallbackQuery, draft: Draft, room: DraftRoom, words: Words) -> None:
    await _leave(press, draft, room, words)


async def _leave(press: CallbackQuery, draft: Draft, room: DraftRoom, words: Words) -> None:
    await room.close(made=False, mark=draft.mark)
    await room.discard_picture(draft)
    await show(press, gone_card(words))


async def start(
    press: CallbackQuery,
    callback_data: StartDraft,
    draft: Draft,
    room: DraftRoom,
    desk: DeskProtocol,
    person: Person,
    words: Words,
    toast: Toast,
    banner: Banner,
) -> None:
    """Start what was previewed. Danger asks a second time; the desk looks once more and may still refuse."""
    if await banner.since() is not None:
        toast.say(words.plain("error-maintenance"), alert=True)
        await room.put(replace(draft, step=Step.PREVIEW))
        return
    config = room.check(draft)
    if not callback_data.sure and any(card.preview.is_dangerous for card in await room.view.previews(draft)):
        await room.put(replace(draft, step=Step.CONFIRM))
        return
    await toast.now(words.plain("starting"))
    try:
        bots = await desk.create(
            person.id,
            draft.key,
            draft.strategy,
            draft.symbols,
            config,
            accept_danger=callback_data.sure,
            token=callback_data.token,
        )
    except DeskError as error:
        if error.code == "already_done":
            raise
        await _stay(draft, room, error)
        return
    account = await room.view.account(draft)
    await room.close(made=True, mark=draft.mark)
    await show(press, made_card(words, bots, account))


async def _stay(draft: Draft, room: DraftRoom, error: DeskError) -> None:
    """Nothing was started: say why, and show what is true now with fresh buttons."""
    await room.say(error_toast(room.words, error))
    confirm = error.code == "danger_not_accepted"
    await room.put(replace(draft, step=Step.CONFIRM if confirm else Step.PREVIEW), below=True)
