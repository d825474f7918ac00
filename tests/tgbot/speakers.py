"""Who speaks, where and how; and what was said, for who reads of a failure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram.types import Chat, User

from tests.tgbot.random_updates import Sent

LANGUAGES = ("en", "ru", "de", "zh-hans", "", None)


@dataclass(frozen=True)
class Told:
    """What was sent and answered, for who reads of a failure; to write it out for every update would take long."""

    sent: Sent
    answers: Sequence[Any]

    def __repr__(self) -> str:
        said = (each.model_dump(exclude_none=True) for each in (self.sent.update, *self.answers))
        return f"{self.sent.kind} of {self.sent.user}: {', answered '.join(map(str, said))}"


@dataclass
class Speakers:
    """Somebody speaks for a while, mostly in earnest and in private; then somebody else does. Who is among ``people``
    several times speaks that much more often."""

    random: random.Random
    people: Sequence[int]
    id: int = 0
    chat: Chat | None = None
    _left: int = 0
    _are_earnest: bool = False

    def turn(self) -> bool:
        """Go on to the next update; answers whether somebody else speaks from now on."""
        is_new = self._left == 0
        if is_new:
            self._left, self._are_earnest = self.random.randrange(1, 40), self.random.random() < 0.7
            self.id = self.random.choice(self.people)
            places = chats_of(self.id)
            self.chat = self.random.choice(places) if self.random.random() < 0.15 else places[0]
        self._left -= 1
        return is_new

    @property
    def user(self) -> User:
        language = self.random.choice(LANGUAGES)
        return User(id=self.id, is_bot=False, first_name="Ann <b>", language_code=language)

    @property
    def is_earnest(self) -> bool:
        return self._are_earnest and self.random.random() < 0.9


def chats_of(user: int) -> list[Chat]:
    """Where somebody may speak, their own chat first."""
    return [
        Chat(id=user, type="private"),
        Chat(id=-500, type="group", title="Team"),
        Chat(id=-100500, type="supergroup", title="Team"),
        Chat(id=-100600, type="channel", title="News"),
    ]
