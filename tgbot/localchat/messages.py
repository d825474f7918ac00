"""The messages of all chats, as rows: kept in Telegram's own shape."""

import json
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from tgbot.localchat.storage import Transaction

MEDIA = ("photo", "video", "document")


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """`editable` is false for what the bot may not edit: a person's words, and messages that carry a reply keyboard."""

    id: int
    chat: int
    seq: int
    from_bot: bool
    date: int
    editable: bool
    deleted: bool
    reaction: str | None
    body: dict[str, Any]

    @property
    def has_media(self) -> bool:
        return any(kind in self.body for kind in MEDIA)


async def add_message(
    tx: Transaction, *, chat: int, from_bot: bool, date: int, body: dict[str, Any], editable: bool
) -> dict[str, Any]:
    """Gives the message its number; answers it as Telegram would show it."""
    seq = await tx.next_seq(chat)
    number = await tx.insert(
        "INSERT INTO messages (chat, seq, from_bot, date, editable, body) VALUES (?, ?, ?, ?, ?, '{}')",
        *(chat, seq, from_bot, date, editable),
    )
    shown = {"message_id": number, **body, "date": date}
    await tx.run("UPDATE messages SET body = ? WHERE id = ?", _packed(shown), number)
    return shown


async def find_message(tx: Transaction, chat: int, number: int) -> StoredMessage | None:
    """None also when it was deleted."""
    row = await tx.one("SELECT * FROM messages WHERE id = ? AND chat = ? AND NOT deleted", number, chat)
    return _stored(row) if row else None


async def change_message(tx: Transaction, message: StoredMessage, body: dict[str, Any]) -> None:
    seq = await tx.next_seq(message.chat)
    await tx.run("UPDATE messages SET seq = ?, body = ? WHERE id = ?", seq, _packed(body), message.id)


async def react(tx: Transaction, message: StoredMessage, reaction: str | None) -> None:
    seq = await tx.next_seq(message.chat)
    await tx.run("UPDATE messages SET seq = ?, reaction = ? WHERE id = ?", seq, reaction, message.id)


async def delete_message(tx: Transaction, message: StoredMessage) -> None:
    """Leaves the number and nothing else: what was said may have been a secret."""
    seq = await tx.next_seq(message.chat)
    await tx.run("UPDATE messages SET seq = ?, deleted = 1, reaction = NULL, body = '{}' WHERE id = ?", seq, message.id)


async def messages_after(tx: Transaction, chat: int, seq: int) -> list[StoredMessage]:
    rows = await tx.all("SELECT * FROM messages WHERE chat = ? AND seq > ? ORDER BY id", chat, seq)
    return [_stored(row) for row in rows]


async def replies_to(tx: Transaction, message: StoredMessage) -> list[StoredMessage]:
    """Those that quote it."""
    rows = await tx.all(
        "SELECT * FROM messages WHERE chat = ? AND id > ? AND json_extract(body, '$.reply_to_message.message_id') = ?",
        *(message.chat, message.id, message.id),
    )
    return [_stored(row) for row in rows]


def _packed(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _stored(row: Row) -> StoredMessage:
    return StoredMessage(
        id=row["id"],
        chat=row["chat"],
        seq=row["seq"],
        from_bot=bool(row["from_bot"]),
        date=row["date"],
        editable=bool(row["editable"]),
        deleted=bool(row["deleted"]),
        reaction=row["reaction"],
        body=json.loads(row["body"]),
    )
