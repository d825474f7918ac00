"""What the database holds beside the types of core: one frozen record a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from trading.core.by_hand import ByHand
from trading.core.instrument import ZERO
from trading.core.ledger import Ledger
from trading.core.planning import CycleResult, Mode


@dataclass(frozen=True, slots=True)
class UserRecord:
    """``id`` is Telegram's. ``language``: en, ru. ``role``: admin, member."""

    id: int
    name: str
    username: str | None
    language: str
    role: str
    status: str
    """pending, active, suspended or refused."""
    created_at: datetime
    dark_pictures: bool = False


@dataclass(frozen=True, slots=True)
class PreferencesRecord:
    """When a person wants to hear. Times of day are minutes after midnight in ``time_zone`` (an IANA name).

    ``quiet_from`` and ``quiet_to`` are both there or both not; ``report_at`` is None where no daily report is wanted.
    ``reported_on`` is the person's own date (ISO) for which a report was queued last.
    """

    user_id: int
    time_zone: str = "UTC"
    quiet_from: int | None = None
    quiet_to: int | None = None
    report_at: int | None = 9 * 60
    reported_on: str | None = None


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key of an exchange. ``sealed`` opens only with the vault, for this user and this id.

    ``tail`` is the last four characters of the API key. ``status``: ok, invalid. ``can_withdraw`` is None where the
    venue does not say.
    """

    id: int
    user_id: int
    venue: str
    label: str
    sealed: str = field(repr=False)
    tail: str
    status: str
    can_withdraw: bool | None
    created_at: datetime
    kind: str = ""
    """The MarketKind it is for; "" on keys from before there was a choice."""
    title: str = ""
    """The venue's name as people write it."""
    abilities: Mapping[str, bool] = field(default_factory=dict)
    """By code what an unproven venue can and cannot do; nothing for proven ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotRecord:
    """A bot. ``id`` 0 means not stored yet; ``key_id`` None means the user's paper account.

    ``config`` and ``state`` are JSON of the strategy's own models. ``cause`` says why it is in ``mode``: "" or a word
    such as user, errors, credentials, maintenance, crash, max_cycles, stop_loss. ``deposit`` is quote currency.
    """

    id: int = 0
    user_id: int
    key_id: int | None
    venue: str
    symbol: str
    strategy: str
    name: str
    config: str
    state: str = "{}"
    active: bool
    mode: Mode
    cause: str = ""
    last_error: str = ""
    next_sequence: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    deposit: Decimal = ZERO
    by_hand: ByHand = field(default_factory=ByHand)


@dataclass(frozen=True, slots=True)
class CycleRecord:
    bot_id: int
    user_id: int
    symbol: str
    result: CycleResult


@dataclass(frozen=True, slots=True)
class ProfitRecord:
    """What the finished cycles of one bot add up to, in quote currency."""

    bot_id: int
    cycles: int
    gross: Decimal
    fees: Decimal
    funding: Decimal
    volume: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.fees + self.funding


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A measurement of a strategy's or a market's, such as a book. Decimals in ``body`` come back as strings."""

    bot_id: int
    user_id: int
    kind: str
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Backoff:
    """A slot that waits after a refusal: nothing is sent in it before ``until``."""

    bot_id: int
    slot: str
    until: datetime
    tries: int
    reason: str


@dataclass(frozen=True, slots=True)
class PresetRecord:
    """Settings that a person keeps under a name. ``settings`` is a JSON object of raw values."""

    id: int
    user_id: int
    strategy: str
    name: str
    settings: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ShareRecord:
    """Settings behind a link. ``author`` "" stays unnamed; ``symbol`` is the market they were made for."""

    id: int
    code: str
    user_id: int
    strategy: str
    symbol: str
    settings: str
    author: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """What an admin allows one person beside the settings (None: what everybody may), and when they were heard.

    ``max_deposit`` is quote currency for each bot. ``deaf_since``: they have blocked the bot.
    """

    user_id: int
    max_deposit: Decimal | None = None
    max_bots: int | None = None
    seen_at: datetime | None = None
    deaf_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class InviteRecord:
    """A code that lets one person in, once; only its ``digest`` is kept."""

    id: int
    digest: str = field(repr=False)
    made_by: int
    made_at: datetime
    expires_at: datetime | None
    used_by: int | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BroadcastRecord:
    """``message_ids`` lie in the private chat of ``admin_id``: one, or those of an album in their order.

    ``forwards``: people get them with the name of whoever wrote them first. ``excerpt``: how they begin.
    ``status``: running, canceled, done. ``progress_id`` is the message that shows the progress, in the private chat of
    ``shown_to``, the admin who began it or resent it last.
    """

    id: int
    admin_id: int
    message_ids: tuple[int, ...]
    begun_at: datetime
    status: str
    progress_id: int
    forwards: bool
    excerpt: str
    shown_to: int
