"""A strategy as small as one can be: it rests one buy order below the price, and says when it was filled.

It has a setting, a state, a notice, a sentence on its card and a figure in its preview, each of its own, so that it
shows what a new strategy has to bring, and that nothing else has to know it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trading.core.instrument import Instrument, Side
from trading.core.orders import OrderType, Role
from trading.core.planning import (
    Doing,
    Finding,
    Plan,
    Preview,
    PreviewRow,
    Strategy,
    Surroundings,
    TargetOrder,
    View,
    Wake,
)
from trading.core.reporting import Records, StrategyReport
from trading.core.telling import Amount, ASide, Cause, Fact, Loudness, MarketNotice, Percent, Price, Unit


class ToyConfig(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pocket_money: Decimal = Field(
        default=Decimal(20),
        gt=0,
        le=1000,
        title="Pocket money",
        description="What the one order may cost.",
        json_schema_extra={"unit": "quote", "level": "basic", "money": True},
    )
    patience_percent: Decimal = Field(
        default=Decimal(1),
        gt=0,
        le=50,
        title="Patience",
        description="How far below the price it waits.",
        json_schema_extra={"unit": "percent", "level": "basic"},
    )


class ToyState(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    price: Decimal | None = None
    is_told: bool = False


class ToyBought(MarketNotice):
    kind: Literal["toy_bought"] = "toy_bought"
    topic = "toys"
    loudness = Loudness.SILENT
    side: ASide
    amount: Amount
    price: Price
    patience: Percent
    cause: Cause


class ToyWaits(Fact):
    kind: Literal["toy-waits"] = "toy-waits"
    price: Price


class ToyStrategy(Strategy):
    name = "toy"
    config_model = ToyConfig
    state_model = ToyState
    market_kinds = frozenset({"perpetual"})
    candles_lack = ""
    notices = (ToyBought,)
    presets: Mapping[str, Mapping[str, str]] = {"careful": {"patience_percent": "5"}}

    def plan(self, config: ToyConfig, state: ToyState, view: View) -> Plan:
        rules, book = view.instrument, view.book
        if state.price is None and (book is None or book.mid is None):
            return Plan(state, wake=Wake.any_price(book))
        if state.price is None and book is not None and book.mid is not None:
            state = state.model_copy(update={"price": _price(config, rules, book.mid)})
        filled = next((order for order in view.finals.get("toy.buy", ()) if order.filled), None)
        if filled is None or state.price is None:
            return Plan(state, orders=_orders(config, rules, state))
        told = ToyBought(
            symbol=rules.symbol,
            side=filled.side,
            amount=filled.filled,
            price=filled.average or state.price,
            patience=config.patience_percent,
            cause="toy_luck",
        )
        return Plan(state.model_copy(update={"is_told": True}), notices=() if state.is_told else (told,))

    def preview(self, config: ToyConfig, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        wanted = _price(config, instrument, price)
        amount = instrument.floor_amount(config.pocket_money / wanted)
        cost = wanted * amount
        row = PreviewRow("toy.buy", Side.BUY, wanted, amount, cost, cost, wanted)
        finding = Finding("toy_is_a_toy", "note", {"count_toys": "1"})
        figures = {"toy_price": wanted}
        return Preview((row,), price, cost, cost, (finding,), figures=figures, told={"toy_price": Unit.PRICE})

    def started(self, state: ToyState) -> ToyState:
        return state

    def doing(self, state: ToyState) -> Doing:
        return Doing() if state.price is None or state.is_told else Doing((ToyWaits(price=state.price),))

    def scope(self, state: ToyState) -> str:
        return "toy."

    def budget(self, config: ToyConfig, state: ToyState) -> Decimal:
        return config.pocket_money

    def deposit(self, config: ToyConfig) -> Decimal:
        return config.pocket_money

    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        return StrategyReport({"toy_fills": str(len(records.fills))})


def _price(config: ToyConfig, rules: Instrument, mid: Decimal) -> Decimal:
    return rules.maker_price(Side.BUY, mid * (100 - config.patience_percent) / 100)


def _orders(config: ToyConfig, rules: Instrument, state: ToyState) -> Sequence[TargetOrder]:
    if state.price is None:
        return ()
    amount = rules.floor_amount(config.pocket_money / state.price)
    return (TargetOrder("toy.buy", Role.ENTRY, Side.BUY, OrderType.LIMIT, amount, state.price, one_shot=True),)
