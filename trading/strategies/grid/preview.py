"""What a person sees before Start: every level, what can be lost, why it could not work, and what would."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from trading.core.instrument import Instrument
from trading.core.planning import Preview
from trading.core.telling import Unit
from trading.strategies.grid.config import GridConfig
from trading.strategies.grid.findings import find, used_percent
from trading.strategies.grid.ladder import entry_fees
from trading.strategies.grid.offers import find_offers
from trading.strategies.grid.survey import Survey, bounce_percent, survey

_TOLD = {
    "total_cost": Unit.MONEY,
    "margin": Unit.MONEY,
    "fees": Unit.MONEY,
    "take_profit": Unit.PRICE,
    "bounce_percent": Unit.PERCENT,
    "price_step": Unit.EXACT,
}


def make_preview(config: GridConfig, instrument: Instrument, price: Decimal, equity: Decimal | None) -> Preview:
    """The grid that Start would begin at ``price`` (quote), and offers that mend what is wrong with it."""
    seen = survey(config, instrument, price, equity)
    findings = find(seen, instrument, equity)
    return Preview(
        rows=seen.rows,
        price=price,
        at_risk=seen.at_risk,
        worst_case=seen.worst_case,
        findings=findings,
        offers=find_offers(config, instrument, price, equity, findings),
        figures=_figures(seen, instrument),
        told=_TOLD,
    )


def _figures(seen: Survey, instrument: Instrument) -> Mapping[str, Decimal]:
    """Sums of the whole grid: base units for amounts, quote currency for prices and money, numbers of percent."""
    levels, last = seen.ladder.levels, seen.rows[-1]
    figures = {
        "levels": Decimal(len(levels)),
        "total_amount": seen.ladder.amount,
        "total_cost": last.cumulative_cost,
        "used_percent": used_percent(seen),
        "margin": last.cumulative_cost / seen.config.leverage,
        "fees": entry_fees(levels, instrument),
        "average": last.average,
        "take_profit": last.take_profit or last.average,
        "bounce_percent": bounce_percent(seen.rows),
        "price_step": abs(levels[0].price - levels[1].price) if len(levels) > 1 else Decimal(0),
        "reached_levels": Decimal(seen.reached),
    }
    if seen.ends.liquidation is not None:
        figures["liquidation"] = seen.ends.liquidation
    if seen.ends.stop is not None:
        figures["stop"] = seen.ends.stop
    return figures
