"""What the strategy remembers between two plans. Everything else is derived from orders, books and ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Breach(BaseModel):
    """A breach of the obligation that goes on. ``kept_at``: since when it is kept again, not for long enough yet."""

    model_config = ConfigDict(frozen=True)

    began_at: datetime
    cause: str
    told: bool = False
    kept_at: datetime | None = None


class Trouble(BaseModel):
    """Why the fair price is not trusted, and since when. ``told``: "" (nothing yet), ``wide`` or ``withdrawn``."""

    model_config = ConfigDict(frozen=True)

    cause: str
    since: datetime
    told: str = ""


class Told(BaseModel):
    """What was told of a slot's fills: base units, and quote currency."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal
    cost: Decimal


class Pull(BaseModel):
    """How our own orders draw the fair price: ``share`` of ``alone``, the price without them when this was taken.

    ``at_rest``: whether every order of ours rested then.
    """

    model_config = ConfigDict(frozen=True)

    alone: Decimal
    share: Decimal
    at_rest: bool


class LiquidityState(BaseModel):
    """``generation`` numbers the resets and names the slots; ``reset_at`` is when the last one began.

    ``fair`` is the last price that was trusted, as of ``sampled_at``; ``pull`` is None where our orders do not count in
    it; ``reference_at`` is when the reference market was last seen to show a price. ``reduced`` says by side why fewer
    or smaller orders are shown, as it was told. ``told`` is what was told of fills, by slot: of the current generation,
    and of the orders that were live when it began.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    generation: int = 1
    reset_at: datetime | None = None
    sampled_at: datetime | None = None
    books_at: datetime | None = None
    fair: Decimal | None = None
    pull: Pull | None = None
    reference_at: datetime | None = None
    trouble: Trouble | None = None
    breach: Breach | None = None
    reduced: Mapping[str, str] = Field(default_factory=dict)
    told: Mapping[str, Told] = Field(default_factory=dict)

    @property
    def scope(self) -> str:
        """The prefix of the current generation's slots."""
        return f"g{self.generation}."
