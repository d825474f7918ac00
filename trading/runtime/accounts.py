"""Which account a bot trades on, and the gateway to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from trading.clock import Clock
from trading.exchanges.gateway import Gateway
from trading.storage.records import BotRecord


@dataclass(frozen=True, slots=True)
class AccountId:
    """A user's account: one of their keys, or (key_id None) their paper account."""

    user_id: int
    key_id: int | None

    @classmethod
    def of(cls, record: BotRecord) -> AccountId:
        return cls(record.user_id, record.key_id)

    @property
    def name(self) -> str:
        return f"{self.user_id}/{self.key_id or 'paper'}"


class Connector(Protocol):
    """Makes gateways; the composition root knows about vaults, paper venues and live ones."""

    async def connect(self, account: AccountId) -> tuple[Gateway, Clock]:
        """An opened gateway and the clock its bots live by.

        Raises VenueError when the venue cannot be reached, BadCredentials when the key is refused or cannot be opened.
        """
        ...

    async def public(self, account: AccountId, venue: str) -> Gateway:
        """A gateway for public reads of ``venue``, shared by all; a paper account sees simulated venues only.

        Raises VenueError when it cannot be reached, UnknownVenue for one that there is not.
        """
        ...
