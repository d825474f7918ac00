"""What the rooms of the desk share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from trading.core.planning import Strategy
from trading.desk.connecting import Connections
from trading.runtime.outbox import Outbox
from trading.runtime.supervisor import Supervisor
from trading.storage import Storage
from trading.vault import Vault


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """What one user may have. ``max_deposit`` is quote currency for each bot; None: no cap."""

    max_bots: int = 20
    max_keys: int = 5
    max_deposit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class House:
    """Everything a desk needs, made by the composition root. ``now`` is the machine's time."""

    storage: Storage
    vault: Vault
    supervisor: Supervisor
    connections: Connections
    outbox: Outbox
    strategies: Mapping[str, Strategy]
    admin_ids: frozenset[int]
    limits: DeskLimits
    now: Callable[[], datetime]


class Room:
    """A theme of the desk."""

    def __init__(self, house: House) -> None:
        self._house = house
