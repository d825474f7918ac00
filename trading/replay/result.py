"""What a replay found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from trading.core.ledger import Ledger
from trading.core.orders import Fill
from trading.core.planning import CycleResult
from trading.core.simulated_orders import Liquidated
from trading.reports.profit import Drawdown, EquitySample, sharpe


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Money in quote currency. ``ledger`` is the fold of ``fills`` and of the funding.
    ``drawdown`` has seen every moment that was looked at, ``samples`` only some of them.

    ``wallet`` is what the simulated account held at the end, before open profit; ``insurance`` is what was paid into it
    where a gap lost more than the collateral. ``refusals`` counts refused orders by reason. ``events_seen`` counts
    candles, trades and books; ``plans_made`` how often the strategy was asked.
    """

    cycles: Sequence[CycleResult]
    fills: Sequence[Fill]
    ledger: Ledger
    samples: Sequence[EquitySample]
    drawdown: Drawdown
    liquidations: Sequence[Liquidated]
    refusals: Mapping[str, int]
    orders_placed: int
    plans_made: int
    events_seen: int
    balance: Decimal
    deposit: Decimal
    wallet: Decimal
    insurance: Decimal
    last_price: Decimal | None
    started_at: datetime | None
    ended_at: datetime | None
    finished: str | None
    final_state: BaseModel

    @property
    def net(self) -> Decimal:
        """Realized profit less fees, funding included; what is still open is not in it."""
        return self.ledger.net

    @property
    def fees(self) -> Decimal:
        return self.ledger.fees

    @property
    def funding(self) -> Decimal:
        return self.ledger.funding

    @property
    def unrealized(self) -> Decimal:
        """Profit of the open position at the last price, before fees."""
        return self.ledger.unrealized(self.last_price) if self.last_price is not None else Decimal(0)

    @property
    def sharpe(self) -> float | None:
        return sharpe(self.samples, self.deposit)
