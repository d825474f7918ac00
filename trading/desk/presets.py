"""Settings used again: one's own under a name, those of the last bot, those that another has shared by a link."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from trading.core.planning import Strategy
from trading.desk.answers import DeskError
from trading.desk.fitting import fitting, is_of_market, is_shared
from trading.desk.markets import MarketsRoom
from trading.desk.preset_answers import (
    LONGEST_NAME,
    MOST_PRESETS,
    MOST_SHARES,
    PresetCard,
    ShareCard,
    SharedSettings,
)
from trading.desk.titles import title_of_market
from trading.storage import Connection, bots, presets, shares, users
from trading.storage.records import PresetRecord, ShareRecord

SHARED_FOR = timedelta(days=30)
_CODE_BYTES = 12


class PresetsRoom(MarketsRoom):
    """Nothing here moves money: what is taken up again passes every check of a new bot."""

    async def last_settings(self, user_id: int, strategy: str, symbols: Sequence[str]) -> Mapping[str, Any] | None:
        chosen = self._strategy(strategy)
        owned = await self._house.storage.read(lambda c: bots.bots_of(c, user_id))
        used = [bot for bot in owned if bot.strategy == strategy]
        used.sort(key=lambda bot: (bot.symbol in symbols, bot.started_at or bot.created_at, bot.id), reverse=True)
        for bot in used:
            try:
                used_then = chosen.config_model.model_validate_json(bot.config).model_dump(mode="json")
            except ValidationError:
                continue
            return used_then if bot.symbol in symbols else _anywhere(chosen, used_then)
        return None

    # One's own

    async def presets(self, user_id: int) -> Sequence[PresetCard]:
        found = await self._house.storage.read(lambda c: presets.presets_of(c, user_id))
        return [self._preset_card(record) for record in found if record.strategy in self._house.strategies]

    async def save_preset(
        self, user_id: int, strategy: str, name: str, settings: Mapping[str, Any], *, token: str
    ) -> PresetCard:
        kept = _anywhere(self._strategy(strategy), self.check_settings(strategy, settings))
        named = _named(name)
        now = self._house.now()

        def store(connection: Connection) -> PresetRecord:
            owned = presets.presets_of(connection, user_id)
            if len(owned) >= MOST_PRESETS:
                raise DeskError("too_many_presets", limit=str(MOST_PRESETS))
            _check_free(owned, strategy, named)
            return presets.add_preset(
                connection, PresetRecord(0, user_id, strategy, named, json.dumps(dict(kept)), now)
            )

        return self._preset_card(await self._spend(token, user_id, store))

    async def rename_preset(self, user_id: int, preset_id: int, name: str) -> PresetCard:
        named = _named(name)

        def rename(connection: Connection) -> PresetRecord:
            owned = presets.presets_of(connection, user_id)
            found = next((record for record in owned if record.id == preset_id), None)
            if found is None:
                raise DeskError("not_found")
            _check_free([record for record in owned if record is not found], found.strategy, named)
            presets.rename_preset(connection, preset_id, user_id, named)
            return next(each for each in presets.presets_of(connection, user_id) if each.id == preset_id)

        return self._preset_card(await self._house.storage.write(rename))

    async def delete_preset(self, user_id: int, preset_id: int) -> None:
        if not await self._house.storage.write(lambda c: presets.delete_preset(c, preset_id, user_id)):
            raise DeskError("not_found")

    def _preset_card(self, record: PresetRecord) -> PresetCard:
        settings = fitting(self._strategy(record.strategy).config_model, json.loads(record.settings))
        return PresetCard(record.id, record.strategy, record.name, settings)

    # By a link

    async def share(
        self,
        user_id: int,
        strategy: str,
        symbol: str,
        settings: Mapping[str, Any],
        *,
        with_name: bool,
        token: str,
    ) -> ShareCard:
        model = self._strategy(strategy).config_model
        complete = self.check_settings(strategy, settings)
        shown = {name: value for name, value in complete.items() if is_shared(model, name)}
        now = self._house.now()

        def store(connection: Connection) -> ShareRecord:
            if len(shares.shares_of(connection, user_id, now)) >= MOST_SHARES:
                raise DeskError("too_many_shares", limit=str(MOST_SHARES))
            person = users.find_user(connection, user_id)
            author = person.name if person and with_name else ""
            record = ShareRecord(
                id=0,
                code=secrets.token_urlsafe(_CODE_BYTES),
                user_id=user_id,
                strategy=strategy,
                symbol=symbol,
                settings=json.dumps(shown),
                author=author,
                created_at=now,
                expires_at=now + SHARED_FOR,
            )
            return shares.add_share(connection, record)

        return _share_card(await self._spend(token, user_id, store))

    async def shares(self, user_id: int) -> Sequence[ShareCard]:
        now = self._house.now()
        return [
            _share_card(each) for each in await self._house.storage.read(lambda c: shares.shares_of(c, user_id, now))
        ]

    async def revoke_share(self, user_id: int, share_id: int) -> None:
        if not await self._house.storage.write(lambda c: shares.delete_share(c, share_id, user_id)):
            raise DeskError("not_found")

    async def shared(self, code: str) -> SharedSettings:
        found = await self._house.storage.read(lambda c: shares.find_share(c, code))
        if found is None or found.strategy not in self._house.strategies:
            raise DeskError("share_unknown")
        if found.expires_at <= self._house.now():
            raise DeskError("share_expired")
        model = self._strategy(found.strategy).config_model
        stored = json.loads(found.settings)
        settings = fitting(model, {name: stored[name] for name in stored if is_shared(model, name)})
        dropped = tuple(name for name in stored if name not in settings)
        return SharedSettings(found.strategy, title_of_market(found.symbol), settings, found.author, dropped)


def _named(name: str) -> str:
    """One line, without what a keyboard or a paste leaves round it. Raises DeskError("name_unfit")."""
    named = " ".join("".join(each for each in name if each.isprintable()).split())
    if not named or len(named) > LONGEST_NAME:
        raise DeskError("name_unfit", limit=str(LONGEST_NAME))
    return named


def _check_free(owned: Sequence[PresetRecord], strategy: str, name: str) -> None:
    if any(each.strategy == strategy and each.name.casefold() == name.casefold() for each in owned):
        raise DeskError("preset_exists")


def _anywhere(strategy: Strategy, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of them is as good on another market: a price that was kept there is none to be kept here."""
    return {name: value for name, value in settings.items() if not is_of_market(strategy.config_model, name)}


def _share_card(record: ShareRecord) -> ShareCard:
    return ShareCard(
        record.id,
        record.code,
        record.strategy,
        title_of_market(record.symbol),
        json.loads(record.settings),
        record.author,
        record.expires_at,
    )
