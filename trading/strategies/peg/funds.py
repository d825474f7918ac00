"""What an account has for a peg before Start, beyond what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import ONE, ZERO, Instrument, Side
from trading.strategies.peg.band import Band
from trading.strategies.peg.config import PegConfig


@dataclass(frozen=True, slots=True)
class Funds:
    """``quote`` can be spent, its fees kept aside, and ``base`` sold; None while a balance is not known."""

    quote: Decimal | None
    base: Decimal | None

    @classmethod
    def of(cls, config: PegConfig, instrument: Instrument, balances: Mapping[str, Decimal]) -> Funds:
        quote, base = balances.get(instrument.quote), balances.get(instrument.base)
        return cls(
            None if quote is None else max(ZERO, quote - config.quote_min_balance) / with_fee(instrument),
            None if base is None else max(ZERO, base - config.base_min_balance),
        )

    def of_side(self, side: Side) -> Decimal | None:
        return self.quote if side is Side.BUY else self.base

    def are_too_small(self, band: Band, side: Side) -> bool:
        """Whether it is known that ``side`` cannot send even the smallest order at the band's edge."""
        there = self.of_side(side)
        return there is not None and band.floor_amount(
            there / band.low if side is Side.BUY else there
        ) < band.smallest_amount(band.edge(side))


def with_fee(instrument: Instrument) -> Decimal:
    """What a buy takes from the balance, as a multiple of its cost."""
    return ONE + max(ZERO, instrument.taker_fee, instrument.maker_fee)
