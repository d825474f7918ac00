"""Presets within the form of a new bot: taken up, kept under a name, begun from a link."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from tgbot.callbacks import DraftAct, OnDraft, UseShare, new_token
from tgbot.cards.home import plain_card
from tgbot.coins import Coins
from tgbot.handlers.draft_room import DraftRoom
from tgbot.handlers.errors import error_text
from tgbot.making import Draft, Step, looking_at_presets, shared_draft, with_preset
from tgbot.screen import Toast, answer
from tgbot.states import Ask
from tgbot.words import Words
from trading.desk.answers import DeskError, Person
from trading.desk.protocol import DeskProtocol

_COMMAND = F.text.startswith("/")


def register(router: Router) -> None:
    """Into the form's own router, which brings the room and the draft."""
    router.callback_query.register(open_draft_presets, OnDraft.filter(F.act == DraftAct.PRESETS))
    router.callback_query.register(choose_preset, OnDraft.filter(F.act == DraftAct.PRESET))
    router.callback_query.register(ask_draft_name, OnDraft.filter(F.act == DraftAct.SAVE))
    router.callback_query.register(use_share, UseShare.filter())
    router.message.register(type_draft_name, Ask.draft_name, F.text, ~_COMMAND)


async def open_draft_presets(press: CallbackQuery, draft: Draft, room: DraftRoom) -> None:
    await room.put(looking_at_presets(draft))


async def choose_preset(
    press: CallbackQuery, callback_data: OnDraft, draft: Draft, room: DraftRoom, words: Words, toast: Toast
) -> None:
    if not 0 <= callback_data.option < len(draft.choices):
        raise DeskError("not_found")
    wanted = draft.choices[callback_data.option]
    chosen = next((choice for choice in await room.view.choices(draft) if choice.code == wanted), None)
    if chosen is None:
        raise DeskError("not_found")
    taken = with_preset(draft, room.view.settings(draft), chosen.name, chosen.settings)
    room.check(taken)
    toast.say(words.plain("preset-taken", name=chosen.name))
    await room.put(taken)


async def ask_draft_name(press: CallbackQuery, draft: Draft, room: DraftRoom) -> None:
    """Only of a form that is filled in: its page of presets was opened from the summary."""
    if draft.step is not Step.PRESETS or draft.behind is Step.FIELD:
        raise DeskError("not_found")
    room.check(draft)
    await room.put(replace(draft, step=Step.NAME))


async def type_draft_name(message: Message, room: DraftRoom, desk: DeskProtocol, person: Person, words: Words) -> None:
    draft = await room.find()
    if draft is None or draft.step is not Step.NAME:
        await answer(message, plain_card(words, words("form-lost")))
        return
    config = room.check(draft)
    try:
        kept = await desk.save_preset(person.id, draft.strategy, message.text or "", config, token=new_token(person.id))
    except DeskError as error:
        await room.put(draft, below=True, problem=error_text(words, error))
        return
    await room.say(words.plain("preset-kept", name=kept.name))
    await room.put(replace(draft, step=draft.behind), below=True)


async def use_share(press: CallbackQuery, callback_data: UseShare, room: DraftRoom, desk: DeskProtocol) -> None:
    """Begin a form with what is behind the link now: it may have been taken back since it was shown."""
    shared = await desk.shared(callback_data.code)
    draft = shared_draft(shared.strategy, shared.settings, Coins.of(shared.title).base if shared.title else "")
    message = press.message
    if isinstance(message, Message) and message.text is not None:
        draft = replace(draft, message=message.message_id)
    await room.put(draft)
