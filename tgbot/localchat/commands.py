"""Commands menus by scope and language, and the bot's name and descriptions by language."""

import json
from typing import Any

from tgbot.localchat.storage import Transaction

_SCOPE = "SELECT body FROM commands WHERE scope = ? AND language = ?"


async def save_commands(tx: Transaction, scope: str, language: str, commands: list[dict[str, str]]) -> None:
    """An empty list takes the menu away."""
    if commands:
        packed = json.dumps(commands, ensure_ascii=False)
        await tx.run("INSERT OR REPLACE INTO commands VALUES (?, ?, ?)", scope, language, packed)
    else:
        await tx.run("DELETE FROM commands WHERE scope = ? AND language = ?", scope, language)


async def saved_commands(tx: Transaction, scope: str, language: str) -> list[dict[str, Any]]:
    row = await tx.one(_SCOPE, scope, language)
    return list(json.loads(row["body"])) if row else []


async def commands_for(tx: Transaction, person: int, language: str) -> list[dict[str, Any]]:
    """The narrowest scope wins; within a scope the person's language wins over none."""
    for scope in (f"chat:{person}", "all_private_chats", "default"):
        for spoken in (language, ""):
            if found := await saved_commands(tx, scope, spoken):
                return found
    return []


async def save_profile(tx: Transaction, name: str, language: str, value: str) -> None:
    if value:
        await tx.run("INSERT OR REPLACE INTO profile VALUES (?, ?, ?)", name, language, value)
    else:
        await tx.run("DELETE FROM profile WHERE name = ? AND language = ?", name, language)


async def saved_profile(tx: Transaction, name: str, language: str) -> str:
    row = await tx.one(
        "SELECT value FROM profile WHERE name = ? AND language IN (?, '') ORDER BY language DESC LIMIT 1",
        name,
        language,
    )
    return str(row["value"]) if row else ""
