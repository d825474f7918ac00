"""What a liquidity bot's records say: the obligation second by second, and what it traded for it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from trading.core.instrument import Instrument, Side, total
from trading.core.ledger import coins_text, fees_elsewhere
from trading.core.planning import Sample
from trading.core.reporting import Cell, Obligation, Records, StrategyReport, Table, money_in_fills, number

OBLIGATION = "obligation"
OBLIGATION_COLUMNS = ("at", "spread_percent", "bid_depth", "ask_depth", "spread", "depth", "cause")
_NUMBERS = OBLIGATION_COLUMNS[1:4]


def make_report(records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
    """Uptime and breaches are measured from the picture's data by the reports; here is what was traded besides."""
    samples = records.samples.get(OBLIGATION, ())
    base, quote = instrument.base, instrument.quote
    volume, fees = money_in_fills(records.fills, base, quote)
    paid = coins_text(fees_elsewhere(records.fills, instrument))
    sums = {side: total([fill.amount for fill in records.fills if fill.side is side]) for side in Side}
    figures = {
        "fills": str(len(records.fills)),
        "bought": f"{number(sums[Side.BUY], 8)} {base}",
        "sold": f"{number(sums[Side.SELL], 8)} {base}",
        "volume": f"{number(volume)} {quote}",
        "fees": f"{number(fees, 4)} {quote}",
        **({"other_fees": paid} if paid else {}),
    }
    tables = {"obligation": Table(OBLIGATION_COLUMNS, [_row(sample) for sample in samples])}
    since = samples[0].at if samples else None
    picture = Obligation(samples, since, now) if since is not None and since < now else None
    return StrategyReport(figures, tables, picture)


def _row(sample: Sample) -> list[Cell]:
    body = sample.body
    return [
        sample.at,
        *(_number(body.get(name, "")) if name in _NUMBERS else body.get(name, "") for name in OBLIGATION_COLUMNS[1:]),
    ]


def _number(text: str) -> Cell:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
