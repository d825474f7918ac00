"""How facts are told: without words, every field saying by its annotation what it is.

``Annotated[Decimal, Unit.PRICE]`` is all that a front needs to write a field as a person reads it, so that a new kind
of fact needs words and nothing else. Money is in quote currency, amounts in base units, percents as numbers of percent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from trading.core.instrument import Side


class Unit(StrEnum):
    """What a field is. A text without one is told as it is, a whole number is counted, a yes or no is chosen by."""

    PRICE = "price"
    """Quote currency for one unit of base, on the market's tick."""
    AMOUNT = "amount"
    """Base units, on the market's step."""
    SIZE = "size"
    """An amount without its sign: how much is held, long or short."""
    COINS = "coins"
    """Units of a currency that the fact names."""
    MONEY = "money"
    """Quote currency."""
    PROFIT = "profit"
    """Quote currency that was earned or lost; its sign can be chosen by."""
    PERCENT = "percent"
    EXACT = "exact"
    """A number to its last digit."""
    ORDINAL = "ordinal"
    """A whole number that names and does not count."""
    SPAN = "span"
    """Seconds."""
    SIDE = "side"
    CAUSE = "cause"
    """A code of why."""
    REASON = "reason"
    """A code of why not; it has a line of its own."""
    DETAIL = "detail"
    """A code of why not, or a foreign text; it has a line of its own."""
    VENUE = "venue"
    """An exchange by its id, or as people write it."""


Price = Annotated[Decimal, Unit.PRICE]
Amount = Annotated[Decimal, Unit.AMOUNT]
Size = Annotated[Decimal, Unit.SIZE]
Coins = Annotated[Decimal, Unit.COINS]
Money = Annotated[Decimal, Unit.MONEY]
Profit = Annotated[Decimal, Unit.PROFIT]
Percent = Annotated[Decimal, Unit.PERCENT]
Ordinal = Annotated[int, Unit.ORDINAL]
Span = Annotated[int, Unit.SPAN]
ASide = Annotated[Side, Unit.SIDE]
Cause = Annotated[str, Unit.CAUSE]
Reason = Annotated[str, Unit.REASON]
Detail = Annotated[str, Unit.DETAIL]
Venue = Annotated[str, Unit.VENUE]


class Topic(StrEnum):
    """What a notice is about, as a person would choose what to hear. A strategy may have topics of its own besides."""

    FILLS = "fills"
    TAKE_PROFIT = "take_profit"
    CYCLE = "cycle"
    BOT = "bot"
    ORDER_REFUSED = "order_refused"
    KEY = "key"
    FUNDS = "funds"
    LIMITS = "limits"
    ERRORS = "errors"
    DRAWDOWN = "drawdown"
    STALLED = "stalled"
    VENUE = "venue"
    SYSTEM = "system"
    ACCESS = "access"
    REPORTS = "reports"


class Merging(StrEnum):
    """What becomes of several notices of one bot that come in a burst, with nothing between that does not merge."""

    NEVER = "never"
    """Each is a message."""
    LIST = "list"
    """One message with a line for each."""
    LATEST = "latest"
    """Only the last one still stands, in the message of the burst."""


class Loudness(StrEnum):
    """Whether it makes a sound, as long as nobody chose otherwise."""

    LOUD = "loud"
    SILENT = "silent"


class Urgency(StrEnum):
    """What becomes of it in a person's quiet hours."""

    WAITS = "waits"
    """It is told after their end, together with all else that waited."""
    COMES_SILENTLY = "comes_silently"
    COMES = "comes"
    """As loud as ever."""


class Level(StrEnum):
    """What a person chose for a topic."""

    LOUD = "loud"
    SILENT = "silent"
    OFF = "off"


class Fact(BaseModel):
    """Something that can be told. ``kind`` names its words; a concrete fact gives it as a Literal with that default."""

    model_config = ConfigDict(frozen=True)

    kind: str

    @classmethod
    def units(cls) -> Mapping[str, Unit | None]:
        """What each field is, its kind aside."""
        return {
            name: next((each for each in info.metadata if isinstance(each, Unit)), None)
            for name, info in cls.model_fields.items()
            if name != "kind"
        }


class Notice(Fact):
    """A fact for a person to hear, once. What it stands for is said by its class.

    ``kind`` and ``topic`` are kept with what people chose to hear, so they stay as they are for ever.
    """

    topic: ClassVar[str]
    merging: ClassVar[Merging] = Merging.NEVER
    loudness: ClassVar[Loudness] = Loudness.LOUD
    urgency: ClassVar[Urgency] = Urgency.WAITS
    essential: ClassVar[bool] = False
    """It is told, silently, also to who switched its topic off."""
    for_admins: ClassVar[bool] = False


class MarketNotice(Notice):
    """It names its symbol, so that numbers can be written by the market's rules."""

    symbol: str


class UnknownNotice(Notice):
    """It was stored by another version, and this one does not know it: ``name`` is its kind, where it has one."""

    kind: Literal["unknown_notice"] = "unknown_notice"
    topic = Topic.SYSTEM
    name: str | None = None


class NoticeBook:
    """Every kind of notice that can be read again. Raises ValueError for kinds that are not each of their own."""

    def __init__(self, kinds: Iterable[type[Notice]]) -> None:
        self._kinds: dict[str, type[Notice]] = {}
        known: tuple[type[Notice], ...] = (UnknownNotice, *kinds)
        for kind in known:
            name = kind_of(kind)
            if self._kinds.setdefault(name, kind) is not kind:
                raise ValueError(f"two kinds of notices are called {name}")

    @property
    def kinds(self) -> Mapping[str, type[Notice]]:
        return self._kinds

    def load(self, text: str) -> Notice:
        """The notice from its JSON; an UnknownNotice for what cannot be read, so that nothing waits behind it."""
        name = _kind_in(text)
        kind = self._kinds.get(name) if name is not None else None
        if kind is None:
            return UnknownNotice(name=name)
        try:
            return kind.model_validate_json(text)
        except ValidationError:
            return UnknownNotice(name=name)


def kind_of(model: type[Fact]) -> str:
    """The name of a kind of fact. Raises TypeError for a class that has none, like a base of others."""
    named = get_args(model.model_fields["kind"].annotation)
    if len(named) != 1 or model.model_fields["kind"].default != named[0]:
        raise TypeError(f"{model.__name__} does not say its kind")
    return str(named[0])


def dump_notice(notice: Notice) -> str:
    """The notice as JSON; Decimals as strings, nothing lost."""
    return notice.model_dump_json()


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice in the outbox, for one person."""

    id: int
    user_id: int
    bot_id: int | None
    created_at: datetime
    notice: Notice
    attempts: int = 0
    level: Level | None = None
    """How it is to be told by its person's choice; None: as its class says."""

    @property
    def is_silent(self) -> bool:
        if self.level is not None:
            return self.level is not Level.LOUD
        return self.notice.loudness is Loudness.SILENT


def _kind_in(text: str) -> str | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    name = body.get("kind") if isinstance(body, dict) else None
    return name if isinstance(name, str) else None
