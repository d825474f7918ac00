"""The queue from people to the bot. An update stays until the bot confirms it by asking for a higher number."""

import json
from typing import Any

from tgbot.localchat.bells import UPDATES
from tgbot.localchat.storage import Transaction

KEPT_SECONDS = 24 * 3600
"""Telegram forgets updates that nobody fetched for a day."""

_LEFT_OUT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")


async def push_update(tx: Transaction, kind: str, content: dict[str, Any], now: float) -> None:
    """Queues an update, unless the bot said that it does not want this kind."""
    wanted = await allowed_kinds(tx)
    if kind in wanted if wanted else kind not in _LEFT_OUT_BY_DEFAULT:
        packed = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        await tx.insert("INSERT INTO updates (born, kind, body) VALUES (?, ?, ?)", now, kind, packed)
        tx.touched.add(UPDATES)


async def allowed_kinds(tx: Transaction) -> list[str]:
    """What the bot asked for last; empty means the usual ones."""
    row = await tx.one("SELECT value FROM profile WHERE name = 'allowed_updates'")
    return list(json.loads(row["value"])) if row else []


async def allow_kinds(tx: Transaction, kinds: list[str]) -> None:
    await tx.run("INSERT OR REPLACE INTO profile VALUES ('allowed_updates', '', ?)", json.dumps(kinds))


async def confirm_before(tx: Transaction, offset: int, now: float) -> None:
    """Forgets updates below `offset`; a negative one keeps only that many of the newest."""
    await tx.run("DELETE FROM updates WHERE born < ?", now - KEPT_SECONDS)
    if offset > 0:
        await tx.run("DELETE FROM updates WHERE id < ?", offset)
    elif offset < 0:
        await tx.run("DELETE FROM updates WHERE id NOT IN (SELECT id FROM updates ORDER BY id DESC LIMIT ?)", -offset)


async def forget_updates(tx: Transaction) -> None:
    await tx.run("DELETE FROM updates")


async def forget_update(tx: Transaction, number: int) -> None:
    await tx.run("DELETE FROM updates WHERE id = ?", number)


async def pending_updates(tx: Transaction, limit: int) -> list[dict[str, Any]]:
    rows = await tx.all("SELECT id, kind, body FROM updates ORDER BY id LIMIT ?", limit)
    return [{"update_id": row["id"], row["kind"]: json.loads(row["body"])} for row in rows]


async def count_updates(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) AS pending FROM updates")
    return int(row["pending"]) if row else 0
