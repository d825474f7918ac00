"""Single-use tokens: a button that moves money works once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from trading.storage.rows import insert_new
from trading.storage.schema import tokens


def take_token(connection: Connection, token: str, user_id: int, at: datetime) -> bool:
    """True the first time, False ever after. A transaction that fails gives the token back."""
    used = insert_new(connection, tokens, "user_id", "token")
    return connection.execute(used, {"user_id": user_id, "token": token, "used_at": at}).rowcount == 1


def delete_tokens(connection: Connection, before: datetime) -> int:
    return connection.execute(delete(tokens).where(tokens.c.used_at < before)).rowcount
