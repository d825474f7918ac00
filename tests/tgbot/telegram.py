"""Telegram's far side of the wire, in memory: records what the bot asks for and is strict where Telegram is strict."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import count
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import Default, DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    CopyMessage,
    CopyMessages,
    DeleteMessage,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    ForwardMessage,
    ForwardMessages,
    GetFile,
    GetMe,
    SendDocument,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.types import (
    CallbackQuery,
    Chat,
    File,
    InlineKeyboardMarkup,
    Message,
    MessageId,
    PhotoSize,
    Update,
    User,
)

TOKEN = "1000000:test-token-of-the-bot"
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
_TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "a", "blockquote"})


class _Html(HTMLParser):
    """Raises ValueError where Telegram would answer "can't parse entities"."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise ValueError(f"unsupported start tag {tag}")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise ValueError(f"unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def finished(self) -> str:
        self.close()
        if self._open:
            raise ValueError(f"unclosed tag {self._open[-1]}")
        return self.text


def parsed(html: str) -> str:
    """The text that a person reads. Raises ValueError for broken HTML."""
    parser = _Html()
    parser.feed(html)
    return parser.finished()


@dataclass
class Shown:
    """One message as it stands in a chat now."""

    chat: int
    number: int
    text: str
    markup: InlineKeyboardMarkup | None
    is_photo: bool = False
    silent: bool = False

    @property
    def buttons(self) -> dict[str, str]:
        rows = self.markup.inline_keyboard if self.markup else []
        return {each.text: each.callback_data or "" for row in rows for each in row}


