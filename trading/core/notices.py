"""What can be told to a person: typed facts without words. The words live in the chat's locales.

Money is in quote currency, amounts in base units, percents as numbers of percent. Every notice names its symbol where
it has one, so that the chat can format numbers by the market's rules.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from trading.core.instrument import Side


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True)


class _MarketFact(_Fact):
    symbol: str


class EntryFilled(_MarketFact):
    kind: Literal["entry_filled"] = "entry_filled"
    side: Side
    slot: str
    amount: Decimal
    price: Decimal
    position: Decimal
    average: Decimal


class TakeProfitPlaced(_MarketFact):
    kind: Literal["take_profit_placed"] = "take_profit_placed"
    amount: Decimal
    price: Decimal
    average: Decimal
    moved: bool


class CycleStarted(_MarketFact):
    kind: Literal["cycle_started"] = "cycle_started"
    number: int
    price: Decimal
    orders: int


class CycleFinished(_MarketFact):
    """``cause``: take_profit, stop_loss, closed_elsewhere, closed_by_user."""

    kind: Literal["cycle_finished"] = "cycle_finished"
    number: int
    cause: str
    gross: Decimal
    fees: Decimal
    funding: Decimal
    net: Decimal
    percent_of_position: Decimal
    percent_of_deposit: Decimal
    cooldown_seconds: int | None = None


class BotStarted(_MarketFact):
    kind: Literal["bot_started"] = "bot_started"


class BotPaused(_MarketFact):
    """``cause``: user, errors, credentials, maintenance, crash; ``detail`` is a code or a short technical text."""

    kind: Literal["bot_paused"] = "bot_paused"
    cause: str
    detail: str = ""


class BotResumed(_MarketFact):
    kind: Literal["bot_resumed"] = "bot_resumed"


class BotStopped(_MarketFact):
    """``cause``: user, max_cycles, stop_loss, panic. ``position`` is what stays on the venue."""

    kind: Literal["bot_stopped"] = "bot_stopped"
    cause: str
    position: Decimal


class OrderRefused(_MarketFact):
    """``reason`` is a code of core.risk or of the venue; ``detail`` the venue's own words."""

    kind: Literal["order_refused"] = "order_refused"
    slot: str
    side: Side
    amount: Decimal
    price: Decimal | None
    reason: str
    detail: str = ""


class SetupRefused(_MarketFact):
    """Margin mode, leverage or position mode could not be set as the strategy needs them."""

    kind: Literal["setup_refused"] = "setup_refused"
    reason: str
    detail: str = ""


class DrawdownAlert(_MarketFact):
    kind: Literal["drawdown_alert"] = "drawdown_alert"
    loss: Decimal
    percent_of_deposit: Decimal


class ExitMissing(_MarketFact):
    """A position has been without its take-profit for longer than ``seconds``."""

    kind: Literal["exit_missing"] = "exit_missing"
    position: Decimal
    seconds: int


class PositionGone(_MarketFact):
    """The venue shows less position than our fills: closed by hand or liquidated. ``price`` is an estimate."""

    kind: Literal["position_gone"] = "position_gone"
    expected: Decimal
    found: Decimal
    price: Decimal
    liquidated: bool = False


class EditDeferred(_MarketFact):
    kind: Literal["edit_deferred"] = "edit_deferred"
    fields: tuple[str, ...]


class ObligationBreached(_MarketFact):
    """Spread or depth, as others see them, have not been kept for some seconds. ``spread_percent`` is None where a side
    of the book is empty. ``cause``: paused, stopping, venue_away, reference_gone, reference_stale, sources_apart,
    refused_orders, our_balance, balance_unknown, inventory, deposit, moving (our orders are under way), market.
    """

    kind: Literal["obligation_breached"] = "obligation_breached"
    cause: str
    spread_percent: Decimal | None
    bid_depth: Decimal
    ask_depth: Decimal
    max_spread_percent: Decimal
    min_depth: Decimal


class ObligationRestored(_MarketFact):
    """It is kept again. ``seconds`` is how long it was not; ``cause`` what was told when it began."""

    kind: Literal["obligation_restored"] = "obligation_restored"
    cause: str
    seconds: int


class ReferenceStale(_MarketFact):
    """The price of the reference market has not been seen for ``seconds``: quotes are widened, nothing new is quoted.

    ``cause``: reference_stale (it does not move on), reference_gone (no book, or one side of it empty).
    """

    kind: Literal["reference_stale"] = "reference_stale"
    venue: str
    cause: str
    seconds: int


class PriceSourcesApart(_MarketFact):
    """The mid prices of target and reference differ by more than the guard: quotes are widened, none is added."""

    kind: Literal["price_sources_apart"] = "price_sources_apart"
    target_mid: Decimal
    reference_mid: Decimal
    percent: Decimal
    limit_percent: Decimal


class QuotesWithdrawn(_MarketFact):
    """``cause``: reference_stale, reference_gone, sources_apart, venue_away."""

    kind: Literal["quotes_withdrawn"] = "quotes_withdrawn"
    cause: str


class QuotesRestored(_MarketFact):
    """What was told as widened or withdrawn is over, after ``seconds``."""

    kind: Literal["quotes_restored"] = "quotes_restored"
    cause: str
    seconds: int


class SideReduced(_MarketFact):
    """A side cannot show all that it should. ``cause``: our_balance, balance_unknown, inventory, deposit."""

    kind: Literal["side_reduced"] = "side_reduced"
    side: Side
    cause: str


