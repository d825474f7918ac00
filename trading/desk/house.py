"""What the rooms of the desk share."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from trading.core.planning import Strategy
from trading.desk.answers import DeskError
from trading.desk.connecting import Connections
from trading.desk.file_answers import MOST_SHEET_ROWS
from trading.runtime.outbox import Outbox
from trading.runtime.supervisor import Supervisor
from trading.storage import Connection, Storage, tokens
from trading.vault import Vault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """What one user may have. ``max_deposit`` is quote currency for each bot; None: no cap.

    ``max_pairs``: bots that one create may make. ``max_bots`` counts stopped bots too. ``max_trials``: replays that may
    run at once for all people together.
    """

    max_bots: int = 20
    max_keys: int = 5
    max_deposit: Decimal | None = None
    max_pairs: int = 10
    max_trials: int = 2
    max_sheet_rows: int = MOST_SHEET_ROWS


@dataclass(frozen=True, slots=True)
class House:
    """Everything a desk needs, made by the composition root. ``now`` is the machine's time."""

    storage: Storage
    vault: Vault
    supervisor: Supervisor
    connections: Connections
    outbox: Outbox
    strategies: Mapping[str, Strategy]
    admin_ids: frozenset[int]
    limits: DeskLimits
    now: Callable[[], datetime]
    copies: Path = Path("data/backups/asked")
    """Where the copies of the database lie that admins ask for."""


class Room:
    """A theme of the desk."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._panics: Counter[int] = Counter()

    def _turn(self, user_id: int) -> asyncio.Lock:
        """Held while checks and the change that they allow belong together. Never by what stops or closes."""
        return self._turns[user_id]

    def _check_admin(self, admin_id: int) -> None:
        """Raise DeskError("not_allowed") for who is no admin, or one no more."""
        if admin_id not in self._house.admin_ids:
            raise DeskError("not_allowed")

    async def _spend(self, token: str, user_id: int, act: Callable[[Connection], T]) -> T:
        """Use a token and ``act`` in one transaction. Whatever ``act`` raises gives the token back.

        Raises DeskError("already_done") when the token was used before.
        """
        at = self._house.now()

        def once(connection: Connection) -> T:
            if not tokens.take_token(connection, token, user_id, at):
                raise DeskError("already_done")
            return act(connection)

        return await self._house.storage.write(once)

    async def _check_token(self, token: str, user_id: int) -> None:
        """Raise DeskError("already_done") when the token was used; it is not used by this."""

        def give_back(_: Connection) -> None:
            raise _Unused

        try:
            await self._spend(token, user_id, give_back)
        except _Unused:
            return


class _Unused(Exception):
    """The token is still good."""
