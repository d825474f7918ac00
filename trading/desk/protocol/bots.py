"""Bots from the first start to deletion, and their settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from trading.desk.answers import BotCard, BotOrders, EditPreview, EditResult, StopChoice


class Bots(Protocol):
    async def create(
        self,
        user_id: int,
        key_id: int | None,
        strategy: str,
        symbols: Sequence[str],
        config: Mapping[str, Any],
        *,
        accept_danger: bool,
        token: str,
    ) -> Sequence[BotCard]:
        """Create one bot for each symbol and start them, all or none.

        DeskError: preview_refused, danger_not_accepted, symbol_busy, position_exists, deposits_exceed_equity,
        too_many_bots, deposit_over_cap, pairs_count, unknown_market, no_price, maintenance, venue_away, key_refused,
        panic_meanwhile, already_done; InvalidSettings.
        """
        ...

    async def bots(self, user_id: int) -> Sequence[BotCard]: ...
    async def bot(self, user_id: int, bot_id: int) -> BotCard: ...
    async def orders(self, user_id: int, bot_id: int) -> BotOrders: ...
    async def refresh(self, user_id: int, bot_id: int) -> BotCard:
        """Ask the venue what is true now, then answer."""
        ...

    async def start(self, user_id: int, bot_id: int, *, accept_danger: bool, token: str) -> BotCard:
        """Start a stopped bot again with its settings; checks as in create."""
        ...

    async def pause(self, user_id: int, bot_id: int) -> BotCard: ...
    async def resume(self, user_id: int, bot_id: int) -> BotCard: ...
    async def stop(self, user_id: int, bot_id: int, choice: StopChoice, *, token: str) -> BotCard: ...
    async def preview_edit(self, user_id: int, bot_id: int, changes: Mapping[str, Any]) -> EditPreview:
        """What ``edit`` would do now, really planned; nothing is sent or stored. Raises what ``edit`` would."""
        ...

    async def edit(
        self, user_id: int, bot_id: int, changes: Mapping[str, Any], *, token: str | None = None
    ) -> EditResult:
        """Change settings in any state. Raises InvalidSettings, deposit_over_cap, and for a bot that is active
        EditRefused (when the change itself makes it impossible), deposits_exceed_equity; a stopped one is checked at
        start. ``token`` None is for callers that have no button.
        """
        ...

    async def delete(self, user_id: int, bot_id: int, *, token: str) -> None:
        """Forget a stopped bot and its history. DeskError: bot_is_running."""
        ...