class KeyInvalid(_Fact):
    kind: Literal["key_invalid"] = "key_invalid"
    venue: str
    label: str
    detail: str = ""


class InsufficientFunds(_MarketFact):
    kind: Literal["insufficient_funds"] = "insufficient_funds"
    detail: str = ""


class LegExecuted(_MarketFact):
    """A leg of pingpong was filled in full: ``price`` is its average, ``seconds`` its time to fill, ``orders`` how
    many it took."""

    kind: Literal["leg_executed"] = "leg_executed"
    number: int
    side: Side
    amount: Decimal
    price: Decimal
    seconds: Decimal
    orders: int


class BalanceShort(_MarketFact):
    """The next order waits: it needs ``needed`` of ``currency`` and the account holds ``held``."""

    kind: Literal["balance_short"] = "balance_short"
    side: Side
    currency: str
    needed: Decimal
    held: Decimal


class SelfTradeRefused(_MarketFact):
    """Orders that trade with each other were asked for on a public market: that is wash trading, none is placed."""

    kind: Literal["self_trade_refused"] = "self_trade_refused"


class RateLimited(_Fact):
    kind: Literal["rate_limited"] = "rate_limited"
    venue: str
    seconds: int


class VenueAway(_Fact):
    kind: Literal["venue_away"] = "venue_away"
    venue: str


class VenueBack(_Fact):
    kind: Literal["venue_back"] = "venue_back"
    venue: str
    seconds: int


class TradingStalled(_MarketFact):
    kind: Literal["trading_stalled"] = "trading_stalled"
    minutes: int


class UnknownOrders(_MarketFact):
    """Orders with our prefix that our books do not know. ``outcome``: adopted, canceled, foreign_epoch."""

    kind: Literal["unknown_orders"] = "unknown_orders"
    outcome: str
    client_ids: tuple[str, ...]


class Restored(_Fact):
    """After a restart: how many bots, orders and fills were found and made to agree with the venue."""

    kind: Literal["restored"] = "restored"
    bots: int
    orders: int
    fills: int
    lost: int


class PanicReport(_MarketFact):
    """One line of /panic: an order canceled or a position closed."""

    kind: Literal["panic_report"] = "panic_report"
    canceled: int
    closed: Decimal


class SystemTrouble(_Fact):
    """For admins only: storage, disk, loop, backup."""

    kind: Literal["system_trouble"] = "system_trouble"
    what: str
    detail: str = ""


class AccessRequested(_Fact):
    """For admins only: a stranger pressed /start."""

    kind: Literal["access_requested"] = "access_requested"
    person_id: int
    name: str


class AccessDecided(_Fact):
    kind: Literal["access_decided"] = "access_decided"
    approved: bool


class AccessSuspended(_Fact):
    """``bots``: how many of theirs take no new entries from now on."""

    kind: Literal["access_suspended"] = "access_suspended"
    bots: int


class AccessRestored(_Fact):
    """``bots``: how many of theirs wait to be resumed."""

    kind: Literal["access_restored"] = "access_restored"
    bots: int


class AccessRemoved(_Fact):
    """``language`` is the person's: what else is known of them is gone when this is told."""

    kind: Literal["access_removed"] = "access_removed"
    language: str


class InviteUsed(_Fact):
    """For the admin who made the invite."""

    kind: Literal["invite_used"] = "invite_used"
    person_id: int
    name: str


class MaintenanceBegan(_Fact):
    """``bots``: how many of the person's take no new entries from now on."""

    kind: Literal["maintenance_began"] = "maintenance_began"
    bots: int


class MaintenanceEnded(_Fact):
    """``bots``: how many of the person's trade again."""

    kind: Literal["maintenance_ended"] = "maintenance_ended"
    bots: int


Notice = Annotated[
    EntryFilled
    | TakeProfitPlaced
    | CycleStarted
    | CycleFinished
    | BotStarted
    | BotPaused
    | BotResumed
    | BotStopped
    | OrderRefused
    | SetupRefused
    | DrawdownAlert
    | ExitMissing
    | PositionGone
    | EditDeferred
    | ObligationBreached
    | ObligationRestored
    | ReferenceStale
    | PriceSourcesApart
    | QuotesWithdrawn
    | QuotesRestored
    | SideReduced
    | KeyInvalid
    | InsufficientFunds
    | LegExecuted
    | BalanceShort
    | SelfTradeRefused
    | RateLimited
    | VenueAway
    | VenueBack
    | TradingStalled
    | UnknownOrders
    | Restored
    | PanicReport
    | SystemTrouble
    | AccessRequested
    | AccessDecided
    | AccessSuspended
    | AccessRestored
    | AccessRemoved
    | InviteUsed
    | MaintenanceBegan
    | MaintenanceEnded,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[Notice] = TypeAdapter(Notice)


def dump_notice(notice: Notice) -> str:
    """The notice as JSON; Decimals as strings, nothing lost."""
    return _ADAPTER.dump_json(notice).decode()


def load_notice(text: str) -> Notice:
    """The notice from its JSON. Raises pydantic.ValidationError when it is not one."""
    return _ADAPTER.validate_json(text)


class StoredNotice(_Fact):
    """A notice in the outbox, for one person."""

    id: int
    user_id: int
    bot_id: int | None
    created_at: datetime
    notice: Notice
    attempts: int = 0
