"""What the moves from leg to leg look at, and what one of them answers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from trading.core.instrument import Instrument, Side
from trading.core.market import Book
from trading.core.notices import OrderRefused
from trading.core.planning import CycleResult, Mode, Sample, View
from trading.core.telling import Notice
from trading.strategies.pingpong.config import PingPongConfig, SizeCurrency
from trading.strategies.pingpong.market import others, quote_price, usd_per_quote
from trading.strategies.pingpong.state import PingPongState

STOPPING = (Mode.CANCEL, Mode.CLOSE)


@dataclass(frozen=True, slots=True)
class Step:
    """The state after one move, and what came of it. ``moved``: the next move should be looked for."""

    state: PingPongState
    notices: tuple[Notice, ...] = ()
    samples: tuple[Sample, ...] = ()
    cycles: tuple[CycleResult, ...] = ()
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What the moves look at."""

    config: PingPongConfig
    view: View
    book: Book | None
    rate: Decimal | None

    @classmethod
    def of(cls, config: PingPongConfig, state: PingPongState, view: View) -> Scene:
        return cls(config, view, others(view, state.leg), usd_per_quote(config, view))

    @property
    def rules(self) -> Instrument:
        return self.view.instrument

    def price(self, side: Side) -> Decimal | None:
        return quote_price(self.rules, side, self.book) if self.book is not None else None


def ending_cause(state: PingPongState, view: View) -> str | None:
    """Why the run is being brought to its end by selling what it holds; None while it goes on."""
    return state.ending or ("user" if view.mode is Mode.WIND_DOWN else None)


def sized(config: PingPongConfig, rules: Instrument, price: Decimal) -> Decimal:
    """The order size in base units, rounded down to the venue's step."""
    size = config.order_size if config.size_currency is SizeCurrency.BASE else config.order_size / price
    return rules.floor_amount(size)


def refused(view: View, state: PingPongState, side: Side, amount: Decimal, price: Decimal, why: str) -> Step:
    """The venue would refuse this order: say so once, and wait for another price or other settings."""
    if state.refusal_told == why:
        return Step(state)
    notice = OrderRefused(
        symbol=view.instrument.symbol, slot=state.slot, side=side, amount=amount, price=price, reason=why
    )
    return Step(state.model_copy(update={"refusal_told": why}), (notice,))
