"""Showing cards: edit in place where that is possible, send anew where it is not, never fail silently."""

from __future__ import annotations

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import BufferedInputFile, CallbackQuery, InaccessibleMessage, InputMediaPhoto, Message

from tgbot.cards.card import CAPTION_LIMIT, TEXT_LIMIT, TOAST_LIMIT, Card, length
from tgbot.words import Html

log = logging.getLogger(__name__)

_PICTURE = "picture.png"


class Toast:
    """The answer to a press. Set by a handler, given once; an empty answer only stops the button's spinner."""

    def __init__(self, press: CallbackQuery) -> None:
        self._press = press
        self._text: str | None = None
        self._alert = False
        self._given = False

    @property
    def was_given(self) -> bool:
        return self._given

    def say(self, text: str, *, alert: bool = False) -> None:
        """Answer with this when the handler is done."""
        self._text, self._alert = text, alert

    async def now(self, text: str | None = None) -> None:
        """Answer at once, before long work; Telegram does not wait for long."""
        self._text = text
        await self.give()

    async def give(self) -> None:
        if self._given:
            return
        self._given = True
        text = self._text
        if text is not None and length(text) > TOAST_LIMIT:
            text = f"{text[: TOAST_LIMIT // 2 - 1]}…" if length(text[:TOAST_LIMIT]) > TOAST_LIMIT else f"{text[:199]}…"
        try:
            await self._press.answer(text, show_alert=self._alert)
        except TelegramAPIError as error:
            # Too old, or Telegram is away: no reason to leave undone what is done behind it, or to call it failed.
            log.info("a press could not be answered: %s", error.message)


async def show(press: CallbackQuery, card: Card) -> bool:
    """Put the card in the place of the pressed message; a message that cannot be edited gets a new one below it.

    Answers whether anything changed: an identical card is not an error.
    """
    message = press.message
    if message is None or press.bot is None:
        return False
    if isinstance(message, InaccessibleMessage) or message.text is None:
        await send(press.bot, message.chat.id, card)
        return True
    _, changed = await _edit(press.bot, message.chat.id, message.message_id, card)
    return changed


async def edit(bot: Bot, chat_id: int, message_id: int, card: Card) -> int:
    """As ``show``, for a message known by its number; answers the number of the message that shows the card now."""
    number, _ = await _edit(bot, chat_id, message_id, card)
    return number


async def _edit(bot: Bot, chat_id: int, message_id: int, card: Card) -> tuple[int, bool]:
    try:
        await bot.edit_message_text(
            _checked(card.text), chat_id=chat_id, message_id=message_id, reply_markup=card.markup
        )
    except TelegramBadRequest as error:
        if _is_unchanged(error):
            return message_id, False
        log.info("message %s could not be edited and is sent anew: %s", message_id, error.message)
        return (await send(bot, chat_id, card)).message_id, True
    return message_id, True


async def send(bot: Bot, chat_id: int, card: Card, *, silent: bool = False, picture: bytes | None = None) -> Message:
    """A new message; with a PNG the card's text is its caption, and must fit under it."""
    if picture is not None:
        return await bot.send_photo(
            chat_id,
            BufferedInputFile(picture, filename="picture.png"),
            caption=_checked(card.text, CAPTION_LIMIT),
            reply_markup=card.markup,
            disable_notification=silent or None,
        )
    return await bot.send_message(
        chat_id, _checked(card.text), reply_markup=card.markup, disable_notification=silent or None
    )


async def answer(message: Message, card: Card) -> Message:
    return await message.answer(_checked(card.text), reply_markup=card.markup)


async def show_picture(bot: Bot, chat_id: int, message_id: int | None, png: bytes, caption: Html) -> int:
    """A picture with a caption, in the place of ``message_id`` where that can be; the number of its message."""
    picture = BufferedInputFile(png, filename="preview.png")
    text = _checked(caption, CAPTION_LIMIT)
    if message_id is not None:
        try:
            await bot.edit_message_media(
                InputMediaPhoto(media=picture, caption=text), chat_id=chat_id, message_id=message_id
            )
        except TelegramBadRequest as error:
            if not _is_unchanged(error):
                log.info("picture %s could not be changed and is sent anew: %s", message_id, error.message)
                message_id = None
    if message_id is not None:
        return message_id
    sent = await bot.send_photo(chat_id, picture, caption=text)
    return sent.message_id


async def show_pictured(press: CallbackQuery, png: bytes, card: Card) -> None:
    """Put picture and card in the place of the pressed message where that is a picture too, else below it."""
    message = press.message
    if message is None or press.bot is None:
        return
    caption = _checked(card.text, CAPTION_LIMIT)
    if isinstance(message, Message) and message.photo:
        media = InputMediaPhoto(media=BufferedInputFile(png, filename=_PICTURE), caption=caption)
        try:
            await press.bot.edit_message_media(
                media, chat_id=message.chat.id, message_id=message.message_id, reply_markup=card.markup
            )
        except TelegramBadRequest as error:
            if _is_unchanged(error):
                return
            log.info("picture %s could not be changed and is sent anew: %s", message.message_id, error.message)
        else:
            return
    await press.bot.send_photo(
        message.chat.id, BufferedInputFile(png, filename=_PICTURE), caption=caption, reply_markup=card.markup
    )


async def answer_picture(message: Message, png: bytes, card: Card) -> Message:
    caption = _checked(card.text, CAPTION_LIMIT)
    return await message.answer_photo(
        BufferedInputFile(png, filename=_PICTURE), caption=caption, reply_markup=card.markup
    )


async def remove(bot: Bot, chat_id: int, message_id: int | None) -> bool:
    """Delete a message; False where Telegram refuses (too old, gone already)."""
    if message_id is None:
        return True
    try:
        await bot.delete_message(chat_id, message_id)
    except TelegramBadRequest as error:
        log.info("message %s could not be deleted: %s", message_id, error.message)
        return False
    return True


async def take_buttons(bot: Bot, chat_id: int, message_id: int | None) -> None:
    """A form has moved on below: its old message keeps its words and loses its buttons."""
    if message_id is None:
        return
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
    except TelegramBadRequest as error:
        log.info("message %s keeps its buttons: %s", message_id, error.message)


def _is_unchanged(error: TelegramBadRequest) -> bool:
    return "message is not modified" in error.message.lower()


def _checked(text: Html, limit: int = TEXT_LIMIT) -> str:
    """Cards are laid out within the limits; this only makes a mistake of ours visible in tests and harmless at work."""
    if length(text) > limit:
        log.error("a text of %s characters is over the limit of %s", length(text), limit)
    return str(text)