@dataclass
class Telegram(BaseSession):
    """``shown`` holds every message of the bot by number; ``failing`` may raise instead of an answer."""

    shown: dict[int, Shown] = field(default_factory=dict)
    toasts: list[tuple[str, str | None, bool]] = field(default_factory=list)
    calls: list[TelegramMethod[Any]] = field(default_factory=list)
    failing: Callable[[TelegramMethod[Any]], None] = field(default=lambda method: None)
    gone: set[int] = field(default_factory=set)
    uncopied: set[int] = field(default_factory=set)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    """Files of people, by id."""
    numbers: Any = field(default_factory=lambda: count(1000))
    users: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        url = str(args[0] if args else kwargs["url"])
        yield self.uploads[url.rsplit("/", maxsplit=1)[-1]]

    async def make_request(  # noqa: PLR0911, PLR0912  one case a method of the Bot API
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None
    ) -> Any:
        self.calls.append(method)
        self.failing(method)
        match method:
            case SendMessage():
                return self._sent(method, method.text, self._silent(method))
            case SendPhoto():
                return self._sent(method, method.caption or "", self._silent(method), photo=True)
            case SendDocument():
                self.files.append((method.document.filename, method.document.data))
                return self._sent(method, method.caption or "", self._silent(method), photo=True)
            case CopyMessage():
                return MessageId(message_id=self._brought(method, method.message_id, "copy").message_id)
            case ForwardMessage():
                return self._brought(method, method.message_id, "forward")
            case CopyMessages():
                return self._brought_together(method, "copy")
            case ForwardMessages():
                return self._brought_together(method, "forward")
            case EditMessageText():
                return self._edited(method, method.text)
            case EditMessageMedia():
                shown = self._find(method)
                if not shown.is_photo:
                    self._refuse(method, "Bad Request: there is no media in the message to edit")
                self._check(method, method.media.caption or "", 1024)
                self._check_buttons(method, method.reply_markup)
                shown.text, shown.markup = method.media.caption or "", method.reply_markup
                return True
            case EditMessageReplyMarkup():
                shown = self._find(method)
                if shown.markup == method.reply_markup:
                    self._refuse(method, "Bad Request: message is not modified")
                shown.markup = method.reply_markup
                return True
            case DeleteMessage():
                if method.message_id in self.gone:
                    self._refuse(method, "Bad Request: message to delete not found")
                self.gone.add(method.message_id)
                self.shown.pop(method.message_id, None)
                return True
            case AnswerCallbackQuery():
                if any(query == method.callback_query_id for query, *_ in self.toasts):
                    self._refuse(
                        method, "Bad Request: query is too old and response timeout expired or query ID is invalid"
                    )
                if len(method.text or "") > 200:
                    self._refuse(method, "Bad Request: MESSAGE_TOO_LONG")
                self.toasts.append((method.callback_query_id, method.text, bool(method.show_alert)))
                return True
            case SetMyCommands():
                return True
            case GetFile():
                if method.file_id not in self.uploads:
                    self._refuse(method, "Bad Request: invalid file_id")
                return File(file_id=method.file_id, file_unique_id=method.file_id, file_path=method.file_id)
            case GetMe():
                return User(id=1000000, is_bot=True, first_name="Makergram", username="makergram_bot")
        raise AssertionError(f"a method that this Telegram does not know: {method}")

    def _sent(
        self, method: SendMessage | SendPhoto | SendDocument, text: str, silent: bool, *, photo: bool = False
    ) -> Message:
        self._check(method, text, 1024 if photo else 4096)
        number, chat = next(self.numbers), int(method.chat_id)
        markup = method.reply_markup
        assert markup is None or isinstance(markup, InlineKeyboardMarkup)
        self._check_buttons(method, markup)
        self.shown[number] = Shown(chat, number, text, markup, is_photo=photo, silent=silent)
        return self.message_of(self.shown[number])

    def _brought(self, method: Any, message_id: int, verb: str) -> Message:
        """Of what a person sent only the number is known here; ``uncopied`` are those that Telegram refuses."""
        if message_id in self.gone:
            self._refuse(method, f"Bad Request: message to {verb} not found")
        if message_id in self.uncopied:
            self._refuse(method, f"Bad Request: message can't be {verb}ed".replace("copye", "copie"))
        number = next(self.numbers)
        self.shown[number] = Shown(int(method.chat_id), number, f"{verb} of {message_id}", None)
        return self.message_of(self.shown[number])

    def _brought_together(self, method: CopyMessages | ForwardMessages, verb: str) -> list[MessageId]:
        ids = method.message_ids
        if not 1 <= len(ids) <= 100 or sorted(set(ids)) != ids:
            self._refuse(method, "Bad Request: message identifiers must be in a strictly increasing order")
        there = [each for each in ids if each not in self.gone | self.uncopied]
        if not there:
            self._refuse(method, "Bad Request: there are no messages to forward")
        return [MessageId(message_id=self._brought(method, each, verb).message_id) for each in there]

    def _edited(self, method: EditMessageText, text: str) -> Message:
        shown = self._find(method)
        if shown.is_photo:
            self._refuse(method, "Bad Request: there is no text in the message to edit")
        self._check(method, text, 4096)
        self._check_buttons(method, method.reply_markup)
        if (shown.text, shown.markup) == (text, method.reply_markup):
            self._refuse(method, "Bad Request: message is not modified: specified new message content is the same")
        shown.text, shown.markup = text, method.reply_markup
        return self.message_of(shown)

    def _find(self, method: Any) -> Shown:
        shown = self.shown.get(method.message_id)
        if shown is None or shown.chat != method.chat_id:
            self._refuse(method, "Bad Request: message to edit not found")
        assert shown is not None
        return shown

    def _check(self, method: TelegramMethod[Any], html: str, limit: int) -> None:
        mode = getattr(method, "parse_mode", None)
        assert mode is None or isinstance(mode, Default) or mode == ParseMode.HTML
        try:
            text = parsed(html)
        except ValueError as problem:
            self._refuse(method, f"Bad Request: can't parse entities: {problem}")
        if not text.strip():
            self._refuse(method, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > limit:
            self._refuse(method, "Bad Request: message is too long")

    def _check_buttons(self, method: TelegramMethod[Any], markup: InlineKeyboardMarkup | None) -> None:
        for row in markup.inline_keyboard if markup else []:
            for each in row:
                copied = each.copy_text.text if each.copy_text else ""
                is_fit = 1 <= len(copied) <= 256 or 1 <= len((each.callback_data or "").encode()) <= 64
                if not each.text.strip() or not is_fit:
                    self._refuse(method, "Bad Request: BUTTON_DATA_INVALID")

    def _silent(self, method: SendMessage | SendPhoto | SendDocument) -> bool:
        return method.disable_notification is True

    def _refuse(self, method: TelegramMethod[Any], message: str) -> None:
        raise TelegramBadRequest(method=method, message=message)

    def message_of(self, shown: Shown) -> Message:
        photo = [PhotoSize(file_id="p", file_unique_id="p", width=1, height=1)] if shown.is_photo else None
        return Message(
            message_id=shown.number,
            date=NOW,
            chat=Chat(id=shown.chat, type="private" if shown.chat > 0 else "group"),
            from_user=User(id=1000000, is_bot=True, first_name="Makergram"),
            text=None if shown.is_photo else parsed(shown.text),
            caption=parsed(shown.text) if shown.is_photo else None,
            photo=photo,
            reply_markup=shown.markup,
        )


def bot_on(telegram: Telegram) -> Bot:
    return Bot(TOKEN, session=telegram, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


class Visitor:
    """A person with the app in hand: says, presses, and sees what the bot shows in one chat."""

    _updates = count(1)
    _messages = count(1)

    def __init__(
        self,
        dispatcher: Dispatcher,
        bot: Bot,
        telegram: Telegram,
        user_id: int,
        *,
        language: str = "en",
        chat_id: int | None = None,
        name: str = "Ann <b>",
    ) -> None:
        self.dispatcher, self.bot, self.telegram = dispatcher, bot, telegram
        self.user = User(id=user_id, is_bot=False, first_name=name, language_code=language)
        chat_id = user_id if chat_id is None else chat_id
        self.chat = Chat(id=chat_id, type="private" if chat_id > 0 else "group", title=None if chat_id > 0 else "Team")

    async def say(self, text: str | None = None, **content: Any) -> int:
        number = next(self._messages)
        message = Message(message_id=number, date=NOW, chat=self.chat, from_user=self.user, text=text, **content)
        await self.feed(message=message)
        return number

    async def press(self, label: str, *, on: Shown | None = None) -> str | None:
        """Press the button whose text holds ``label``; answers the toast."""
        shown = on or self.last
        found = [data for text, data in shown.buttons.items() if label in text]
        assert found, f"no button with {label!r} among {list(shown.buttons)} under {shown.text!r}"
        return await self.press_data(found[0], on=shown)

    async def press_data(self, data: str | None, *, on: Shown | None = None, message: Any = None) -> str | None:
        number = next(self._updates)
        shown = on or (self.messages[-1] if self.messages else None)
        if message is None:
            message = self.telegram.message_of(shown) if shown else self._empty()
        query = CallbackQuery(id=f"q{number}", from_user=self.user, chat_instance="x", data=data, message=message)
        await self.feed(callback_query=query)
        return self.toast(f"q{number}")

    def toast(self, query: str) -> str | None:
        """What the press was answered with; a press that was not answered at all fails here."""
        answers = [text for each, text, _ in self.telegram.toasts if each == query]
        assert len(answers) == 1, f"{query} was answered {len(answers)} times"
        return answers[0]

    async def feed(self, **content: Any) -> None:
        update = Update(update_id=next(self._updates), **content)
        await self.dispatcher.feed_update(self.bot, update)

    @property
    def messages(self) -> list[Shown]:
        return [each for each in self.telegram.shown.values() if each.chat == self.chat.id]

    @property
    def last(self) -> Shown:
        return self.messages[-1]

    @property
    def text(self) -> str:
        return parsed(self.last.text)

    def _empty(self) -> Message:
        return Message(message_id=1, date=NOW, chat=self.chat, text="x")
