"""What is remembered about each person: language, started, blocked, what the chat shows above the keyboard."""

import json
from dataclasses import dataclass
from typing import Any

from tgbot.localchat.people import Person
from tgbot.localchat.storage import Transaction


@dataclass(frozen=True, slots=True)
class Account:
    """`keyboard` is a ReplyKeyboardMarkup or ForceReply the bot last left; `action_until` is a unix time."""

    person: Person
    seq: int
    language: str
    started: bool
    blocked: bool
    keyboard: dict[str, Any] | None
    action: str | None
    action_until: float
    pinned: int | None

    def as_user(self) -> dict[str, Any]:
        return self.person.as_user(self.language)


class Accounts:
    """The people of this chat; nobody else has an account."""

    def __init__(self, people: tuple[Person, ...]) -> None:
        self.people = {person.id: person for person in people}

    async def register(self, tx: Transaction) -> None:
        for person in self.people.values():
            await tx.run(
                "INSERT OR IGNORE INTO people (id, seq, language) VALUES (?, 0, ?)", person.id, person.language_code
            )

    async def find(self, tx: Transaction, person_id: int) -> Account | None:
        person = self.people.get(person_id)
        row = await tx.one("SELECT * FROM people WHERE id = ?", person_id)
        if person is None or row is None:
            return None
        return Account(
            person=person,
            seq=row["seq"],
            language=row["language"],
            started=bool(row["started"]),
            blocked=bool(row["blocked"]),
            keyboard=json.loads(row["keyboard"]) if row["keyboard"] else None,
            action=row["action"],
            action_until=row["action_until"],
            pinned=row["pinned"],
        )

    async def touch_all(self, tx: Transaction) -> None:
        """Something that everybody sees changed: the commands menu, or the bot's name."""
        for person_id in self.people:
            await _touch(tx, person_id)


async def set_language(tx: Transaction, person: int, language: str) -> None:
    await tx.run("UPDATE people SET language = ? WHERE id = ?", language, person)
    await _touch(tx, person)


async def set_started(tx: Transaction, person: int) -> None:
    await tx.run("UPDATE people SET started = 1 WHERE id = ?", person)


async def set_blocked(tx: Transaction, person: int, blocked: bool) -> None:
    await tx.run("UPDATE people SET blocked = ? WHERE id = ?", blocked, person)
    await _touch(tx, person)


async def set_keyboard(tx: Transaction, person: int, keyboard: dict[str, Any] | None) -> None:
    packed = json.dumps(keyboard, ensure_ascii=False) if keyboard else None
    await tx.run("UPDATE people SET keyboard = ? WHERE id = ?", packed, person)
    await _touch(tx, person)


async def set_action(tx: Transaction, person: int, action: str | None, until: float) -> None:
    await tx.run("UPDATE people SET action = ?, action_until = ? WHERE id = ?", action, until, person)
    await _touch(tx, person)


async def set_pinned(tx: Transaction, person: int, message: int | None) -> None:
    await tx.run("UPDATE people SET pinned = ? WHERE id = ?", message, person)
    await _touch(tx, person)


async def _touch(tx: Transaction, person: int) -> None:
    seq = await tx.next_seq(person)
    await tx.run("UPDATE people SET seq = ? WHERE id = ?", seq, person)
