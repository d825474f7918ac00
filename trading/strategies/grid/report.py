"""What a grid's finished cycles say."""

from __future__ import annotations

from decimal import Decimal

from trading.core.instrument import Instrument, total
from trading.core.ledger import coins_text, fees_elsewhere
from trading.core.reporting import Records, StrategyReport, cycles_table, number, signed


def make_report(records: Records, instrument: Instrument) -> StrategyReport:
    """Figures of all cycles (quote), net of fees and funding; a win is a cycle with a positive net."""
    cycles = records.cycles
    nets = [cycle.net for cycle in cycles]
    figures = {"cycles": str(len(cycles))}
    if cycles:
        quote, paid = instrument.quote, coins_text(fees_elsewhere(records.fills, instrument))
        figures |= {
            "net": f"{signed(total(nets))} {quote}",
            "fees": f"{number(total([cycle.fees for cycle in cycles]))} {quote}",
            **({"other_fees": paid} if paid else {}),
            "funding": f"{signed(total([cycle.funding for cycle in cycles]))} {quote}",
            "volume": f"{number(total([cycle.volume for cycle in cycles]))} {quote}",
            "win_rate": number(Decimal(100 * sum(net > 0 for net in nets)) / len(nets), 1),
        }
        taken = [cycle.net for cycle in cycles if cycle.cause == "take_profit"]
        if taken:
            figures["mean_take_profit"] = f"{signed(total(taken) / len(taken))} {quote}"
        figures |= {"best": f"{signed(max(nets))} {quote}", "worst": f"{signed(min(nets))} {quote}"}
    return StrategyReport(figures, {"cycles": cycles_table(cycles)})
