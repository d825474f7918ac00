"""Half-made forms, kept with the desk so that they survive a restart. Never a secret: key forms live in memory only."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from trading.desk.protocol import DeskProtocol

log = logging.getLogger(__name__)


class DraftStorage(BaseStorage):
    """aiogram's state and data of one person in one chat as one draft row; an empty one is removed."""

    def __init__(self, desk: DeskProtocol) -> None:
        self._desk = desk

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        _, data = await self._read(key)
        await self._write(key, state.state if isinstance(state, State) else state, data)

    async def get_state(self, key: StorageKey) -> str | None:
        return (await self._read(key))[0]

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        state, _ = await self._read(key)
        await self._write(key, state, dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return (await self._read(key))[1]

    async def close(self) -> None:
        """Nothing is held open here."""

    async def _read(self, key: StorageKey) -> tuple[str | None, dict[str, Any]]:
        body = await self._desk.get_draft(_name(key))
        if body is None:
            return None, {}
        try:
            found = json.loads(body)
            return found["state"], dict(found["data"])
        except (ValueError, KeyError, TypeError):
            log.warning("a draft could not be read and is begun anew")
            return None, {}

    async def _write(self, key: StorageKey, state: str | None, data: Mapping[str, Any]) -> None:
        body = json.dumps({"state": state, "data": data}, ensure_ascii=False) if state or data else None
        await self._desk.put_draft(_name(key), body)


def _name(key: StorageKey) -> str:
    return f"chat:{key.bot_id}:{key.chat_id}:{key.user_id}:{key.thread_id or 0}:{key.destiny}"
