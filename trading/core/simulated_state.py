"""Everything a simulated exchange must remember across a restart, as one value that goes to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import TypeAdapter

from trading.core.ledger import Funding
from trading.core.orders import Fill
from trading.core.planning import MarginMode
from trading.core.simulated_orders import HeldPosition, VenueOrder


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """``queues`` is what stands ahead of each resting order (base), by venue id, where it is known."""

    balances: Mapping[str, Decimal]
    positions: tuple[HeldPosition, ...]
    leverages: Mapping[str, Decimal]
    modes: Mapping[str, MarginMode]
    orders: tuple[VenueOrder, ...]
    queues: Mapping[str, Decimal]
    fills: tuple[Fill, ...]
    funding: tuple[Funding, ...]
    marks: Mapping[str, Decimal]
    numbers: int
    now: datetime | None
    insurance: Decimal

    def to_json(self) -> str:
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> ExchangeState:
        """Raises ValueError for text that is not a state."""
        return _ADAPTER.validate_json(text)


_ADAPTER: TypeAdapter[ExchangeState] = TypeAdapter(ExchangeState)
