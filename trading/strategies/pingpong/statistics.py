"""What the records say: time to fill, re-quotes per leg, spread earned or paid. Pure numbers, no pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from trading.core.instrument import ZERO, Side, total


@dataclass(frozen=True, slots=True)
class Execution:
    """One full execution, read from a sample of kind ``execution_detail``.

    ``edge`` (quote) is what the spread earned, negative when paid; None where the market was not seen.
    """

    side: Side
    amount: Decimal
    price: Decimal
    seconds: Decimal
    orders: int
    requotes: int
    edge: Decimal | None
    usd_per_quote: Decimal | None

    @classmethod
    def read(cls, body: Mapping[str, str]) -> Execution:
        """Raises KeyError or ValueError for a body that is none."""
        return cls(
            side=Side(body["side"]),
            amount=Decimal(body["amount"]),
            price=Decimal(body["price"]),
            seconds=Decimal(body["seconds"]),
            orders=int(body["orders"]),
            requotes=int(body["requotes"]),
            edge=Decimal(body["edge"]) if "edge" in body else None,
            usd_per_quote=Decimal(body["usd_per_quote"]) if "usd_per_quote" in body else None,
        )


@dataclass(frozen=True, slots=True)
class Bin:
    """``count`` executions took at least ``low`` and less than ``high`` seconds; the last bin holds its end too."""

    low: Decimal
    high: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class ExecutionStatistics:
    """Times in seconds; money in quote currency, ``edge_usd`` in USD at the rates of the executions."""

    count: int
    median_seconds: Decimal
    p95_seconds: Decimal
    longest_seconds: Decimal
    requotes_per_leg: Decimal
    orders_per_leg: Decimal
    volume: Decimal
    edge: Decimal
    edge_per_leg: Decimal
    edge_usd: Decimal
    times: tuple[Bin, ...]


def summarize(executions: Sequence[Execution], bins: int = 12) -> ExecutionStatistics | None:
    """None where nothing was executed yet."""
    if not executions:
        return None
    times = sorted(execution.seconds for execution in executions)
    edges = [execution for execution in executions if execution.edge is not None]
    edge = total([execution.edge or ZERO for execution in edges])
    count = Decimal(len(executions))
    return ExecutionStatistics(
        count=len(executions),
        median_seconds=median(times),
        p95_seconds=percentile(times, 95),
        longest_seconds=times[-1],
        requotes_per_leg=sum(execution.requotes for execution in executions) / count,
        orders_per_leg=sum(execution.orders for execution in executions) / count,
        volume=total([execution.amount * execution.price for execution in executions]),
        edge=edge,
        edge_per_leg=edge / len(edges) if edges else ZERO,
        edge_usd=total([(execution.edge or ZERO) * (execution.usd_per_quote or ZERO) for execution in edges]),
        times=histogram(times, bins),
    )


def median(ordered: Sequence[Decimal]) -> Decimal:
    """The middle of numbers in growing order, the mean of both where there are two."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def percentile(ordered: Sequence[Decimal], percent: int) -> Decimal:
    """The smallest of the numbers (in growing order) that at least ``percent`` of them do not exceed: nearest rank."""
    rank = (Decimal(percent) * len(ordered) / 100).to_integral_value(ROUND_CEILING)
    return ordered[max(0, int(rank) - 1)]


def histogram(ordered: Sequence[Decimal], bins: int) -> tuple[Bin, ...]:
    """Bins of one width from zero to the longest time."""
    longest = ordered[-1]
    if not longest:
        return (Bin(ZERO, ZERO, len(ordered)),)
    counts = [0] * bins
    for value in ordered:
        counts[min(bins - 1, int(value * bins / longest))] += 1
    return tuple(Bin(longest * place / bins, longest * (place + 1) / bins, count) for place, count in enumerate(counts))
