"""Snapshots of paper accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from trading.storage.rows import upsert
from trading.storage.schema import paper_accounts


def load_paper(connection: Connection, account: str) -> str | None:
    return connection.execute(select(paper_accounts.c.snapshot).where(paper_accounts.c.account == account)).scalar()


def save_paper(connection: Connection, account: str, snapshot: str, at: datetime) -> None:
    row = {"account": account, "snapshot": snapshot, "updated_at": at}
    connection.execute(upsert(connection, paper_accounts, "account"), row)
