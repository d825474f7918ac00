"""What a grid tells: its fills, its take-profit, its cycles."""

from __future__ import annotations

from typing import Annotated, Literal

from trading.core.telling import (
    Amount,
    ASide,
    Cause,
    Loudness,
    MarketNotice,
    Merging,
    Money,
    Notice,
    Ordinal,
    Percent,
    Price,
    Profit,
    Size,
    Topic,
    Unit,
    Urgency,
)


class EntryFilled(MarketNotice):
    """``price`` is the average of this fill; ``position`` and ``average`` (entry) are those after it."""

    kind: Literal["entry_filled"] = "entry_filled"
    topic = Topic.FILLS
    merging = Merging.LIST
    side: ASide
    slot: str
    amount: Amount
    price: Price
    position: Size
    average: Price


class TakeProfitPlaced(MarketNotice):
    kind: Literal["take_profit_placed"] = "take_profit_placed"
    topic = Topic.TAKE_PROFIT
    merging = Merging.LATEST
    loudness = Loudness.SILENT
    amount: Amount
    price: Price
    average: Price
    moved: bool


class CycleStarted(MarketNotice):
    kind: Literal["cycle_started"] = "cycle_started"
    topic = Topic.CYCLE
    number: Ordinal
    price: Price
    orders: int


class CycleFinished(MarketNotice):
    """``cause``: take_profit, stop_loss, liquidated, closed_elsewhere, closed_by_user.

    ``other_fees`` were paid in third coins (``0.0012 BNB``) and are not in ``net``; "" where there were none.
    """

    kind: Literal["cycle_finished"] = "cycle_finished"
    topic = Topic.CYCLE
    number: Ordinal
    cause: Cause
    gross: Profit
    fees: Money
    funding: Profit
    net: Profit
    percent_of_position: Percent
    percent_of_deposit: Percent
    other_fees: str = ""
    cooldown_seconds: Annotated[int | None, Unit.SPAN] = None


class DrawdownAlert(MarketNotice):
    """``loss`` is positive: what closing now would cost (quote)."""

    kind: Literal["drawdown_alert"] = "drawdown_alert"
    topic = Topic.DRAWDOWN
    urgency = Urgency.COMES
    loss: Money
    percent_of_deposit: Percent


GRID_NOTICES: tuple[type[Notice], ...] = (EntryFilled, TakeProfitPlaced, CycleStarted, CycleFinished, DrawdownAlert)
