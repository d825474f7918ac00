"""Presses of inline buttons, and the bot's answers to them."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from tgbot.localchat.errors import BadRequest
from tgbot.localchat.storage import Transaction

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is empty when the bot only stopped the button's spinner."""

    query: str
    text: str
    alert: bool
    url: str


async def add_query(tx: Transaction, person: int, message: int, now: float) -> str:
    await tx.run("DELETE FROM queries WHERE born < ?", now - _KEPT_SECONDS)
    query = str(secrets.randbits(62))
    await tx.run("INSERT INTO queries (id, person, message, born) VALUES (?, ?, ?, ?)", query, person, message, now)
    return query


async def answer_query(tx: Transaction, answer: Answer, oldest: float) -> None:
    """Raises BadRequest for a press that is unknown, answered already, or older than `oldest` (unix time)."""
    row = await tx.one("SELECT person FROM queries WHERE id = ? AND answer IS NULL AND born >= ?", answer.query, oldest)
    if row is None:
        raise BadRequest(_TOO_OLD)
    seq = await tx.next_seq(row["person"])
    said: dict[str, Any] = {"text": answer.text, "alert": answer.alert, "url": answer.url}
    await tx.run("UPDATE queries SET seq = ?, answer = ? WHERE id = ?", seq, json.dumps(said), answer.query)


async def answers_after(tx: Transaction, person: int, seq: int) -> list[Answer]:
    rows = await tx.all(
        "SELECT id, answer FROM queries WHERE person = ? AND seq > ? AND answer IS NOT NULL ORDER BY seq", person, seq
    )
    return [Answer(query=row["id"], **json.loads(row["answer"])) for row in rows]
