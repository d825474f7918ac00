"""What the float remembers between two plans. Everything else is derived from orders and ledger."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from trading.core.instrument import ZERO, Side
from trading.core.ledger import Ledger


class Picture(BaseModel):
    """The market without our own orders: ``spread`` and ``mid`` in quote currency."""

    model_config = ConfigDict(frozen=True)

    spread: Decimal
    mid: Decimal


class Leg(BaseModel):
    """One leg: ``amount`` (base) is wanted in all, ``price`` (quote) where it should rest since ``quoted_at``.

    ``former`` is where it rested before that. ``seen_at`` is the time of the book it was decided from: one book
    moves an order once.
    """

    model_config = ConfigDict(frozen=True)

    side: Side
    amount: Decimal
    decided_at: datetime
    picture: Picture
    price: Decimal
    quoted_at: datetime
    seen_at: datetime
    former: Decimal | None = None
    requotes: int = 0


class PingPongState(BaseModel):
    """``number`` names the slots of the current or last leg and ``rounds`` the finished buy-and-sell pairs; both go on
    for ever. ``completed``, ``placed`` (orders of finished legs) and ``spread_sum_usd`` are those of this run.

    ``size`` (base) is what the current pair moves, ``carry`` (base) what the leg before could not fill because it was
    below the venue's minimum. ``start`` is the ledger at the end of the pair before. ``ending`` says why the run is
    being brought to its end, ``usd_rate`` is the last USD per quote that was used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = 0
    leg: Leg | None = None
    next_side: Side | None = None
    size: Decimal = ZERO
    carry: Decimal = ZERO
    completed: int = 0
    placed: int = 0
    spread_sum_usd: Decimal = ZERO
    rounds: int = 0
    round_began_at: datetime | None = None
    start: Ledger | None = None
    usd_rate: Decimal | None = None
    short_since: datetime | None = None
    short_told: bool = False
    refusal_told: str = ""
    ending: str | None = None
    finished: str | None = None

    @property
    def scope(self) -> str:
        """The prefix of the leg's slot."""
        return f"l{self.number}."

    @property
    def slot(self) -> str:
        return f"{self.scope}quote"
