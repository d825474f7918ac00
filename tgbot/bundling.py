"""Which notices of one person make the next message, and which of them wait for more of their kind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trading.core.telling import Merging, StoredNotice

_MOST_GATHERED = 50
"""With more than these nothing is gathered any longer, so that what stands behind them is seen."""
_MOST_IN_A_BURST = 50


@dataclass(slots=True, eq=False)
class Queue:
    """What one person is to be told, oldest first, and when we first saw each of them."""

    notices: list[StoredNotice] = field(default_factory=list)
    seen: dict[int, datetime] = field(default_factory=dict)
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, stored: StoredNotice, at: datetime) -> None:
        self.notices.append(stored)
        self.seen[stored.id] = at
        self.grown.set()

    def drop(self, bundle: Sequence[StoredNotice]) -> None:
        for each in bundle:
            self.notices.remove(each)
            del self.seen[each.id]


def next_bundle(
    queue: Sequence[StoredNotice], is_old_enough: Callable[[StoredNotice], bool]
) -> list[StoredNotice] | None:
    """The notices of the next message; None while all of them are still being gathered.

    Each bot's notices keep their order, and so do those of the house with all that came before them; what one bot
    gathers holds up no other bot.
    """
    firsts: dict[int | None, StoredNotice] = {}
    for place, stored in enumerate(queue):
        if stored.bot_id in firsts:
            continue
        firsts[stored.bot_id] = stored
        bundle, is_ended = _burst(queue[place:])
        if (
            is_ended
            or len(queue) > _MOST_GATHERED
            or is_old_enough(stored)
            or not all(_is_gathered(each) for each in bundle)
        ):
            return bundle
    return None


def _burst(queue: Sequence[StoredNotice]) -> tuple[list[StoredNotice], bool]:
    """The first notice, with what belongs to the same burst of its bot; and whether nothing more can come to it.

    A burst is what notices that merge make without any other kind of the bot, or of the house, between.
    """
    first = queue[0]
    if first.bot_id is None or first.notice.merging is Merging.NEVER:
        return [first], True
    bundle: list[StoredNotice] = []
    for stored in queue:
        if stored.bot_id not in (first.bot_id, None):
            continue
        if stored.bot_id is None or stored.notice.merging is Merging.NEVER or len(bundle) >= _MOST_IN_A_BURST:
            return bundle, True
        bundle.append(stored)
    return bundle, False


def _is_gathered(stored: StoredNotice) -> bool:
    return stored.notice.merging is Merging.LIST and stored.is_silent
