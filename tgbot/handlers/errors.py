"""What nobody else answered, and what went wrong: always a short sentence, never silence."""

from __future__ import annotations

import logging
import secrets

from aiogram import Router
from aiogram.enums import ChatType, ContentType
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, ErrorEvent, Message

from tgbot.cards.fields import settings_problem
from tgbot.cards.home import plain_card
from tgbot.screen import Toast, answer
from tgbot.states import Ask
from tgbot.words import Html, Words, words_for
from trading.desk.answers import DeskError, InvalidSettings

log = logging.getLogger(__name__)

_SAID_BY_PEOPLE = frozenset(
    {
        ContentType.PHOTO,
        ContentType.VIDEO,
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.VOICE,
        ContentType.VIDEO_NOTE,
        ContentType.DOCUMENT,
        ContentType.STICKER,
        ContentType.LOCATION,
        ContentType.VENUE,
        ContentType.CONTACT,
        ContentType.POLL,
        ContentType.DICE,
        ContentType.GAME,
        ContentType.STORY,
        ContentType.PAID_MEDIA,
        ContentType.CHECKLIST,
    }
)


def errors_router() -> Router:
    router = Router(name="errors")
    router.callback_query.register(unknown_button)
    router.message.register(unknown_message)
    router.errors.register(failed)
    return router


async def unknown_button(press: CallbackQuery, words: Words, toast: Toast) -> None:
    toast.say(words.plain("button-stale"), alert=True)


async def unknown_message(message: Message, words: Words, state: FSMContext) -> None:
    """In groups people talk to each other; Telegram's own service messages ask for nothing."""
    if message.chat.type != ChatType.PRIVATE:
        return
    if message.text is None:
        if message.content_type in _SAID_BY_PEOPLE:
            await answer(message, plain_card(words, words("unknown-kind")))
        return
    if message.text.startswith("/"):
        await answer(message, plain_card(words, words("unknown-command")))
        return
    awaited = await state.get_state() in {each.state for each in Ask.__states__}
    await answer(message, plain_card(words, words("unknown-answer" if awaited else "unknown-text")))


def error_text(words: Words, error: DeskError) -> Html:
    """A refusal of the desk in a sentence."""
    if isinstance(error, InvalidSettings):
        return settings_problem(words, error.problems, ())
    return words.first(f"error-{error.code}", "error-other", code=error.code, **error.values)


def error_toast(words: Words, error: DeskError) -> str:
    """The same without HTML, for the answer to a press."""
    key = f"error-{error.code}"
    if isinstance(error, InvalidSettings):
        return words.plain("error-invalid_settings", fields=", ".join(error.problems))
    return words.plain(key if words.has(key) else "error-other", **{"code": error.code, **error.values})


async def failed(
    event: ErrorEvent, words: Words | None = None, toast: Toast | None = None, is_private: bool = False
) -> None:
    """Last resort of every handler. The log has the details, the person a reference to them."""
    error, spoken = event.exception, words or words_for("en")
    if isinstance(error, DeskError):
        log.info("refused: %s", error)
        html, plain = error_text(spoken, error), error_toast(spoken, error)
    elif isinstance(error, TelegramAPIError):
        log.warning("an answer was not taken: %s", error)
        html, plain = spoken("error-telegram"), spoken.plain("error-telegram")
    else:
        reference = secrets.token_hex(3)
        log.error("error %s while answering an update", reference, exc_info=error)
        html, plain = (
            spoken("error-unexpected", reference=reference),
            spoken.plain("error-unexpected", reference=reference),
        )
    if words is None:
        # Whoever failed at the gate is not known to be anybody; the log has it.
        return
    try:
        await _tell(event, spoken, toast, html, plain)
    except TelegramAPIError as unreachable:
        log.warning("an error could not be told: %s", unreachable)


async def _tell(event: ErrorEvent, words: Words, toast: Toast | None, html: Html, plain: str) -> None:
    press, message = event.update.callback_query, event.update.message
    if toast is not None and not toast.was_given:
        toast.say(plain, alert=True)
        await toast.give()
    elif press is not None and press.message is not None and press.bot is not None:
        await press.bot.send_message(press.message.chat.id, html, reply_markup=plain_card(words, html).markup)
    elif message is not None:
        await answer(message, plain_card(words, html))
