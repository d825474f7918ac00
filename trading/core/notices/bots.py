"""What becomes of a bot, by its owner's hand or by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from trading.core.telling import (
    Amount,
    ASide,
    Cause,
    Detail,
    Fact,
    MarketNotice,
    Profit,
    Size,
    Topic,
    Unit,
    Urgency,
)


class BotStarted(MarketNotice):
    kind: Literal["bot_started"] = "bot_started"
    topic = Topic.BOT


class BotPaused(MarketNotice):
    """``cause``: user, errors, credentials, maintenance, crash; ``detail`` is a code or a short technical text."""

    kind: Literal["bot_paused"] = "bot_paused"
    topic = Topic.BOT
    cause: Cause
    detail: Detail = ""


class BotResumed(MarketNotice):
    kind: Literal["bot_resumed"] = "bot_resumed"
    topic = Topic.BOT


class BotStopped(MarketNotice):
    """``cause``: user, panic, stop_loss, or what the strategy was finished by. ``position`` is what stays there."""

    kind: Literal["bot_stopped"] = "bot_stopped"
    topic = Topic.BOT
    cause: Cause
    position: Amount


class CanceledOrder(Fact):
    """One of those that a panic canceled; ``amount`` is what of it was not filled."""

    kind: Literal["canceled_order"] = "canceled_order"
    side: ASide
    amount: Amount
    price: Annotated[Decimal | None, Unit.PRICE]


class PanicReport(MarketNotice):
    """What /panic did to one bot: which orders it canceled, what it closed and at which average price.

    ``net``: what was closed against its average entry, less the fees of the closing; ``left`` what could not be closed,
    being too little for the venue; None where nothing is left.
    """

    kind: Literal["panic_report"] = "panic_report"
    topic = Topic.BOT
    urgency = Urgency.COMES
    essential = True
    canceled: int
    closed: Size
    price: Annotated[Decimal | None, Unit.PRICE] = None
    net: Profit
    left: Annotated[Decimal | None, Unit.SIZE] = None
    orders: tuple[CanceledOrder, ...] = ()


class LeftOrder(Fact):
    """One that may still rest on the venue, as its owner finds it there; ``amount`` is what was not filled."""

    kind: Literal["left_order"] = "left_order"
    side: ASide
    amount: Amount
    price: Annotated[Decimal | None, Unit.PRICE]
    client_id: str


class OrdersLeft(MarketNotice):
    """A bot that cannot run was ended by its owner, and the venue does not say what became of these orders."""

    kind: Literal["orders_left"] = "orders_left"
    topic = Topic.BOT
    urgency = Urgency.COMES
    essential = True
    orders: tuple[LeftOrder, ...]


class ClosingDelayed(MarketNotice):
    """Canceling and closing everything takes longer: what is still there, and why. It is told again when it is done."""

    kind: Literal["closing_delayed"] = "closing_delayed"
    topic = Topic.BOT
    orders: int
    position: Size
    detail: Detail = ""


class PositionReduced(MarketNotice):
    """The owner closed a part of the position, or all of it, by hand. ``net`` as in a report of a panic."""

    kind: Literal["position_reduced"] = "position_reduced"
    topic = Topic.BOT
    wanted: Size
    closed: Size
    price: Annotated[Decimal | None, Unit.PRICE]
    net: Profit
    left: Size
    detail: Detail = ""


class OrderTakenOff(MarketNotice):
    """The venue has confirmed that an order is gone which its owner canceled by hand.

    ``amount`` was not filled and ``filled`` was; ``was_filled``: all of it, before the cancel came. ``returns``: the
    strategy places it again.
    """

    kind: Literal["order_taken_off"] = "order_taken_off"
    topic = Topic.BOT
    side: ASide
    amount: Size
    price: Annotated[Decimal | None, Unit.PRICE]
    filled: Annotated[Decimal | None, Unit.SIZE]
    was_filled: bool
    returns: bool
