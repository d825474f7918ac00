"""What a paper account leaves behind between two runs, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from pydantic import TypeAdapter

from trading.core.simulated_state import ExchangeState


class PaperStore(Protocol):
    """Keeps one text for each account. What ``save`` returned from must be there after a crash."""

    async def load(self, account: str) -> str | None: ...

    async def save(self, account: str, snapshot: str) -> None: ...


class MemoryStore:
    """A store that lasts as long as the process."""

    def __init__(self) -> None:
        self.snapshots: dict[str, str] = {}

    async def load(self, account: str) -> str | None:
        return self.snapshots.get(account)

    async def save(self, account: str, snapshot: str) -> None:
        self.snapshots[account] = snapshot


@dataclass(frozen=True, slots=True)
class PaperSnapshot:
    """``at`` is the venue's time up to which the market has been played."""

    at: datetime
    exchange: ExchangeState

    def to_json(self) -> str:
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> PaperSnapshot:
        """Raises ValueError for text that is not a snapshot."""
        return _ADAPTER.validate_json(text)


_ADAPTER: TypeAdapter[PaperSnapshot] = TypeAdapter(PaperSnapshot)


def last_time(snapshot: str) -> datetime:
    """The venue's time in a stored snapshot: a clock that runs faster than the machine's must not start before it."""
    return PaperSnapshot.from_json(snapshot).at


def restarted(snapshot: str, balances: Mapping[str, Decimal] | None) -> str:
    """A stored account that begins anew: no orders, positions, history, settings.

    Time and ids go on, so that none comes twice. ``balances`` None: the wallet stays.
    """
    old = PaperSnapshot.from_json(snapshot)
    wallet = old.exchange.balances if balances is None else dict(balances)
    emptied = replace(
        old.exchange,
        balances=wallet,
        positions=(),
        orders=(),
        queues={},
        fills=(),
        funding=(),
        marks={},
        leverages={},
        modes={},
    )
    return PaperSnapshot(old.at, emptied).to_json()
