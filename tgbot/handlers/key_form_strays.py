"""What is sent past the question for a credential: it may be the secret, so it must not stay in the chat.

Somebody presses a button of another message while a secret is asked, and pastes the secret then; or sends a file of it.
"""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.enums import ContentType
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from tgbot.cards.card import blocks
from tgbot.cards.keys import key_failed_card
from tgbot.commands import COMMANDS
from tgbot.handlers.key_venue import question
from tgbot.key_forms import KeyForms
from tgbot.screen import remove, send, take_buttons
from tgbot.states import Ask
from tgbot.words import Words
from trading.desk.answers import Person

_HOLDS_A_SECRET = frozenset(
    {ContentType.TEXT, ContentType.DOCUMENT, ContentType.PHOTO, ContentType.VIDEO, ContentType.ANIMATION}
)
_COMMANDS = frozenset(command.name for command in COMMANDS)


def key_stray_handlers(router: Router) -> None:
    """To be registered behind everything that takes messages: this is for what nobody else took."""
    router.message.register(take_stray, may_be_secret)


async def may_be_secret(
    message: Message, person: Person, key_forms: KeyForms, is_private: bool, raw_state: str | None = None
) -> bool:
    if not is_private or message.content_type not in _HOLDS_A_SECRET or _is_command(message.text or ""):
        return False
    form = key_forms.find(person.id)
    # Without a form: it was asked for before a restart.
    return raw_state == Ask.credential.state or (form is not None and form.wanted is not None)


async def take_stray(
    message: Message, bot: Bot, person: Person, words: Words, state: FSMContext, key_forms: KeyForms
) -> None:
    """It is deleted and not taken: whether it was meant as the answer is not known."""
    warning = None if await remove(bot, message.chat.id, message.message_id) else words("key-not-deleted")
    form = key_forms.find(person.id)
    if form is None or form.wanted is None:
        await state.set_state(None)
        await send(bot, message.chat.id, key_failed_card(words, blocks(warning, words("form-lost"))))
        return
    why = words("key-stray" if message.text else "key-not-text")
    await state.set_state(Ask.credential)
    await take_buttons(bot, message.chat.id, form.message)
    form.message = (await send(bot, message.chat.id, question(words, form, blocks(warning, why)))).message_id


def _is_command(text: str) -> bool:
    """One of ours. A secret may begin with a slash too, and is no command for that."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return first.startswith("/") and first[1:].partition("@")[0].lower() in _COMMANDS
