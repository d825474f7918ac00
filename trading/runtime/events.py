"""What a worker can hear besides the venue's own words: answers to its requests, and its owner's wishes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trading.core.effects import Effect
from trading.core.orders import Order
from trading.core.planning import Mode, Setup, TargetOrder
from trading.exchanges.errors import VenueError
from trading.exchanges.gateway import Outcome
from trading.runtime.recovery import Found
from trading.storage.records import BotRecord


@dataclass(frozen=True, slots=True)
class PlaceAnswered:
    order: Order
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CancelAnswered:
    order: Order
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AmendAnswered:
    order: Order
    target: TargetOrder
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ReplaceAnswered:
    order: Order
    canceled: Outcome
    successor: Order
    placed: Outcome


@dataclass(frozen=True, slots=True)
class SetupAnswered:
    setup: Setup
    error: VenueError | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Asking about one order has ended; it may be asked about again."""

    client_id: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """The whole picture was read, beginning at ``at``; from now on plans may be made."""

    at: datetime
    with_funding: bool


@dataclass(frozen=True, slots=True)
class GapOpened:
    """A stream broke: no plan until the picture has been read again."""


class WorkerEnded(Exception):
    """The bot does not run here any more: nothing was changed. Look at what is stored, and try again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner (or the breaker, or an admin) wants changed. ``done`` is resolved when it is stored, with what
    it does to the orders (None where no plan could be made at once).

    ``close_percent`` of the position is to be closed, the order ``withdraw`` (a client id) to be taken off. The
    exception is ValueError for a config that is not valid, WishRefused for what cannot be, WorkerEnded when the worker
    ended before it was stored.
    """

    done: asyncio.Future[Effect | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    mode: Mode | None = None
    cause: str = ""
    config: str | None = None
    notices: tuple[Any, ...] = ()
    close_percent: int | None = None
    withdraw: str = ""
    when: Callable[[BotRecord], bool] | None = None
    """Asked of the bot as it is when the wish is carried out; where it says no, nothing is changed or told."""

    def suits(self, record: BotRecord) -> bool:
        return self.when is None or self.when(record)


WorkerEvent = (
    Found
    | PlaceAnswered
    | CancelAnswered
    | AmendAnswered
    | ReplaceAnswered
    | SetupAnswered
    | Asked
    | Recovered
    | GapOpened
    | Wish
)
