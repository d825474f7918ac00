"""What a grid remembers between two plans. Everything else is derived from orders and ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from trading.core.ledger import Ledger
from trading.strategies.grid.config import GridTerms
from trading.strategies.grid.ladder import Level


class Phase(StrEnum):
    WAITING = "waiting"
    """For a price, or for leave to begin."""
    RUNNING = "running"
    CLOSING = "closing"
    """The position was closed (or never came to be): what still rests is being canceled."""
    COOLDOWN = "cooldown"
    FINISHED = "finished"
    """Its work is done; ``GridStrategy.started`` makes it begin again."""


class ToldFill(BaseModel):
    """How much of a slot's fills was told: base units, and their worth in quote currency."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal
    cost: Decimal


class ToldExit(BaseModel):
    """The take-profit that was told last."""

    model_config = ConfigDict(frozen=True)

    price: Decimal
    amount: Decimal


class GridState(BaseModel):
    """``number``, ``terms``, ``ladder``, ``started_at`` and what was told are those of the current or the last cycle.

    ``start`` is the ledger at the end of the cycle before, so that the cycles' results add up to the ledger;
    ``completed`` counts the cycles since the last Start, ``voids`` those in a row that ended without a fill.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = 0
    phase: Phase = Phase.WAITING
    terms: GridTerms | None = None
    ladder: tuple[Level, ...] = ()
    start: Ledger | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cooldown_until: datetime | None = None
    completed: int = 0
    voids: int = 0
    told_fills: Mapping[str, ToldFill] = Field(default_factory=dict)
    told_exit: ToldExit | None = None
    drawdown_told: bool = False
    refusal_told: str = ""
    finished: str | None = None

    @property
    def in_cycle(self) -> bool:
        return self.phase in (Phase.RUNNING, Phase.CLOSING)

    @property
    def scope(self) -> str:
        """The prefix of the cycle's slots."""
        return f"c{self.number}."
