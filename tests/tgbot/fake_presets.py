"""The part of the desk in memory that keeps presets and shared settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from trading.desk.answers import BotCard, DeskError, Person
from trading.desk.fitting import fitting, is_shared
from trading.desk.preset_answers import LONGEST_NAME, PresetCard, ShareCard, SharedSettings
from trading.strategies import STRATEGIES

UNTIL = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


class FakePresets:
    """Rows of people, owned as everything else is."""

    people: dict[int, Person]
    owned_bots: dict[int, tuple[int, BotCard]]
    failing: dict[str, DeskError]

    def _begin_presets(self) -> None:
        self.owned_presets: dict[int, tuple[int, PresetCard]] = {}
        self.owned_shares: dict[int, tuple[int, ShareCard]] = {}

    def _take(self, token: str) -> None:
        raise NotImplementedError

    def check_settings(self, strategy: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        raise NotImplementedError

    def give_preset(self, user_id: int, name: str = "My <preset>", **settings: Any) -> PresetCard:
        number = len(self.owned_presets) + 1
        card = PresetCard(number, "grid", name, self.check_settings("grid", settings))
        self.owned_presets[number] = (user_id, card)
        return card

    def give_share(self, user_id: int, author: str = "", **settings: Any) -> ShareCard:
        model = STRATEGIES["grid"].config_model
        kept = {name: value for name, value in self.check_settings("grid", settings).items() if is_shared(model, name)}
        number = len(self.owned_shares) + 1
        card = ShareCard(number, f"c0de-_{number}", "grid", "CRV/USDT", kept, author, UNTIL)
        self.owned_shares[number] = (user_id, card)
        return card

    async def last_settings(self, user_id: int, strategy: str, symbols: Sequence[str]) -> Mapping[str, Any] | None:
        used = [card for owner, card in self.owned_bots.values() if owner == user_id and card.strategy == strategy]
        return used[-1].config if used else None

    async def presets(self, user_id: int) -> Sequence[PresetCard]:
        return [card for owner, card in self.owned_presets.values() if owner == user_id]

    async def save_preset(
        self, user_id: int, strategy: str, name: str, settings: Mapping[str, Any], *, token: str
    ) -> PresetCard:
        if not name.strip() or len(name) > LONGEST_NAME:
            raise DeskError("name_unfit", limit=str(LONGEST_NAME))
        if "save_preset" in self.failing:
            raise self.failing["save_preset"]
        self._take(token)
        card = self.give_preset(user_id, name, **settings)
        card = replace(card, strategy=strategy)
        self.owned_presets[card.id] = (user_id, card)
        return card

    def _own_preset(self, user_id: int, preset_id: int) -> PresetCard:
        owner, card = self.owned_presets.get(preset_id, (None, None))
        if owner != user_id or card is None:
            raise DeskError("not_found")
        return card

    async def rename_preset(self, user_id: int, preset_id: int, name: str) -> PresetCard:
        card = replace(self._own_preset(user_id, preset_id), name=name)
        self.owned_presets[preset_id] = (user_id, card)
        return card

    async def delete_preset(self, user_id: int, preset_id: int) -> None:
        self._own_preset(user_id, preset_id)
        del self.owned_presets[preset_id]

    async def share(
        self, user_id: int, strategy: str, symbol: str, settings: Mapping[str, Any], *, with_name: bool, token: str
    ) -> ShareCard:
        self._take(token)
        return self.give_share(user_id, self.people[user_id].name if with_name else "", **settings)

    async def shares(self, user_id: int) -> Sequence[ShareCard]:
        return [card for owner, card in self.owned_shares.values() if owner == user_id]

    async def revoke_share(self, user_id: int, share_id: int) -> None:
        owner, _ = self.owned_shares.get(share_id, (None, None))
        if owner != user_id:
            raise DeskError("not_found")
        del self.owned_shares[share_id]

    async def shared(self, code: str) -> SharedSettings:
        if "shared" in self.failing:
            raise self.failing["shared"]
        for _, card in self.owned_shares.values():
            if card.code == code:
                model = STRATEGIES[card.strategy].config_model
                return SharedSettings(card.strategy, card.title, fitting(model, card.settings), card.author)
        raise DeskError("share_unknown")
