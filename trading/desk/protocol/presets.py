"""Settings that are kept, handed on, or taken from the last bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from trading.desk.preset_answers import PresetCard, ShareCard, SharedSettings


class Presets(Protocol):
    async def last_settings(self, user_id: int, strategy: str, symbols: Sequence[str]) -> Mapping[str, Any] | None:
        """The config of the bot that was started last with this strategy, on one of ``symbols`` first.

        Complete, but for the prices in it when that bot traded another market.
        """
        ...

    async def presets(self, user_id: int) -> Sequence[PresetCard]: ...
    async def save_preset(
        self, user_id: int, strategy: str, name: str, settings: Mapping[str, Any], *, token: str
    ) -> PresetCard:
        """Keep settings under a name.

        DeskError: name_unfit, preset_exists, too_many_presets, already_done; InvalidSettings.
        """
        ...

    async def rename_preset(self, user_id: int, preset_id: int, name: str) -> PresetCard:
        """DeskError: name_unfit, preset_exists."""
        ...

    async def delete_preset(self, user_id: int, preset_id: int) -> None: ...
    async def share(
        self, user_id: int, strategy: str, symbol: str, settings: Mapping[str, Any], *, with_name: bool, token: str
    ) -> ShareCard:
        """A link to these settings, without what says how much money is used.

        DeskError: too_many_shares, already_done; InvalidSettings.
        """
        ...

    async def shares(self, user_id: int) -> Sequence[ShareCard]: ...
    async def revoke_share(self, user_id: int, share_id: int) -> None: ...
    async def shared(self, code: str) -> SharedSettings:
        """What is behind a link, whoever made it. DeskError: share_unknown, share_expired."""
        ...
