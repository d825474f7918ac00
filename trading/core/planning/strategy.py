"""What a strategy has to bring, and what it may bring besides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from trading.core.instrument import ZERO, Instrument
from trading.core.planning.plan import Plan, SampleKind
from trading.core.planning.preview import Preview, Surroundings
from trading.core.planning.view import Reference, View
from trading.core.telling import Fact, Notice

if TYPE_CHECKING:
    from trading.core.reporting import ContinuousFile, Records, StrategyReport


class Unfit(ValueError):
    """Settings that are right one by one and wrong together. ``code`` is worded by the locales with ``values``."""

    def __init__(self, code: str, text: str, **values: object) -> None:
        super().__init__(text)
        self.code, self.values = code, {name: str(value) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Doing:
    """What a running bot is about at this moment. ``resting_until``: between two rounds, until then."""

    facts: Sequence[Fact] = ()
    resting_until: datetime | None = None


class Strategy(ABC):
    """A folder in ``trading/strategies``. Everything is pure.

    What is abstract, and an attribute without a value, every strategy brings. The rest has what is true of most.
    """

    name: str
    config_model: type[BaseModel]
    state_model: type[BaseModel]
    market_kinds: frozenset[str]
    """MarketKind values it can trade."""
    candles_lack: str
    """What it lives on that candles do not hold (``spread``, ``book``); "" where a replay over candles is honest."""

    @abstractmethod
    def plan(self, config: Any, state: Any, view: View) -> Plan:
        """What it wants, given what is known. Never raises for a market's behaviour; a bug stops only this bot."""

    @abstractmethod
    def preview(self, config: Any, instrument: Instrument, price: Decimal, around: Surroundings) -> Preview:
        """What Start would do at ``price`` (quote), as far as what is known ``around`` the market allows to say."""

    @abstractmethod
    def started(self, state: Any) -> Any:
        """The state with which a bot that was stopped, or that finished, begins again.

        Numbers that name slots go on counting, because a one-shot slot is used once for ever.
        """

    @abstractmethod
    def scope(self, state: Any) -> str:
        """The slot prefix (``"c7."``) whose finished orders the View must hold."""

    def carried(self, state: Any) -> Collection[str]:
        """Slots of earlier scopes of which the View must hold the last order even when it is finished."""
        return ()

    @abstractmethod
    def budget(self, config: Any, state: Any) -> Decimal:
        """The most notional (quote) that position and resting entries together may be worth."""

    @abstractmethod
    def deposit(self, config: Any) -> Decimal:
        """The money (quote) set aside for one symbol; all bots of a key sum to at most its equity."""

    def frozen_deposit(self, state: Any) -> Decimal:
        """The money (quote) that what is under way goes on using, whatever the settings have become meanwhile."""
        return ZERO

    @abstractmethod
    def report(self, records: Records, instrument: Instrument, now: datetime) -> StrategyReport:
        """What the records say, at ``now``: figures, a picture as data, tables for CSV."""

    keeps_exits: bool = False
    """Whether an open position is to have a take-profit at all times; one that has none is then an alarm."""
    sample_kinds: tuple[SampleKind, ...] = ()
    """The samples that its report is made of."""
    tables: tuple[str, ...] = ()
    """The tables that its report may have, by name."""
    notices: tuple[type[Notice], ...] = ()
    """The kinds of notices that are its own, beside those of the house."""
    presets: Mapping[str, Mapping[str, str]] = {}
    """Settings with a name, by a code that the locales word: each names the same fields, none of them money."""

    def sights(
        self, config: Any, instrument: Instrument, price: Decimal, prices: Mapping[Reference, Decimal | None]
    ) -> Sequence[Reference]:
        """Other markets whose price the preview wants to know, given the ``prices`` known already.

        Asked again with the answers until it names nothing new: what costs a request is asked for only when it matters.
        """
        return ()

    def references(self, config: Any) -> Sequence[Reference]:
        """Other markets whose books the View must hold."""
        return ()

    def doing(self, state: Any) -> Doing:
        """What it is about, told from what it remembers."""
        return Doing()

    def reduced(self, state: Any, view: View) -> Any:
        """The state after a part of the position was closed by its owner's hand, beside the plan.

        Who follows the ledger has nothing to change.
        """
        return state

    def deferred_fields(self, config: Any, changed: Any, state: Any) -> tuple[str, ...]:
        """Fields of an edit that wait for the next cycle, by name; what is not named acts at once."""
        return ()

    def status_check_seconds(self, config: Any) -> float | None:
        """How often its orders are asked for beside the private stream, which may be silent; None: as the house does.

        All bots of an account are asked for together, as often as the one that wants it most.
        """
        return None

    def continuous_file(self, config: Any) -> ContinuousFile | None:
        """The file to which samples are written as they come."""
        return None
