"""What the house itself tells a person, whatever the strategy: typed facts without words.

The words live in the chat's locales. A strategy's own facts are in its own folder.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from trading.core.summaries import DailyReport, Digest
from trading.core.telling import (
    Amount,
    ASide,
    Cause,
    Detail,
    Loudness,
    MarketNotice,
    Money,
    Notice,
    Percent,
    Price,
    Profit,
    Reason,
    Settings,
    Size,
    Span,
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


class OrderRefused(MarketNotice):
    """``reason`` is a code of core.risk or of the venue; ``detail`` the venue's own words."""

    kind: Literal["order_refused"] = "order_refused"
    topic = Topic.ORDER_REFUSED
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


class EditDeferred(MarketNotice):
    kind: Literal["edit_deferred"] = "edit_deferred"
    topic = Topic.BOT
    fields: Settings


class KeyInvalid(Notice):
    kind: Literal["key_invalid"] = "key_invalid"
    topic = Topic.KEY
    urgency = Urgency.COMES
    essential = True
    venue: str
    label: str
    detail: Detail = ""


class InsufficientFunds(MarketNotice):
    kind: Literal["insufficient_funds"] = "insufficient_funds"
    topic = Topic.FUNDS
    detail: Detail = ""


class RateLimited(Notice):
    kind: Literal["rate_limited"] = "rate_limited"
    topic = Topic.LIMITS
    loudness = Loudness.SILENT
    venue: str
    seconds: int


class VenueAway(Notice):
    kind: Literal["venue_away"] = "venue_away"
    topic = Topic.VENUE
    venue: str


class VenueBack(Notice):
    kind: Literal["venue_back"] = "venue_back"
    topic = Topic.VENUE
    venue: str
    seconds: Span


class TradingStalled(MarketNotice):
    kind: Literal["trading_stalled"] = "trading_stalled"
    topic = Topic.STALLED
    urgency = Urgency.COMES_SILENTLY
    minutes: int


class Drawdown(MarketNotice):
    """What the bot is worth fell by ``loss`` (positive) from its highest; percent of its deposit."""

    kind: Literal["drawdown"] = "drawdown"
    topic = Topic.DRAWDOWN
    urgency = Urgency.COMES
    loss: Money
    percent_of_deposit: Percent


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


class UnknownOrders(MarketNotice):
    """Orders with our prefix that our books do not know. ``outcome``: adopted, canceled, foreign_epoch."""

    kind: Literal["unknown_orders"] = "unknown_orders"
    topic = Topic.ERRORS
    outcome: str
    client_ids: tuple[str, ...]


class Restored(Notice):
    """After a restart: how many bots, orders and fills were found and made to agree with the venue."""

    kind: Literal["restored"] = "restored"
    topic = Topic.SYSTEM
    bots: int
    orders: int
    fills: int
    lost: int


class PanicReport(MarketNotice):
    """What /panic did to one bot: how many orders it canceled, what it closed and at which average price.

    ``net`` is the profit of what was closed, after fees; ``left`` what could not be closed, being too
    little for the venue; None where nothing is left.
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


class ClosingDelayed(MarketNotice):
    """Canceling and closing everything takes longer: what is still there, and why. It is told again when it is done."""

    kind: Literal["closing_delayed"] = "closing_delayed"
    topic = Topic.BOT
    orders: int
    position: Size
    detail: Detail = ""


class PositionReduced(MarketNotice):
    """The owner closed a part of the position, or all of it, by hand. ``net``: the profit of that, after fees."""

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


class SystemTrouble(Notice):
    """For admins only: storage, disk, loop, backup."""

    kind: Literal["system_trouble"] = "system_trouble"
    topic = Topic.SYSTEM
    urgency = Urgency.COMES
    essential = True
    for_admins = True
    what: str
    detail: Detail = ""


class AccessRequested(Notice):
    """For admins only: a stranger pressed /start."""

    kind: Literal["access_requested"] = "access_requested"
    topic = Topic.ACCESS
    urgency = Urgency.COMES_SILENTLY
    essential = True
    for_admins = True
    person_id: int
    name: str


class AccessDecided(Notice):
    kind: Literal["access_decided"] = "access_decided"
    topic = Topic.ACCESS
    urgency = Urgency.COMES_SILENTLY
    essential = True
    approved: bool


class AccessSuspended(Notice):
    """``bots``: how many of theirs take no new entries from now on."""

    kind: Literal["access_suspended"] = "access_suspended"
    topic = Topic.ACCESS
    bots: int


class AccessRestored(Notice):
    """``bots``: how many of theirs wait to be resumed."""

    kind: Literal["access_restored"] = "access_restored"
    topic = Topic.ACCESS
    bots: int


class AccessRemoved(Notice):
    """``language`` is the person's: what else is known of them is gone when this is told."""

    kind: Literal["access_removed"] = "access_removed"
    topic = Topic.ACCESS
    language: str


class InviteUsed(Notice):
    """For the admin who made the invite."""

    kind: Literal["invite_used"] = "invite_used"
    topic = Topic.ACCESS
    person_id: int
    name: str


class MaintenanceBegan(Notice):
    """``bots``: how many of the person's take no new entries from now on."""

    kind: Literal["maintenance_began"] = "maintenance_began"
    topic = Topic.BOT
    bots: int


class MaintenanceEnded(Notice):
    """``bots``: how many of the person's trade again."""

    kind: Literal["maintenance_ended"] = "maintenance_ended"
    topic = Topic.BOT
    bots: int


HOUSE_NOTICES: tuple[type[Notice], ...] = (
    BotStarted,
    BotPaused,
    BotResumed,
    BotStopped,
    OrderRefused,
    SetupRefused,
    ExitMissing,
    PositionGone,
    EditDeferred,
    KeyInvalid,
    InsufficientFunds,
    RateLimited,
    VenueAway,
    VenueBack,
    TradingStalled,
    Drawdown,
    BookStale,
    BookFresh,
    UnknownOrders,
    Restored,
    PanicReport,
    ClosingDelayed,
    PositionReduced,
    OrderTakenOff,
    SystemTrouble,
    AccessRequested,
    AccessDecided,
    Digest,
    DailyReport,
    AccessSuspended,
    AccessRestored,
    AccessRemoved,
    InviteUsed,
    MaintenanceBegan,
    MaintenanceEnded,
)
