"""Fills whose order is not known yet: each waits until it is, and is looked up once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field

from trading.core.orders import Fill

MAX_WAITING_FILLS = 1000
"""A hand trader on the same symbol must not fill our memory."""


@dataclass
class WaitingFills:
    _fills: list[Fill] = field(default_factory=list)
    _orphans: list[Fill] = field(default_factory=list)
    """Those among them that nobody has looked up."""

    def every(self) -> Sequence[Fill]:
        return tuple(self._fills)

    def keep(self, fill: Fill, known_trades: Set[tuple[str, str]]) -> None:
        """Let it wait, unless it waits already or is one of the ``known_trades``: (client id, trade id)."""
        known = {("", fill.trade_id), (fill.client_id or "", fill.trade_id)} & known_trades
        key = (fill.trade_id, fill.venue_order_id)
        if known or key in {(other.trade_id, other.venue_order_id) for other in self._fills}:
            return
        self._fills = [*self._fills, fill][-MAX_WAITING_FILLS:]
        self._orphans = [*self._orphans, fill][-MAX_WAITING_FILLS:]

    def forget(self, trade_id: str) -> None:
        self._fills = [other for other in self._fills if other.trade_id != trade_id]

    def join(self, fold: Callable[[Fill], bool]) -> Sequence[Fill]:
        """Try each of them again; answers those that ``fold`` has counted. It keeps the others by itself."""
        waiting, self._fills, asked = self._fills, [], self._orphans
        counted = [fill for fill in waiting if fold(fill)]
        self._orphans = [fill for fill in asked if fill in self._fills]
        return counted

    def take_orphans(self) -> Sequence[Fill]:
        """Those to be looked up, each once."""
        orphans, self._orphans = self._orphans, []
        return [fill for fill in orphans if fill in self._fills]

    def orphaned(self, fills: Iterable[Fill]) -> None:
        """Those could not be looked up; they will be taken again."""
        self._orphans = [*fills, *self._orphans]
