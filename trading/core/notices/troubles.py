"""What a bot meets on its market."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from trading.core.telling import (
    Amount,
    ASide,
    Detail,
    MarketNotice,
    Merging,
    Money,
    Percent,
    Price,
    Reason,
    Size,
    Span,
    Topic,
    Unit,
    Urgency,
)


class OrderRefused(MarketNotice):
    """``reason`` is a code of core.risk or of the venue; ``detail`` the venue's own words."""

    kind: Literal["order_refused"] = "order_refused"
    topic = Topic.ORDER_REFUSED
    merging = Merging.LIST
    slot: str
    side: ASide
    amount: Amount
    price: Annotated[Decimal | None, Unit.PRICE]
    reason: Reason
    detail: Detail = ""


class SetupRefused(MarketNotice):
    """Margin mode, leverage or position mode could not be set as the strategy needs them."""

    kind: Literal["setup_refused"] = "setup_refused"
    topic = Topic.ERRORS
    reason: Reason
    detail: Detail = ""


class InsufficientFunds(MarketNotice):
    kind: Literal["insufficient_funds"] = "insufficient_funds"
    topic = Topic.FUNDS
    detail: Detail = ""


class ExitMissing(MarketNotice):
    """A position has been without its take-profit for longer than ``seconds``."""

    kind: Literal["exit_missing"] = "exit_missing"
    topic = Topic.ERRORS
    urgency = Urgency.COMES
    position: Size
    seconds: int


class PositionGone(MarketNotice):
    """The venue shows less position than our fills: closed by hand or liquidated. ``price`` is an estimate."""

    kind: Literal["position_gone"] = "position_gone"
    topic = Topic.ERRORS
    urgency = Urgency.COMES
    expected: Amount
    found: Amount
    price: Price
    liquidated: bool = False


class UnknownOrders(MarketNotice):
    """Orders with our prefix that our books do not know. ``outcome``: canceled, foreign_epoch."""

    kind: Literal["unknown_orders"] = "unknown_orders"
    topic = Topic.ERRORS
    outcome: str
    client_ids: tuple[str, ...]


class Drawdown(MarketNotice):
    """What the bot is worth fell by ``loss`` (positive) from its highest; percent of its deposit."""

    kind: Literal["drawdown"] = "drawdown"
    topic = Topic.DRAWDOWN
    urgency = Urgency.COMES
    loss: Money
    percent_of_deposit: Percent


class TradingStalled(MarketNotice):
    kind: Literal["trading_stalled"] = "trading_stalled"
    topic = Topic.STALLED
    urgency = Urgency.COMES_SILENTLY
    minutes: int


class TradingGoesOn(MarketNotice):
    """What was told as stalled is over, after ``seconds``."""

    kind: Literal["trading_goes_on"] = "trading_goes_on"
    topic = Topic.STALLED
    urgency = Urgency.COMES_SILENTLY
    seconds: Span


class BookStale(MarketNotice):
    """The bot waits for the price of its market, which has not been confirmed for ``seconds``."""

    kind: Literal["book_stale"] = "book_stale"
    topic = Topic.STALLED
    seconds: Span


class BookFresh(MarketNotice):
    """What was told as stale is confirmed again, after ``seconds``."""

    kind: Literal["book_fresh"] = "book_fresh"
    topic = Topic.STALLED
    seconds: Span
