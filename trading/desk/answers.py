"""What the desk answers: frozen facts for a front to render, and the errors it raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel

from trading.core.effects import Effect
from trading.core.instrument import Instrument
from trading.core.market import Candle
from trading.core.orders import Order
from trading.core.planning import Finding, Mode, Preview
from trading.core.telling import Fact
from trading.desk.paper_prices import PaperPrices

MOST_EXPORTED_ROWS = 200_000
"""Records of a kind, the newest, that a report or a file is made of: two days of an obligation, years of most else."""


class DeskError(Exception):
    """A refusal with a code that the locales word, and the values its sentence needs. Nothing was changed."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code} {values or ''}".strip())
        self.code, self.values = code, values


class EditRefused(DeskError):
    """With this change a preview would be refused, and without it it is not. ``findings`` say why."""

    def __init__(self, symbol: str, findings: Sequence[Finding]) -> None:
        super().__init__("edit_refused", symbol=symbol)
        self.findings = tuple(findings)


class Problem(str):
    """What would be right, in plain English. ``code`` is worded by the locales with ``values``, where there is one."""

    code: str
    values: Mapping[str, str]

    def __new__(cls, text: str, code: str = "", values: Mapping[str, str] | None = None) -> Self:
        problem = super().__new__(cls, text)
        problem.code, problem.values = code, values or {}
        return problem


class InvalidSettings(DeskError):
    """``problems`` maps a config field (or "" for the whole) to what would be right."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__("invalid_settings", fields=", ".join(problems))
        self.problems = problems


class StopChoice(StrEnum):
    KEEP_EXIT = "keep_exit"
    """Keep position and take-profit; the bot ends when they have closed the position."""
    CANCEL_ORDERS = "cancel_orders"
    """Cancel all orders; the position stays with its owner."""
    CLOSE_ALL = "close_all"
    """Cancel all orders and close the position at the market."""


class Activity(StrEnum):
    """What a bot is doing, as a person would say it."""

    RUNNING = "running"
    COOLING_DOWN = "cooling_down"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    username: str | None
    language: str
    is_admin: bool
    status: str
    """pending, active, suspended or refused."""
    time_zone: str = "UTC"
    """An IANA name, by which times are shown to them."""
    dark_pictures: bool = False

    @property
    def may_act(self) -> bool:
        return self.status == "active"


@dataclass(frozen=True, slots=True)
class VenueInfo:
    """An exchange that takes keys. ``credentials`` are ccxt's names: apiKey, secret, password, uid, login.

    Where ``is_proven`` is False and there are two ``market_kinds``, a key is for one of them.
    """

    id: str
    title: str
    credentials: tuple[str, ...]
    is_proven: bool
    market_kinds: frozenset[str] = frozenset()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of markets in an order that stays."""
        return tuple(sorted(self.market_kinds))


@dataclass(frozen=True, slots=True)
class StrategyInfo:
    name: str
    config_model: type[BaseModel]
    market_kinds: frozenset[str]
    tables: tuple[str, ...] = ()
    """What can be exported of its bots."""
    candles_lack: str = ""
    """What of a market it lives on that candles do not hold; "" where it can be replayed over them."""
    presets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Settings with a name, by code."""


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A stored key; never more of it than ``tail``, the last four characters of the API key."""

    id: int
    venue: str
    venue_title: str
    label: str
    tail: str
    status: str
    can_withdraw: bool | None
    active_bots: int
    market_kinds: frozenset[str] = frozenset()
    is_proven: bool = True
    abilities: Mapping[str, bool] = field(default_factory=dict)
    """By code what an unproven venue can and cannot do, as it was found when the key was tested last."""


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What a test of a key showed. ``equity`` in quote currency (USDT)."""

    ok: bool
    equity: Decimal | None
    can_withdraw: bool | None
    problem: str = ""
    """"" when ok; else bad_credentials, unavailable, hedge_mode, or what makes trading on its venue impossible:
    no_orders, no_book, no_balance, no_client_id, no_open_orders, no_order_lookup, no_own_trades, no_positions,
    no_leverage.
    """
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MarketCard:
    symbol: str
    title: str
    """The symbol as a person writes it: CRV/USDT."""
    last: Decimal | None
    quote_volume: Decimal | None
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """``preview`` as the strategy made it, with what a picture needs beside it."""

    symbol: str
    title: str
    instrument: Instrument
    preview: Preview
    equity: Decimal | None
    candles: Sequence[Candle]
    is_paper: bool
    balances: Mapping[str, Decimal] = field(default_factory=dict)
    """What the account holds of the market's currencies, where it is known."""
    prices: PaperPrices | None = None
    """On paper: whose prices this market has."""


@dataclass(frozen=True, slots=True)
class BotCard:
    """A bot as its owner sees it. Money in quote currency; realized profit is net of fees and funding."""

    id: int
    name: str
    strategy: str
    symbol: str
    title: str
    venue: str
    venue_title: str
    key_id: int | None
    key_label: str
    is_paper: bool
    activity: Activity
    mode: Mode
    cause: str
    last_error: str
    config: Mapping[str, Any]
    deposit: Decimal
    instrument: Instrument | None
    price: Decimal | None
    price_is_stale: bool
    position: Decimal
    average: Decimal | None
    take_profit: Decimal | None
    open_orders: int
    unrealized: Decimal | None
    realized_net: Decimal
    today_net: Decimal
    """Of ``realized_net``, what came since its owner's midnight."""
    cycles: int
    cooldown_until: datetime | None
    created_at: datetime
    last_fill_at: datetime | None
    doing: Sequence[Fact] = ()
    """What a running bot is about at this moment."""
    is_proven: bool = True
    """False where its venue was never held to our contract suite."""

    @property
    def is_at_work(self) -> bool:
        return self.activity is not Activity.STOPPED


@dataclass(frozen=True, slots=True)
class BotOrders:
    """A bot's live orders and its newest finished ones."""

    bot_id: int
    live: Sequence[Order]
    recent: Sequence[Order]
    instrument: Instrument | None


@dataclass(frozen=True, slots=True)
class BotReport:
    """``figures`` maps codes to text without words, in the order of their telling; ``picture`` is PNG, where there is
    something to draw; ``tables`` are what can be exported.
    """

    bot_id: int
    figures: Mapping[str, str]
    picture: bytes | None
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditResult:
    card: BotCard
    deferred: tuple[str, ...]
    """Fields that wait for the next cycle."""
    effect: Effect | None = None
    """What became of the orders at once. None: it does not run, or they follow when its picture is whole."""


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What an edit would do, with nothing changed. ``card`` is the bot as it is, ``config`` what it would have."""

    card: BotCard
    config: Mapping[str, Any]
    deferred: tuple[str, ...]
    effect: Effect | None = None
    """On the orders of a running bot, planned against its picture of now. None: that cannot be known now."""
    start: PreviewCard | None = None
    """What Start would do: for a stopped bot, where its venue answers."""


@dataclass(frozen=True, slots=True)
class Health:
    """For admins: the state of the machine and of the venues."""

    bots_active: int
    bots_total: int
    users: int
    notices_waiting: int
    venues_away: tuple[str, ...]
    database_bytes: int
    loop_lag_ms: float
