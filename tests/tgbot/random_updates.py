"""Random updates, as Telegram may send them and as a forger would: a seed makes the same ones again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Any, get_args

from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Contact,
    Document,
    InaccessibleMessage,
    InlineQuery,
    Location,
    Message,
    MessageOriginUser,
    PhotoSize,
    Poll,
    PollOption,
    Sticker,
    Update,
    User,
    Voice,
)
from pydantic import TypeAdapter

import tgbot.callbacks
from tests.tgbot.telegram import NOW, Shown, Telegram
from tgbot.commands import COMMANDS

WORDS = ("", "hello", "50", "-1", "0", "crv", "1e400", "NaN", "<b>", "&lt;", "off", "/", "/zzz", "/start@other_bot",
         "🎲" * 300, "x" * 4096, "\x00", "٣٤", "1,5", "0x10", "%d{}", "a\nb\nc", "main")  # fmt: skip
PAYLOADS = ("", "code-1", "s_abc", "s_", "S_abc", "a" * 64, "<b>", "../..", "s_" + "z" * 200, "%00")

CLASSES: Sequence[type[CallbackData]] = sorted(
    (each for each in CallbackData.__subclasses__() if each.__module__.startswith(tgbot.callbacks.__package__ or "")),
    key=lambda each: each.__name__,
)
ACTS = {each.__prefix__ for each in CLASSES if {"act", "page"} & each.model_fields.keys()}
NUMBERS = (0, -1, 1, 2, 3, 7, 20, 40, 2**31, 2**63, -(2**63), 10**18)
WAYS_OUT = ("go:", "lang:", "d:x:", "d:b:", "kf:x:")
SIGNS = "0:abz9-🎲"
_FILE: Mapping[str, Any] = {"file_id": "f", "file_unique_id": "f"}
_PERSON = User(id=1, is_bot=False, first_name="Zed")
MEDIA: Mapping[str, Mapping[str, Any]] = {
    "photo": {"photo": [PhotoSize(**_FILE, width=1, height=1)], "caption": "50"},
    "document": {"document": Document(**_FILE, file_name="../x.csv")},
    "voice": {"voice": Voice(**_FILE, duration=1)},
    "sticker": {"sticker": Sticker(**_FILE, type="regular", width=1, height=1, is_animated=False, is_video=False)},
    "contact": {"contact": Contact(phone_number="+1", first_name="Zed")},
    "location": {"location": Location(latitude=1, longitude=1)},
    "poll": {
        "poll": Poll(
            id="p",
            question="?",
            options=[PollOption(persistent_id="1", text="a", voter_count=0)],
            total_voter_count=0,
            is_closed=False,
            is_anonymous=True,
            type="regular",
            allows_multiple_answers=False,
            allows_revoting=False,
            members_only=False,
        )
    },
    "dice": {"dice": {"emoji": "🎲", "value": 1}},
}


class Kind(StrEnum):
    """What an update is, as far as it decides what may come of it."""

    MESSAGE = "message"
    PRESS = "press"
    OTHER = "other"
    """An edited message, a post, an inline query, a change of membership: never answered."""


@dataclass(frozen=True)
class Sent:
    kind: Kind
    update: Update
    user: int
    is_private: bool


def kind_of(data: str) -> str:
    """What a button does, whatever it does it to."""
    prefix, *values = data.split(":")
    return ":".join([prefix, *(values[:1] if prefix in ACTS else [])])


@dataclass
class Chance:
    """``chats`` are where each person speaks; the bot's messages there have the buttons."""

    random: random.Random
    telegram: Telegram
    ids: Sequence[int]
    """Ids of rows that there are, whosever."""
    payloads: Sequence[str] = PAYLOADS
    """What a link to the bot may carry."""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._pressed = Counter[str]()

    def update(self, user: User, chat: Chat, *, is_earnest: bool = False) -> Sent:
        """Who is earnest does what the card before them asks for: so random walks come deep into forms."""
        newest = self._under([each for each in self.telegram.shown.values() if each.chat == chat.id][-1:])
        if is_earnest and newest is not None:
            return self._earnest(user, chat, newest)
        kind = self.random.random()
        if kind < 0.72:
            return self._sent(Kind.PRESS, user, chat, callback_query=self._press(user, chat))
        if kind < 0.95:
            return self._sent(Kind.MESSAGE, user, chat, message=self._message(user, chat))
        return self._sent(Kind.OTHER, user, chat, **self._other(user, chat))

    def _earnest(self, user: User, chat: Chat, newest: Shown) -> Sent:
        if self.random.random() < 0.2:
            number = next(self._numbers)
            text = self.random.choice(("50", "crv", "main", "o", "topsecret", "2", "0.5"))
            message = Message(message_id=number, date=NOW, chat=chat, from_user=user, text=text)
            return self._sent(Kind.MESSAGE, user, chat, message=message)
        return self.press_of(user, chat, self._shown_on(newest) or "x", self.telegram.message_of(newest))

    def press_of(self, user: User, chat: Chat, data: str, message: Message | InaccessibleMessage | None = None) -> Sent:
        """The press of this very button; under an old message that Telegram does not show any more if no other."""
        query = {"id": f"q{next(self._numbers)}", "from_user": user, "chat_instance": "x", "data": data}
        where = message or InaccessibleMessage(chat=chat, message_id=1, date=0)
        return self._sent(Kind.PRESS, user, chat, callback_query=CallbackQuery(**query, message=where))

    def _sent(self, kind: Kind, user: User, chat: Chat, **content: Any) -> Sent:
        return Sent(kind, Update(update_id=next(self._numbers), **content), user.id, chat.type == "private")

    # Presses

    def _press(self, user: User, chat: Chat) -> CallbackQuery:
        own = [each for each in self.telegram.shown.values() if each.chat == chat.id][-6:]
        foreign = list(self.telegram.shown.values())[-20:]
        shown = self._under(own if self.random.random() < 0.85 else foreign)
        query = {"id": f"q{next(self._numbers)}", "from_user": user, "chat_instance": "x"}
        where: dict[str, Any] = {"message": self._message_pressed(self._under(own), chat)}
        if self.random.random() < 0.03:
            where = {"inline_message_id": "i1"}
        return CallbackQuery(**query, **where, data=self._data(shown))

    def _under(self, among: Sequence[Shown]) -> Shown | None:
        """Mostly the newest card, as people do."""
        with_buttons = [each for each in among if each.buttons]
        if with_buttons and self.random.random() < 0.7:
            return with_buttons[-1]
        return self.random.choice(with_buttons) if with_buttons else None

    def _message_pressed(self, shown: Shown | None, chat: Chat) -> Message | InaccessibleMessage:
        """The message of before, one of weeks ago that Telegram does not show any more, or one long deleted."""
        if shown is None or self.random.random() < 0.05:
            return InaccessibleMessage(chat=chat, message_id=1, date=0)
        return self.telegram.message_of(shown)

    def _data(self, shown: Shown | None) -> str | None:
        kind = self.random.random()
        data = self._shown_on(shown) if shown else "go:home"
        if kind < 0.5:
            return data or "x"
        if kind < 0.8:
            return self._of_another_row(data) or "x"
        if kind < 0.91:
            return self._forged()
        if kind < 0.94:
            return data[: self.random.randint(0, len(data))] or "x"
        if kind < 0.99:
            changed = "".join(self.random.choice(SIGNS) if self.random.random() < 0.25 else each for each in data)
            return changed.encode()[:64].decode(errors="ignore") or "x"
        return None

    def _of_another_row(self, data: str) -> str:
        """A button as it was shown, but for the rows that it names: where the forger knows best what works."""
        parts = (str(self.random.choice(self.ids)) if each.isdecimal() else each for each in data.split(":"))
        return ":".join(parts)[:64]

    def _shown_on(self, shown: Shown) -> str:
        """Rarely a way out: there is one on every card, and nothing new behind it. Half of the time what was pressed
        least, whatever it is about, so that a card of many like buttons does not hold anybody up."""
        found = list(shown.buttons.values())
        deeper = [data for data in found if not data.startswith(WAYS_OUT)]
        among = deeper if deeper and self.random.random() < 0.85 else found
        kinds = list(dict.fromkeys(map(kind_of, among)))
        self.random.shuffle(kinds)
        kind = min(kinds, key=lambda each: self._pressed[each]) if self.random.random() < 0.5 else kinds[0]
        self._pressed[kind] += 1
        return self.random.choice([data for data in among if kind_of(data) == kind])

    def _forged(self) -> str:
        """Well-formed data of any class with values of the forger's choice; too long ones are cut as Telegram does."""
        cls = self.random.choice(CLASSES)
        parts = [cls.__prefix__, *(self._value(info.annotation) for info in cls.model_fields.values())]
        return cls.__separator__.join(parts)[:64]

    def _value(self, annotation: Any) -> str:
        if type(None) in (choices := get_args(annotation)):
            return "" if self.random.random() < 0.3 else self._value(choices[0])
        if isinstance(annotation, type) and issubclass(annotation, StrEnum):
            return str(self.random.choice([*annotation, "zz"]))
        if annotation is bool:
            return self.random.choice(("0", "1", "2"))
        if annotation is int:
            return str(self.random.choice((*NUMBERS, *self.ids)))
        assert TypeAdapter(annotation).validate_python("x") == "x", annotation
        return self.random.choice(
            ("", "t1", "abc123", "leverage", "deposit", "fills", "day", "en", "xx", "USDT", "<b>")
        )

    # Messages

    def _message(self, user: User, chat: Chat) -> Message:
        content = self._content()
        if self.random.random() < 0.1:
            content |= {"forward_origin": MessageOriginUser(date=NOW, sender_user=_PERSON)}
        if self.random.random() < 0.1:
            content |= {"reply_to_message": Message(message_id=1, date=NOW, chat=chat, from_user=_PERSON, text="x")}
        return Message(message_id=next(self._numbers), date=NOW, chat=chat, from_user=user, **content)

    def _content(self) -> dict[str, Any]:
        kind = self.random.random()
        if kind < 0.25:
            command = f"/{self.random.choice(COMMANDS).name}"
            return {"text": command if self.random.random() < 0.6 else f"{command} {self.random.choice(WORDS)}"[:4096]}
        if kind < 0.32:
            return {"text": f"/start {self.random.choice(self.payloads)}"}
        if kind < 0.85:
            return {"text": self.random.choice(WORDS)}
        return dict(self.random.choice(list(MEDIA.values())))

    def _other(self, user: User, chat: Chat) -> dict[str, Any]:
        message = Message(message_id=1, date=NOW, chat=chat, from_user=user, text=self.random.choice(WORDS[1:]))
        return self.random.choice(
            (
                {"edited_message": message},
                {"channel_post": message},
                {"edited_channel_post": message},
                {"inline_query": InlineQuery(id="1", from_user=user, query="crv", offset="")},
                {"my_chat_member": self._membership(user, chat)},
                {"poll": MEDIA["poll"]["poll"]},
            )
        )

    def _membership(self, user: User, chat: Chat) -> ChatMemberUpdated:
        bot = User(id=1_000_000, is_bot=True, first_name="Makergram")
        before, after = self.random.sample(
            [{"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0}], 2
        )
        return ChatMemberUpdated(chat=chat, from_user=user, date=NOW, old_chat_member=before, new_chat_member=after)
