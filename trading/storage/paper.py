"""Snapshots of paper accounts, and whose prices they trade on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from trading.storage.rows import upsert
from trading.storage.schema import paper_accounts, paper_prices


def load_paper(connection: Connection, account: str) -> str | None:
    return connection.execute(select(paper_accounts.c.snapshot).where(paper_accounts.c.account == account)).scalar()


def save_paper(connection: Connection, account: str, snapshot: str, at: datetime) -> None:
    row = {"account": account, "snapshot": snapshot, "updated_at": at}
    connection.execute(upsert(connection, paper_accounts, "account"), row)


def load_prices(connection: Connection, user_id: int) -> str | None:
    """What the person has chosen; None: nothing."""
    return connection.execute(select(paper_prices.c.body).where(paper_prices.c.user_id == user_id)).scalar()


def save_prices(connection: Connection, user_id: int, body: str, at: datetime) -> None:
    row = {"user_id": user_id, "body": body, "chosen_at": at}
    connection.execute(upsert(connection, paper_prices, "user_id"), row)
