"""The records of the float: one row for each full execution, and what its statistics need besides."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from trading.core.instrument import Instrument, plain
from trading.core.planning import Sample
from trading.strategies.pingpong.config import is_dollar
from trading.strategies.pingpong.market import Progress
from trading.strategies.pingpong.state import Leg, Picture

EXECUTION = "execution"
DETAIL = "execution_detail"

_PLACES = Decimal("1E-12")


def record_columns(instrument: Instrument) -> tuple[str, ...]:
    """The columns of the CSV, in their order. The quote is ``usd`` for a USD stablecoin."""
    quote = "usd" if is_dollar(instrument.quote) else instrument.quote.lower()
    return (
        "ts_decision",
        "ts_full_execution",
        f"change_{instrument.base.lower()}",
        f"change_{quote}",
        "total_cnt",
    )


def execution(
    instrument: Instrument, leg: Leg, done_at: datetime, now_seen: Picture | None, orders_in_run: int
) -> Sample:
    """The record of one full execution; its body has exactly ``record_columns``.

    Times are ISO 8601, UTC, to the millisecond. change_quote is spread(full execution) - spread(decision), a number of
    quote currency for one unit of base; change_base is the same change at the mid price of the full execution. Both are
    empty where the book was not known when a stopped bot's last execution was seen.
    """
    change = None if now_seen is None else now_seen.spread - leg.picture.spread
    in_base = None if now_seen is None or change is None else (change / now_seen.mid).quantize(_PLACES)
    values = (
        stamp(leg.decided_at),
        stamp(done_at),
        "" if in_base is None else plain(in_base),
        "" if change is None else plain(change),
        str(orders_in_run),
    )
    return Sample(EXECUTION, done_at, dict(zip(record_columns(instrument), values, strict=True)))


def detail(
    number: int,
    leg: Leg,
    done: Progress,
    done_at: datetime,
    now_seen: Picture | None,
    rate: Decimal | None,
) -> Sample:
    """What statistics need of one full execution; prices, spreads and ``edge`` in quote currency, amounts in base.

    ``edge`` is what the spread earned (negative: paid): the distance of the average price from the mid at full
    execution, on the side that pays us, times the amount.
    """
    body: dict[str, str] = {
        "leg": str(number),
        "side": leg.side.value,
        "amount": plain(done.filled),
        "price": plain(done.average),
        "seconds": plain(seconds_to_fill(leg, done_at)),
        "orders": str(done.orders),
        "requotes": str(leg.requotes),
        "spread_decision": plain(leg.picture.spread),
        "mid_decision": plain(leg.picture.mid),
    }
    if now_seen is not None:
        edge = (now_seen.mid - done.average) * leg.side.sign * done.filled
        body |= {
            "spread_full_execution": plain(now_seen.spread),
            "mid_full_execution": plain(now_seen.mid),
            "edge": plain(edge.quantize(_PLACES)),
        }
    if rate is not None:
        body["usd_per_quote"] = plain(rate)
    return Sample(DETAIL, done_at, body)


def seconds_to_fill(leg: Leg, done_at: datetime) -> Decimal:
    """From the decision to the full execution, to the microsecond."""
    passed = done_at - leg.decided_at
    return Decimal(passed.days * 86_400 + passed.seconds) + Decimal(passed.microseconds) / 1_000_000


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
